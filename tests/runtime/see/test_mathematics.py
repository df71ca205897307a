"""Mathematics in a line of Unicode and in LaTeX: brackets where they are needed, and no markup from names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import mgc
from mgc.grammar.parser import parse
from mgc.grammar.tree import Function, Return
from mgc.runtime.explain.equations import equations
from mgc.runtime.explain.mathematics import expression
from mgc.runtime.see.mathematics import latex, told_in_latex, unicode
from mgc.runtime.see.steps import steps
from support.quick import first_quick

EXAMPLES = sorted((Path(__file__).parents[3] / "examples").glob("*.mg"), key=lambda path: path.stat().st_size)


@pytest.mark.parametrize(
    ("text", "line", "source"),
    [
        ("x1*w1 + b", "x₁ w₁ + b", r"x_{1} \, w_{1} + b"),
        ("(a + b)/c", "(a + b)/c", r"\frac{a + b}{c}"),
        ("a/(b*c)", "a/(b c)", r"\frac{a}{b \, c}"),
        ("f(a + b)/c", "f(a + b)/c", r"\frac{f ( a + b )}{c}"),
        ("-x", "−x", "- x"),
        ("x*1e-30", "x ⋅ 10⁻³⁰", r"x \cdot {10}^{-30}"),
        ("a - (b - c)", "a − (b − c)", "a - ( b - c )"),
        ("(a + b)**2", "(a + b)²", "{( a + b )}^{2}"),
        ("sqrt(a + b)", "√(a + b)", r"\sqrt{a + b}"),
        ("theta*x", "θ x", r"\theta \, x"),
        ("sum(W[i, j]*x[j] for j)", "∑ⱼ Wᵢⱼ xⱼ", r"\sum_{j} W_{i , j} \, x_{j}"),
        ("W3[0, j]", "W₃,₀,ⱼ", "{W_{3}}_{0 , j}"),
        ("x if x > 0 else -x", "{x if x > 0; −x else}", None),
        ("z_max", "z_max", r"\mathrm{z\_max}"),
    ],
)
def test_an_expression_is_written(text: str, line: str, source: str | None) -> None:
    [declared] = parse(f"def m(): return {text}", "m.mg").declarations
    assert isinstance(declared, Function) and isinstance(declared.body[0], Return)
    made = expression(declared.body[0].values[0])
    assert unicode(made) == line
    assert source is None or latex(made) == source


@pytest.mark.parametrize("path", first_quick(EXAMPLES, 1), ids=lambda path: path.stem)
def test_latex_is_what_tex_takes(path: Path) -> None:
    for function in mgc.load(path, style="lesson").functions:
        source = told_in_latex(function)
        assert _faults(source) == [], function.info.name


@pytest.mark.parametrize("path", first_quick(EXAMPLES, 1), ids=lambda path: path.stem)
def test_each_statement_of_a_backward_pass_is_told(path: Path) -> None:
    for function in mgc.load(path, style="lesson").functions:
        told = steps(function.model, function.info.gradient_name or function.info.emitted_name)
        shown = {adjoint.line for one in equations(function) for adjoint in one.adjoints}
        assert {step.line for step in told if step.is_backward and not step.statement.starts} == shown


@pytest.mark.parametrize(
    ("source", "fault"),
    [("b_{2}_{0}", "double _"), ("x^{2}^{3}", "double ^"), ("{a", "open"), ("a}", "closed"), ("{b_{2}}_{0}^{2}", "")],
)
def test_a_fault_of_latex_is_found(source: str, fault: str) -> None:
    assert _faults(source) == ([fault] if fault else [])


def test_an_index_below_a_name_with_a_number_is_no_double_one() -> None:
    source = told_in_latex(mgc.loads("def f(b2[n]): return b2[0]*b2[1]", style="lesson").f)
    assert "{b_{2}}_{0}" in source
    assert _faults(source) == []


def _faults(source: str) -> list[str]:
    """Brackets without their others, and an atom with two indices or two powers."""
    faults: list[str] = []
    scripts: list[set[str]] = [set()]  # of each open group: the scripts that its last atom has
    awaited = False
    for token in re.findall(r"\\[A-Za-z]+|\\.|\S", source):
        if token in "_^":
            faults += [f"double {token}"] if token in scripts[-1] else []
            scripts[-1].add(token)
            awaited = True
            continue
        if token == "}":
            faults += ["closed"] if len(scripts) == 1 else []
            scripts = scripts[:-1] or [set()]
            continue
        scripts[-1] = scripts[-1] if awaited else set()
        awaited = False
        scripts += [set()] if token == "{" else []
    return faults + ["open"] * (len(scripts) > 1)
