"""What is warned of: names that nothing reads, and an `e` that looks forgotten; and what is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from mgc.compiler.language.doubts import doubts
from mgc.compiler.language.program import collect
from mgc.grammar.parser import parse

ROOT = Path(__file__).parents[3]

DOUBTED = {
    "def f(x, y):\n    z = x*y\n    return x\n": ["f.mg:2:5: warning: 'z' is not used"],
    "def g(x): return x, x\n\ndef f(x):\n    a, b = g(x)\n    return x\n": ["f.mg:4:5: warning: 'a' is not used"],
    "def f(a, b, c):\n    d = e + c\n    return d*a*b\n": ["f.mg:2:9: warning: 'e' is the number 2.718...: no 'e' is"],
    "def f(x): return e*x\n\ndef g(e, x): return e*x\n": ["f.mg:1:18: warning: 'e' is the number 2.718..."],
}
CLEAR = [
    "def f(x): return e**x - e\n",
    "def f(x): return exp(1)*x + pi\n",
    "def f(a, b):\n    e = a*b\n    return e + a\n",
    "def f(x[n]): return sum(x[e] for e)\n",
    "def f(x[e]): return sum(x)/e\n",
    "const e = 3\ndef f(x): return e*x\n",
    "model f(x[n]):\n    param e[n] = 0\n    return e @ x\n",
    "layer l[e](x[n]): return [e*x[i] for i]\n\nmodel f(x[n]): return l[3](x)\n",
    "def g(x): return x, x\n\ndef f(x):\n    a, b = g(x)\n    return b\n",
    "layer l[*s](x[n]):\n    for m in s:\n        x = linear[m](x)\n    return x\n\nmodel f(x[2]): return l[3](x)\n",
]


@pytest.mark.parametrize("text", DOUBTED)
def test_what_looks_like_a_slip_is_warned_of(text: str) -> None:
    found = [str(doubt).splitlines()[0] for doubt in doubts(collect(parse(text, "f.mg")))]
    assert len(found) == len(DOUBTED[text])
    assert all(said.startswith(start) for said, start in zip(found, DOUBTED[text], strict=True))


@pytest.mark.parametrize("text", CLEAR)
def test_what_is_meant_is_not(text: str) -> None:
    assert doubts(collect(parse(text, "f.mg"))) == ()


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*.mg")), ids=lambda path: path.stem)
def test_the_examples_are_clear(path: Path) -> None:
    assert doubts(collect(parse(path.read_bytes(), path.name))) == ()


@pytest.mark.parametrize(
    ("number", "nearest"),
    [("1e-46", "0"), ("7.006492321624085e-46", "0"), ("1e46", "infinity"), ("3.4028235677973366e38", "infinity")],
)
def test_numbers_that_float32_does_not_hold(number: str, nearest: str) -> None:
    program = collect(parse(f"const c = {number}\ndef f(x, k=-{number}):\n    return x + k + c - {number}\n", "f.mg"))
    assert doubts(program) == ()
    places = [str(doubt).split(": warning: ")[0] for doubt in doubts(program, "float32")]
    assert places == ["f.mg:1:11", "f.mg:2:13", "f.mg:3:24"]
    assert all(f" is {nearest} in float32\n" in str(doubt) for doubt in doubts(program, "float32"))


@pytest.mark.parametrize("number", ["0", "0.0", "1e-45", "7.1e-46", "3.4028235677973362e38", "1e38"])
def test_numbers_that_it_holds(number: str) -> None:
    assert doubts(collect(parse(f"def f(x): return x - {number}\n", "f.mg")), "float32") == ()
