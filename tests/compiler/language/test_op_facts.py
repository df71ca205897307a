"""What the rows of ops.mg say beside their rules: where an operation stands, and what a target does with it."""

from __future__ import annotations

import ast
import ctypes
import ctypes.util
import math
import re
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from mgc.compiler.emit.python import ieee
from mgc.compiler.emit.python import operators as python
from mgc.compiler.language import library
from support import targets

ROOT = Path(__file__).parents[3]
FOLDERS = ("compiler", "front", "grammar", "mgc", "runtime")
VERIFY = {f"compiler/verify/{name}.py" for name in ("terms/oracle", "equal/arithmetic")}  # tables of its own
TABLES = {"compiler/language/ops.mg"} | VERIFY  # the row, and those
C_WORDS = {  # what C's headers declare, operations or not, and what glibc has for vectors
    "compiler/names/c_words.py",
    "compiler/emit/c/vectors.py",
}
VALUE = {f"front/micrograd/{name}.py" for name in ("engine", "terms")}  # `Value.tanh()`, as in micrograd
STARTERS = {f"front/cli/{name}.mg" for name in ("starter", "neuron")}  # models, which call it
NAMED = {
    "tanh": TABLES | VALUE | STARTERS | C_WORDS,
    "sinh": TABLES | C_WORDS | {"compiler/emit/python/ieee.py"},  # Python raises where IEEE has nan
}
OPERATORS = {"add", "sub", "mul", "div", "neg", "pow", "mod"}


@pytest.mark.parametrize("name", NAMED)
def test_an_operation_is_named_in_its_row(name: str) -> None:
    files = [path for folder in FOLDERS for kind in ("*.py", "*.mg") for path in (ROOT / folder).rglob(kind)]
    found = {path for path in files if re.search(rf"\b{name}\b", _without_docstrings(path))}
    assert {path.relative_to(ROOT).as_posix() for path in found} == NAMED[name]


def _without_docstrings(path: Path) -> str:
    """What a file does: the examples of a docstring may call any operation."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return text
    tree = ast.parse(text)
    told = [node for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)]
    lines = text.splitlines()
    for node in told:
        lines[node.lineno - 1 : node.end_lineno] = [""] * ((node.end_lineno or node.lineno) - node.lineno + 1)
    return "\n".join(lines)


def test_what_is_native_is_there() -> None:
    libm = ctypes.CDLL(ctypes.util.find_library("m"))
    for name in set(library.names("ops.mg")) - OPERATORS:
        in_python, in_c = library.native(name, "python"), library.native(name, "c")
        assert in_python is None or hasattr(math, in_python), name
        assert in_c is None or hasattr(libm, in_c), name


def test_what_is_not_native_has_a_body_or_a_helper() -> None:
    for name in set(library.names("ops.mg")) - OPERATORS:
        row = library.operation(name)
        assert row is not None
        for target in ("python", "c"):
            helper = name in python.target(False).rows or (target == "python" and hasattr(ieee, name))
            assert library.native(name, target) or row.body or helper, (name, target)


SPECIAL = (-math.inf, -2.5, -1.0, -0.0, 0.0, 0.5, 1.0, 3.0, math.inf, math.nan)
DEFINED_TWICE = ("sign", "relu", "max", "min")  # by a body, and by each target's own text


def _body_and_helper(name: str) -> str:
    """The row's body as a definition, beside the operation itself."""
    text = library.file("ops.mg").source
    found = re.search(rf"^op {name}\((.*?)\):.*?^ +(return [^\n]*)", text, re.MULTILINE | re.DOTALL)
    assert found is not None
    arguments, body = found.groups()
    return f"def body({arguments}): {body}\ndef helper({arguments}): return {name}({arguments})\n"


@pytest.mark.parametrize("name", DEFINED_TWICE)
def test_a_body_says_what_the_targets_compute(name: str) -> None:
    text = _body_and_helper(name)
    row = library.operation(name)
    assert row is not None
    for compiled in (targets.python(text, ieee=True), targets.c(text)):
        for at in product(SPECIAL, repeat=len(row.arguments)):
            assert repr(compiled.value("body", at)) == repr(compiled.value("helper", at)), at


ENDS = (
    "mod(x, a)",
    "fmod(x, a)",
    "remainder(x, a)",
    "gamma(a)",
    "lgamma(a)",
    "digamma(a)",
    "log(a)",
    "cbrt(a)",
    "own(a)",
)
TARGETS: dict[str, Callable[[str], targets.Compiled]] = {
    "python": targets.python,
    "ieee": lambda text: targets.python(text, ieee=True),
    "c": targets.c,
}
OWN = "op own(x):\n    domain x > 0\n    dx = 1/x\n    return log(x)\n"


@pytest.mark.parametrize("call", ENDS)
@pytest.mark.parametrize("target", TARGETS)
def test_where_no_branch_reads_a_value_its_slope_is_not_there(call: str, target: str) -> None:
    """At 0 each of them ends, or is infinitely steep: 0 times that would be no number."""
    text = f"{OWN}def f(y[n], x, a): return sum((y[i]*{call} if y[i] > 0 else y[i]) for i)"
    _, (_, dx, da) = TARGETS[target](text).value_and_grad("f", ([-1.0, -2.0], 2.5, 0.0))
    assert (dx, da) == (0.0, 0.0)


OWN_EXPONENTIAL = "op own(x):\n    overflows\n    dx = own(x)\n    return exp(x)\n"


def test_an_operation_of_the_model_may_overflow() -> None:
    text = f"{OWN_EXPONENTIAL}def f(x): return 1/(1 + own(-x))"
    assert targets.c(text).value_and_grad("f", (-800.0,)) == (0.0, (0.0,))
    silent = text.replace("    overflows\n", "")
    assert math.isnan(targets.c(silent).value_and_grad("f", (-800.0,))[1][0])
