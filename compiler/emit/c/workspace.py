"""The workspace of a C function: arrays one after the other in bytes that the caller brings, and how many those are."""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Sequence

from mgc.compiler.emit.c.expressions import target
from mgc.compiler.emit.c.function import Writer, count
from mgc.compiler.emit.c.types import DOUBLE, Real
from mgc.compiler.emit.spelling import PRODUCT, Scope
from mgc.compiler.emit.tokens import INDENT
from mgc.compiler.schedule.loopnest import Apply, Expression, Number, Variable

WHOLE = 8  # bytes of an int64_t: no other number has more


def carved(real: Real, writer: Writer) -> list[str]:
    """The lines that give each array its part of `work`, those of narrow numbers last, for the others' alignment."""
    lines, free, before = [], "work", real.name

    def order(variable: Variable) -> tuple[bool, int, bool]:
        return variable.lanes, -_places(real, variable), variable.dtype == "bool"

    for variable in sorted(writer.workspace, key=order):
        if variable.lanes and not before.startswith("mgc_"):
            lines.append("#if MGC_LANES")
            free, before = f"MGC_ROOM({free})", "mgc_"
        held, name = writer.kind(variable), writer.scope.variables[variable.serial]
        is_any = free == "work" or before == "mgc_"
        cast = f"({held} *)" if not is_any and held != before else ""
        lines.append(f"{INDENT}{held} *{name} = {cast}{f'({free})' if cast else free};")
        free, before = f"{name} + {count(writer.scope, variable.room)}", held
    return [*lines, "#endif"] if before.startswith("mgc_") else lines


def bytes_needed(real: Real, writer: Writer) -> tuple[list[str], set[int | str]]:
    """The statements that tell the size of `work`, and the inputs and sizes that they mention.

    They count real numbers, in doubles, which are exact up to 2**53 and too large for every `malloc` beyond.
    """
    scope = Scope(target(DOUBLE), writer.scope.variables, writer.scope.loops, writer.scope.sizes)
    lines = [*writer.searches, f"{INDENT}double work = 0.0;"]
    for lanes in (False, True):
        rooms = Counter[tuple[Expression, ...]]()
        for variable in [one for one in writer.workspace if one.lanes == lanes]:
            rooms[variable.room] += _places(real, variable)
        factor = "MGC_LANES * " if lanes else ""
        lines += [
            f"{INDENT}work += {factor}{scope.write(_product(times, room), PRODUCT)};" for room, times in rooms.items()
        ]
        if lanes and rooms:
            lines.append(f"{INDENT}work += MGC_LANES * {WHOLE / real.bytes};  /* to begin at a whole vector */")
    lines.append(f"{INDENT}return work < (double)(SIZE_MAX / {real.bytes}) ? (size_t)work * {real.bytes} : SIZE_MAX;")
    return lines, scope.mentioned | writer.searched


def _places(real: Real, variable: Variable) -> int:
    """In how many real numbers' place one of its numbers lies."""
    return WHOLE // real.bytes if variable.dtype == "int" else 1


def _product(times: int, room: Sequence[Expression]) -> Expression:
    """The product in doubles, what is known multiplied here."""
    known = times * math.prod([int(size.value) for size in room if isinstance(size, Number)])
    factors: list[Expression] = [size for size in room if not isinstance(size, Number)]
    if known != 1 or not factors:
        factors.insert(0, Number(float(known), "float"))
    return functools.reduce(lambda product, factor: Apply("mul", (product, factor), "float"), factors)
