"""The workspace of a C function: arrays one after the other in bytes that the caller brings, and how many those are."""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Sequence

from mgc.compiler.emit.c.expressions import kind
from mgc.compiler.emit.c.function import Writer, count
from mgc.compiler.emit.spelling import PRODUCT, Scope
from mgc.compiler.emit.tokens import INDENT
from mgc.compiler.schedule.loopnest import Apply, Expression, Number

BYTES = 8  # of a double and of an int64_t, and more than those of an int


def carved(writer: Writer) -> list[str]:
    """The lines that give each array its part of `work`, those of the narrow `int` last, for the others' alignment."""
    lines, free, before = [], "work", "double"
    for variable in sorted(writer.workspace, key=lambda variable: (variable.lanes, variable.dtype == "bool")):
        if variable.lanes and not before.startswith("mgc_"):
            lines.append("#if MGC_LANES")
            free, before = f"MGC_ROOM({free})", "mgc_"
        held, name = kind(variable), writer.scope.variables[variable.serial]
        is_any = free == "work" or before == "mgc_"
        cast = f"({held} *)" if not is_any and held != before else ""
        lines.append(f"{INDENT}{held} *{name} = {cast}{f'({free})' if cast else free};")
        free, before = f"{name} + {count(writer.scope, variable.room)}", held
    return [*lines, "#endif"] if before.startswith("mgc_") else lines


def bytes_needed(writer: Writer) -> tuple[list[str], set[int | str]]:
    """The statements that tell the size of `work`, and the inputs and sizes that they mention.

    They count in doubles, which are exact up to 2**53 and too large for every `malloc` beyond.
    """
    scope = Scope(writer.scope.target, writer.scope.variables, writer.scope.loops, writer.scope.sizes)
    lines = [*writer.searches, f"{INDENT}double work = 0.0;"]
    for lanes in (False, True):
        rooms = Counter(variable.room for variable in writer.workspace if variable.lanes == lanes)
        factor = "MGC_LANES * " if lanes else ""
        lines += [
            f"{INDENT}work += {factor}{scope.write(_product(times, room), PRODUCT)};" for room, times in rooms.items()
        ]
        lines += [f"{INDENT}work += MGC_LANES;  /* to begin at a whole vector */"] if lanes and rooms else []
    lines.append(f"{INDENT}return work < (double)(SIZE_MAX / {BYTES}) ? (size_t)work * {BYTES} : SIZE_MAX;")
    return lines, scope.mentioned | writer.searched


def _product(times: int, room: Sequence[Expression]) -> Expression:
    """The product in doubles, what is known multiplied here."""
    known = times * math.prod([int(size.value) for size in room if isinstance(size, Number)])
    factors: list[Expression] = [size for size in room if not isinstance(size, Number)]
    if known != 1 or not factors:
        factors.insert(0, Number(float(known), "float"))
    return functools.reduce(lambda product, factor: Apply("mul", (product, factor), "float"), factors)
