"""Each law of graphs by a graph that breaks it; what the compiler makes breaks none, at no stage."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from mgc.compiler import pipeline
from mgc.compiler.graph import spec
from mgc.compiler.graph.builder import Builder
from mgc.compiler.graph.graph import Graph, Input
from mgc.compiler.graph.nodes import AxisName, Node, Origin, Partial, ScatterLayout, axes_of
from mgc.compiler.graph.spec import Stage
from mgc.compiler.options import Options
from support.programs import program
from support.quick import first_quick, in_turn

ROOT = Path(__file__).parents[3]
WRITTEN = sorted([*(ROOT / "examples").glob("*.mg"), *(ROOT / "tests/compiler/emit/programs").glob("*.mg")])
BUILD = Builder()
N, ZERO, ONE = BUILD.size("n"), BUILD.integer(0), BUILD.integer(1)
X, A = BUILD.make("input", (), "x", "float"), BUILD.make("input", (N,), "a", "float")
INDEX, LATER, EARLY = (BUILD.axis("i", start, N) for start in (ZERO, ONE, BUILD.integer(-1)))
AT_I = BUILD.read(A, INDEX)
INPUTS = tuple(Input(node, str(node.attribute), "argument", None, None) for node in (X, A))


def node(op: str, *args: Node, attribute: object = None, dtype: str = "float", **changed: object) -> Node:
    """A node as no builder makes it; its axes and weight are right unless they are said."""
    made = Node(op, args, attribute, dtype, (), 1000, 1 + sum(a.weight for a in args), Origin())  # type: ignore[arg-type]
    try:
        made.axes = axes_of(made)
    except AssertionError:
        made.axes = ()
    for field, value in changed.items():
        setattr(made, field, value)
    return made


CONDITION = BUILD.make("lt", (X, X))
BACKWARD = Origin(section="backward", primal=node("neg", X, serial=5000), rule=Partial("neg", 0))
ADDED = "its arguments are as its layout says"
BROKEN: dict[tuple[str, str], Node] = {
    ("const", "it has no arguments"): node("const", X, attribute=1.0),
    ("const", "it is a number of its dtype"): node("const", attribute=1, dtype="float"),
    ("zero", "it has no arguments"): node("zero", X),
    ("size", "it has no arguments"): node("size", ONE, attribute="n", dtype="int"),
    ("size", "it is an integer"): node("size", attribute="n"),
    ("index", "its arguments are two integers"): node("index", ZERO, X, attribute=AxisName("i", 1), dtype="int"),
    ("index", "it is named as an axis"): node("index", ZERO, N, attribute="i", dtype="int"),
    ("input", "its sizes are integers without axes"): node("input", INDEX, attribute="b"),
    ("input", "it is a number, or made of numbers"): node("input", attribute="b", dtype="bool"),
    ("read", "it reads an array"): node("read", INDEX, INDEX),
    ("read", "it has an index for each axis"): node("read", A, INDEX, INDEX),
    ("read", "its indices are integers"): node("read", A, X),
    ("array", "after its body stand axes, each once"): node("array", AT_I, INDEX, INDEX),
    ("array", "its axes begin at 0 or later"): node("array", BUILD.read(A, EARLY), EARLY),
    ("array", "it is made of numbers"): node("array", BUILD.make("lt", (AT_I, X)), INDEX, dtype="bool"),
    ("pack", "it has an element for each place"): node("pack", X, X, attribute=(3,)),
    ("pack", "it is made of numbers"): node("pack", CONDITION, attribute=(1,)),
    ("scatter", ADDED): node("scatter", N, X, attribute=ScatterLayout(1, 0)),
    ("scatter", "its sizes and places are integers"): node("scatter", N, X, X, attribute=ScatterLayout(1, 0)),
    ("scatter", "it is free in axes"): node("scatter", N, N, X, INDEX, attribute=ScatterLayout(1, 1)),
    ("scatter", "it adds numbers"): node("scatter", N, CONDITION, INDEX, attribute=ScatterLayout(1, 0)),
    ("reduce", "after its body stand axes, each once"): node("reduce", X, N, attribute="sum"),
    ("reduce", "it is a sum, a product or an extremum"): node("reduce", AT_I, INDEX, attribute="mean"),
    ("reduce", "it is of numbers"): node("reduce", BUILD.make("lt", (AT_I, X)), INDEX, attribute="sum"),
    **{(op, "it is of two numbers or more"): node(op, X) for op in ("total", "max", "min")},
    ("select", "its arms are two numbers or two conditions"): node("select", CONDITION, X, CONDITION),
    ("select", "it tests a condition"): node("select", X, X, BUILD.number(2.0)),
    ("bound", "its arguments are two integers"): node("bound", X, N),
    ("exactdiv", "its arguments are two integers"): node("exactdiv", N, X, dtype="int"),
    ("floordiv", "it is of two numbers"): node("floordiv", X, CONDITION),
    ("checked", "it is a number, and indices that are checked"): node("checked", X, N),
    ("detach", "it is of a number"): node("detach", CONDITION),
    ("not", "it is of a condition"): node("not", X, dtype="bool"),
    ("and", "it is of two conditions"): node("and", X, CONDITION, dtype="bool"),
    ("or", "it is of two conditions"): node("or", CONDITION, dtype="bool"),
    **{(op, "it compares two numbers, or two conditions for equality"): node(op, X, CONDITION, dtype="bool")
       for op in ("lt", "le", "gt", "ge", "eq", "ne")},
    ("hypot", "it is of as many numbers as its row says"): node("hypot", X),
    ("op:own", "it is of numbers"): node("op:own", CONDITION),
}  # fmt: skip
BROKEN_OF_ANY: dict[str, Node] = {
    "it was made after its arguments": node("neg", X, serial=0),
    "its axes are those of its arguments, but what it closes over": node("neg", X, axes=(INDEX,)),
    "its dtype follows from its arguments": node("neg", X, dtype="int"),
    "it has an attribute only if its kind has": node("neg", X, attribute="sum"),
    "it weighs what its tree does": node("neg", X, weight=1),
    "it follows the primal whose adjoint it hands on": node("neg", X, origin=BACKWARD),
}
BROKEN_GRAPHS: dict[str, Graph] = {
    "its inputs are those that it reads, each once": Graph(BUILD, "f", (), (BUILD.make("neg", (X,)),)),
    "equal nodes are one": Graph(BUILD, "f", INPUTS, (BUILD.make("neg", (X,)), node("neg", X))),
    "its results are numbers and arrays of them": Graph(BUILD, "f", INPUTS, (AT_I,)),
    "an array that is a result begins at 0": Graph(BUILD, "f", INPUTS, (BUILD.array(BUILD.read(A, LATER), [LATER]),)),
    "a derivative has the axes of what it is by": Graph(BUILD, "f", INPUTS, (X,), ((INPUTS[1], X),)),
}
UNKNOWN = {"no such thing": node("no such thing"), "max_const": node("max_const", X, X)}


def _refused(graph: Graph, stage: Stage, what: str) -> None:
    with pytest.raises(spec.Violation) as told:
        spec.check(graph, stage)
    assert str(told.value).endswith(what)
    assert f" after {stage}" in str(told.value)


def test_every_law_has_a_graph_that_breaks_it() -> None:
    rows = {**spec.KINDS, "hypot": spec.kind_of("hypot"), "op:own": spec.OWN}
    assert BROKEN.keys() == {(op, law) for op, kind in rows.items() if kind is not None for law in kind.laws}
    assert BROKEN_OF_ANY.keys() == spec.OF_ANY_NODE.keys()
    assert BROKEN_GRAPHS.keys() == spec.OF_A_GRAPH.keys()


@pytest.mark.parametrize(("op", "law"), BROKEN)
def test_a_node_that_breaks_a_law_of_its_kind(op: str, law: str) -> None:
    kind = spec.kind_of(op)
    assert kind is not None
    broken = BROKEN[op, law]
    assert next(name for name, holds in kind.laws.items() if not holds(broken)) == law
    _refused(Graph(BUILD, "f", INPUTS, (broken,)), kind.stages[0], f"{op}: {law}")


@pytest.mark.parametrize("law", BROKEN_OF_ANY)
def test_a_node_that_breaks_a_law_of_all(law: str) -> None:
    _refused(Graph(BUILD, "f", INPUTS, (BROKEN_OF_ANY[law],)), "share", law)


@pytest.mark.parametrize("law", BROKEN_GRAPHS)
def test_a_graph_that_breaks_a_law(law: str) -> None:
    _refused(BROKEN_GRAPHS[law], "share", law)


@pytest.mark.parametrize("op", UNKNOWN)
def test_what_is_no_operation(op: str) -> None:
    what = f"{op}: it is no operation of graphs, of ops.mg or of a model"
    _refused(Graph(BUILD, "f", INPUTS, (UNKNOWN[op],)), "lower", what)


@pytest.mark.parametrize(
    ("make", "stage", "only"),
    [
        (lambda: BUILD.make("zero"), "lower", "derive"),
        (lambda: BUILD.make("zero"), "share", "derive"),
        (lambda: BUILD.make("detach", (X,)), "share", "lower and derive"),
        (lambda: BUILD.make("total", (X, X)), "lower", "derive and share"),
        (lambda: BUILD.make("scatter", (N, AT_I, INDEX), ScatterLayout(1, 0), "float"), "lower", "derive and share"),
    ],
)
def test_a_node_at_a_stage_that_is_not_its_own(make: Callable[[], Node], stage: Stage, only: str) -> None:
    made = make()
    graph = Graph(BUILD, "f", INPUTS, (made,))
    _refused(graph, stage, f"{made.op}: it is legal after {only} only")


def test_a_violation_names_the_line() -> None:
    (one,) = pipeline.run("def f(x):\n    return -x", "f.mg", Options(), until="share").functions
    (output,) = one.value.outputs
    assert output.origin.span is not None
    output.dtype = "int"
    _refused(one.value, "share", "%1 neg of line 2: its dtype follows from its arguments")


OPTIONS = {
    "plain": Options(),
    "flat": Options(style="flat"),
    "lesson": Options(style="lesson"),
    "careful": Options(ieee=True, accurate=True),
}


@pytest.mark.parametrize(("text", "options"), in_turn({path.stem: path.read_text() for path in WRITTEN}, OPTIONS))
def test_what_is_written_is_legal_at_every_stage(text: str, options: Options, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _stages(text, options, monkeypatch) >= {"lower", "derive", "share"}


@pytest.mark.parametrize("first", first_quick(range(0, 200, 50)))
def test_random_programs_are_legal_at_every_stage(first: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(first, first + 50):
        options = Options(unroll=4 * (seed % 2))
        assert _stages(program(seed).text, options, monkeypatch) >= {"lower", "share"}


def _stages(text: str, options: Options, monkeypatch: pytest.MonkeyPatch) -> set[Stage]:
    """The stages that were checked; all functions are compiled with the checks on."""
    seen: set[Stage] = set()
    check = spec.check

    def noted(graph: Graph, stage: Stage) -> None:
        seen.add(stage)
        check(graph, stage)

    with monkeypatch.context() as patch:
        patch.setenv("MGC_CHECK", "1")
        patch.setattr(spec, "check", noted)
        pipeline.run(text, "f.mg", options, until="share")
    return seen


def test_there_is_one_nan() -> None:
    assert BUILD.number(float("nan")) is BUILD.number(-float("nan"))
    assert BUILD.number(0.0) is not BUILD.number(-0.0)


def test_nothing_is_checked_unless_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = replace(BROKEN_GRAPHS["equal nodes are one"])
    monkeypatch.setenv("MGC_CHECK", "0")
    assert spec.checked(broken, "share") is broken
    monkeypatch.setenv("MGC_CHECK", "1")
    with pytest.raises(spec.Violation):
        spec.checked(broken, "share")
