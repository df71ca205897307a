"""Where the compiler's own code computes a derivative: the numbers of a name -> the lines that store just these.

The names of the emitted backward pass are its own (`dh_2` may be the derivative by `h`), so lines are found by value.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from mpmath import mp, mpf  # type: ignore[import-untyped]  # it carries no types

from mgc.compiler.verify.terms.evaluation import DIGITS, NoValue
from mgc.compiler.verify.text.instances import FAILURES
from mgc.compiler.verify.trace.trace import Machine
from mgc.compiler.verify.trace.values import NotRun, Stored
from mgc.runtime.grade.backward import NOTHING, Point, sweep
from mgc.runtime.grade.forward_run import Setting, numbers, rows

CLOSE = mpf(10) ** -13  # relative: constants of the emitted code are folded in doubles


def emitted_lines(gradient: str, arguments: Sequence[str], point: Point, setting: Setting, name: str) -> list[int]:
    """The lines of the function `gradient` that store the derivative by a name; none where the compiler needs no such
    array, as where it is fused into another. `arguments` names those of the function but `params`."""
    machine = Machine(setting.syntax, setting.primitives)
    tape = point.tape
    entries = tape.run.entries
    dotted = {known.dotted: entries[n] for n, known in tape.run.forward.names.items() if known.dotted}
    seeds = iter([rows(seed) for seed in point.seeds.values()])
    given = [entries[argument] if argument in entries else next(seeds) for argument in arguments]
    try:
        machine.call(gradient, [*([dotted] if dotted else []), *given])
    except (NotRun, *FAILURES):
        return []
    truth = sweep(point)
    values = [truth.get(point.stored(term), NOTHING).value for term in numbers(entries[name])]
    wanted = [value for value in values if value != 0]
    stored: dict[str, list[Stored]] = {}
    for one in machine.stored:
        stored.setdefault(one.base, []).append(one)
    fitting = [base for base, kept in stored.items() if wanted and _fits(kept, wanted, point)]
    own = tape.run.forward.derivative(name)
    best = min(fitting, key=lambda base: (base != own, not base.startswith(own), len(stored[base])), default=None)
    branches = {node.lineno for node in ast.walk(setting.syntax) if isinstance(node, ast.If)}
    return sorted({one.line for one in stored[best]} - branches) if best is not None else []


def _fits(stored: Sequence[Stored], wanted: Sequence[Any], point: Point) -> bool:
    """Whether each of the numbers is among those stored."""
    with mp.workdps(DIGITS):
        try:
            values = [point.evaluation.value(one.cell) for one in stored]
        except NoValue:
            return False
        return all(any(abs(value - one) <= CLOSE * abs(one) for value in values) for one in wanted)
