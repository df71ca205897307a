"""Hostile fragments and files placed into models that are valid but for them: case -> texts to compile."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CASES = Path(__file__).parents[3] / "shared" / "cases" / "hostile_inputs.json"

IDENTIFIERS = {
    "argument": "def f({0}, b):\n    return {0}*b + sin({0})\n",
    "local": "def f(a, b):\n    {0} = a*b\n    return {0}*{0} + sin({0})\n",
    "definition": "def {0}(a): return a*a\n\ndef f(a, b):\n    return {0}(a)*b\n",
    "index": "def f(a, b):\n    return sum(a**({0} + 1)*b for {0} in range(3))\n",
    "size": "def g(x[{0}]): return sum(x[i]*{0} for i)\n\ndef f(a, b): return g([a, b, 1])\n",
    "constant": "const {0} = 1.5\ndef f(a, b): return {0}*a*b\n",
    "parameter": "model {0}(x[2]):\n    param {0}_w[2] = 0.5\n    return {0}_w @ x\n\ndef f(a, b): return a*b\n",
    "operation": "op {0}(x): dx = 2*x\n    return x*x\ndef f(a, b): return {0}(a)*{0}(b)\n",
}
EXPRESSIONS = {
    "body": "def f(x, y, z):\n    return {0}\n",
    "statement": "def f(x, y, z):\n    a = 1\n    {0}\n    return a*x\n",
    "in parentheses": "def f(x, y, z):\n    return sin(({0}))\n",
    "argument": "def g(x): return x\ndef f(x, y, z):\n    return g({0})\n",
    "default": "def f(x, y, z = {0}):\n    return x*y*z\n",
    "constant": "const c = {0}\ndef f(x): return c*x\n",
    "size": "def f(x[{0}], y, z): return sum(x)\n",
    "index": "def f(x[3], y, z): return x[{0}]\n",
    "range": "def f(x, y, z): return sum(x for i in range({0}))\n",
    "condition": "def f(x, y, z): return x if {0} else y\n",
    "initialiser": "model f(x):\n    param w = {0}\n    return w*x\n",
    "rule": "op g(x): dx = {0}\n    return x\ndef f(x): return g(x)\n",
    "import": 'import "{0}"\ndef f(x): return x\n',
    "comment": "def f(x, y, z):\n    a = x*y  # {0}\n    return a*z  # {0}\n",
    "docstring": 'def f(x, y, z):\n    """{0}"""\n    return x*y\n',
    "file": "{0}",
}
NUMBERS = {
    "factor": "def f(x): return x*{0}\n",
    "value": "def f(x): return x*0 + {0}\n",
    "exponent": "def f(x): return x**{0}\n",
    "default": "def f(x, a = {0}): return x*a\n",
    "constant": "const c = {0}\ndef f(x): return c*x\n",
    "size": "def f(x[{0}]): return sum(x)\n",
    "index": "def f(x[3]): return x[{0}]\n",
    "range": "def f(x): return sum(x for i in range({0}))\n",
    "initialiser": "model f(x):\n    param w = {0}\n    return w*x\n",
}
PLACES = {"identifier": IDENTIFIERS, "expression": EXPRESSIONS, "number": NUMBERS}


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    kind: str
    category: str
    text: str | None  # None: a description of something to build

    def models(self) -> Iterator[tuple[str, bytes]]:
        """Where the fragment is placed, and the model's bytes."""
        assert self.text is not None
        for place, template in PLACES[self.kind].items():
            yield place, template.replace("{0}", self.text).encode("utf-8", "surrogatepass")

    @property
    def is_large(self) -> bool:
        return self.text is not None and len(self.text) > 1000


def load() -> list[Case]:
    """All cases, none where the file is not beside the repository."""
    if not CASES.exists():
        return []
    found = json.loads(CASES.read_text(encoding="utf-8"))["cases"]
    return [Case(one["id"], one["kind"], one["category"], _text(one["text"])) for one in found]


def _text(text: Any) -> str | None:
    if isinstance(text, str):
        return text
    if isinstance(text, dict):
        return None
    return "".join(part * count for part, count in text)
