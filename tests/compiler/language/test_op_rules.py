"""Every derivative of ops.mg is proved against what its operation means, and every wrong one is refused."""

from __future__ import annotations

import inspect
import random
import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import Literal

import pytest
import sympy
from msgspec.structs import replace

from mgc.compiler.language import library
from mgc.compiler.verify.terms.oracle import KINKS, MEANINGS, Convention, derivative, spelled
from mgc.grammar import tree
from support import rule_proofs
from support.derivatives_table import PAGE, page
from support.quick import some_quick
from support.regions import exact_sign
from support.rule_language import Scope, at_place, true
from support.rule_mutants import format_expression, mutants
from support.rule_proofs import BODIES_TESTED, RULES_TESTED, body_verdict, verdict

ROWS: Mapping[str, tree.Op] = {name: row for name in library.names("ops.mg") if (row := library.operation(name))}
RULES = [(row, rule) for row in ROWS.values() for rule in row.derivatives]
WITHOUT_DERIVATIVE = ["tetragamma"]

# Changed rules that are as right as before, for real numbers.
FINITE, EXACT = "a real number is more than -inf", "fma(x, x, -(x*x)) is 0 for a real number x"
RIGHT: Mapping[tuple[str, str], str] = {
    ("logaddexp", "sigmoid(x - y) if not ieee or x != y else 0.5 if x >= -inf else 0"): FINITE,
    ("logaddexp", "sigmoid(x - y) if not ieee or x != y else 0.5 if x > -inf else 1"): FINITE,
    ("logaddexp", "sigmoid(y - x) if not ieee or x != y else 0.5 if x >= -inf else 0"): FINITE,
    ("logaddexp", "sigmoid(y - x) if not ieee or x != y else 0.5 if x > -inf else 1"): FINITE,
    ("erf", "2/sqrt(pi)*exp(-(x*x))"): EXACT,
    ("erf", "2/sqrt(pi)*exp(-(x*x))*(1 + fma(x, x, -(x*x)))"): EXACT,
    ("erfc", "-2/sqrt(pi)*exp(-(x*x))"): EXACT,
    ("erfc", "-2/sqrt(pi)*exp(-(x*x))*(1 + fma(x, x, -(x*x)))"): EXACT,
}


def named(case: object) -> str | None:
    match case:
        case tree.Op(name=name):
            return name
        case tree.Derivative(argument=argument, accurate=accurate):
            return f"{'accurate ' if accurate else ''}d{argument}"
        case Convention():
            return spelled(case)
    return None


# --- the table is complete


def test_every_operation_has_a_meaning() -> None:
    assert list(MEANINGS) == list(ROWS)
    for name, row in ROWS.items():
        assert len(inspect.signature(MEANINGS[name]).parameters) == len(row.arguments)


def test_which_rows_have_no_derivative() -> None:
    assert [name for name, row in ROWS.items() if not row.derivatives] == WITHOUT_DERIVATIVE


def test_the_conventions_name_rows_and_their_arguments() -> None:
    for name, conventions in KINKS.items():
        arguments = [argument.identifier for argument in ROWS[name].arguments]
        for convention in conventions:
            assert convention.operation == name
            assert convention.arguments == ", ".join(arguments)
            assert convention.argument in arguments


# --- the proofs


@pytest.mark.parametrize(("row", "rule"), RULES, ids=named)
def test_rule(row: tree.Op, rule: tree.Derivative) -> None:
    """Errors are seen by their points; a rule is 'tested' only where the list of those says so, and why."""
    found = verdict(row, rule)
    assert found.status != "false", str(found)
    assert (found.status == "tested") == ((row.name, rule.argument, rule.accurate) in RULES_TESTED), str(found)


@pytest.mark.parametrize("row", [row for row in ROWS.values() if row.body], ids=named)
def test_body(row: tree.Op) -> None:
    found = body_verdict(row)
    assert found.status != "false", str(found)
    assert (found.status == "tested") == (row.name in BODIES_TESTED), str(found)


# --- wrong rules, bodies and conventions are refused


@pytest.mark.parametrize("pair", some_quick(RULES, 6), ids=lambda pair: f"{named(pair[0])}-{named(pair[1])}")
def test_wrong_rules_are_refused(pair: tuple[tree.Op, tree.Derivative]) -> None:
    row, rule = pair
    for wrong in mutants(rule.rule):
        text = format_expression(wrong)
        found = verdict(row, replace(rule, rule=wrong))
        right = text == "-0" or (row.name, text) in RIGHT
        assert (found.status == "false") != right, f"d{rule.argument} = {text}: {found}"


@pytest.mark.parametrize("row", [row for row in ROWS.values() if row.body and row.name not in BODIES_TESTED], ids=named)
def test_wrong_bodies_are_refused(row: tree.Op) -> None:
    *statements, last = row.body
    assert isinstance(last, tree.Return)
    wrong = replace(last, values=(tree.Unary("-", last.values[0], last.span),))
    assert body_verdict(replace(row, body=(*statements, wrong))).status == "false"


def another(text: str) -> str:
    return "0" if text in ("", "inf", "-inf", "nan") else f"1 + ({text})"


def wrong_conventions(right: Convention) -> Iterator[Convention]:
    yield replace(right, below=another(right.below))
    yield replace(right, above=another(right.above))
    yield replace(right, taken=another(right.taken))
    kinds: Mapping[str, Literal["kink", "jump"]] = {
        "kink": "jump",
        "jump": "kink",
        "removable": "jump",
        "singular": "kink",
    }
    if "inf" not in right.taken and "nan" not in right.taken:
        yield replace(right, kind=kinds[right.kind])


@pytest.mark.parametrize("convention", some_quick([row for rows in KINKS.values() for row in rows], 6), ids=named)
def test_wrong_conventions_are_refused(convention: Convention, monkeypatch: pytest.MonkeyPatch) -> None:
    """That one is missing is noticed too, where it says anything but the limit of both sides."""
    row = ROWS[convention.operation]
    rule = next(rule for rule in row.derivatives if rule.argument == convention.argument)
    others = tuple(other for other in KINKS[convention.operation] if other is not convention)
    for wrong in wrong_conventions(convention):
        monkeypatch.setattr(rule_proofs, "KINKS", {**KINKS, convention.operation: (*others, wrong)})
        assert verdict(row, rule).status == "false", wrong
    if not convention.below == convention.above == convention.taken:
        monkeypatch.setattr(rule_proofs, "KINKS", {**KINKS, convention.operation: others})
        assert verdict(row, rule).status != "proved", "the row is not needed"


# --- domains


@pytest.mark.parametrize("row", ROWS.values(), ids=named)
def test_domain(row: tree.Op) -> None:
    """Inside the value is a finite real number, outside it is none; at small fractions, which hit the edges."""
    symbols = [sympy.Symbol(argument.identifier, real=True) for argument in row.arguments]
    source = random.Random(0)
    for _ in range(60):
        place = {symbol: sympy.Rational(source.randint(-6, 6), source.choice((1, 2, 3))) for symbol in symbols}
        names = {str(symbol): number for symbol, number in place.items()}
        inside = row.domain is None or true(Scope(names, at_place(place), True), row.domain)
        assert finite(row.name, list(place.values())) is inside, place


def finite(name: str, numbers: list[sympy.Expr]) -> bool:
    if name in ("div", "mod", "fmod", "remainder") and numbers[1] == 0:
        return False  # sympy refuses to compare x / 0 with anything
    value = MEANINGS[name](*numbers)
    return bool(value.is_finite) and exact_sign(sympy.im(value)) == 0


# --- the oracle


def test_the_derivative_of_a_step_is_that_of_its_pieces() -> None:
    x = sympy.Symbol("x", real=True)
    assert [derivative(MEANINGS[name](x), x) for name in ("floor", "ceil", "sign")] == [0, 0, 0]
    assert derivative(x * sympy.floor(x) + sympy.Abs(x), x) == sympy.floor(x) + sympy.sign(x)


def test_compiling_does_not_import_sympy() -> None:
    check = "import sys, mgc; mgc.loads('def f(x): return sinc(x)').f.grad(1.0); assert 'sympy' not in sys.modules"
    subprocess.run([sys.executable, "-c", check], check=True)


def test_the_documentation_shows_this_table() -> None:
    assert page(PAGE.read_text()) == PAGE.read_text(), "run tests/support/derivatives_table.py"
