"""Operators bind as in Python: the fully parenthesised form of each expression parses to the same tree."""

from __future__ import annotations

import ast
import random

import pytest

from mgc.grammar.parser import parse
from support.trees import same

EXPLICIT = {
    "-x**2": "-(x**2)",
    "x**-y": "x**(-y)",
    "x**-y**-z": "x**(-(y**(-z)))",
    "2**3**4": "2**(3**4)",
    "-x*y": "(-x)*y",
    "- -+x": "-(-(+x))",
    "a - b - c": "(a - b) - c",
    "a / b * c // d % e @ f": "((((a/b)*c)//d)%e) @ f",
    "a + b*c - d": "(a + (b*c)) - d",
    "not a == b": "not (a == b)",
    "not a and b or c": "((not a) and b) or c",
    "a or b and not c": "a or (b and (not c))",
    "a + b < c*d": "(a + b) < (c*d)",
    "a if b else c if d else e": "a if b else (c if d else e)",
    "a or b if c or d else e": "(a or b) if (c or d) else e",
    "-a[i].T[j]**b(x)": "-((((a[i]).T)[j])**(b(x)))",
    "x[i] @ W.T + b": "(((x[i]) @ (W.T)) + b)",
    "a @ b**c": "a @ (b**c)",
}


@pytest.mark.parametrize(("implicit", "explicit"), EXPLICIT.items())
def test_binding(implicit: str, explicit: str) -> None:
    assert same(*(parse(f"def f(x): return {text}", "f.mg") for text in (implicit, explicit)))


def test_grouping_breaks_a_chain_of_comparisons() -> None:
    chain, grouped = (parse(f"def f(x): return {text}", "f.mg") for text in ("a < b < c", "(a < b) < c"))
    assert not same(chain, grouped)


@pytest.mark.parametrize("seed", range(10))
def test_random_operators_group_as_python_groups_them(seed: int) -> None:
    source = random.Random(seed)
    for _ in range(40):
        text = _random_text(source)
        explicit = ast.unparse(_Parenthesised().visit(ast.parse(text, mode="eval"))).replace("'", "")
        assert same(parse(f"def f(x): return {text}", "f.mg"), parse(f"def f(x): return {explicit}", "f.mg"))


OPERATORS = (
    "+",
    "-",
    "*",
    "/",
    "//",
    "%",
    "@",
    "**",
    " and ",
    " or ",
    " if c else ",
    "*-",
    "**-",
    " or not ",
)


def _random_text(source: random.Random) -> str:
    operands = ("a", "b", "2", "f(a)", "a[1]", "-b")
    names = [source.choice(operands) for _ in range(source.randint(2, 9))]
    return "".join(name + source.choice(OPERATORS) for name in names) + "a"


class _Parenthesised(ast.NodeTransformer):
    """Replaces each operation, from the leaves up, by a name that spells it in parentheses."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        if isinstance(node, ast.BinOp | ast.BoolOp | ast.UnaryOp | ast.IfExp):
            if isinstance(node, ast.BoolOp):
                return _folded(node)
            return ast.Name(f"({ast.unparse(node)})")
        return node


def _folded(node: ast.BoolOp) -> ast.Name:
    word = " and " if isinstance(node.op, ast.And) else " or "
    first, *rest = (ast.unparse(value) for value in node.values)
    for value in rest:
        first = f"({first}{word}{value})"
    return ast.Name(first)
