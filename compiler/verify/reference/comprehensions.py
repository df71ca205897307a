"""`sum(e for i, j if c)` and `[e for i, j]`: clauses -> one frame for each turn -> reduction or array.

A condition that symbols decide guards its turn: the number counts where it holds.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from mgc.compiler.verify.reference import calls, core
from mgc.compiler.verify.reference.arrays import Array, Misfit, Scalar, Value, elements, flat, shape_of, stack
from mgc.compiler.verify.reference.scalars import TERMS, UNDEFINED, decided
from mgc.compiler.verify.reference.scope import Frame, Machine, Meaning, children
from mgc.compiler.verify.terms.terms import Undecided
from mgc.grammar import tree


def comprehension(machine: Machine, frame: Frame, expression: tree.Comprehension | tree.Reduction) -> Array:
    """`[e for i, j]`: an array over i, j and then the axes of e."""
    names = [name for clause in expression.clauses for name in clause.names]
    ranges = _ranges(machine, frame, expression.clauses, expression.body)
    calls = dict(frame.calls)
    bodies = []
    for places in itertools.product(*ranges):
        inner = _turn(frame, calls, dict(zip(names, places, strict=True)))
        bodies.append((core.attempt if frame.tentative else core.value)(machine, inner, expression.body))
    if len(ranges) == 1 and bodies:
        return stack(bodies)
    inside = shape_of(bodies[0]) if bodies else _shape_without_turns(machine, frame, expression)
    if any(shape_of(body) != inside for body in bodies):
        raise Misfit("rows differ")
    return Array((*map(len, ranges), *inside), tuple(x for body in bodies for x in elements(body)))


def reduction(machine: Machine, frame: Frame, expression: tree.Reduction) -> Meaning:
    """`sum(e for i, j if c)`: a reduction, or a function of the array `[e for i, j]`."""
    if expression.function not in core.REDUCTIONS:
        array = comprehension(machine, frame, expression)
        return calls.called(machine, frame, expression.function, [array], {})
    bodies = [
        (guard, (core.value if guard is True else core.attempt)(machine, inner, expression.body))
        for inner, guard in _all_turns(machine, frame, expression)
    ]
    without = () if bodies else _shape_without_turns(machine, frame, expression)
    shape = next((shape_of(body) for _, body in bodies if body is not UNDEFINED), without)
    count = math.prod(shape)
    columns = [(guard, elements(body) if body is not UNDEFINED else (UNDEFINED,) * count) for guard, body in bodies]
    results = [
        machine.domain.reduction(expression.function, [(guard, numbers[k]) for guard, numbers in columns])
        for k in range(count)
    ]
    if expression.function in ("argmax", "argmin"):  # the index itself, where its range does not begin at 0
        start = _ranges(machine, frame, expression.clauses, expression.body)[0].start
        results = [machine.domain.operation("add", start, place) for place in results] if start else results
    return Array(shape, tuple(results)) if shape else results[0]


def _shape_without_turns(
    machine: Machine, frame: Frame, expression: tree.Comprehension | tree.Reduction
) -> tuple[int, ...]:
    """The shape that the body would have in a turn; that of a number where only values could tell it."""
    inner = replace(frame.inner(**{name: 0 for clause in expression.clauses for name in clause.names}), shapes=True)
    try:
        return shape_of(core.value(replace(machine, domain=TERMS), inner, expression.body))
    except (*core.FAILURES, Misfit, Undecided):
        return ()


def _all_turns(machine: Machine, frame: Frame, expression: tree.Reduction) -> Iterator[tuple[Frame, Scalar]]:
    (clause, *more) = expression.clauses
    iterable = clause.iterable
    if isinstance(iterable, tree.Name) and iterable.identifier == "params" and "params" not in frame.names:
        literal = machine.domain.literal
        for number in flat(dict(machine.params)):
            yield frame.inner(**{clause.names[0]: literal(number) if isinstance(number, int | float) else number}), True
        return
    yield from _turns(machine, frame, dict(frame.calls), (clause, *more), expression.body, True)


def _turns(
    machine: Machine,
    frame: Frame,
    calls: dict[str, int],
    clauses: Sequence[tree.Clause],
    body: tree.Expression,
    guard: Scalar,
) -> Iterator[tuple[Frame, Scalar]]:
    """A frame for every value of the clauses' indices, the last one running fastest, and what the turn depends on."""
    if not clauses:
        yield frame, guard
        return
    clause, *rest = clauses
    for places in itertools.product(*_ranges(machine, frame, clauses, body, 1)):
        inner = _turn(frame, calls, dict(zip(clause.names, places, strict=True)))
        held = guard
        for condition in clause.conditions:
            if held is not False:
                held = _both(machine, held, core.value(machine, inner, condition))
        if held is not False:
            yield from _turns(machine, inner, calls, rest, body, held)


def _turn(frame: Frame, calls: dict[str, int], places: dict[str, int]) -> Frame:
    """The frame of one turn: the layers in it are the same ones in every turn."""
    frame.calls.clear()
    frame.calls.update(calls)
    return frame.inner(**places)


def _both(machine: Machine, guard: Scalar, condition: Value) -> Scalar:
    assert not isinstance(condition, Array)
    truth = decided(condition)
    if truth is None:
        return condition if guard is True else machine.domain.operation("and", guard, condition)
    return guard if truth else False


def _ranges(
    machine: Machine, frame: Frame, clauses: Sequence[tree.Clause], body: tree.Expression, count: int | None = None
) -> list[range]:
    """The ranges of the indices of the first `count` clauses, or of all."""
    found = []
    for order, clause in enumerate(clauses[:count]):
        for name in clause.names:
            if clause.iterable is None:
                conditions = [condition for later in clauses[order:] for condition in later.conditions]
                sizes = set(_indexed(frame, name, [body, *conditions]))
                if len(sizes) != 1:
                    raise Misfit(f"{name} runs over {sorted(sizes)}")
                found.append(range(sizes.pop()))
            else:
                assert isinstance(clause.iterable, tree.Call)
                ends = [core.integer(machine, frame, end) for end in clause.iterable.arguments]
                found.append(range(*ends))
    return found


def _indexed(frame: Frame, name: str, parts: Sequence[object]) -> Iterator[int]:
    """The sizes of the axes of named arrays that `name` alone indexes."""
    pending: list[object] = list(parts)
    while pending:
        part = pending.pop()
        if isinstance(part, tree.Index):
            yield from _sizes_at(frame, name, part)
        if isinstance(part, tree.Reduction | tree.Comprehension) and any(name in c.names for c in part.clauses):
            continue
        pending.extend(children(part))


def _sizes_at(frame: Frame, name: str, part: tree.Index) -> Iterator[int]:
    base, skipped = part.base, 0
    while isinstance(base, tree.Index):  # X[i][j]: j indexes the second axis
        if any(isinstance(item, tree.Slice) for item in base.items):
            return
        skipped += len(base.items)
        base = base.base
    array = frame.names.get(base.identifier) if isinstance(base, tree.Name) else None
    if isinstance(array, Array):
        for item, size in zip(part.items, array.shape[skipped:], strict=False):
            if isinstance(item, tree.Name) and item.identifier == name and isinstance(size, int):
                yield size
