"""parse(format_expression(e)) is e, with the fewest parentheses; the outline of a file shows all of it."""

from __future__ import annotations

import random

import pytest

from mgc.grammar.outline import dump
from mgc.grammar.parser import parse
from mgc.grammar.spelling import format_expression
from mgc.grammar.tree import Expression, Function, Return
from support.trees import random_expression, same


def expression(text: str) -> Expression:
    (definition,) = parse(f"def f(x): return {text}", "f.mg").declarations
    assert isinstance(definition, Function)
    (returned,) = definition.body
    assert isinstance(returned, Return)
    return returned.values[0]


@pytest.mark.parametrize("seed", range(20))
def test_random_expressions_read_back(seed: int) -> None:
    source = random.Random(seed)
    for _ in range(50):
        written = random_expression(source, source.randint(0, 40))
        assert same(written, expression(format_expression(written)))


MINIMAL = """
a - (b - c)
a - b - c
a/(b*c)
-x**2
(-x)**2
x**-y**2
(x**y)**z
(a < b) == c
a < b < c
not a == b
(not a) + 1
not (a and b) or c
(a or b) and c
(a if c else b) + 1
a if c else b if d else e
(a if c else b) if d else e
a if (b if c else d) else e
x[i+1, 2*i, 1:n-1, ::2]
x[a if c else b, f(i + 1)]
(a + b)[0].T
(1).T
f(x, k=a + b)
linear[16](x)
sum(x[i] for i in range(n) if i != j for k)
[x[i, j] for i, j]
[a, b, -1.5]
""".strip().splitlines()


@pytest.mark.parametrize("text", MINIMAL)
def test_parentheses_are_those_that_are_needed(text: str) -> None:
    assert format_expression(expression(text)) == text


def test_a_deep_expression_is_written_without_recursion() -> None:
    text = "(" * 50_000 + "x" + "*2 + 1)" * 50_000
    assert len(format_expression(expression(text))) > 300_000


def test_outline() -> None:
    text = (
        'import "a.mg"\nconst c = 3\nparam p[2] = 0\n'
        "op q(x):\n    domain x > 0\n    dx = 1/x\n    accurate dx = x\n    return x\n"
        "op r(x):\n    native python, c as s\n    steep\n    dx = 1\n"
        'layer l[m, *w](x[n], k: int = 3):\n    "doc"\n    for t in w:\n        x = x*t\n    return x, k\n'
    )
    assert dump(parse(text, "f.mg")).splitlines() == [
        "import 'a.mg' (line 1)",
        "const c (line 2)",
        "    3",
        "param p[2] (line 3)",
        "    0",
        "op q (line 4)",
        "    argument x",
        "    domain x > 0",
        "    derivative by x (line 6)",
        "        1/x",
        "    accurate derivative by x (line 7)",
        "        x",
        "    return (line 8)",
        "        x",
        "op r (line 9)",
        "    argument x",
        "    native python, c as s",
        "    steep",
        "    derivative by x (line 12)",
        "        1",
        "layer l (line 13)",
        "    size m",
        "    size *w",
        "    argument x[n]",
        "    argument k: int = 3",
        "    docstring 'doc'",
        "    for t in w (line 15)",
        "        assign x (line 16)",
        "            x*t",
        "    return (line 17)",
        "        x",
        "        k",
    ]
