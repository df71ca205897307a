"""Every form that mgc emits is read, and nothing else is: a text with another form is not checked, or refused."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import mgc
from mgc.compiler.options import Options
from mgc.compiler.pipeline import compile_source
from mgc.compiler.verify.text import forms, reading
from mgc.grammar.diagnostics import DataError, ModelError
from mgc.runtime.verification import verify_file
from support.programs import program
from support.quick import in_turn
from support.verification import of_text

ROOT = Path(__file__).parents[3]
MODELS = [
    *sorted((ROOT / "examples").glob("*.mg")),
    *sorted((ROOT / "tests" / "compiler" / "emit" / "programs").glob("*.mg")),
    *sorted((ROOT / "tests" / "mutation" / "models").glob("*.mg")),
]
GOLDENS = [
    *(ROOT / "tests" / "examples" / "golden").glob("*.py"),
    *(ROOT / "tests" / "compiler" / "emit" / "programs").glob("*.py"),
]
OPTIONS = {
    "plain": Options(),
    "ieee": Options(ieee=True),
    "accurate": Options(accurate=True),
    "lesson": Options(style="lesson"),
    "flat": Options(style="flat"),
}


def refused(text: str) -> list[str]:
    """What is not read of a text, a function at a time."""
    tree = ast.parse(text)
    named = [[name for name in (one.name, one.derivative) if name] for one in reading.read(tree)]
    return [forms.foreign(tree), *(said for names in named if (said := forms.refused(tree, names)))]


@pytest.mark.parametrize(
    ("path", "options"), in_turn({f"{path.parent.name}-{path.stem}": path for path in MODELS}, OPTIONS)
)
def test_what_is_emitted_is_read(path: Path, options: Options) -> None:
    assert refused(compile_source(path.read_text(encoding="utf-8"), path.name, options).text) == [""]


@pytest.mark.parametrize("path", GOLDENS, ids=lambda path: path.name)
def test_a_golden_file_is_read(path: Path) -> None:
    assert refused(path.read_text(encoding="utf-8")) == [""]


RARE = {
    "copies": "def f(x[n, m]): return [sin(x[i, j]) for i, j], x, x",
    "lists of copies": "def f(x[n], k[n, n]: int): return x, x, k",
    "integers made floats": "def f(x[n], k[n]: int): return x, k, sum(x[i]*k[i] for i)",
    "several": "def f(x[n], k: int): return max(x[0], x[k], 1.0, x[1]), min(x[0], x[1], k)",
    "Greek": "def f(θ, β[n]): return θ*sum(exp(β[i]) for i)",
    "nothing": "def f(): return 1.0",
}


@pytest.mark.parametrize("source", RARE.values(), ids=RARE)
def test_what_is_emitted_seldom_is_read_and_right(source: str) -> None:
    for options in OPTIONS.values():
        assert refused(compile_source(source, "rare.mg", options).text) == [""]
    assert mgc.loads(source).verify().ok


def test_what_is_emitted_of_random_programs_is_read() -> None:
    options, emitted = list(OPTIONS.values()), 0
    for seed in range(40):
        try:
            text = compile_source(program(seed).text, "random.mg", options[seed % len(options)]).text
        except ModelError:
            continue
        assert refused(text) == [""]
        emitted += 1
    assert emitted > 20


LINES = [
    "dx = {True: dx}[True]",
    "d = {x: dx}",
    "dx, y = dx, 1.0",
    "dx = y = 2.0 * x",
    "v = [dx]\n    dx = v[0.0]",
    "v = [dx]\n    dx = v[2 / 2 - 1]",
    "v = [dx]\n    m = 0.0\n    dx = v[m]",
    "m = 2 / 2\n    k = m\n    for i in range(k - 1, 2):\n        dx = i * dx",
    "v = [dx]\n    v.append(dx)",
    "dx = dx + int(0.5)",
    "dx = sum([dx])",
    "dx = (lambda: dx)()",
    "dx = [k * dx for k in range(3) if k == 1][0]",
    "for k in [1]:\n        dx = k * dx",
    "for k in range(1):\n        dx = k * dx\n    else:\n        dx = x",
    "for k in range(2):\n        continue",
    "if x > 1.0:\n        return x * x, (dx,)",
    "def g():\n        return 1.0",
    "tanh = 2.0",
    "assert x > 0.0",
    "dx = dx if (z := x) > 0.0 else dx",
    "dx = f(x, x)",
]


@pytest.mark.parametrize("line", LINES)
def test_another_form_is_not_checked(line: str) -> None:
    text = mgc.loads("def f(x): return tanh(x)*x").module.text
    place = text.rindex("    return out")
    changed = f"{text[:place]}    {line}\n{text[place:]}"
    (said, *more) = refused(changed)[1:]
    assert more == []
    assert said.startswith("line ") and said.endswith("is not a form that is read")


def test_a_function_that_is_not_read_is_not_checked() -> None:
    text = mgc.loads("def f(x): return x*x").module.text
    report = of_text(text.replace("    return out, (", "    dx = sum([dx])\n    return out, (") + "\n")
    assert report.verdict == "not checked"
    assert "`sum([dx])` is not a form that is read" in report.notes[0]


@pytest.mark.parametrize("head", ["# coding: latin-1\n", "x = 1 / 0\n", "x = y\n", "@max\n"])
def test_a_file_is_refused_before_it_runs(head: str, tmp_path: Path) -> None:
    path = tmp_path / "f.py"
    text = mgc.loads("def f(x): return x*x").module.text
    path.write_text(head + text[text.index("def f(x)") :])
    with pytest.raises(DataError, match="cannot verify"):
        verify_file(path)
