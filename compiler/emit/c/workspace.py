"""The workspace of a C function: arrays one after the other in bytes that the caller brings, and how many those are."""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Sequence

from mgc.compiler.emit.c.expressions import TYPES
from mgc.compiler.emit.c.function import Writer, count
from mgc.compiler.emit.spelling import Scope
from mgc.compiler.emit.tokens import INDENT
from mgc.compiler.schedule.loopnest import Apply, Expression, Number

BYTES = 8  # of a double and of an int64_t, and more than those of an int


def carved(writer: Writer) -> list[str]:
    """The lines that give each array its part of `work`, those of the narrow `int` last, for the others' alignment."""
    lines, free, before = [], "work", "double"
    for variable in sorted(writer.workspace, key=lambda variable: variable.dtype == "bool"):
        kind, name = TYPES[variable.dtype], writer.scope.variables[variable.serial]
        cast = f"({kind} *)" if free != "work" and kind != before else ""
        lines.append(f"{INDENT}{kind} *{name} = {cast}{f'({free})' if cast else free};")
        free, before = f"{name} + {count(writer.scope, variable.room)}", kind
    return lines


def bytes_needed(writer: Writer) -> tuple[list[str], set[int | str]]:
    """The statements that tell the size of `work`, and the inputs and sizes that they mention.

    They count in doubles, which are exact up to 2**53 and too large for every `malloc` beyond.
    """
    scope = Scope(writer.scope.target, writer.scope.variables, writer.scope.loops, writer.scope.sizes)
    rooms = Counter(variable.room for variable in writer.workspace)
    lines = [*writer.searches, f"{INDENT}double work = 0.0;"]
    lines += [f"{INDENT}work += {scope.write(_product(times, room))};" for room, times in rooms.items()]
    lines.append(f"{INDENT}return work < (double)(SIZE_MAX / {BYTES}) ? (size_t)work * {BYTES} : SIZE_MAX;")
    return lines, scope.mentioned | writer.searched


def _product(times: int, room: Sequence[Expression]) -> Expression:
    """The product in doubles, what is known multiplied here."""
    known = times * math.prod([int(size.value) for size in room if isinstance(size, Number)])
    factors: list[Expression] = [size for size in room if not isinstance(size, Number)]
    if known != 1 or not factors:
        factors.insert(0, Number(float(known), "float"))
    return functools.reduce(lambda product, factor: Apply("mul", (product, factor), "float"), factors)
