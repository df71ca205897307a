"""What to compile, and how."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, get_args

from msgspec import Struct

Style = Literal["fused", "lesson", "flat"]
STYLES: tuple[Style, ...] = get_args(Style)
FLAT = 64  # turns of a loop that the flat style writes out
Target = Literal["python", "c"]
Precision = Literal["float64", "float32"]
PRECISIONS: tuple[Precision, ...] = get_args(Precision)


class Printer(NamedTuple):
    """The module whose `emit` prints a target, and whether inf and nan are ordinary values in it."""

    module: str
    is_ieee: bool


TARGETS: Mapping[Target, Printer] = {
    "python": Printer("mgc.compiler.emit.python.module", is_ieee=False),
    "c": Printer("mgc.compiler.emit.c.module", is_ieee=True),
}


class Options(Struct, frozen=True):
    """What to compile, and how.

    `functions`: the author's names, () for all. `wrt`: what to differentiate by, () for the parameters where there are
    any, else all float arguments. `ieee`: inf and nan where bare Python raises. `accurate`: the derivative forms that
    keep more digits. `self_check`: emitted Python that runs alone compares its derivatives with differences. `style`:
    loops that share what they can; one statement after the other, forward and then backward; or loops of a fixed length
    written out. `unroll`: up to which length, 0 for that of the style. `prefix`: what the names of C functions begin
    with. `finite`: C without what only inf and nan need. `each_number`: a lesson has a statement for each operation of
    numbers, not only for what has a name. `entries`: C with an entry to each function, which takes all that the
    function takes in one way, for a caller that knows it at run time only. `lanes`: C that takes several turns of a
    loop at once, where its compiler has vectors. `dtype`: of the real numbers of C; Python's are doubles.
    """

    target: Target = "python"
    functions: tuple[str, ...] = ()
    wrt: tuple[str, ...] = ()
    constants: tuple[tuple[str, float], ...] = ()
    unroll: int = 0
    ieee: bool = False
    accurate: bool = False
    self_check: bool = False
    prefix: str = ""
    finite: bool = False
    style: Style = "fused"
    each_number: bool = False
    entries: bool = False
    lanes: bool = False
    dtype: Precision = "float64"


DEFAULTS = Options()


def flag(name: str) -> str:
    """How the command line calls an option.

    >>> flag("self_check"), flag("constants")
    ('--self-check', '--set')
    """
    return {"functions": "--fn", "constants": "--set"}.get(name, f"--{name.replace('_', '-')}")


def given(options: Options) -> dict[str, str]:
    """The options that are not as they are by themselves, as the command line spells them, by name.

    >>> given(Options(style="lesson", wrt=("x", "y"), constants=(("k", 3.0),), ieee=True))
    {'wrt': '--wrt x,y', 'constants': '--set k=3.0', 'ieee': '--ieee', 'style': '--style lesson'}
    """
    said = {name: getattr(options, name) for name in options.__struct_fields__}
    return {name: _spelt(name, value) for name, value in said.items() if value != getattr(DEFAULTS, name)}


def _spelt(name: str, value: object) -> str:
    match value:
        case True:
            return flag(name)
        case tuple() if name == "constants":
            return " ".join(f"{flag(name)} {constant}={number!r}" for constant, number in value)
        case tuple():
            return f"{flag(name)} {','.join(value)}"
        case _:
            return f"{flag(name)} {value}"


def is_ieee(options: Options) -> bool:
    """Whether inf and nan are ordinary values: where they are asked for, and in C unless numbers are finite."""
    return options.ieee or (TARGETS[options.target].is_ieee and not options.finite)


def written_out(options: Options) -> int:
    """The turns up to which a loop of a fixed length is written out; a loop of one turn is none."""
    return options.unroll or (FLAT if options.style == "flat" else 1)
