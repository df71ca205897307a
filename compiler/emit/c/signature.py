"""What a C function takes, in order, and where its results go: named loop nest -> arguments and places.

Inputs in the order of the Python function, sizes, `work` where there is one, then a pointer a result: `out`, or
`out_1` and so on, and `dx` for the derivative by `x`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from mgc.compiler.emit.c.expressions import target
from mgc.compiler.emit.c.types import Real, types
from mgc.compiler.emit.interface import call_order
from mgc.compiler.emit.spelling import Scope
from mgc.compiler.emit.tokens import INDENT
from mgc.compiler.module import FunctionInfo
from mgc.compiler.names import names, words
from mgc.compiler.names.c_words import CPP
from mgc.compiler.schedule.loopnest import Expression, Load, LoopNest, Update, Variable, walk

WIDTH = 110  # of a head or a prototype on one line


class Argument(Struct, frozen=True):
    """`const double *restrict x`, and its shape in the model's words."""

    kind: str  # `const double *` or `int64_t `
    name: str
    shape: str = ""

    def defined(self) -> str:
        return f"{self.kind}restrict {self.name}" if self.kind.endswith("*") else f"{self.kind}{self.name}"

    def declared(self) -> str:
        """For a header, which C++ may read: what `restrict` says is for the function's body."""
        return f"{self.kind}{self.name}_" if self.name in CPP else f"{self.kind}{self.name}"


class Place(Struct, frozen=True):
    """Where a result goes. `variable` is what lies there from the start on; else `value` is stored when all is done."""

    name: str
    sizes: tuple[Expression, ...]
    counts: tuple[Expression, ...]
    value: Expression | None  # None: zeros
    variable: Variable | None = None


class Places(Struct, frozen=True):
    """All places of a function, and the names of variables that had to give way to them."""

    all: tuple[Place, ...]
    renamed: Mapping[int, str]

    def written(self) -> Mapping[int, str]:
        """How the numbers are written that lie where the caller said, and those that have another name now."""
        numbers = [one for one in self.all if one.variable is not None and not one.variable.sizes]
        return {**self.renamed, **{one.variable.serial: f"*{one.name}" for one in numbers if one.variable is not None}}

    def callers(self) -> frozenset[int]:
        return frozenset([one.variable.serial for one in self.all if one.variable is not None])


def inputs(real: Real, named: names.NamedNest, info: FunctionInfo) -> list[Argument]:
    """Parameters, arguments, adjoints of results, and sizes."""
    scope = Scope(target(real), named.variables, {}, named.sizes)
    found = []
    for given in call_order(named.nest.inputs, info):
        kind = types(real)[given.dtype]
        pointer = f"const {kind} *" if given.sizes else f"{kind} "
        found.append(Argument(pointer, named.variables[given.serial], _shape(given.sizes, scope)))
    return [*found, *[Argument("int64_t ", spelt) for spelt in named.sizes.values()]]


def places(nest: LoopNest, named: names.NamedNest) -> Places:
    """The places of results and derivatives, none of them under a name that something else has."""
    short = words.local_parameter_names(given.said[0] for given in nest.inputs if given.role == "parameter")
    several = len(nest.outputs) > 1
    wanted: list[tuple[str, Expression | None, Variable | None]] = [
        (f"out_{place + 1}" if several else "out", output, None) for place, output in enumerate(nest.outputs)
    ]
    wanted += [(f"d{short.get(given.said[0], given.said[0])}", one, given) for given, one in nest.gradients]
    taken: dict[str, int | None] = {**dict.fromkeys(named.taken), **{name: k for k, name in named.variables.items()}}
    updated = {item.variable.serial for item in walk(nest.body) if isinstance(item, Update)}
    found: list[Place] = []
    renamed: dict[int, str] = {}
    done: set[int] = set()
    for said, value, given in wanted:
        own = value.variable if isinstance(value, Load) and not value.indices else None
        serial = own.serial if own is not None and not own.is_input and own.serial not in done else None
        is_there = own is not None and serial is not None and _may_lie_there(own, said, named, updated)
        name = said if serial is not None and taken.get(said) == serial else words.safe(said, taken)
        if serial is not None:
            done.add(serial)
            if name in taken and not is_there:
                renamed[serial] = words.safe(f"{name}_total", taken)
                taken[renamed[serial]] = serial
        taken.setdefault(name)
        sized = own if own is not None and own.sizes else given
        sizes, counts = (sized.sizes, sized.counts) if sized is not None else ((), ())
        found.append(Place(name, sizes, counts, value, own if is_there else None))
    return Places(tuple(found), renamed)


def _may_lie_there(variable: Variable, said: str, named: names.NamedNest, updated: set[int]) -> bool:
    """Whether a result's variable may be the caller's: an array, or a number that is set once under that name."""
    if variable.dtype != "float":
        return False
    return bool(variable.sizes) or (variable.serial not in updated and named.variables[variable.serial] == said)


def outputs(places: Places, scope: Scope) -> list[Argument]:
    return [Argument(f"{scope.target.types['float']} *", one.name, _shape(one.sizes, scope)) for one in places.all]


def _shape(sizes: Sequence[Expression], scope: Scope) -> str:
    return f"[{', '.join([scope.write(size) for size in sizes])}]" if sizes else ""


def defined(name: str, arguments: Sequence[Argument], returned: str = "mgc_status") -> list[str]:
    """The head of a definition."""
    pieces = [argument.defined() for argument in arguments]
    line = f"{returned} {name}({', '.join(pieces) or 'void'}) {{"
    return [line] if len(line) <= WIDTH else [f"{returned} {name}(", *_wrapped(pieces), ") {"]


def declared(name: str, arguments: Sequence[Argument], returned: str = "mgc_status") -> list[str]:
    """A prototype, with shapes where there are any."""
    pieces = [argument.declared() for argument in arguments]
    line = f"{returned} {name}({', '.join(pieces) or 'void'});"
    if len(line) <= WIDTH and not any(argument.shape for argument in arguments):
        return [line]
    texts = [f"{piece}," for piece in pieces[:-1]] + pieces[-1:]
    room = max([len(text) for text, argument in zip(texts, arguments, strict=True) if argument.shape], default=0)
    lines = [
        f"{INDENT}{text:<{room}}  /* {argument.shape} */" if argument.shape else f"{INDENT}{text}"
        for text, argument in zip(texts, arguments, strict=True)
    ]
    return [f"{returned} {name}(", *lines, ");"]


def _wrapped(pieces: Sequence[str]) -> list[str]:
    lines = [""]
    for place, argument in enumerate(pieces):
        piece = argument + ("," if place < len(pieces) - 1 else "")
        if lines[-1] and len(lines[-1]) + len(piece) + 1 > WIDTH:
            lines.append("")
        lines[-1] = f"{lines[-1]} {piece}" if lines[-1] else INDENT + piece
    return lines
