"""Mathematics in a line of Unicode and in LaTeX: brackets where they are needed, and no markup from names."""

from __future__ import annotations

import pytest

from mgc.grammar.parser import parse
from mgc.grammar.tree import Function, Return
from mgc.runtime.explain.mathematics import expression
from mgc.runtime.see.mathematics import latex, unicode


@pytest.mark.parametrize(
    ("text", "line", "source"),
    [
        ("x1*w1 + b", "x₁ w₁ + b", r"x_{1} \, w_{1} + b"),
        ("(a + b)/c", "(a + b)/c", r"\frac{a + b}{c}"),
        ("a/(b*c)", "a/(b c)", r"\frac{a}{b \, c}"),
        ("f(a + b)/c", "f(a + b)/c", r"\frac{f ( a + b )}{c}"),
        ("-x", "−x", "- x"),
        ("a - (b - c)", "a − (b − c)", "a - ( b - c )"),
        ("(a + b)**2", "(a + b)²", "{( a + b )}^{2}"),
        ("sqrt(a + b)", "√(a + b)", r"\sqrt{a + b}"),
        ("theta*x", "θ x", r"\theta \, x"),
        ("sum(W[i, j]*x[j] for j)", "∑ⱼ Wᵢⱼ xⱼ", r"\sum_{j} W_{i , j} \, x_{j}"),
        ("W3[0, j]", "W₃,₀,ⱼ", None),
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
