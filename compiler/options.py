"""What to compile, and how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Options:
    """What to compile, and how.

    `functions`: the author's names, () for all. `wrt`: what to differentiate by, () for the parameters where there are
    any, else all float arguments. `unroll`: loops of a fixed length up to this are written out. `ieee`: inf and nan
    where bare Python raises. `accurate`: the derivative forms that keep more digits.
    `self_check`: emitted Python that runs alone compares its derivatives with differences.
    `prefix`: what the names of C functions begin with.
    """

    target: Literal["python", "c"] = "python"
    functions: tuple[str, ...] = ()
    wrt: tuple[str, ...] = ()
    constants: tuple[tuple[str, float], ...] = ()
    unroll: int = 0
    ieee: bool = False
    accurate: bool = False
    self_check: bool = False
    prefix: str = ""


def is_ieee(options: Options) -> bool:
    """Whether inf and nan are ordinary values: always in C."""
    return options.ieee or options.target == "c"
