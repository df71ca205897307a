"""Wrong derivatives -> the well-known mistake that makes just these numbers, or this shape.

What should be there is never said: only what it looks like.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator, Mapping, Sequence

from mgc.runtime.grade.backward import Adjoint, Tape
from mgc.runtime.grade.exercise import reads, variable
from mgc.runtime.subscripts import root_name

APPROXIMATE = 1e-6  # of the largest entry: what finite differences and single precision reach
TRANSPOSED = "it is transposed: rows and columns are exchanged"


def likenesses(entries: Sequence[float], wanted: Sequence[Adjoint], tape: Tape, name: str) -> Iterator[str]:
    """Well-known mistakes that give just these numbers. What should be there is never said."""
    if not all(math.isfinite(entry) for entry in entries):
        yield "there is a NaN or an infinity"
        return
    right = [float(adjoint.value) for adjoint in wanted]
    if not any(right):
        return
    if not any(entries):
        yield "it is zero"
        return
    yield from _factor(entries, right, tape.run.sizes)
    shape = tape.run.shape(name)
    if len(shape) == 2 and shape[0] == shape[1]:
        turned = [right[column * shape[0] + row] for row in range(shape[0]) for column in range(shape[0])]
        if _same(entries, turned):
            yield TRANSPOSED
    yield from _missing(entries, wanted, tape)
    yield from _single(entries, wanted, tape, name)


def _factor(entries: Sequence[float], right: Sequence[float], sizes: Mapping[str, int]) -> Iterator[str]:
    largest = max(range(len(right)), key=lambda k: abs(right[k]))
    factor = entries[largest] / right[largest]
    if not _same(entries, [factor * value for value in right]) or abs(factor - 1) < 10 * APPROXIMATE:
        return
    if abs(factor + 1) < APPROXIMATE:
        yield "the sign is the opposite one"
        return
    named = [f"{name} = {size}" for name, size in sizes.items() if size > 1 and abs(factor - size) < APPROXIMATE]
    named += [
        f"1/{name} = 1/{size}" for name, size in sizes.items() if size > 1 and abs(factor - 1 / size) < APPROXIMATE
    ]
    each = "every entry" if len(entries) > 1 else "it"
    yield f"{each} is {factor:.6g} times what it should be{f' ({named[0]})' if named else ''}"


def _missing(entries: Sequence[float], wanted: Sequence[Adjoint], tape: Tape) -> Iterator[str]:
    """Contributions that are not there: those through one statement, or through all but one."""
    through = [_by_line(adjoint) for adjoint in wanted]
    lines = sorted({line for parts in through for line in parts})
    texts = _texts(tape)
    sums = [{line: sum(parts) for line, parts in one.items()} for one in through] if len(lines) > 1 else []
    for line in lines if sums else ():
        if _same(entries, [sum(one.values()) - one.get(line, 0.0) for one in sums]):
            yield f"what comes through `{texts.get(line, 'the result')}` is missing"
    for line in lines if sums else ():
        if _same(entries, [one.get(line, 0.0) for one in sums]):
            yield f"only what comes through `{texts.get(line, 'the result')}` is there"


def _single(entries: Sequence[float], wanted: Sequence[Adjoint], tape: Tape, name: str) -> Iterator[str]:
    """The first contribution alone, or the last: what is assigned again and again, or taken of one turn."""
    if not any(len(adjoint.parts) > 1 for adjoint in wanted):
        return
    for place in (0, -1):
        single = [float(adjoint.parts[place][1]) if adjoint.parts else 0.0 for adjoint in wanted]
        if _same(entries, single):
            yield f"only one of several contributions is there: {_cause(wanted, tape, name)}"


def _cause(wanted: Sequence[Adjoint], tape: Tape, name: str) -> str:
    """Why an entry is read several times: by several statements, at one index more than once, or in a loop."""
    several = {line for adjoint in wanted if len(adjoint.parts) > 1 for line in _by_line(adjoint)}
    found = [one for one in tape.run.forward.statements() if one.node.lineno in several]
    if len(several) != 1 or len(found) != 1:
        return "is there an = where += belongs?"
    (statement,) = found
    turns = [variable(loop) for loop in statement.loops]
    indices = [index for index in _indices(statement.node.value, name) if not isinstance(index, ast.Constant)]
    gathered = [ast.unparse(index) for index in indices if not (isinstance(index, ast.Name) and index.id in turns)]
    if gathered:
        kept = f"`=` keeps one, and so does `d{name}[indices] += ...` in NumPy, where np.add.at adds"
        return f"where `{gathered[0]}` repeats, they add up; {kept}"
    missing = [turn for turn in turns if not any(turn in reads(index) for index in indices)]
    return f"is the sum over {' and '.join(missing)} missing, or an = where += belongs?"


def _indices(value: ast.AST, name: str) -> Iterator[ast.expr]:
    """The indices at which an expression reads the entries of a name."""
    for node in ast.walk(value):
        while isinstance(node, ast.Subscript) and root_name(node) == name:
            yield node.slice
            node = node.value


def of_shape(found: tuple[int, ...] | None, wanted: tuple[int, ...]) -> str:
    """What an array of another shape looks like, where that can be told.

    >>> of_shape((5, 4), (4,)), of_shape((1, 4), (4,))
    ('the sum over its first axis is missing', 'its first axis has one entry: sum without keepdims')
    >>> of_shape((5, 4), (4, 5)), of_shape((3,), (4, 5))
    ('it is transposed: rows and columns are exchanged', '')
    """
    if found is None or found == wanted:
        return ""
    if len(found) == len(wanted) == 2 and found == wanted[::-1]:
        return TRANSPOSED
    for axis, which in enumerate(("first", "second", "third")[: len(found)]):
        if (*found[:axis], *found[axis + 1 :]) == wanted:
            keeps = f"its {which} axis has one entry: sum without keepdims"
            return keeps if found[axis] == 1 else f"the sum over its {which} axis is missing"
    return ""


def _texts(tape: Tape) -> dict[int, str]:
    """The statements by their lines; that of a condition stands for the one inside it."""
    found: dict[int, str] = {}
    for statement in tape.run.forward.statements():
        for node in (*statement.around[-1:], statement.node):
            if not isinstance(node, ast.For):
                found[node.lineno] = statement.text
    return found


def _by_line(adjoint: Adjoint) -> dict[int, list[float]]:
    found: dict[int, list[float]] = {}
    for reader, part in adjoint.parts:
        line = reader.payload[1] if reader is not None and isinstance(reader.payload, tuple) else 0
        found.setdefault(int(line), []).append(float(part))
    return found


def _same(entries: Sequence[float], others: Sequence[float]) -> bool:
    largest = max((abs(other) for other in others), default=0.0)
    gaps = [abs(entry - other) for entry, other in zip(entries, others, strict=True)]
    return largest > 0 and all(gap <= APPROXIMATE * largest for gap in gaps)
