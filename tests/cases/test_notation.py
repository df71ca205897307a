"""The printer of infix text: what it makes of each construct, and that it takes nothing but arithmetic."""

from __future__ import annotations

import pytest

import mgc
from cases.notation import NotArithmetic, definition, renamed, spell

SPELLED = {
    "-x**2": "-x ** 2",
    "(-x)**2": "(-x) ** 2",
    "a - (b - c)": "a - (b - c)",
    "a/(b*c)": "a / (b * c)",
    "2**-x": "2 ** (-x)",
    "2**3**x": "2 ** 3 ** x",
    "(2**3)**x": "(2 ** 3) ** x",
    "where(x < y, where(x > 0, 1, 2), 3)": "(1 if x > 0 else 2) if x < y else 3",
    "1 + where(not x > 0 or y == 2, x, y)": "1 + (x if not x > 0 or y == 2 else y)",
    "where(0 <= x < 1, x, 0.5)": "x if 0 <= x < 1 else 0.5",
    "e*pi": "exp(1) * pi",
    "1e-30*x + .5": "1e-30 * x + 0.5",
}
REFUSED = (
    "__import__('os').system('true')",
    "open(x)",
    "x.real",
    "x[0]",
    "'x'",
    "1j",
    "True",
    "lambda: x",
    "[x for x in y]",
    "sin(*x)",
    "sin(x=1)",
    "(sin)(x)(y)",
    "x if y else z",
    "(x := 1)",
    "x @ y",
    "x // y",
    "f'{x}'",
    "x; y",
    "x\ny",
    "",
    "(" * 300,
)


@pytest.mark.parametrize("text", SPELLED)
def test_spelled(text: str) -> None:
    assert spell(text) == SPELLED[text]


@pytest.mark.parametrize("text", REFUSED)
def test_refused(text: str) -> None:
    with pytest.raises(NotArithmetic):
        spell(text)


def test_names_that_mean_something_are_renamed() -> None:
    taken = ["sin", "params", "pi", "_x", "x", "gamma", "gamma_v", "in_"]
    names = renamed(taken)
    assert len(set(names.values())) == len(taken)
    text = definition("f", taken, [["e", "sin + gamma(x)"]], "e*params + gamma_v*_x - pi + in_")
    assert mgc.loads(text)["f"](1, 2, 3, 4, 5, 6, 7, 8) == (1 + 24) * 2 + 7 * 4 - 3 + 8
