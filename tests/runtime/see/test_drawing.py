"""Pictures: the numbers in them are those of the function, and what they show is what the text does."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

import mgc
from mgc.grammar.diagnostics import DataError
from mgc.runtime.see.drawing import FILLS
from mgc.runtime.see.picture import picture

ROOT = Path(__file__).parents[3]
NEURON = (2.0, 0.0, -3.0, 1.0, 6.8813735870195432)
LECTURE = """
def lecture(a, b):
    c = a + b
    d = a*b + b**3
    c = c + c + 1
    c = c + 1 + c + (-a)
    d = d + d*2 + relu(b + a)
    d = d + 3*d + relu(b - a)
    e = c - d
    f = e**2
    g = f/2.0
    return g + 10.0/f
"""
needs_dot = pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz's program dot is not here")


def _labels(source: str) -> dict[str, str]:
    """Each value of a drawing, by name: `data 0.8814 | grad 0.5`."""
    found = re.findall(r'label="(\w+) \| (.*?)"', source)
    return dict(found)


def test_the_lectures_expression_has_its_numbers() -> None:
    labels = _labels(mgc.loads(LECTURE).lecture.draw(-4.0, 2.0).source)
    assert labels["a"] == "data -4 | grad 138.8"
    assert labels["b"] == "data 2 | grad 645.6"
    assert labels["out"] == "data 24.7 | grad 1"
    assert labels["f"] == "data 49 | grad 0.4958"


def test_each_number_of_a_neuron_is_a_node() -> None:
    neuron = mgc.load(ROOT / "examples/neuron.mg").neuron
    labels = _labels(neuron.draw(*NEURON).source)
    assert labels["n"] == "data 0.8814 | grad 0.5"
    assert labels["x1"] == "data 2 | grad -1.5"
    shown = picture(neuron, "forward")
    assert [node.label for node in shown.nodes if node.kind == "operation"] == ["*", "*", "+", "+", "tanh"]
    assert neuron.draw().source.count("data") == 0


def test_of_many_operations_only_what_has_a_name_is_drawn() -> None:
    chain = "\n".join(f"    x = x*y + {place}" for place in range(50))
    shown = picture(mgc.loads(f"def f(x, y):\n{chain}\n    return x\n").f, "forward")
    assert [node.kind for node in shown.nodes].count("operation") == 50


def test_a_backward_pass_starts_at_the_result_and_ends_at_the_arguments() -> None:
    shown = picture(mgc.load(ROOT / "examples/neuron.mg").neuron, "backward")
    derivatives = [node.label for node in shown.nodes if node.kind == "derivative"]
    assert derivatives[0] == "dout"
    assert set(derivatives) > {"dx1", "dx2", "dw1", "dw2", "db"}
    both = picture(mgc.load(ROOT / "examples/neuron.mg").neuron, "both")
    assert {node.label for node in both.nodes} > {*derivatives, "x1", "n", "out"}


def test_arrays_are_one_node_with_their_axes_and_calls_are_boxes() -> None:
    loss = mgc.load(ROOT / "examples/moons.mg").loss
    shown = picture(loss, "forward")
    [h] = [node for node in shown.nodes if node.label == "h"]
    assert (h.detail, [box.label for box in h.boxes]) == ("[n, 16]", ["score"])
    assert {node.boxes[-1].label for node in shown.nodes if len(node.boxes) == 2} == {"linear1", "linear2", "linear3"}
    closed = picture(loss, "forward", depth=1)
    [linear1] = [node for node in closed.nodes if node.kind == "box" and node.label == "linear1"]
    assert linear1.detail == "W[16, 2], b[16]: 2 operations (Σ *, +)"
    assert [node.label for node in picture(loss, "forward", depth=0).nodes if node.kind == "box"] == ["score"]


def test_no_value_of_a_closed_box_is_lost_on_the_way() -> None:
    closed = picture(mgc.load(ROOT / "examples/moons.mg").loss, "forward", depth=1)
    carried = {edge.label for edge in closed.edges if closed.nodes[edge.start].kind == "box"}
    assert carried == {"linear1", "linear2", "score"}


@pytest.mark.parametrize("text", ["def f(x): return x", "def f(k: int): return k + 1", "def f(x[n]): return 2*x"])
def test_small_functions_are_drawn_too(text: str) -> None:
    for half in ("forward", "backward", "both"):
        mgc.loads(text).f.draw(half=half)


def test_colours_are_those_that_everybody_tells_apart() -> None:
    okabe_ito = {"#e69f00", "#56b4e9", "#009e73", "#d55e00", "#cc79a7"}
    assert {border for _, border in FILLS.values()} > okabe_ito


@needs_dot
def test_a_picture_is_written_by_the_end_of_its_name(tmp_path: Path) -> None:
    drawing = mgc.load(ROOT / "examples/neuron.mg").draw()
    for name, start in (("n.svg", b"<?xml"), ("n.png", b"\x89PNG"), ("n.dot", b"digraph")):
        drawing.save(tmp_path / name)
        assert (tmp_path / name).read_bytes().startswith(start)
    assert drawing._repr_svg_() is not None


def test_without_dot_a_drawing_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    drawing = mgc.load(ROOT / "examples/neuron.mg").draw()
    assert drawing._repr_svg_() is None
    with pytest.raises(DataError, match="needs Graphviz: its program dot"):
        drawing.render("svg")


def test_an_operation_has_the_number_or_the_size_that_it_is_given() -> None:
    shown = picture(mgc.loads("def f(x[n]):\n    s = sum(x[i] for i)\n    m = s/n\n    return 10/m").f, "forward")
    assert [node.label for node in shown.nodes if node.kind == "operation"] == ["Σ", "/ n", "10 /"]
    checked = picture(mgc.loads("def f(x[n], k: int): return x[k]").f, "forward")
    assert "index < n" in [node.label for node in checked.nodes]


def test_markup_in_a_name_is_only_text() -> None:
    drawing = mgc.loads("def f(x): return x if x > 0 else -x").f.draw()
    assert 'label="if x \\> 0.0"' in drawing.source or 'label="if x > 0.0"' in drawing.source


def test_a_model_with_several_functions_asks_which() -> None:
    with pytest.raises(DataError, match="which function"):
        mgc.load(ROOT / "examples/moons.mg").draw()


def test_an_array_that_only_bounds_a_loop_is_drawn() -> None:
    text = "def f(x[n], m[n]: int): return sum(sum(sin(x[i]*j)*x[i] for j in range(m[i])) for i)"
    drawn = picture(mgc.loads(text).f, "forward")
    read = {drawn.nodes[edge.start].label for edge in drawn.edges}
    assert "m" in read
    assert ("x_product_sin", "[n, m[i]]") in [(node.label, node.detail) for node in drawn.nodes]


def test_a_place_that_is_made_of_no_value_is_not_drawn() -> None:
    drawn = picture(mgc.loads("def f(x[n]): return x[0]*x[n - 1] + sum(x[i]**2 for i)").f, "both")
    ends = {edge.end for edge in drawn.edges}
    hanging = [node.label for place, node in enumerate(drawn.nodes) if node.kind == "operation" and place not in ends]
    assert [label for label in hanging if label.startswith("index")] == []
    assert "first" not in {node.label for node in drawn.nodes}


def test_the_incoming_derivatives_of_results_are_drawn() -> None:
    drawn = picture(mgc.loads("def f(x, y): return x*y, sin(x)").f, "backward")
    read = {drawn.nodes[edge.start].label for edge in drawn.edges}
    assert {"dout_1", "dout_2"} <= read
