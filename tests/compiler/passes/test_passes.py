"""What each pass makes of a graph: `graphs/x.mg` with `x.share.mg` beside it is what `share` makes of `x`.

`pytest --bless` writes the results anew: then read the diff.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mgc.compiler.graph import spec
from mgc.compiler.graph.graph import Graph
from mgc.compiler.graph.mg import read, spell
from mgc.compiler.graph.spec import Stage
from mgc.compiler.passes.decide import decide
from mgc.compiler.passes.finish import finish
from mgc.compiler.passes.inline import inline
from mgc.compiler.passes.share import merge, share
from mgc.compiler.passes.unify import unify
from mgc.compiler.passes.unroll import unroll

GRAPHS = Path(__file__).with_name("graphs")
PASSES: dict[str, tuple[Callable[[Graph], Graph], Stage, Stage]] = {  # with the stages before and after it
    "unify": (unify, "lower", "lower"),
    "merge": (merge, "lower", "lower"),
    "inline": (inline, "lower", "lower"),
    "unroll": (lambda graph: unroll(graph, 8), "lower", "lower"),
    "finish": (finish, "derive", "share"),
    "decide": (decide, "share", "share"),
    "share": (share, "share", "share"),
}
RESULTS = sorted(path.name for path in GRAPHS.glob("*.*.mg"))


@pytest.mark.parametrize("result", RESULTS)
def test_pass(result: str, bless: bool) -> None:
    name, step, _ = result.split(".")
    check(GRAPHS / f"{name}.mg", GRAPHS / result, *PASSES[step], bless)


def check(
    program: Path, expected: Path, run: Callable[[Graph], Graph], before: Stage, after: Stage, bless: bool
) -> None:
    """A pass makes what is expected, which is legal, and leaves what it was given as it was."""
    given = read(program.read_text(encoding="utf-8"), program.name)
    spec.check(given, before)
    text = spell(given)
    made = run(given)
    spec.check(made, after)
    if bless:
        expected.write_text(spell(made), encoding="utf-8")
    assert spell(made) == expected.read_text(encoding="utf-8")
    assert spell(given) == text
    assert spell(run(made)) == spell(made)  # once is enough


def test_every_pass_has_a_graph_that_it_changes() -> None:
    changed = {
        step
        for name, step, _ in (result.split(".") for result in RESULTS)
        if (GRAPHS / f"{name}.{step}.mg").read_text() != (GRAPHS / f"{name}.mg").read_text()
    }
    assert changed == PASSES.keys()
