"""Helpers as mgc prints them are the functions of their names: shown here, once. Any other text is run as written."""

from __future__ import annotations

import ast
import itertools
import math
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import pytest
import sympy
from mpmath import mpf  # type: ignore[import-untyped]  # it carries no types

import mgc
from mgc.compiler.language import library as language
from mgc.compiler.verify.equal.deciding import Residues, on_edge
from mgc.compiler.verify.findings import FunctionReport
from mgc.compiler.verify.terms import derivatives, terms
from mgc.compiler.verify.terms.evaluation import Evaluation, NoValue
from mgc.compiler.verify.terms.oracle import MEANINGS
from mgc.compiler.verify.terms.terms import Term
from mgc.compiler.verify.text import library, reading
from mgc.compiler.verify.trace.trace import Machine
from mgc.compiler.verify.verify import verify_text
from mgc.runtime import audit
from support.quick import slow

# --- what mgc prints

EXTREMES = ("max", "min")  # run as they are, so that conditions meet conditions
POINTS = (
    0.0, 0.25, -0.25, 0.36, 0.5, -0.5, 0.75, 1.0, -1.0, 1.3, 1.5, -1.6, -1.75, 2.0, -2.2, 2.5, -2.5, 2.7, 3.25, -3.4,
    7.0, -6.5, 12.5, 20.0, -20.25, 0.399, 0.401, -0.5001,
)  # fmt: skip  # zero, bounds, the arms of every reduction of an argument
CORNERS = (-2.5, -1.0, 0.0, 0.5, 2.5)  # of which several arguments take every combination: ties, bounds, order
SCALE = 0.01  # below it errors are absolute: digamma crosses zero between doubles
ULPS = 2.0**8  # a helper made of many operations rounds more than once


@cache
def everything(ieee: bool) -> ast.Module:
    """A text with every helper that there is."""
    rows = [language.operation(name) for name in language.names("ops.mg") if name not in language.RULES_ONLY]
    taken = {row.name: ", ".join(one.identifier for one in row.arguments) for row in rows if row is not None}
    model = "\n".join(f"def of_{name}({given}): return {name}({given})" for name, given in taken.items())
    return ast.parse(mgc.loads(model, ieee=ieee).source)


def helpers(ieee: bool) -> dict[str, ast.FunctionDef]:
    found = reading.functions(everything(ieee)).items()
    return {name: node for name, node in found if not name.startswith("of_")}


BOTH = [(name, ieee) for ieee in (False, True) for name in helpers(ieee)]


@pytest.mark.parametrize("ieee", [False, True])
def test_every_helper_that_is_printed_is_known(ieee: bool) -> None:
    found = library.standing(everything(ieee))
    assert found.keys() == helpers(ieee).keys()
    assert {"clip", "sigmoid", "digamma", "sinc"} <= found.keys()
    assert [name for name in ("clip", "digamma", "sinc") if found[name] == "proved"] == ["clip"]
    assert found["sigmoid"] == ("tested" if ieee else "proved")  # given `exp`


@pytest.mark.parametrize(("name", "ieee"), BOTH)
def test_at_points_a_helper_is_the_function_of_its_name(name: str, ieee: bool) -> None:
    node, agreed = helpers(ieee)[name], 0
    for point in _points(len(node.args.args)):
        try:
            exact = Evaluation({}).value(terms.function(name, *point))
        except (NoValue, ZeroDivisionError):
            continue
        found = mpf(_namespace(ieee)[name](*point))
        assert abs(found - exact) <= ULPS * math.ulp(max(abs(float(exact)), SCALE)), point
        agreed += 1
    assert agreed >= 9


@cache
def _namespace(ieee: bool) -> Any:
    return audit.run(ast.unparse(everything(ieee)), "<text>").namespace


def _points(count: int) -> Iterator[tuple[float, ...]]:
    for place in range(len(POINTS)):
        yield tuple(POINTS[(place * (k + 1) + 3 * k) % len(POINTS)] for k in range(count))
    if count > 1:
        yield from itertools.product(CORNERS, repeat=count)


@pytest.mark.parametrize(("name", "ieee"), [one for one in BOTH if one[0] in library.PROVED])
def test_by_algebra_a_helper_is_the_function_of_its_name(name: str, ieee: bool) -> None:
    """Arms are compared under each combination of signs of their conditions, then on every edge."""
    node = helpers(ieee)[name]
    given = [argument.arg for argument in node.args.args]
    several = [[*given, node.args.vararg.arg]] if node.args.vararg else []
    primitives = frozenset(helpers(ieee)) - {*EXTREMES, name}
    for names in [given, *several]:
        arguments = [terms.symbol(one) for one in names]
        meant = _meant(name, arguments)
        text = terms.bare(terms.term(Machine(everything(ieee), primitives).call(name, arguments)))
        if meant.op == "log":  # by the exponential of both sides, which is one-to-one
            text, meant = terms.function("exp", text), terms.function("exp", meant)
        assert _is_same(Residues(), text, meant)


def _meant(name: str, arguments: Sequence[Term]) -> Term:
    if name in EXTREMES and len(arguments) > 2:
        rest = terms.symbol("the largest or smallest of the rest")
        return derivatives.substituted(_meant(name, [arguments[0], rest]), {rest: _meant(name, arguments[1:])})
    return derivatives.from_sympy(MEANINGS[name](*[sympy.Symbol(str(one.payload), real=True) for one in arguments]))


def _is_same(residues: Residues, a: Term, b: Term) -> bool:
    """Whether two terms are equal everywhere: off the edges of all conditions, and on each of them."""
    settled = residues.settle(a, b)
    for height in dict.fromkeys(heights[0] for heights in settled.edges):
        there = on_edge(residues, height, a, b)
        if there is None or not _is_same(residues, *there):
            return False
    return settled.verdict != "open"


OTHER_CLIPS = (
    "max(min(x, high), low)",  # where low > high
    "min(max(x, low), high) if x != low else high",
    "min(max(x, low), high) if low != high else 2.0 * low",
)


@pytest.mark.parametrize("other", OTHER_CLIPS)
def test_to_this_algebra_an_edge_is_no_exception(other: str) -> None:
    text = ast.unparse(everything(False)).replace("min(max(x, low), high)", other)
    machine = Machine(ast.parse(text), frozenset(helpers(False)) - {*EXTREMES, "clip"})
    arguments = [terms.symbol(one) for one in ("x", "low", "high")]
    found = terms.bare(terms.term(machine.call("clip", arguments)))
    assert not _is_same(Residues(), found, _meant("clip", arguments))


# --- what is written in another way


def changed(model: str, old: str, new: str) -> str:
    text = mgc.loads(model).source
    assert text.count(old) == 1
    return text.replace(old, new)


def report(text: str) -> FunctionReport:
    return verify_text(text, "edited.py", namespace=audit.run(text, "<text>").namespace).functions[0]


CLIP = ("def f(x, y): return clip(x, y, y + 1)", "min(max(x, low), high)")


@pytest.mark.parametrize("other", ["min(high, max(low, x))", "low if x < low else high if x > high else x"])
def test_a_right_one_is_run_as_it_is_written(other: str) -> None:
    text = changed(*CLIP, other)
    assert "clip" not in library.standing(ast.parse(text))
    found = report(text)
    assert found.verdict in ("proved", "tested")
    assert "not as mgc writes it, and run as it is written: clip" in found.notes


SIGMOID = "def f(x): return sigmoid(x)*x"
WRONG = {
    "a kink": ("def f(x, y): return max(x, y)*y", "x >= y or math.isnan(x)", "x >= y or x > 30.0"),
    "a number": (SIGMOID, "exp(-x)) if x", "exp(-x) + 1e-6) if x"),
    "an arm": (SIGMOID, "def sigmoid(x):\n", "def sigmoid(x):\n    if 3.3 < x < 6.0:\n        return 0.5\n"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_one_is_not_proved(case: str) -> None:
    found = report(changed(*WRONG[case]))
    assert found.verdict in ("false", "not checked")


BUMPS = {
    "narrow": "exp(-(x - 7.7)**2*1e4)",
    "wide": "1e-3*exp(-(x - 37.7)**2)",
    "far out": "1e-3*exp(-(x - 737.7)**2/100.0)",
}


@pytest.mark.parametrize("case", [slow(case) for case in BUMPS])
def test_a_bump_in_a_series_is_found(case: str) -> None:
    text = changed("def f(x): return lgamma(x)*exp(0.0*x)", "- z_inverse_sum", f"- z_inverse_sum + {BUMPS[case]}")
    assert report(text).verdict == "false"


def test_what_calls_a_text_of_its_own_stands_for_nothing() -> None:
    text = changed("def f(x): return lgamma(x)", "1.0 - turn_abs", "1.0 * (1.0 - turn_abs)")
    assert library.standing(ast.parse(text)) == {"cos_pi": "tested"}


def test_what_calls_a_name_that_is_not_imported_stands_for_nothing() -> None:
    text = mgc.loads("def f(x): return sigmoid(x)").source
    assert library.standing(ast.parse(text)) == {"sigmoid": "proved"}
    assert library.standing(ast.parse(text.replace("from math import exp\n", ""))) == {}


def test_names_of_its_own_give_way_to_those_of_a_model() -> None:
    declared = "op series(x):\n    dx = 1/x\n    return log(x)\n\ndef u(x): return series(x)\n"
    text = mgc.loads(f"{declared}\ndef f(x): return lgamma(x)*series(x)").source
    assert "series2 = " in text
    assert list(library.standing(ast.parse(text))) == ["digamma", "cos_pi", "sin_pi"]


@pytest.mark.parametrize("added", ["0.0", "x if (x - (7.0 + 0.3)) * (x - (7.0 + 0.4)) < 0.0 else 0.0"])
def test_a_function_of_math_that_the_text_has_itself(added: str) -> None:
    own = f"import math\n\n\ndef exp(x):\n    return math.exp(x) + ({added})\n"
    text = mgc.loads("def f(x): return exp(x)").source.replace("from math import exp\n", own)
    assert library.standing(ast.parse(text)) == {}
    assert (report(text).verdict == "proved") == (added == "0.0")


@pytest.mark.parametrize(
    "model",
    [
        "def f(x[n], k[n-1]): return [max(x[i+1], k[i]) for i in range(n - 1)]",
        "def f(x[n], i: int, j: int): return max(x[max(i, j)], x[min(i, j)])",
    ],
)
def test_a_helper_that_stands_for_a_builtin_takes_whole_numbers_too(model: str) -> None:
    assert report(mgc.loads(model).source).verdict == "proved"
