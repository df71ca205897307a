"""The pipeline stops after the stage that is asked for, and one text goes through all of them on every target."""

from __future__ import annotations

from typing import get_args

import pytest

from mgc.compiler.gradient.derivative import derivative, name_results
from mgc.compiler.graph.graph import Graph
from mgc.compiler.graph.mg import spell
from mgc.compiler.options import TARGETS, Options, Style
from mgc.compiler.passes.finish import finish
from mgc.compiler.passes.inline import inline
from mgc.compiler.passes.share import share
from mgc.compiler.passes.unify import unify
from mgc.compiler.passes.unroll import unroll
from mgc.compiler.pipeline import Run, Stage, compile_source, emitter, run
from mgc.compiler.schedule.schedule import schedule
from mgc.grammar.diagnostics import ModelError

MODEL = """
def f(x[n]):
    return sum(exp(x[i]) for i)

def g(k: int):
    return k
"""


def _made(made: Run) -> list[str]:
    """What a run has for its first function, which has a derivative."""
    found = ["tree", *(["program"] if made.program is not None else [])]
    if made.functions:
        one = made.functions[0]
        found += [f"{len(part)} {kind}" for kind in ("graphs", "nests", "named") if (part := getattr(one, kind))]
    return found + (["module"] if made.module is not None else [])


@pytest.mark.parametrize(
    ("stage", "made"),
    [
        ("parse", ["tree"]),
        ("collect", ["tree", "program"]),
        ("lower", ["tree", "program", "1 graphs"]),
        ("derive", ["tree", "program", "2 graphs"]),
        ("share", ["tree", "program", "2 graphs"]),
        ("schedule", ["tree", "program", "2 graphs", "2 nests"]),
        ("name", ["tree", "program", "2 graphs", "2 nests", "2 named"]),
        ("emit", ["tree", "program", "2 graphs", "2 nests", "2 named", "module"]),
    ],
)
def test_it_stops_after_a_stage(stage: Stage, made: list[str]) -> None:
    assert _made(run(MODEL, "f.mg", Options(), until=stage)) == made


def test_a_stage_that_is_not_reached_refuses_nothing() -> None:
    wrong = "def f(x): return y"
    assert [stage for stage in get_args(Stage) if _refuses(wrong, stage)] == list(get_args(Stage))[2:]


def _refuses(text: str, stage: Stage) -> bool:
    try:
        run(text, "f.mg", Options(), until=stage)
    except ModelError:
        return True
    return False


def test_the_mistakes_of_all_functions_are_told() -> None:
    with pytest.raises(ModelError) as told:
        run("def f(x): return y\ndef g(x): return z", "f.mg", Options())
    assert [problem.span.line for problem in told.value.diagnostics] == [1, 2]


def test_loops_that_are_too_deep_are_told_with_the_mistakes_of_other_functions() -> None:
    names = [f"i{k}" for k in range(21)]
    deep = f"def f(x[n]): return sum({'*'.join(f'x[{name}]' for name in names)} for {', '.join(names)})"
    with pytest.raises(ModelError) as told:
        run(f"{deep}\ndef g(x): return z", "f.mg", Options())
    assert [problem.message for problem in told.value.diagnostics] == [
        "loops or branches are nested too deeply",
        "unknown name 'z'",
    ]


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_has_its_printer(target: str) -> None:
    (name,) = [name for name in TARGETS if name == target]
    assert emitter(name).__module__ == TARGETS[name].module
    assert compile_source(MODEL, "f.mg", Options(target=name)).text


BRANCHING = """
def f(a, x[n], y[m], k: int):
    z = log(a)
    w = max(y[j] for j)
    return sum((2*z if x[i] > 1 else w*max(log(y[j]) for j)) for i) + sum(z*i for i in range(k)) + x[k]
"""


@pytest.mark.parametrize("style", ["fused", "lesson"])
def test_a_stage_leaves_what_it_is_given_as_it_is(style: Style) -> None:
    options = Options(style=style)
    made = run(BRANCHING, "f.mg", options, until="derive")
    (lowered,) = run(BRANCHING, "f.mg", options, until="lower").functions
    (one,) = made.functions
    assert made.program is not None
    value, derived = one.graphs
    live = finish(derived)
    shared = share(live)
    graphs = (lowered.value, value, derived, live, shared)
    before = [_all_of(graph) for graph in graphs]
    share(live)
    for graph in (value, derived):
        share(finish(unroll(inline(unify(graph)), 8)))
    schedule(shared)
    schedule(name_results(shared))
    assert derivative(made.program, value, options) is not None
    assert [_all_of(graph) for graph in graphs] == before


def _all_of(graph: Graph) -> tuple[object, ...]:
    """A graph, and how much its builder has made."""
    build = graph.builder
    tables = (build, build.names, build.hints, build.adjoints, build.layouts, build.bindings)
    said = (dict(graph.names), dict(graph.hints), graph.adjoints, dict(graph.layouts))
    return (spell(graph), [len(table) for table in tables], said)
