"""The data of a page: its lines and their kin, the numbers of its run, its drawing; nothing in it is markup."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import mgc
from mgc.runtime.conversion import Nested
from mgc.runtime.drawn import complete
from mgc.runtime.explain import run as runs
from mgc.runtime.explain.data import Page, page
from mgc.runtime.explain.layout import layout
from mgc.runtime.explain.page import embedded, html_of, plain
from mgc.runtime.initial import initial
from mgc.runtime.model import Function, gradients_by_name
from support.quick import first_quick

EXAMPLES = Path(__file__).parents[3] / "examples"
SAMPLES = [
    (name, function, style)
    for style in ("lesson", "fused")
    for name, function in (
        ("neuron", "neuron"),
        ("softmax", "loss"),
        ("moons", "loss"),
        ("attention", "attention"),
        ("gmm", "log_likelihood"),
        ("ninja", "ninja"),
        ("batchnorm", "batchnorm"),
    )
]


def _page(
    function: Function, given: dict[str, object] | None = None, style: str = "lesson"
) -> tuple[Page, list[object]]:
    def parameters(values: Any) -> list[object]:
        return [initial(function, 0, values)] if function.info.parameters else []

    bound, drawn = complete(function, {}, parameters, seed=0)
    return page(function, bound, list(drawn), "f.mg", style, None), bound


def _loads(text: str, style: Any = "lesson") -> Function:
    return mgc.loads(text, "f.mg", style=style).functions[-1]


def _replayed(shown: Page) -> dict[str, Nested]:
    """What the names hold after all steps."""
    held: dict[str, Any] = {}
    for step in shown.run.steps:
        if not step.at:
            held[step.name] = json.loads(json.dumps(step.value))
            continue
        inner = held[step.name]
        for index in step.at[:-1]:
            inner = inner[index]
        inner[step.at[-1]] = step.value
    return held


@pytest.mark.parametrize("sample", first_quick(SAMPLES, 2), ids=str)
def test_the_steps_lead_to_what_the_function_gives(sample: tuple[str, str, Any]) -> None:
    name, wanted, style = sample
    function = mgc.load(EXAMPLES / f"{name}.mg", style=style)[wanted]
    shown, bound = _page(function, style=style)
    assert shown.run.failure == ""
    assert shown.run.left_out == 0
    held = _replayed(shown)
    [result] = [node.name for node in shown.graph.nodes if node.role == "result"]
    assert held[result] == function(*bound)
    derivative = {node.said: node.derivative for node in shown.graph.nodes}
    for variable, expected in _gradients(function, bound).items():
        if style == "lesson":
            assert held[str(derivative[variable])] == expected, variable
        assert shown.returned[variable] == expected, variable


def _gradients(function: Function, bound: Sequence[Any]) -> dict[str, Nested]:
    if function.info.results == ((),):
        return gradients_by_name(function, function.grad(*bound))
    ones = [[1.0] * len(row) for row in function(*bound)]  # type: ignore[union-attr, arg-type]
    return gradients_by_name(function, function.vjp(*bound, ones)[1])


def test_an_adjoint_knows_its_line_its_value_and_its_rule() -> None:
    shown, _ = _page(_loads("def f(x, w):\n    n = x*w\n    return tanh(n)\n"))
    told = {line.sets: line for line in shown.code.lines if line.kind == "statement"}
    assert (told["dn"].sources, told["dn"].by, told["dn"].rule) == ((3,), ("n",), "d tanh(u)/du = 1 - tanh(u)**2")
    assert (told["dx"].sources, told["dx"].key) == ((2,), told["n"].key)
    assert [(node.name, node.derivative) for node in shown.graph.nodes] == [
        ("x", "dx"),
        ("w", "dw"),
        ("n", "dn"),
        ("out", "dout"),
    ]
    assert [(one.line, [adjoint.line for adjoint in one.adjoints]) for one in shown.mathematics] == [
        (1, []),
        (2, [told["dx"].number, told["dw"].number]),
        (3, [told["dout"].number, told["dn"].number]),
    ]


def test_a_line_of_a_layer_belongs_to_its_call_too() -> None:
    function = mgc.load(EXAMPLES / "moons.mg", style="lesson")["loss"]
    shown, _ = _page(function)
    sums = {line.sets: line for line in shown.code.lines if line.section == "forward" and line.reads}
    assert sums["linear1_sum"].sources == (8, 11, 17)
    assert sums["linear2_sum"].sources == (8, 12, 17)
    assert sums["linear1_sum"].key != sums["linear2_sum"].key


def test_a_row_with_a_name_is_a_place_in_its_array() -> None:
    shown, _ = _page(_loads("def f(W[m, n], x[n]):\n    return sum((W @ x)**2)\n", "fused"), style="fused")
    assert "dW_i" in shown.code.rows
    steps = {(step.name, len(step.at)) for step in shown.run.steps}
    assert {one for one in steps if one[0] in ("dW", "dW_i")} == {("dW", 0), ("dW", 2)}


def test_a_branch_says_what_it_asks() -> None:
    shown, _ = _page(_loads("def f(x[n]): return sum(relu(x[i]) for i)\n"))
    [branch] = [line for line in shown.code.lines if line.kind == "branch"]
    assert branch.test is not None
    assert (branch.test.sign, branch.test.right, branch.section) == (">", 0.0, "backward")


def test_a_choice_between_a_derivative_and_0_says_what_it_asks() -> None:
    function = mgc.load(EXAMPLES / "moons.mg", style="lesson")["loss"]
    shown, _ = _page(function)
    asked = {line.sets: line.test for line in shown.code.lines if line.kind == "statement" and line.test}
    assert set(asked) == {"ddata_product", "dlinear2", "dlinear1"}
    assert {(test.sign, test.right) for test in asked.values()} == {(">", 0.0)}


def test_a_run_that_fails_says_where() -> None:
    function = _loads("def f(x): return log(x)\n")
    shown = page(function, function.checked(0.0), [], "f.mg", "lesson", None)
    assert "f.mg:1" in shown.run.failure


def test_a_run_too_long_for_a_page_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "MAX_STEPS", 5)
    shown, _ = _page(_loads("def f(x[n]): return sum(x[i]**2 for i)\n"))
    assert len(shown.run.steps) == 5
    assert shown.run.left_out > 0


HOSTILE = '''# </script><script>alert(1)</script> <!-- & "quotes"
def f(x):
    """</script><img src=x onerror=alert(1)>"""
    return x*x  # <!-- <script> -->
'''


def test_nothing_of_a_model_is_markup() -> None:
    function = _loads(HOSTILE)
    shown = page(function, function.checked(2.0), [], '"><script>.mg', "lesson", None)
    text = embedded(plain(shown))
    assert not set("<>&") & set(text)
    assert json.loads(text)["source"][0]["text"] == HOSTILE.split("\n")[0]
    whole = html_of(shown)
    assert whole.count("<script") == 2
    assert whole.count("</script>") == 2
    assert "<!--" not in whole


def test_a_page_loads_nothing() -> None:
    shown, _ = _page(_loads("def f(x): return x*x\n"))
    whole = html_of(shown)
    assert "default-src 'none'" in whole
    assert "src=" not in whole.replace("default-src='none'", "")
    assert "@import" not in whole
    assert "url(" not in whole


def test_numbers_that_json_lacks_are_words() -> None:
    function = mgc.loads("def f(x): return log(x)\n", "f.mg", style="lesson", ieee=True).f
    shown = page(function, function.checked(0.0), [], "f.mg", "lesson", None)
    assert json.loads(embedded(plain(shown)))["returned"][""] == "-inf"


def test_boxes_do_not_overlap_and_arrows_lead_to_the_right() -> None:
    generator = random.Random(0)
    names = [f"v{number}" for number in range(30)]
    edges = sorted({tuple(sorted(generator.sample(range(30), 2))) for _ in range(60)})
    placed = layout(dict.fromkeys(names, 90.0), [(names[a], names[b]) for a, b in edges], 50.0)
    for one, other in itertools.combinations(placed.boxes.values(), 2):
        beside = one.x + one.width <= other.x or other.x + other.width <= one.x
        assert beside or abs(one.y - other.y) >= 50.0
    for points in placed.paths.values():
        assert all(left[0] <= right[0] for left, right in itertools.pairwise(points))
    assert all(box.x >= 0 and box.y >= 0 for box in placed.boxes.values())


def test_a_line_that_says_detach_is_cut_off() -> None:
    shown, _ = _page(_loads("def f(x, w):\n    n = detach(x*w)\n    return n*x\n"))
    assert shown.stopped == (2,)
    assert [line.sets for line in shown.code.lines if line.held] == ["n"]


@pytest.mark.slow
def test_the_same_model_gives_the_same_bytes() -> None:
    function = _loads("def f(x[n]): return sum(relu(x[i]) for i)\n")
    bound = function.checked([0.0, 1.0])
    shown = {html_of(page(function, bound, [], "f.mg", "lesson", function.verify())) for _ in range(2)}
    assert len(shown) == 1


def test_an_argument_that_is_a_result_or_bounds_a_loop_is_in_the_graph() -> None:
    shown, _ = _page(_loads("def f(x[n], m[n]: int, y):\n    return sum(sum(x[i]*j for j in range(m[i])) for i), y\n"))
    assert {"x", "m", "y"} <= {node.name for node in shown.graph.nodes}
    assert ("m", "x_sum") in {(arrow.start, arrow.end) for arrow in shown.graph.arrows}
    assert shown.results == 2
