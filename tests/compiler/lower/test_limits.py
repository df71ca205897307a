"""What calls of calls make is bounded, and the compiler ends when it sees that."""

from __future__ import annotations

import pytest

from mgc.compiler.lower import calls
from mgc.compiler.options import Options
from mgc.compiler.pipeline import compile_source
from mgc.grammar.diagnostics import ModelError

DOUBLING = "def f_0(x): return sin(x)*x\n" + "".join(
    [f"def f_{i}(x): return f_{i - 1}(f_{i - 1}(x))\n" for i in range(1, 40)]
)


@pytest.mark.parametrize(("functions", "named"), [((), "f_7"), (("f_39",), "f_39")])
def test_calls_of_calls_are_not_written_out_for_ever(
    functions: tuple[str, ...], named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "MAX_CALLED", 200 - len(DOUBLING))
    with pytest.raises(ModelError) as raised:
        compile_source(DOUBLING, "deep.mg", Options(functions=functions))
    (problem,) = raised.value.diagnostics
    assert problem.message == f"'{named}' is too large: with its calls written out it has more than 200 graph nodes"
    assert problem.source.startswith(f"def {named}(x)")


def test_a_long_text_may_call_at_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "MAX_CALLED", 0)
    terms = " + ".join([f"sin({i}*x)" for i in range(2, 300)])
    assert compile_source(f"def f(x): return {terms} + gelu(x)\n", "long.mg").functions


def test_the_same_call_again_makes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "MAX_CALLED", 0)
    lines = [f"def f_{i}(x): return f_{i - 1}(x) + f_{i - 1}(x)\n" for i in range(1, 41)]
    assert compile_source(f"def f_0(x): return x\n{''.join(lines)}", "same.mg", Options(functions=("f_40",))).functions
