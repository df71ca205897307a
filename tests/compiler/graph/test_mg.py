"""A graph prints as `.mg` that reads back to the same graph, at every stage."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from mgc.compiler import pipeline
from mgc.compiler.graph import spec
from mgc.compiler.graph.graph import Graph, topological_order
from mgc.compiler.graph.mg import read, spell
from mgc.compiler.graph.nodes import AxisName, Node, ScatterLayout, axis_order
from mgc.compiler.graph.spec import Stage
from mgc.compiler.options import Options
from mgc.grammar.diagnostics import ModelError
from support.programs import program
from support.quick import first_quick, in_turn

ROOT = Path(__file__).parents[3]
WRITTEN = sorted([*(ROOT / "examples").glob("*.mg"), *(ROOT / "tests/compiler/emit/programs").glob("*.mg")])
OPTIONS = {"careful": Options(ieee=True, accurate=True), "flat": Options(style="flat")}
SAMPLES = [
    *(pytest.param(path.read_text(), Options(), id=path.stem) for path in WRITTEN),
    *in_turn({path.stem: path.read_text() for path in WRITTEN}, OPTIONS),
]
LEAVES = ("const", "size", "zero", "input")


def graphs(text: str, options: Options, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Stage, Graph]]:
    """Every graph that is checked on the way, with the stage after which it is."""
    found: list[tuple[Stage, Graph]] = []
    with monkeypatch.context() as patch:
        patch.setenv("MGC_CHECK", "1")
        patch.setattr(spec, "check", lambda graph, stage: found.append((stage, graph)))
        pipeline.run(text, "f.mg", options, until="share")
    return found


Form = tuple[object, ...]


def forms(graph: Graph, numbers: dict[Form, int]) -> dict[Node, int]:
    """A number for each node, in topological order: two are equal where all that the nodes consist of is."""
    order = topological_order([*graph.roots(), *[given.node for given in graph.inputs]])
    axes = sorted([node for node in order if node.op == "index"], key=axis_order)
    found: dict[Node, int] = {}
    for node in order:
        attribute: object = repr(node.attribute)
        if isinstance(node.attribute, ScatterLayout):
            attribute = node.attribute[:2]
        if isinstance(node.attribute, AxisName):
            attribute = (node.attribute.name, axes.index(node))
        key = (node.op, attribute, node.dtype, tuple(found[argument] for argument in node.args))
        found[node] = numbers.setdefault(key, len(numbers))
    return found


def said(graph: Graph, numbers: dict[Form, int]) -> dict[str, object]:
    """All that a graph says, with numbers for nodes; those that are made where they are read have no order."""
    form = forms(graph, numbers)
    sizes = topological_order([size for given in graph.inputs for size in given.sizes])
    return {
        "nodes": sorted(form.values()),
        "order": [number for node, number in form.items() if _has_a_place(node) and node not in sizes],
        "inputs": [(form[one.node], one.name, one.kind, one.default) for one in graph.inputs],
        "kept": sorted(form[node] for node in graph.kept if node in form),
        "outputs": [form[output] for output in graph.outputs],
        "gradients": [(one.name, None if d is None else form[d]) for one, d in graph.gradients],
        "names": {form[node]: name for node, name in graph.names.items() if node in form and node.op not in LEAVES},
    }


def _has_a_place(node: Node) -> bool:
    return node.op not in (*LEAVES, "index") and not (node.dtype == "int" and node.weight <= 7)


def round_trip(found: list[tuple[Stage, Graph]]) -> None:
    for stage, graph in found:
        text = spell(graph)
        again = read(text, "graph.mg")
        spec.check(again, stage)
        numbers: dict[Form, int] = {}
        assert said(again, numbers) == said(graph, numbers)
        assert spell(again) == text


@pytest.mark.parametrize(("text", "options"), SAMPLES)
def test_what_is_written_reads_back(text: str, options: Options, monkeypatch: pytest.MonkeyPatch) -> None:
    found = graphs(text, options, monkeypatch)
    assert {stage for stage, _ in found} == {"lower", "derive", "share"}
    round_trip(found)


@pytest.mark.parametrize("text", [path.read_text() for path in WRITTEN], ids=[path.stem for path in WRITTEN])
def test_a_lesson_reads_back_but_for_its_steps(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Adjoints that differ only in why they are added to become one."""
    for stage, graph in graphs(text, Options(style="lesson"), monkeypatch):
        again = read(spell(graph), "graph.mg")
        spec.check(again, stage)
        assert len(again.kept) == len([node for node in graph.kept if node in forms(graph, {})])
        assert spell(read(spell(again), "graph.mg")) == spell(again)


@pytest.mark.parametrize("first", first_quick(range(0, 200, 50)))
def test_random_programs_read_back(first: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(first, first + 50):
        round_trip(graphs(program(seed).text, Options(unroll=4 * (seed % 2)), monkeypatch))


CALLED = ("t_1", "h", "h", "x__2", "inf", "t_3", "n", "f", "ef", "mlp1.h", "net1.mlp1.h", "mlp1.h")


def test_every_name_reads_back() -> None:
    """Names that are labels of others, words of the language, or of more than one value."""
    graph = read("def f(x[n]): return x[0]", "f.mg")
    build, node = graph.builder, graph.outputs[0]
    names = {}
    for name in CALLED:
        node = build.make("exp", (node,))
        names[node] = name
    named = Graph(build, "f", graph.inputs, (node,), names=names)
    assert list(read(spell(named), "f.mg").names.values()) == list(CALLED)


@pytest.mark.parametrize("name", ["a__b", "a_.b", "a._b"])
def test_a_name_that_would_be_read_as_another_is_left_out(name: str) -> None:
    graph = read("def f(x): return exp(x)", "f.mg")
    again = read(spell(replace(graph, names={graph.outputs[0]: name})), "f.mg")
    assert (again.names, again.outputs[0].op) == ({}, "exp")


WRONG = {
    "def f(x): return x\ndef g(x): return x": ("the text of a graph is one def", 1),
    "def f(x):\n    a, b = x\n    return a": ("a value of a graph is assigned to one label", 2),
    "def f(x):\n    a = x": ("a graph returns its results", 1),
    "def f(x[n]):\n    return x.T": ("no value of a graph is written so", 2),
    "def f(x[n]):\n    return sum(x[i] for i)": ("an axis is a range of its own before it is bound: i = range(n)", 2),
    "def f(x):\n    i = range(1, 2, 3, 4)\n    return x": ("an axis is written range(stop), range(start, stop) or", 2),
    "def f(x, n):\n    i = range(0, 2, n)\n    return x": ("the place of an axis in loop order is a number", 2),
    "def f(x):\n    return nothing(x)": ("no operation of graphs is called 'nothing'", 2),
    "def f(x):\n    return scatter(x)": ("a scatter is written scatter(shape(n), over(i), at(x, k))", 2),
    "def f(x):\n    return x, grad(2*x, x)": ("a derivative is by one input: grad(x, dx)", 2),
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_graph_is_told(text: str) -> None:
    with pytest.raises(ModelError) as told:
        read(text, "f.mg")
    (problem,) = told.value.diagnostics
    message, line = WRONG[text]
    assert problem.message.startswith(message)
    assert problem.span.line == line
