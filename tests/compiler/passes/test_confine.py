"""What may raise in an arm that no turn of a loop takes is not computed by the derivative either."""

from __future__ import annotations

import pytest

import mgc
from mgc.compiler import pipeline
from mgc.compiler.options import Options
from mgc.compiler.pipeline import compile_source
from mgc.grammar.diagnostics import ModelError

pytestmark = pytest.mark.usefixtures("fewer_calls")

MODELS = """
def logarithm(a, y[m]):
    return sum((2*a if a >= i else max(log(y[j]) for j in range(m))) for i in range(m))

def element(a, y[m], p[m]: int):
    u = [exp(y[i]) for i in range(m)]
    return sum((2*a if a >= i else max(u[p[j]] for j in range(m))) for i in range(m))

def nested(a, b, y[m]):
    return sum((a if a >= i else (b if b >= i else 1/y[0])) for i in range(m))

def pairs(x[n]):
    return sum((x[i] - x[j])/log(x[i]) for i, j if i != j)
"""


@pytest.fixture(scope="module")
def model() -> mgc.Model:
    return mgc.loads(MODELS)


def test_the_arm_that_no_turn_takes_is_not_computed(model: mgc.Model) -> None:
    assert model.logarithm.value_and_grad(9.0, [-1.0, 0.0]) == (36.0, (4.0, [0.0, 0.0]))
    assert model.element.value_and_grad(9.0, [1.0, 2.0], [5, 7]) == (36.0, (4.0, [0.0, 0.0]))
    assert model.nested.value_and_grad(0.0, 9.0, [0.0, 1.0, 1.0]) == (18.0, (1.0, 2.0, [0.0, 0.0, 0.0]))
    assert model.pairs.value_and_grad([-1.0]) == (0.0, ([0.0],))


def test_the_arm_that_some_turns_take_is_computed(model: mgc.Model) -> None:
    assert model.logarithm.value_and_grad(0.0, [1.0, 1.0, 2.0])[1] == (2.0, [0.0, 0.0, 1.0])
    assert model.element.value_and_grad(0.0, [1.0, 0.0, 0.0], [1, 2, 1])[1] == (2.0, [0.0, 4 / 3, 2 / 3])
    assert model.nested.value_and_grad(0.0, 1.0, [0.5, 1.0, 1.0])[1] == (1.0, 1.0, [-4.0, 0.0, 0.0])
    with pytest.raises(ModelError, match="index 5 is outside"):
        model.element.value_and_grad(0.0, [1.0, 2.0], [5, 7])


@pytest.mark.parametrize("name", ["logarithm", "element", "pairs"])
def test_the_derivative_is_proved(model: mgc.Model, name: str) -> None:
    assert getattr(model, name).verify().functions[0].verdict == "proved"


def test_the_derivative_of_nested_branches_is_not_false(model: mgc.Model) -> None:
    assert model.nested.verify().ok


def test_what_reads_a_confined_value_outside_of_its_branch() -> None:
    text = "def f(a, b, x[n], p[n]):\n    return sum(max(exp(b), max(x[k], a) - x[i]) for i for k if sin(p[k]) <= a)\n"
    function = mgc.loads(text).f
    assert function.value_and_grad(-2.0, 2.0, [1.0, 2.0], [0.0, 0.0]) == (0.0, (0.0, 0.0, [0.0, 0.0], [0.0, 0.0]))
    assert function.value_and_grad(0.0, 0.0, [3.0, 0.0], [0.0, 1.0])[1] == (0.0, 1.0, [1.0, -1.0], [0.0, 0.0])
    assert function.verify().ok


def test_a_value_that_a_renamed_turn_reads_has_its_count_around_it() -> None:
    text = "def f(a, y[m]):\n    return prod((sum(log(2 + a) for k in range(m) if k < j) if y[j] <= a else a) for j)\n"
    function = mgc.loads(text).f
    assert function.value_and_grad(0.0, [0.0, 1.0]) == (0.0, (0.0, [0.0, 0.0]))
    assert function.verify().ok


def test_an_index_that_is_outside_in_an_arm_that_no_turn_takes() -> None:
    body = "max(min((x[p[k]] if i < k else x[i]) for i for k) for j in range(m))"
    text = f"def f(x[n], y[m], p[n]: int):\n    return {body}\n"
    function = mgc.loads(text).f
    assert function.value_and_grad([3.0], [0.0], [2]) == (3.0, ([1.0], [0.0]))
    assert function.value_and_grad([3.0, 4.0], [0.0], [7, 0]) == (3.0, ([1.0, 0.0], [0.0]))
    with pytest.raises(ModelError, match="index 7 is outside"):
        function.value_and_grad([3.0, 4.0], [0.0], [0, 7])


def test_what_is_counted_first_depends_on_the_text_alone() -> None:
    slopes = " + ".join(f"(log(a + {k}) if x[i] > {k} else x[i])" for k in range(4))
    text = f"def f(x[n], a): return sum({slopes} for i)"
    kept, found = [], set()
    for _ in range(4):  # nodes elsewhere in memory each time
        kept.append(pipeline.run(text, "f.mg", Options(), until="share"))
        found.add(compile_source(text, "f.mg").text)
    assert len(found) == 1
