"""What each line of an emitted function does, as data beside the text."""

from __future__ import annotations

import mgc

NEURON = "def f(x, w):\n    n = x*w\n    return tanh(n)\n"
ROW = "def f(W[m, n], x[n]):\n    z = W @ x\n    return sum(z[i]**2 for i)\n"


def _told(text: str, name: str, **choices: str) -> list[tuple[str, str | None, str, int | None]]:
    """(code, by, rule, line of the model) of each statement of a function."""
    model = mgc.loads(text, "f.mg", **choices)  # type: ignore[arg-type]
    start, end = model.code.lines[name]
    told = []
    for line in range(start - 1, end):
        found = model.module.statements[line]
        if found is not None:
            code = model.source.splitlines()[line].split("  #")[0].strip()
            told.append((code, found.by, found.rule, found.origin.span.line if found.origin.span else None))
    return told


def test_a_lesson_has_the_rule_of_each_step() -> None:
    assert _told(NEURON, "f_value_and_grad", style="lesson") == [
        ("n = x * w", None, "", 2),
        ("out = tanh(n)", None, "", 3),
        ("dout = 1.0", "out", "the derivative of the result by itself", 3),
        ("dn = dout * (1.0 - out * out)", "n", "d tanh(u)/du = 1 - tanh(u)**2", 3),
        ("dx = dn * w", "x", "d(u*v)/du = v", 2),
        ("dw = dn * x", "w", "d(u*v)/dv = u", 2),
    ]


def test_an_array_is_started_and_then_filled() -> None:
    model = mgc.loads(ROW, "f.mg", style="lesson")
    told = [one for one in model.module.statements if one is not None and one.name == "dx"]
    assert [(one.starts, one.section, one.reads) for one in told] == [
        (True, "backward", ()),
        (False, "backward", ("dz", "W")),
    ]


def test_every_line_has_its_entry_in_every_style() -> None:
    for style in ("fused", "lesson", "flat"):
        model = mgc.loads(ROW, "f.mg", style=style)
        assert len(model.module.statements) == len(model.source.splitlines()) == len(model.module.origins)
