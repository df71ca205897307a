"""The derivative beside a value is the derivative by it, or it is not shown."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping

import pytest

import mgc
from mgc.grammar.diagnostics import DataError, ModelError
from mgc.runtime.drawn import complete
from mgc.runtime.grade.intermediates import intermediates
from mgc.runtime.initial import initial
from mgc.runtime.see.events import events_of
from mgc.runtime.see.values import Derivatives, in_margin
from support.programs import program
from support.quick import first_quick

MODEL = """
def spread(x[n]):
    m = mean(x[i] for i)
    s = sqrt(sum((x[i] - m)**2 for i))
    return sum(x[i]/s for i)

def row(x[2], W[2, 2]):
    h = tanh(W @ x)
    return h[0]*h[1]

def rows(X[n, 2], W[2, 2]):
    return sum(row(X[i], W) for i)
"""


@pytest.mark.parametrize("style", ["fused", "lesson"])
def test_a_derivative_that_loops_add_up_is_shown_whole(style: str) -> None:
    spread = mgc.loads(MODEL, style=style).spread  # type: ignore[arg-type]
    x = [1.0, 2.0, 4.0]
    events = events_of(spread, spread.checked(x))
    [s] = [event for event in events if event.step.statement.name == "s"]
    assert isinstance(s.value, float)
    assert Derivatives(events).by(s) == pytest.approx(-sum(x) / s.value**2)


def test_what_loops_without_turns_need_is_not_computed() -> None:
    assert mgc.loads(MODEL).spread.value_and_grad([]) == (0.0, ([],))


@pytest.mark.parametrize("style", ["fused", "lesson"])
def test_an_array_that_each_turn_uses_anew_has_no_derivative_of_another_turn(style: str) -> None:
    rows = mgc.loads(MODEL, style=style).rows  # type: ignore[arg-type]
    X, W = [[0.1, 0.2], [0.3, 0.5], [-0.7, 0.4]], [[1.0, 0.5], [-0.5, 2.0]]
    events = events_of(rows, rows.checked(X, W))
    derivatives = Derivatives(events)
    checked = 0
    for event in events:
        found = derivatives.by(event)
        if event.step.statement.name == "h" and not event.step.statement.starts and found is not None:
            place, turn = event.element[-1], event.turn[0]
            other = math.tanh(sum(w * x for w, x in zip(W[1 - place], X[turn], strict=True)))
            assert found == pytest.approx(other)
            checked += 1
    assert checked == (6 if style == "lesson" else 0)


def test_turns_are_chosen_by_the_loops_index() -> None:
    spread = mgc.loads(MODEL, style="lesson").spread
    shown = in_margin(spread, spread.checked([1.0, 2.0, 4.0]), {"i": (0, 2)}).splitlines()
    told = [line.split("|")[0].split("  ")[0] for line in shown if line.startswith("i = ")]
    assert set(told) == {"i = 0", "i = 2"}


@pytest.mark.filterwarnings("ignore::mgc.ModelWarning")
@pytest.mark.parametrize("sample", first_quick(itertools.product(["lesson", "fused"], range(40))))
def test_derivatives_of_random_programs_are_those_of_another_reckoning(sample: tuple[str, int]) -> None:
    """Those beside the values come from emitted adjoints, the others from sympy's derivative of each operation."""
    style, seed = sample
    model = mgc.loads(program(seed).text, style=style)  # type: ignore[arg-type]
    for function in model.functions:
        try:
            bound = _drawn(function)
            known = {held.name: held.derivative for held in intermediates(function, bound)}
            events = events_of(function, bound)
        except (DataError, ModelError):
            continue  # no value or no derivative at these numbers
        derivatives = Derivatives(events)
        for event in events:
            found, other = derivatives.by(event), known.get(event.step.statement.name)
            places = (event.turn + event.element, event.element, event.turn)
            numbers = [entry for place in places if isinstance(entry := _entry(other, place), float)]
            if found is not None and not event.step.is_backward and numbers:
                assert found == pytest.approx(numbers[0], rel=1e-6, abs=1e-9), event.step.code


def _drawn(function: mgc.Function) -> list[object]:
    def parameters(values: Mapping[str, object]) -> list[object]:
        return [initial(function, 0, values)] if function.info.parameters else []

    return complete(function, {}, parameters, seed=1)[0]


def _entry(nested: object, place: tuple[int, ...]) -> object:
    """An entry of nested lists; None where they have none there."""
    for index in place:
        if not isinstance(nested, list) or not 0 <= index < len(nested):
            return None
        nested = nested[index]
    return nested


def test_a_function_without_a_derivative_has_values() -> None:
    function = mgc.loads("def f(k: int):\n    y = k*2\n    return y + 1\n").f
    assert {held.name: held.value for held in intermediates(function, [2])}["y"] == 4
