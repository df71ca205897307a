"""What a definition requires is checked before anything else, in values and in derivatives, in Python and in C."""

from __future__ import annotations

import re
from typing import Any

import pytest

import mgc
from mgc.compiler.options import Options
from mgc.compiler.pipeline import compile_source
from mgc.grammar.diagnostics import DataError
from support import native, targets
from support.emitted import emit
from support.native_models import needs_c

ROOTS = "def f(x[n]):\n    require x >= 0\n    return sum(sqrt(x))"
PLACES = """\
const low = 0

def f(x[n], k: int, y = 1):
    require n > 1 and 0 <= k < n
    require x[i] < x[i+1] for i in range(n - 1)
    require y > low or x[0] > 3
    require not (max(x) > 100)
    return x[k]*y
"""
REFUSED: list[tuple[str, tuple[Any, ...], str]] = [
    (ROOTS, ([4.0, -1.5],), "f of m.mg, line 2: requires x >= 0, and x[1] is -1.5"),
    (ROOTS, ([float("nan")],), "f of m.mg, line 2: requires x >= 0, and x[0] is nan"),
    (PLACES, ([1.0], 0), "f of m.mg, line 4: requires n > 1 and 0 <= k < n, and n is 1, k is 0"),
    (PLACES, ([1.0, 2.0], 2), "f of m.mg, line 4: requires n > 1 and 0 <= k < n, and n is 2, k is 2"),
    (
        PLACES,
        ([1.0, 3.0, 2.0], 2),
        "f of m.mg, line 5: requires x[i] < x[i+1] for i in range(n - 1), and x[1] is 3.0, x[2] is 2.0",
    ),
    (PLACES, ([1.0, 2.0], 1, -1.0), "f of m.mg, line 6: requires y > low or x[0] > 3, and y is -1.0, x[0] is 1.0"),
    (PLACES, ([1.0, 200.0], 1), "f of m.mg, line 7: requires not max(x) > 100"),
    ("def f(A[n, m]):\n    require A < 1\n    return sum(A)", ([[0.0], [2.0]],), "A < 1, and A[1, 0] is 2.0"),
    ("param w = -1\ndef f(x):\n    require w > x\n    return w*x", ({"w": -1.0}, 0.0), "and w is -1.0, x is 0.0"),
    ("param w = -1\ndef f(x):\n    require w > 0\n    return x", ({"w": -1.0}, 0.0), "w > 0, and w is -1.0"),
    ("model f(x):\n    require x > 0\n    param w = 1\n    return w*x", ({"f.w": 1.0}, 0.0), "x > 0, and x is 0.0"),
    ("def f(x[n], y):\n    require not (y > 1 or x[0] > 2)\n    return y", ([1.0], 3.0), "and y is 3.0"),
    ("def f(x[n], y):\n    require (x[0] if y > 1 else y) > 2\n    return y", ([1.0], 0.5), "> 2, and y is 0.5"),
    ("def f(x[n], y):\n    require not (x[0] > 1 and y > 2)\n    return y", ([3.0], 4.0), "and x[0] is 3.0, y is 4.0"),
    ("def f(x[n], y):\n    require y > 1 and x[0] > 2\n    return y", ([1.0], 0.0), "x[0] > 2, and y is 0.0"),
    ("def f(x):\n    require sqrt(x) < 2\n    return x", (9.0,), "requires sqrt(x) < 2, and x is 9.0"),
]
TAKEN: list[tuple[str, tuple[Any, ...], float]] = [
    (ROOTS, ([4.0, 1.0],), 3.0),
    (ROOTS, ([],), 0.0),
    (PLACES, ([1.0, 2.0], 1), 2.0),
    (PLACES, ([4.0, 5.0], 1, -1.0), -5.0),
    ("const k = 1\ndef f(x):\n    require k > 0\n    return x", (2.0,), 2.0),
]


@pytest.mark.parametrize(("text", "at", "said"), REFUSED)
@pytest.mark.parametrize("options", [Options(), Options(ieee=True), Options(style="lesson")], ids=["", "ieee", "told"])
def test_both_functions_refuse_what_is_not_as_required(
    text: str, at: tuple[Any, ...], said: str, options: Options
) -> None:
    module = emit(text, "m.mg", options)
    for name in ("f", module.info("f").gradient_name):
        with pytest.raises(ValueError, match=f"{re.escape(said)}$"):
            module.names[str(name)](*at)


@pytest.mark.parametrize(("text", "at", "value"), TAKEN)
def test_both_take_what_is(text: str, at: tuple[Any, ...], value: float) -> None:
    module = emit(text)
    assert module.names["f"](*at) == module.names["f_value_and_grad"](*at)[0] == value


def test_what_always_holds_is_not_checked() -> None:
    assert "require" not in compile_source(TAKEN[-1][0], "m.mg").text


def test_a_caller_of_the_function_is_not_asked() -> None:
    """The requirement is that of the function which is called from outside."""
    module = emit(f"{ROOTS}\n\ndef g(x): return f([x - 1, 4])")
    assert "f_requires" in module.names and "g_requires" not in module.names
    with pytest.raises(ValueError, match="domain"):
        module.names["g"](0.0)


def test_a_name_that_the_model_has_is_left_to_it() -> None:
    module = emit("def f(x):\n    require x > 0\n    return x\n\ndef f_requires(x): return 2*x")
    assert module.names["f_requires"](-1.0) == -2.0
    with pytest.raises(ValueError, match="line 2"):
        module.names["f"](-1.0)


def test_the_name_of_a_file_is_never_run() -> None:
    text = compile_source(ROOTS, '{print(1)}\\{"x".mg', Options()).text
    assert "f of (print(1))/('x'.mg, line 2: requires" in text


def test_a_model_says_so_as_of_any_argument() -> None:
    model = mgc.loads(ROOTS)
    for function in (model.f, model.f.value_and_grad):
        with pytest.raises(DataError, match=re.escape("line 2: requires x >= 0, and x[1] is -1.5")):
            function([4.0, -1.5])


@needs_c
def test_c_returns_a_status() -> None:
    module = compile_source(PLACES, "m.mg", Options(target="c"))
    library = targets.build(module.text)
    for name, outputs in (("f", []), ("f_value_and_grad", [[0.0, 0.0], 0.0])):
        function = native.find(module, library, name)
        assert native.call(function, [[1.0, 2.0], 1, 1.0], {"n": 2}, outputs)[0] == [2.0]
        for at, line in (([[1.0, 2.0], 2, 1.0], 4), ([[2.0, 1.0], 1, 1.0], 5), ([[1.0, 200.0], 1, 1.0], 7)):
            with pytest.raises(ValueError, match=f"line {line}"):
                native.call(function, at, {"n": 2}, outputs)


@needs_c
def test_native_code_says_what_python_says() -> None:
    model = mgc.loads(ROOTS, target="native")
    assert model.f([4.0, 1.0]) == 3.0
    for function in (model.f, model.f.value_and_grad):
        with pytest.raises(DataError, match=re.escape("line 2: requires x >= 0, and x[1] is -1.5")):
            function([4.0, -1.5])
