"""Random models: a seed -> the text of a definition of numbers and arrays that every compiler must get right.

Names of indices and arrays are few and used again and again, so that one taken for another shows. Values stay
small and smooth, so that central differences are worth something.

>>> print(program(2).splitlines()[0])
def f(a, b, x[n], y[m], A[m, n], B[n, n], C[n, 3], p[n]: int):
"""

from __future__ import annotations

import random

from msgspec import Struct, field

Shape = tuple[str, ...]

ARGUMENTS: dict[str, Shape] = {
    "a": (),
    "b": (),
    "x": ("n",),
    "y": ("m",),
    "A": ("m", "n"),
    "B": ("n", "n"),
    "C": ("n", "3"),
    "p": ("n",),
}
INTEGERS = ("p",)  # indices, all of them 0 or 1 (0 where a size is 1)
SIZES = ("n", "n", "n", "m", "3")  # mostly one size: then any axis may be taken for any other
INDICES = "ijk"
UNARY: tuple[str, ...] = (
    "sin({})",
    "cos({})",
    "tanh({})",
    "sigmoid({})",
    "exp(0.3*sin({}))",
    "({})**2",
    "-{}",
    "sqrt(1 + ({})**2)",
)
UNARY += ("log(2 + sin({}))", "relu({})", "abs({})", "0.5*({})**3", "1/(2 + cos({}))", "atan({})")
BINARY: tuple[str, ...] = (
    "{} + {}",
    "{} - {}",
    "({})*({})",
    "({})/(2 + sin({}))",
    "{} - ({})",
    "hypot({}, 1 + ({})**2)",
)
BINARY += ("max({}, {})", "min({}, {})", "({})*2*({})")
COMPARE = ("<", ">", "<=", ">=")


class Maker(Struct):
    """What is in scope: arrays and numbers by name, indices with the size that they run over."""

    source: random.Random
    arrays: dict[str, Shape]
    indices: dict[str, str] = field(default_factory=dict)
    helpers: bool = False

    def number(self, depth: int) -> str:
        pick = self.source.random()
        if depth <= 0 or pick < 0.12:
            return self.leaf()
        if pick < 0.3:
            return f"({self.source.choice(UNARY).format(self.number(depth - 1))})"
        if pick < 0.5:
            return f"({self.source.choice(BINARY).format(self.number(depth - 1), self.number(depth - 1))})"
        if pick < 0.57:
            return f"({self.number(depth - 1)} if {self.condition(depth - 1)} else {self.number(depth - 1)})"
        if pick < 0.8:
            return self.reduction(depth)
        return self.of_vectors(depth)

    def leaf(self) -> str:
        readable = [name for name, shape in self.arrays.items() if self.can_read(shape)]
        pick = self.source.random()
        if pick < 0.15 or not readable:
            return self.source.choice(("0.5", "1", "2", "0.25", "1.5"))
        if pick < 0.2 and self.indices:
            return f"0.1*{self.source.choice(list(self.indices))}"
        name = self.source.choice(readable)
        return self.element(name, self.arrays[name])

    def can_read(self, shape: Shape) -> bool:
        return all(size == "3" or size in self.indices.values() for size in shape)

    def element(self, name: str, shape: Shape) -> str:
        if not shape:
            return name
        chosen = []
        for size in shape:
            fitting = [index for index, over in self.indices.items() if over == size]
            if size == "3" and (not fitting or self.source.random() < 0.2):
                chosen.append(self.source.choice("012"))
            else:
                chosen.append(self.source.choice(fitting))
        if self.helpers and self.source.random() < 0.1:
            chosen = [
                f"p[{index}]" if self.indices.get(index) == "n" and size != "3" else index
                for index, size in zip(chosen, shape, strict=True)
            ]
        return f"{name}[{', '.join(chosen)}]"

    def condition(self, depth: int) -> str:
        one = f"{self.number(depth - 1)} {self.source.choice(COMPARE)} a + {self.number(depth - 1)}"
        pick = self.source.random()
        if pick < 0.15 and len(self.indices) > 1:
            i, j = self.source.sample(list(self.indices), 2)
            return f"{i} {self.source.choice(('!=', '<', '<='))} {j}"
        if pick < 0.3:
            return f"{one} {self.source.choice(('and', 'or'))} not b > 0.2*{self.number(0)}"
        return one

    def reduction(self, depth: int) -> str:
        kind = self.source.choice(("sum", "sum", "sum", "mean", "max", "min", "prod", "logsumexp"))
        before = dict(self.indices)
        names = self.source.sample(INDICES, self.source.choice((1, 1, 1, 2)) if kind != "logsumexp" else 1)
        clauses = []
        for name in names:
            size = self.source.choice(SIZES)
            stop = size
            if kind in ("sum", "prod") and before and self.source.random() < 0.2:
                other = self.source.choice(list(before))
                if other not in names:
                    size, stop = before[other], f"{other} + 1" if self.source.random() < 0.5 else other
            self.indices[name] = size
            clauses.append(f"for {name} in range({stop})")
        body = self.number(depth - 1)
        if kind in ("sum", "prod") and self.source.random() < 0.15:
            clauses.append(f"if {self.condition(depth - 1)}")
        self.indices = before
        return f"{kind}({body} {' '.join(clauses)})"

    def of_vectors(self, depth: int) -> str:
        size = self.source.choice(SIZES)
        pick = self.source.randrange(10)
        if pick == 7:
            return f"sum({self.vector(size, depth - 1)}[1:]*{self.vector(size, depth - 1)}[:-1])"
        if pick == 8:
            return f"sum({self.vector(size, depth - 1)}[::2])"
        fitting = [index for index, over in self.indices.items() if over == size]
        if pick == 9 and fitting:
            return f"({self.vector(size, depth - 1)})[{self.source.choice(fitting)}]"
        if pick == 0:
            return f"({self.vector(size, depth - 1)} @ {self.vector(size, depth - 1)})"
        if pick == 1:
            return f"dot({self.vector(size, depth - 1)}, {self.vector(size, depth - 1)})"
        if pick == 2:
            return f"logsumexp({self.vector(size, depth - 1)})"
        if pick == 3:
            return f"mean({self.matrix(size, self.source.choice(SIZES), depth - 1)})"
        if pick == 4 and self.helpers:
            return f"g({self.vector(size, depth - 1)}, {self.number(depth - 1)})"
        if pick == 5:
            place = self.source.choice(fitting) if fitting else "0" if size == "3" else None
            if place is not None:
                return f"softmax({self.vector(size, depth - 1)})[{place}]"
        return f"{self.source.choice(('sum', 'sum', 'max', 'prod'))}({self.vector(size, depth - 1)})"

    def vector(self, size: str, depth: int) -> str:
        named = [name for name, shape in self.arrays.items() if shape == (size,)]
        if depth <= 0:
            return self.source.choice(named) if named else self.comprehension((size,), 0)
        pick = self.source.random()
        if pick < 0.25 and named:
            return self.source.choice(named)
        if pick < 0.35:
            return f"({self.source.choice(UNARY).format(self.vector(size, depth - 1))})"
        if pick < 0.5:
            left, right = self.vector(size, depth - 1), self.vector(size, depth - 1)
            if self.source.random() < 0.3:
                left = self.number(depth - 1)
            return f"({self.source.choice(BINARY[:3]).format(left, right)})"
        if pick < 0.75:
            inner = self.source.choice(SIZES)
            if self.source.random() < 0.5:
                return f"({self.matrix(size, inner, depth - 1)} @ {self.vector(inner, depth - 1)})"
            return f"({self.vector(inner, depth - 1)} @ {self.matrix(inner, size, depth - 1)})"
        if pick < 0.8:
            return self.row(size, depth)
        return self.comprehension((size,), depth - 1)

    def row(self, size: str, depth: int) -> str:
        fitting = [
            f"{name}[{index}]"
            for name, shape in self.arrays.items()
            for index, over in self.indices.items()
            if len(shape) == 2 and shape == (over, size)
        ]
        over = [index for index, one in self.indices.items() if one in SIZES]
        if over and self.source.random() < 0.4:
            index = self.source.choice(over)
            return f"({self.matrix(self.indices[index], size, depth - 1)})[{index}]"
        return self.source.choice(fitting) if fitting else self.comprehension((size,), depth - 1)

    def matrix(self, rows: str, columns: str, depth: int) -> str:
        named = [name for name, shape in self.arrays.items() if shape == (rows, columns)]
        turned = [f"{name}.T" for name, shape in self.arrays.items() if shape == (columns, rows)]
        if depth <= 0:
            return self.source.choice(named + turned) if named or turned else self.comprehension((rows, columns), 0)
        pick = self.source.random()
        if pick < 0.35 and (named or turned):
            return self.source.choice(named + turned)
        if pick < 0.45:
            return f"({self.matrix(columns, rows, depth - 1)}).T"
        if pick < 0.55:
            then, otherwise = self.matrix(rows, columns, depth - 1), self.number(depth - 1)
            return f"({then} if {self.condition(depth - 1)} else {otherwise})"
        if pick < 0.7:
            other = (
                self.matrix(rows, columns, depth - 1) if self.source.random() < 0.6 else self.vector(columns, depth - 1)
            )
            return f"({self.source.choice(BINARY[:3]).format(self.matrix(rows, columns, depth - 1), other)})"
        if pick < 0.85:
            inner = self.source.choice(SIZES)
            return f"({self.matrix(rows, inner, depth - 1)} @ {self.matrix(inner, columns, depth - 1)})"
        return self.comprehension((rows, columns), depth - 1)

    def comprehension(self, shape: Shape, depth: int) -> str:
        before = dict(self.indices)
        names = self.source.sample(INDICES, len(shape))
        self.indices.update(zip(names, shape, strict=True))
        body = self.number(depth)
        self.indices = before
        clauses = " ".join(f"for {name} in range({size})" for name, size in zip(names, shape, strict=True))
        return f"[{body} {clauses}]"


def program(seed: int, depth: int = 3) -> str:
    """A definition `f` over ARGUMENTS with a few statements, and a helper `g` that it may call."""
    source = random.Random(seed)
    declared = [f"{name}[{', '.join(shape)}]" if shape else name for name, shape in ARGUMENTS.items()]
    signature = ", ".join(f"{one}: int" if one[0] in INTEGERS else one for one in declared)
    floats = {name: shape for name, shape in ARGUMENTS.items() if name not in INTEGERS}
    maker = Maker(source, floats, helpers=True)
    lines = [f"def f({signature}):"]
    for name in source.sample(("u", "v", "w", "x", "a"), source.randrange(5)):
        shape = source.choice(((), ("n",), ("n",), ("m",), ("n", "n"), ("n", "n"), ("m", "3")))
        if name in ARGUMENTS and shape != ARGUMENTS[name]:
            continue
        lines.append(f"    {name} = {_of_shape(maker, shape, depth)}")
        maker.arrays[name] = shape
    lines.append(f"    return {_of_shape(maker, source.choice(((), (), (), ('n',), ('m', 'n'))), depth)}")
    helper = Maker(source, {"v": ("n",), "c": ()})
    helper.indices = {}
    body = "sum(v[i]*c for i)" if source.random() < 0.5 else "c*mean(sin(v[i] + c*v[j]) for i, j)"
    return "\n".join([*lines, "", "def g(v[n], c):", f"    return {body}", ""])


def _of_shape(maker: Maker, shape: Shape, depth: int) -> str:
    if not shape:
        return maker.number(depth)
    return maker.vector(shape[0], depth) if len(shape) == 1 else maker.matrix(shape[0], shape[1], depth)
