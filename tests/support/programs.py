"""Random models as people write them: a seed -> the text of a file, and points to try it at.

Directed by types: `number`, `integer`, `condition` and `array` each choose among the productions that can give what is
wanted. A shape is a tuple of sizes as they are written; an index knows the size of the axes that it runs over.

>>> print(program(3).text)  # doctest: +ELLIPSIS
def ...
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

Shape = tuple[str, ...]
SIZES = ("n", "n", "n", "m", "2", "2", "3")
REDUCTIONS = ("sum", "sum", "sum", "sum", "mean", "prod", "max", "min", "logsumexp")
ANYWHERE = "sin cos tanh exp atan sigmoid softplus relu abs sign floor silu elu gelu expm1 erf leaky_relu sinc round"
PARTLY = "sqrt log log1p asin acosh gamma tan cosh atanh lgamma log2 cbrt exp2 digamma"  # not everywhere finite
PAIRS = "hypot atan2 logaddexp max min xlogy copysign fmod hinge binary_cross_entropy"
SAFE = ("sqrt(1 + {}**2)", "log(2 + abs({}))", "exp(-abs({}))", "1/(2 + cos({}))", "exp(0.1*{})", "log1p({}**2)")
LITERALS = ("0", "1", "2", "0.5", "-1", "3", "1e-3", "1.5")
VECTOR_TO_NUMBER = ("norm({})", "logsumexp({})", "std({})", "sum(softmax({})**2)", "mean({})", "max({})", "prod({})")


class Definition(Struct, frozen=True):
    """What a caller must know: its arguments' shapes and kinds, and the shapes of its results."""

    name: str
    arguments: tuple[tuple[str, Shape, str], ...]  # name, shape, "float" or "int"
    results: tuple[Shape, ...]


class Program(Struct, frozen=True):
    text: str
    arguments: tuple[tuple[str, Shape, str], ...]  # of `f`


class Scope(Struct):
    """Float arrays and numbers, integers and their arrays, indices with the size of the axes that they run over."""

    floats: dict[str, Shape]
    integers: dict[str, Shape] = field(default_factory=dict)
    indices: dict[str, str] = field(default_factory=dict)
    sizes: tuple[str, ...] = ("n", "m")
    assigned: frozenset[str] = frozenset()


class Writer(Struct):
    source: random.Random
    scope: Scope
    definitions: list[Definition] = field(default_factory=list)
    seen: dict[str, set[str]] = field(default_factory=dict)  # index -> sizes of the axes that it alone indexes

    # --- choosing

    def one(self, *choices: Any) -> Any:
        return self.source.choice(choices)

    def often(self, share: float) -> bool:
        return self.source.random() < share

    def first(self, productions: Sequence[tuple[float, Callable[[], str | None]]]) -> str:
        """The text of a production, chosen by weight, that can give what is wanted."""
        left = list(productions)
        while True:
            (chosen,) = self.source.choices(left, [weight for weight, _ in left])
            text = chosen[1]()
            if text is not None:
                return text
            left.remove(chosen)

    def size(self) -> str:
        return str(self.one(*(size for size in SIZES if size.isdigit() or size in self.scope.sizes)))

    # --- numbers

    def number(self, depth: int) -> str:
        if depth <= 0:
            return self.first([(10, self.element), (0.7, self.literal), (0.7, self.index_as_number)])
        d = depth - 1
        return self.first(
            [
                (2.5, self.element),
                (0.4, self.literal),
                (0.5, self.index_as_number),
                (2, lambda: self.unary(self.number(d))),
                (3, lambda: self.binary(self.number(d), self.number(d))),
                (1.5, lambda: f"({self.number(d)} if {self.condition(d)} else {self.number(d)})"),
                (4, lambda: self.reduction(depth)),
                (1.5, lambda: self.of_whole(depth)),
                (0.8, lambda: self.picked(depth)),
                (1, lambda: self.call((), depth)),
                (0.2, lambda: f"({self.integer(d)})"),
                (1.5, self.of_named),
                (0.4, lambda: f"({self.number(d)} % {self.number(0)} {self.one('*', '/')} {self.literal()})"),
            ]
        )

    def literal(self) -> str:
        return str(self.one(*LITERALS))

    def index_as_number(self) -> str | None:
        known = [*self.scope.indices, *self.scope.sizes, *(k for k, s in self.scope.integers.items() if not s)]
        return self.one(*known) if known else None

    def unary(self, text: str) -> str:
        pick = self.source.random()
        if pick < 0.4:
            return f"{self.one(*ANYWHERE.split())}({text})"
        if pick < 0.5:
            return f"{self.one(*PARTLY.split())}({text})"
        if pick < 0.7:
            return f"({self.one(*SAFE).format(f'({text})')})"
        if pick < 0.83:
            return f"(-{text})"
        return f"(({text})**{self.one('2', '2', '3', '(-1)', '0.5', '0', '1')})"

    def binary(self, left: str, right: str) -> str:
        sign = self.one(*"+ - * * + - / % // **".split()) if self.often(0.5) else self.one("+", "-", "*")
        if self.often(0.1):
            return f"{self.one(*PAIRS.split())}({left}, {right})"
        if sign == "/" and self.often(0.6):
            return f"({left}/(1 + ({right})**2))"
        return f"({left}{sign}({right}))" if sign == "**" else f"({left} {sign} {right})"

    def element(self) -> str:
        names = list(self.scope.floats)
        own = [name for name in names if name in self.scope.assigned]
        fitting = [
            name
            for name in names
            if any(self.scope.indices.get(i) in self.scope.floats[name] for i in self.scope.indices)
        ]
        name = str(self.one(*names, *own, *own, *fitting, *fitting))
        return self.read(name, self.scope.floats[name])

    def read(self, name: str, shape: Shape) -> str:
        if not shape:
            return name
        return f"{name}[{', '.join(self.place(size, name, axis) for axis, size in enumerate(shape))}]"

    def place(self, size: str, array: str = "", axis: int = 0) -> str:
        """An index of an axis, nearly always inside it."""
        fitting = [index for index, over in self.scope.indices.items() if over == size]
        if fitting and self.often(0.75):
            index = str(self.one(*fitting))
            if array:
                self.seen.setdefault(index, set()).add(size)
            return index
        literal = [str(k) for k in range(int(size))] if size.isdigit() else ["0", "-1", f"{size} - 1"]
        gathers = [
            f"{name}[{index}]" if shape else name
            for name, shape in self.scope.integers.items()
            for index in ([i for i, over in self.scope.indices.items() if over in shape] if shape else [""])
        ]
        anywhere = [*self.scope.indices, *gathers]
        around = [
            f"({one} + {self.one('0', '1', '2')}) % {size if size.isalnum() else f'({size})'}" for one in anywhere
        ]
        mirrored = [f"{size} - 1 - {index}" for index in fitting]
        shifted = [f"{i} + 1" for i, over in self.scope.indices.items() if over == f"{size} - 1"]
        return str(self.one(*literal, *shifted, *shifted, *mirrored, *around, *(gathers if self.often(0.5) else ())))

    # --- integers and conditions

    def integer(self, depth: int) -> str:
        leaves = [*self.scope.indices, *self.scope.integers, *self.scope.sizes, "1", "2"]
        if depth <= 0 or self.often(0.4):
            name = str(self.one(*leaves))
            return self.read(name, self.scope.integers.get(name, ()))
        if self.often(0.1):
            vector = self.vector_named()
            return f"argmax({vector})" if vector else "2"
        if depth > 1 and self.often(0.1):
            return self.counted(depth - 1)
        sign = self.one("+", "-", "*", "//", "%")
        right = self.one("2", "3", "(-2)") if sign in ("//", "%") and self.often(0.8) else self.integer(depth - 1)
        return f"({self.integer(depth - 1)} {sign} {right})"

    def counted(self, depth: int) -> str:
        """A whole number out of a loop: where the largest stands, or a sum."""
        (name,), indices = self.fresh(1), dict[str, str]()
        size, stop = self.range(indices, False)
        if self.often(0.5):
            body, seen = self.within({name: size}, lambda: self.number(min(depth, 1)))
            return f"{self.one('argmax', 'argmin')}({body} {self.clauses([([name], size, stop)], {}, seen)})"
        body, seen = self.within({name: size}, lambda: self.integer(depth - 1))
        return f"sum({body} {self.clauses([([name], size, stop)], {}, seen)})"

    def vector_named(self) -> str | None:
        named = [name for name, shape in self.scope.floats.items() if len(shape) == 1]
        return self.one(*named) if named else None

    def condition(self, depth: int) -> str:
        pick = self.source.random()
        if pick < 0.12 and depth > 0:
            return f"({self.condition(depth - 1)} {self.one('and', 'or')} {self.condition(depth - 1)})"
        if pick < 0.17:
            return f"(not {self.condition(depth - 1)})"
        if pick < 0.45 and (self.scope.indices or self.scope.integers):
            sign = self.one("==", "!=", "<", "<=", ">", ">=")
            return f"{self.integer(depth - 2)} {sign} {self.integer(depth - 2)}"
        sign = self.one("<", "<=", ">", ">=", ">", "<", "==", "!=")
        left = self.number(min(depth - 2, 1))
        if self.often(0.08):
            return f"{self.one('-1', '0')} {self.one('<', '<=')} {left} {self.one('<', '<=')} {self.number(0)}"
        return f"{left} {sign} {self.number(0) if self.often(0.25) else self.one('0', '0', '1')}"

    # --- comprehensions

    def fresh(self, count: int) -> list[str]:
        left = [name for name in "ijkpqrst" if name not in self.scope.indices and name not in self.scope.floats
                and name not in self.scope.integers]  # fmt: skip
        return [left.pop(0) if self.often(0.6) else left.pop(self.source.randrange(len(left))) for _ in range(count)]

    def within(self, indices: Mapping[str, str], write: Callable[[], str]) -> tuple[str, dict[str, set[str]]]:
        """What is written inside a comprehension, and the sizes of the axes that its indices alone index."""
        scope, seen = self.scope, self.seen
        self.scope, self.seen = replace(scope, indices={**scope.indices, **indices}), {}
        text = write()
        inner, self.scope, self.seen = self.seen, scope, seen
        for name, sizes in inner.items():
            if name not in indices:
                seen.setdefault(name, set()).update(sizes)
        return text, inner

    def reduction(self, depth: int) -> str:
        kind = self.one(*REDUCTIONS)
        groups = self.one([1], [1], [1], [2], [2], [1, 1], [1, 1], [2, 1], [3]) if depth > 1 else [1]
        groups = [1] if kind == "logsumexp" else groups
        names = self.fresh(sum(groups))
        queue, clauses, indices = list(names), [], dict[str, str]()
        plain = kind == "logsumexp"
        for count in groups:
            here = [queue.pop(0) for _ in range(count)]
            size, stop = self.range(indices, plain)
            clauses.append((here, size, stop))
            indices.update(dict.fromkeys(here, size))
        filters: dict[int, str] = {}
        kinds = ("sum", "prod", "max", "min", "mean")

        def write() -> str:
            counted = kind in ("sum", "mean") and self.often(0.06)
            body = self.condition(depth - 1) if counted else self.number(depth - 1)
            if kind in kinds and self.often(0.25):
                filters[len(clauses) - 1] = self.condition(depth - 1)
            return body

        body, seen = self.within(indices, write)
        return f"{kind}({body} {self.clauses(clauses, filters, seen)})"

    def clauses(
        self, clauses: Sequence[tuple[list[str], str, str]], filters: Mapping[int, str], seen: Mapping[str, set[str]]
    ) -> str:
        texts = []
        for order, (names, size, stop) in enumerate(clauses):
            known = size == stop and all(seen.get(name) == {size} for name in names) and self.often(0.8)
            over = "" if known else f" in range({stop})"
            texts.append(f"for {', '.join(names)}{over}" + (f" if {filters[order]}" if order in filters else ""))
        return " ".join(texts)

    def range(self, earlier: Mapping[str, str], plain: bool) -> tuple[str, str]:
        """The size of the axes that an index of the range fits, and the range between its brackets."""
        size = self.size()
        indices = {**self.scope.indices, **earlier}
        if plain or self.often(0.55):
            return size, size
        if indices and self.often(0.6):
            outer = str(self.one(*indices))
            size = indices[outer]
            return size, self.one(outer, f"{outer} + 1", f"{outer}, {size}", f"{outer} + 1, {size}")
        whole = [name for name, shape in self.scope.integers.items() if not shape]
        ranges = [f"1, {size}", f"0, {size}"] if not size.isdigit() or int(size) > 1 else []
        if size in self.scope.sizes:
            return (f"{size} - 1", f"{size} - 1") if self.often(0.6) else (size, self.one(*ranges))
        return (size, self.one(*ranges)) if (ranges and self.often(0.7)) or not whole else (size, self.one(*whole))

    # --- numbers of whole arrays

    def of_whole(self, depth: int) -> str:
        size, d = self.size(), depth - 1
        return self.first(
            [
                (2, lambda: self.one(*VECTOR_TO_NUMBER).format(self.array((size,), d))),
                (1, lambda: f"({self.array((size,), d)} @ {self.array((size,), d)})"),
                (0.5, lambda: f"dot({self.array((size,), d)}, {self.array((size,), d)})"),
                (0.3, lambda: f"mse({self.array((size,), d)}, {self.array((size,), d)})"),
                (0.3, lambda: f"cross_entropy({self.array((size,), d)}, {self.place(size)})"),
                (2, lambda: f"sum({self.array((size, self.size()), d)})"),
                (0.5, lambda: f"{self.one('max', 'mean', 'min', 'prod')}({self.array((size, self.size()), d)})"),
                (0.5, lambda: f"sum({self.array((size,), d)}[::2])"),
                (0.5, lambda: f"sum({self.array((size,), d)}[1:] * {self.array((size,), d)}[:-1])"),
            ]
        )

    def of_named(self) -> str | None:
        """A named array, read as a whole several times."""
        named = [name for name, shape in self.scope.floats.items() if shape and name in self.scope.assigned]
        name = str(self.one(*named)) if named else ""
        first = self.one("**2", "*{0}", "", "/2").format(name)
        return (
            f"(sum({name}{first}) {self.one('+', '-', '*')} {self.one('sum', 'sum', 'mean', 'max')}({name}))"
            if named
            else None
        )

    def picked(self, depth: int) -> str:
        """An entry of an array without a name."""
        d = depth - 1
        if self.often(0.5) and self.scope.indices:
            index = self.one(*self.scope.indices)
            return f"[{self.number(d)}, {self.number(d)}][{index} % 2]"
        size = self.size()
        return f"{self.array((size,), d)}[{self.place(size)}]"

    # --- arrays

    def array(self, shape: Shape, depth: int) -> str:
        named = [name for name, other in self.scope.floats.items() if other == shape]
        if depth <= 0 and named:
            return str(self.one(*named))
        d = max(depth - 1, 0)
        rows = [(name, other) for name, other in self.scope.floats.items() if other[1:] == shape and len(other) > 1]
        choices: list[tuple[float, Callable[[], str | None]]] = [(2, lambda: self.comprehension(shape, d))]
        if named:
            choices.append((3, lambda: self.one(*named)))
        if rows:
            choices.append((2, lambda: (lambda row: f"{row[0]}[{self.place(row[1][0], row[0])}]")(self.one(*rows))))
        if all(size.isdigit() for size in shape):
            choices.append((2, lambda: self.literal_array(shape, d)))
        if depth > 0:
            choices += self.whole(shape, d)
        return self.first(choices)

    def whole(self, shape: Shape, d: int) -> list[tuple[float, Callable[[], str | None]]]:
        """Productions from other whole arrays."""
        inner = self.size()
        choices: list[tuple[float, Callable[[], str | None]]] = [
            (1, lambda: self.unary(self.array(shape, d))),
            (1.5, lambda: self.binary(self.array(shape, d), self.array(shape, d))),
            (1, lambda: self.binary(self.array(shape, d), self.number(d))),
            (0.5, lambda: self.binary(self.number(d), self.array(shape, d))),
            (0.7, lambda: f"({self.array(shape, d)} if {self.condition(d)} else {self.array(shape, d)})"),
            (0.7, lambda: f"({self.array(shape, d)} if {self.mask(shape, d)} else {self.array(shape, d)})"),
            (0.5, lambda: f"({self.array(shape, d)} if {self.mask(shape, d)} else {self.number(d)})"),
            (1, lambda: self.call(shape, d + 1)),
        ]
        if shape[0] == "n - 1":
            choices.append((3, lambda: f"{self.array(('n', *shape[1:]), d)}[{self.one('1:', ':-1', ': n - 1')}]"))
        if len(shape) == 1:
            choices += [
                (1, lambda: f"({self.array((shape[0], inner), d)} @ {self.array((inner,), d)})"),
                (0.7, lambda: f"({self.array((inner,), d)} @ {self.array((inner, shape[0]), d)})"),
                (0.7, lambda: f"{self.one('softmax', 'log_softmax')}({self.array(shape, d)})"),
                (0.7, lambda: f"{self.array((inner, shape[0]), d)}[{self.place(inner)}]"),
                (0.5, lambda: f"{self.array((shape[0], inner), d)}[:, {self.place(inner)}]"),
            ]
        if len(shape) == 2:
            choices += [
                (1.5, lambda: f"{self.array(shape[::-1], d)}.T"),
                (1, lambda: f"({self.array((shape[0], inner), d)} @ {self.array((inner, shape[1]), d)})"),
                (0.7, lambda: self.binary(self.array(shape, d), self.array(shape[1:], d))),
            ]
        return choices

    def mask(self, shape: Shape, d: int) -> str:
        """A condition at each entry, or at each entry of a row."""
        other = self.number(min(d, 1)) if self.often(0.25) else self.one("0", "0", "1")
        text = (
            f"{self.array(shape[self.one(0, 0, len(shape) - 1) :], d)} {self.one('<', '>', '<=', '>=', '==')} {other}"
        )
        if self.often(0.15):
            return f"({text} {self.one('and', 'or')} {self.array(shape, 0)} {self.one('<', '>')} 1)"
        return text

    def literal_array(self, shape: Shape, d: int) -> str:
        def entry() -> str:
            return self.literal_array(shape[1:], d) if shape[1:] and shape[1] in "123" else self.part(shape[1:], d)

        return f"[{', '.join(entry() for _ in range(int(shape[0])))}]"

    def part(self, shape: Shape, d: int) -> str:
        if shape:
            return self.array(shape, d)
        return self.literal() if self.often(0.1) else self.number(d)

    def comprehension(self, shape: Shape, d: int) -> str:
        outer = self.one(len(shape), len(shape), 1)
        names = self.fresh(outer)
        order = list(zip(names, shape, strict=False))
        sizes = [size if size != "n - 1" or self.often(0.7) else "1, n" for _, size in order]
        indices = {name: size if sizes[k] == size else "n" for k, (name, size) in enumerate(order)}
        body, seen = self.within(indices, lambda: self.part(shape[outer:], d))
        if outer == 2 and shape[0] == shape[1] and sizes[0] == sizes[1] and self.often(0.5):
            return f"[{body} {self.clauses([(names, shape[0], sizes[0])], {}, seen)}]"
        clauses = [([name], size, sizes[k]) for k, (name, size) in enumerate(order)]
        text = self.clauses(clauses, {}, seen)
        if outer == 2 and " in " not in text:  # for i for j, or for i, j
            text = self.one(text, f"for {names[0]}, {names[1]}")
        return f"[{body} {text}]"

    # --- calls of the model's own definitions

    def call(self, wanted: Shape, depth: int) -> str | None:
        fitting: list[tuple[Definition, int, dict[str, str], Shape]] = []
        for definition in self.definitions:
            for k, result in enumerate(definition.results):
                if len(definition.results) > 1:
                    continue
                bound = _matched(result, wanted)
                if bound is not None:
                    fitting.append((definition, k, bound, ()))
                if not result and wanted and all(not shape for _, shape, _ in definition.arguments):
                    fitting.append((definition, k, {}, wanted))  # lifted over arrays
        if not fitting or depth <= 0:
            return None
        definition, _, bound, lifted = self.one(*fitting)
        return f"{definition.name}({self.inputs(definition, bound, lifted, depth - 1)})"

    def inputs(self, definition: Definition, bound: dict[str, str], lifted: Shape, depth: int) -> str:
        given = []
        for order, (name, shape, kind) in enumerate(definition.arguments):
            here = tuple(bound.setdefault(size, self.size()) if size.isalpha() else size for size in shape)
            if kind == "int":
                text = self.integer(1)
            elif here or (lifted and (order == 0 or self.often(0.5))):
                text = self.array(here or lifted, min(depth, 1))
            else:
                text = self.number(min(depth, 1))
            given.append(
                f"{name}={text}"
                if name != "s" and self.often(0.05) and order == len(definition.arguments) - 1
                else text
            )
        return ", ".join(given)


def _matched(result: Shape, wanted: Shape) -> dict[str, str] | None:
    bound: dict[str, str] = {}
    if len(result) != len(wanted):
        return None
    for own, size in zip(result, wanted, strict=True):
        if own.isdigit() or own.startswith("n -"):
            if own != size or not own.isdigit():
                return None
        elif bound.setdefault(own, size) != size:
            return None
    return bound


# --- definitions and files

FLOATS: tuple[tuple[str, Shape], ...] = (
    ("x", ("n",)), ("a", ()), ("b", ("n",)), ("y", ("m",)), ("w", ("3",)), ("A", ("m", "n")), ("B", ("n", "n")),
    ("u", ()), ("C", ("n", "2")), ("v", ("2",)), ("D", ("2", "2")), ("T", ("n", "m", "2")),
)  # fmt: skip  # names of arguments with their shapes
INTEGERS: tuple[tuple[str, Shape], ...] = (("k", ()), ("h", ("n",)), ("g", ("m",)))
SHAPES: tuple[Shape, ...] = (
    (), (), ("n",), ("n",), ("m",), ("2",), ("3",), ("n", "n"), ("m", "n"), ("n - 1",), ("n", "2"), ("2", "2"),
)  # fmt: skip


def program(seed: int, depth: int | None = None) -> Program:
    """A file with a definition `f`, and with definitions, constants, operations or a model that it may call."""
    source = random.Random(seed)
    depth = source.choice((1, 2, 2, 3, 3)) if depth is None else depth
    definitions: list[Definition] = []
    texts: list[str] = []
    for name in ("helper", "second")[: source.choice((0, 0, 1, 1, 2))]:
        text, made = _definition(source, name, definitions, min(depth, 2))
        texts.append(text)
        definitions.append(made)
    if source.random() < 0.1:
        texts.insert(0, "op bend(s): ds = 3*s**2\n    return s*s*s\n")
        definitions.append(Definition("bend", (("s", (), "float"),), ((),)))
    if source.random() < 0.08:
        texts.insert(0, _model(source))
        definitions.append(Definition("net", (("z", ("2",), "float"),), ((),)))
    text, made = _definition(source, "f", definitions, depth)
    return Program("\n".join([*texts, text]), made.arguments)


def requiring(made: Program, seed: int) -> Program:
    """The program, whose `f` requires something of its arguments, which holds more often than not."""
    source = random.Random(-1 - seed)
    floats = {name: shape for name, shape, kind in made.arguments if kind == "float"}
    integers = {name: shape for name, shape, kind in made.arguments if kind == "int"}
    sizes = tuple(dict.fromkeys(size for shape in (*floats.values(), *integers.values()) for size in shape))
    writer = Writer(source, Scope(floats, integers, {}, tuple(size for size in sizes if size.isalpha())))
    vector = next(name for name, shape in floats.items() if len(shape) == 1)
    lines = [
        f"{source.choice(list(floats))} {source.choice(('<', '<=', '!='))} {source.choice((1.8, 3, 50))}",
        f"{vector}[i] - {vector}[i+1] < {source.choice((0.5, 2, 50))} for i in range({floats[vector][0]} - 1)",
        f"{writer.condition(2)} or {writer.condition(1)}",
        f"not ({writer.condition(1)} and {writer.condition(1)})",
    ]
    required = "".join(f"    require {line}\n" for line in source.sample(lines, source.choice((1, 2))))
    head, body = made.text.split("def f(")
    arguments, rest = body.split("\n", 1)
    return replace(made, text=f"{head}def f({arguments}\n{required}{rest}")


def _model(source: random.Random) -> str:
    """A model with parameters of its own, of a layer and of the prelude's layers."""
    body = source.choice(
        (
            "    s = dense[2](z)\n    s = relu(linear[3](s))\n    return sum(s) + shift*s[0]",
            "    s = mlp[3, 2](z)\n    return s[0]*softplus(s[1] + shift)",
            "    s = layernorm(dense[3](z))\n    s = dense[1](s)\n    return s[0] + sum(p**2 for p in params)",
        )
    )
    return (
        "param shift = 0.5\n\nlayer dense[o](z[l]):\n    param W[o, l] = uniform(-1, 1)\n    param c[o] = 0\n"
        f"    return tanh(W @ z + c)\n\nmodel net(z[2]):\n{body}\n"
    )


def _definition(source: random.Random, name: str, known: Sequence[Definition], depth: int) -> tuple[str, Definition]:
    floats = dict(source.sample(FLOATS, source.choice((1, 2, 2, 3))))
    integers = dict(source.sample(INTEGERS[: 3 if name == "f" else 1], source.choice((0, 0, 1))))
    needed = {size for shape in (*floats.values(), *integers.values()) for size in shape if size.isalpha()}
    vectors = {"n": ("x", ("n",)), "m": ("y", ("m",))}
    for size in ("n", "m") if name == "f" else sorted(needed):  # each size is told by a vector, first
        floats.setdefault(*vectors[size])
    sizes = tuple(s for s in ("n", "m") if s in {size for shape in floats.values() for size in shape})
    ordered = sorted(floats, key=lambda one: (len(floats[one]) != 1, len(floats[one])))
    arguments = tuple((one, floats[one], "float") for one in ordered)
    arguments += tuple((one, shape, "int") for one, shape in integers.items())
    writer = Writer(source, Scope(dict(floats), integers, {}, sizes), list(known))
    shapes = [shape for shape in SHAPES if all(not s[0].isalpha() or s[0] in sizes for s in shape)]
    lines = [f"def {name}({', '.join(map(_argument, arguments))}):"]
    for target in source.sample(("c", "d", "e1", "x", "y", "a"), source.choice((0, 0, 1, 1, 2, 3))):
        shape = source.choice(shapes)
        if target in integers or (target in floats and source.random() < 0.5):
            shape = floats.get(target, shape)
        lines.append(f"    {target} = {writer.part(shape, depth)}")
        writer.scope.floats[target] = shape
        writer.scope.assigned |= {target}
    several = [d for d in known if len(d.results) > 1]
    if several and source.random() < 0.7:
        definition = source.choice(several)
        bound: dict[str, str] = {}
        given = writer.inputs(definition, bound, (), 1)
        targets = [f"r{k}" for k in range(len(definition.results))]
        lines.append(f"    {', '.join(targets)} = {definition.name}({given})")
        for target, result in zip(targets, definition.results, strict=True):
            writer.scope.assigned |= {target}
            writer.scope.floats[target] = tuple(bound.get(size, size) for size in result)
    results = [source.choice(shapes if source.random() < 0.4 else [()]) for _ in range(source.choice((1, 1, 1, 1, 2)))]
    lines.append(f"    return {', '.join(writer.part(shape, max(depth, 2)) for shape in results)}")
    return "\n".join([*lines, ""]), Definition(name, arguments, tuple(results))


def _argument(argument: tuple[str, Shape, str]) -> str:
    name, shape, kind = argument
    return name + (f"[{', '.join(shape)}]" if shape else "") + (": int" if kind == "int" else "")


# --- points

NUMBERS: tuple[tuple[float, ...], ...] = (
    (0.7, 1.8, -0.4, 2.0, 0.3, -1.6, 3.0, 1.1),
    (-1.0, 0.0, 0.5, 1.0, 0.0, 1.0, 2.0),  # ties, zeros, edges of domains
    (0.0,),
    (1.0, 40.0, -40.0, 1e-8, 300.0, -2.5),
    (0.9, 1.3, 2.2, 0.6, 1.7),
)
POINT_SIZES = ((3, 2), (2, 3), (1, 2), (3, 3), (0, 2), (2, 0), (1, 1))


def points(program: Program, seed: int, sizes: Iterable[tuple[int, int]] = POINT_SIZES) -> list[dict[str, Any]]:
    """Arguments by name, at sizes of all kinds and numbers of all kinds."""
    source = random.Random(seed)
    return [
        {
            name: _drawn(source, [{"n": n, "m": m}.get(size, size) for size in shape], kind, numbers, min(n, m))
            for name, shape, kind in program.arguments
        }
        for (n, m), numbers in zip(sizes, itertools.cycle(NUMBERS), strict=False)
    ]


def _drawn(source: random.Random, shape: Sequence[Any], kind: str, numbers: Sequence[float], below: int) -> Any:
    if shape:
        return [_drawn(source, shape[1:], kind, numbers, below) for _ in range(int(shape[0]))]
    if kind == "int":
        return source.randrange(max(below, 1)) if source.random() < 0.85 else source.randrange(-2, 4)
    return source.choice(numbers)
