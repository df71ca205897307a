"""`sum(e for i, j if c)` and `[e for i, j]`: clauses -> one frame for each turn -> reduction or array.

A condition that symbols decide guards its turn: the number counts where it holds.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from mgc.compiler.verify.reference import core
from mgc.compiler.verify.reference.arrays import Array, Misfit, Scalar, Value, elements, flat, shape_of, stack
from mgc.compiler.verify.reference.core import Frame, Meaning, attempt, integer, meaning, value
from mgc.compiler.verify.reference.definitions import called
from mgc.compiler.verify.reference.scalars import TERMS, UNDEFINED, decided
from mgc.compiler.verify.terms.terms import Undecided
from mgc.grammar import tree


@meaning.register(tree.Comprehension)
def comprehension(expression: tree.Comprehension | tree.Reduction, frame: Frame) -> Array:
    """`[e for i, j]`: an array over i, j and then the axes of e."""
    names = [name for clause in expression.clauses for name in clause.names]
    ranges = _ranges(frame, expression.clauses, expression.body)
    calls = dict(frame.calls)
    bodies = []
    for places in itertools.product(*ranges):
        inner = _turn(frame, calls, dict(zip(names, places, strict=True)))
        bodies.append((attempt if frame.tentative else value)(expression.body, inner))
    if len(ranges) == 1 and bodies:
        return stack(bodies)
    inside = shape_of(bodies[0]) if bodies else _shape_without_turns(frame, expression)
    if any(shape_of(body) != inside for body in bodies):
        raise Misfit("rows differ")
    return Array((*map(len, ranges), *inside), tuple(x for body in bodies for x in elements(body)))


@meaning.register
def reduction(expression: tree.Reduction, frame: Frame) -> Meaning:
    """`sum(e for i, j if c)`: a reduction, or a function of the array `[e for i, j]`."""
    if expression.function not in core.REDUCTIONS:
        return called(frame, expression.function, [comprehension(expression, frame)], {})
    bodies = [
        (guard, (value if guard is True else attempt)(expression.body, inner))
        for inner, guard in _all_turns(frame, expression)
    ]
    without = () if bodies else _shape_without_turns(frame, expression)
    shape = next((shape_of(body) for _, body in bodies if body is not UNDEFINED), without)
    count = math.prod(shape)
    columns = [(guard, elements(body) if body is not UNDEFINED else (UNDEFINED,) * count) for guard, body in bodies]
    results = [
        frame.domain.reduction(expression.function, [(guard, numbers[k]) for guard, numbers in columns])
        for k in range(count)
    ]
    if expression.function in ("argmax", "argmin"):  # the index itself, where its range does not begin at 0
        start = _ranges(frame, expression.clauses, expression.body)[0].start
        results = [frame.domain.operation("add", start, place) for place in results] if start else results
    return Array(shape, tuple(results)) if shape else results[0]


def _shape_without_turns(frame: Frame, expression: tree.Comprehension | tree.Reduction) -> tuple[int, ...]:
    """The shape that the body would have in a turn; that of a number where only values could tell it."""
    inner = frame.inner(**{name: 0 for clause in expression.clauses for name in clause.names})
    inner = replace(inner, machine=replace(frame.machine, domain=TERMS), shapes=True)
    try:
        return shape_of(value(expression.body, inner))
    except (*core.FAILURES, Misfit, Undecided):
        return ()


def _all_turns(frame: Frame, expression: tree.Reduction) -> Iterator[tuple[Frame, Scalar]]:
    (clause, *more) = expression.clauses
    iterable = clause.iterable
    if isinstance(iterable, tree.Name) and iterable.identifier == "params" and "params" not in frame.names:
        literal = frame.domain.literal
        for number in flat(dict(frame.machine.params)):
            yield frame.inner(**{clause.names[0]: literal(number) if isinstance(number, int | float) else number}), True
        return
    yield from _turns(frame, dict(frame.calls), (clause, *more), expression.body, True)


def _turns(
    frame: Frame, calls: dict[str, int], clauses: Sequence[tree.Clause], body: tree.Expression, guard: Scalar
) -> Iterator[tuple[Frame, Scalar]]:
    """A frame for every value of the clauses' indices, the last one running fastest, and what the turn depends on."""
    if not clauses:
        yield frame, guard
        return
    clause, *rest = clauses
    for places in itertools.product(*_ranges(frame, clauses, body, 1)):
        inner = _turn(frame, calls, dict(zip(clause.names, places, strict=True)))
        held = guard
        for condition in clause.conditions:
            if held is not False:
                held = _both(frame, held, value(condition, inner))
        if held is not False:
            yield from _turns(inner, calls, rest, body, held)


def _turn(frame: Frame, calls: dict[str, int], places: dict[str, int]) -> Frame:
    """The frame of one turn: the layers in it are the same ones in every turn."""
    frame.calls.clear()
    frame.calls.update(calls)
    return frame.inner(**places)


def _both(frame: Frame, guard: Scalar, condition: Value) -> Scalar:
    assert not isinstance(condition, Array)
    truth = decided(condition)
    if truth is None:
        return condition if guard is True else frame.domain.operation("and", guard, condition)
    return guard if truth else False


def _ranges(
    frame: Frame, clauses: Sequence[tree.Clause], body: tree.Expression, count: int | None = None
) -> list[range]:
    """The ranges of the indices of the first `count` clauses, or of all."""
    found = []
    for order, clause in enumerate(clauses[:count]):
        for name in clause.names:
            if clause.iterable is None:
                conditions = [condition for later in clauses[order:] for condition in later.conditions]
                sizes = {size for array, axis in tree.axes_of(name, [body, *conditions])
                         if (size := _size(frame, array, axis)) is not None}  # fmt: skip
                if len(sizes) != 1:
                    raise Misfit(f"{name} runs over {sorted(sizes)}")
                found.append(range(sizes.pop()))
            else:
                assert isinstance(clause.iterable, tree.Call)
                ends = [integer(end, frame) for end in clause.iterable.arguments]
                found.append(range(*ends))
    return found


def _size(frame: Frame, array: str, axis: int) -> int | None:
    """That of an axis of a named array, if all rows have it."""
    shape = shape_of(frame.names.get(array))
    return shape[axis] if axis < len(shape) and isinstance(shape[axis], int) else None
