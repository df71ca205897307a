"""Mutation tests of `mgc verify`: a sample of wrong derivatives, which it must catch; more with `--slow`.

`python tests/mutation` tries four times as many, or all.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from mutation import corpus, equivalents, score
from mutation.equivalents import Entry
from mutation.mutators import mutants
from support.quick import slow, slow_if

pytestmark = pytest.mark.usefixtures("fewer_calls")

SAMPLE, LARGER = 4, 25  # mutants of each case, the second number with --slow
QUICK = ("attention", "branches.filtered")  # cases that are tried without --slow

BLAMED = ("neuron", "rosenbrock")  # whose statements are looked for
TOLD_OF = 12  # mutants of each of those

# Another subgradient at a kink: right, though not mgc's convention, as the report says.
TOLD = Entry("kinks.extrema…: extrema_value_and_grad: guard: if out_max != 0.1: -> if True:", "", 0)


@pytest.mark.parametrize("names", [QUICK, slow(())], ids=["some", "all"])
def test_the_text_itself_is_accepted(names: tuple[str, ...]) -> None:
    cases = corpus.cases(names)
    assert [case.name for case in cases if score.verdict(case, score.text(case))[0] != "passed"] == []


def test_a_sample_is_caught() -> None:
    cases = corpus.cases(QUICK)
    found = [(found.name, score.judgement(found)) for found in score.outcomes(cases, SAMPLE)]
    assert [pair for pair in found if pair[1] not in score.FINE] == []
    assert sum(judged == "caught" for _, judged in found) > 2 * len(cases)


@pytest.mark.parametrize("name", ["neuron", "rosenbrock", slow("kinks.corners")])
def test_blame_changes_no_verdict(name: str) -> None:
    for case in corpus.cases([name]):
        texts = [mutant.text(score.text(case)) for mutant in list(score.named(case).values())[::12]]
        plain = [score.verdict(case, text)[0] for text in texts]
        assert plain == [score.verdict(case, text, blame=True)[0] for text in texts], case.name
        assert "false" in plain, case.name


@pytest.mark.slow
def test_most_statements_are_found_and_no_right_one_is_accused() -> None:
    cases = corpus.cases(BLAMED)
    false = [one for one in score.outcomes(cases, TOLD_OF, blame=True) if one.verdict == "false"]
    assert [one.name for one in false if one.is_accused] == []
    assert len(false) > 20
    assert sum(one.is_named for one in false) > 0.7 * len(false)


@pytest.mark.slow
@pytest.mark.parametrize("file", corpus.FILES, ids=lambda file: file.stem)
def test_a_larger_sample_is_caught(file: Path) -> None:
    found = [(found.name, score.judgement(found)) for found in score.outcomes(corpus.of(file), LARGER)]
    assert [pair for pair in found if pair[1] not in score.FINE] == []


def test_another_subgradient_is_told() -> None:
    for case in corpus.cases(["kinks.extrema"]):
        (mutant,) = (mutant for name, mutant in score.named(case).items() if TOLD.fits(name))
        assert score.judgement(score.outcome(case, mutant)) == "told", case.name


@pytest.mark.slow
def test_equivalent_mutants() -> None:
    """Each entry of the list is about some mutant of today, whose results are the same at every point."""
    unmet = set(equivalents.listed())
    for case in corpus.cases():
        for name, mutant in score.named(case).items():
            fitting = {entry for entry in unmet if entry.fits(name)}
            if fitting:
                same = score.comparison(case, mutant)[0] in ("same", "rounding")
                unmet -= {entry for entry in fitting if same or entry.mark == "="}
    assert sorted(entry.pattern for entry in unmet) == []


@pytest.mark.parametrize(
    "file", slow_if(lambda file: file.stem not in ("attention", "kinks"), corpus.FILES), ids=lambda file: file.stem
)
def test_mutants_are_python(file: Path) -> None:
    """One change each: the lines are as many as before, and all that it does not touch are the same."""
    for case in corpus.of(file):
        original = score.text(case)
        for name, mutant in list(score.named(case).items())[::10]:
            changed = mutant.text(original)
            ast.parse(changed)
            lines, others = original.splitlines(), changed.splitlines()
            assert len(lines) == len(others), name
            if mutant.kind != "moved":
                different = {line for line, pair in enumerate(zip(lines, others, strict=True), 1) if len({*pair}) > 1}
                touched = {line for edit in mutant.edits for line in range(edit.start[0], edit.end[0] + 1)}
                assert different, name
                assert different <= touched, name


def test_kinds_of_mistakes() -> None:
    text = (
        "def f(x, y):\n    s = 0.0\n    for i in range(n):\n        if x[i] > 0.0:\n            s += x[i] / y[i]\n"
        "    return s, (x, y)\n"
    )
    found = list(mutants(text, {"f": {"x": (3,), "y": (3,), "s": (), "i": (-1,)}}))
    kinds = {mutant.kind for mutant in found}
    wanted = "sign operands constant index loop guard accumulation deletion initialisation moved name results"
    assert kinds == set(wanted.split())
    assert any(mutant.after == "s = x[i] / y[i]" for mutant in found)
    assert any("return (s, (y, x))" in mutant.text(text) or "return (s, (y, x))" in mutant.after for mutant in found)
