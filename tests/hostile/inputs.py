"""Hostile fragments and files placed into models that are valid but for them: case -> texts to compile."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

CASES = Path(__file__).parents[3] / "shared" / "cases" / "hostile_inputs.json"

IDENTIFIERS = {
    "argument": "def wanted({0}, two):\n    return {0}*two + sin({0})\n",
    "local": "def wanted(one, two):\n    {0} = one*two\n    return {0}*{0} + sin({0})\n",
    "definition": "def {0}(one): return one*one\n\ndef wanted(one, two):\n    return {0}(one)*two\n",
    "index": "def wanted(one, two):\n    return sum(one**({0} + 1)*two for {0} in range(3))\n",
    "size": "def g_1(v_1[{0}]): return sum(v_1[i]*{0} for i)\n\ndef wanted(one, two): return g_1([one, two, 1])\n",
    "constant": "const {0} = 1.5\ndef wanted(one, two): return {0}*one*two\n",
    "parameter": "model {0}(v_1[2]):\n    param {0}_w[2] = 0.5\n    return {0}_w @ v_1\n\n"
    "def wanted(one, two): return one*two\n",
    "operation": "op {0}(v_1): dv_1 = 2*v_1\n    return v_1*v_1\ndef wanted(one, two): return {0}(one)*{0}(two)\n",
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


class Case(Struct, frozen=True):
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
