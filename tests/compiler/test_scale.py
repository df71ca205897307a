"""Models of many statements and deep nesting: compiled, run and differentiated, or refused, with linear work.

`--slow` runs the sizes that take minutes, too; the others have the same shapes.
"""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable

import pytest

from mgc.compiler.options import Options
from mgc.compiler.pipeline import compile_source
from mgc.grammar.diagnostics import ModelError
from support.counted import counted, limited
from support.emitted import emit
from support.quick import first_quick, in_turn, slow


def chain(count: int) -> str:
    lines = [f"    x{k + 1} = sin(x{k})" for k in range(count)]
    return "\n".join(["def f(x0):", *lines, f"    return x{count}", ""])


def wide(count: int) -> str:
    lines = [f"    y{k} = cos(x)*{k + 1}" for k in range(count)]
    total = " + ".join(f"y{k}" for k in range(count))
    return "\n".join(["def f(x):", *lines, f"    return {total}", ""])


def rebound(count: int) -> str:
    return "\n".join(["def f(x):", *(count * ["    x = x + 0.001*sin(x)"]), "    return x", ""])


def ladder(count: int) -> str:
    """Each statement reads the two before it: a tree of this would have 2**count leaves."""
    lines = [f"    x{k + 2} = 0.4*x{k + 1} + 0.5*x{k}*x{k + 1}" for k in range(count)]
    return "\n".join(["def f(x0, x1):", *lines, f"    return x{count + 1}", ""])


def chain_by_hand(count: int) -> tuple[float, float]:
    value, slope = 1.0, 1.0
    for _ in range(count):
        slope *= math.cos(value)
        value = math.sin(value)
    return value, slope


MANY = [2_000, pytest.param(30_000, marks=pytest.mark.slow)]
A_CHARACTER = 1_000  # calls that it may take


@pytest.mark.parametrize("count", MANY)
def test_chain(count: int) -> None:
    module = emit(chain(count))
    value, slope = chain_by_hand(count)
    found, (slopes,) = module.names["f_value_and_grad"](1.0)
    assert found == module.names["f"](1.0) == value
    assert slopes == pytest.approx(slope, rel=1e-9)


@pytest.mark.parametrize("count", MANY)
def test_wide_sum(count: int) -> None:
    module = emit(wide(count))
    scale = count * (count + 1) / 2
    value, (slope,) = module.names["f_value_and_grad"](1.0)
    assert value == pytest.approx(scale * math.cos(1.0), rel=1e-9)
    assert slope == pytest.approx(-scale * math.sin(1.0), rel=1e-9)


@pytest.mark.parametrize("count", MANY)
def test_one_name_bound_again_and_again(count: int) -> None:
    module = emit(rebound(count))
    x, slope = 1.0, 1.0
    for _ in range(count):
        slope *= 1 + 0.001 * math.cos(x)
        x = x + 0.001 * math.sin(x)
    value, (found,) = module.names["f_value_and_grad"](1.0)
    assert value == x
    assert found == pytest.approx(slope, rel=1e-9)


def layers(count: int) -> str:
    """Each block reads rows of what the one before it stored, in several places."""
    block = "    y = x + [layernorm(x[i]) for i]\n    return [y[i] + mlp[d, d](layernorm(y[i])) for i]\n\n"
    net = [*count * ["    x = block(x)"], "    return [linear[2](layernorm(x[i])) for i]", "", ""]
    loss = "    z = [net(X[i]) for i]\n    return sum(logsumexp(z[i, j]) for i, j)\n"
    return f"layer block(x[t, d]):\n{block}model net(x[t, 3]):\n" + "\n".join(net) + f"def f(X[n, t, 3]):\n{loss}"


def test_each_of_many_layers_takes_the_same_work() -> None:
    work = []
    for count in (1, 2):
        with counted() as calls:
            compile_source(layers(count), "f.mg", Options(functions=("f",)))
        work.append(calls())
    assert work[1] < 2 * work[0]


def test_shared_subexpressions_stay_shared() -> None:
    lengths = [len(compile_source(ladder(count), "f.mg").text) for count in (250, 500)]
    assert lengths[1] < 2.2 * lengths[0]


@pytest.mark.parametrize("text", first_quick([chain, wide, rebound]), ids=["chain", "wide", "rebound"])
def test_work_is_linear(text: Callable[[int], str]) -> None:
    """Eight times the statements with not much more than eight times the calls."""
    compile_source(text(100), "f.mg")
    found = []
    for count in (250, 2_000):
        with counted() as calls:
            compile_source(text(count), "f.mg")
        found.append(calls())
    assert found[1] < 8.5 * found[0]


DEEP: dict[str, str] = {
    "10,000 parentheses": "(" * 10_000 + "x" + ")" * 10_000,
    "10,000 minus signs": "-" * 10_000 + "x",
    "10,000 calls": "sin(" * 10_000 + "x" + ")" * 10_000,
    "10,000 powers": "x**" * 10_000 + "x",
    "10,000 additions to the right": "x + (" * 10_000 + "x" + ")" * 10_000,
    "1,000 ternaries": "1 + (x*y if x > y else " * 1_000 + "x" + ")" * 1_000,
    "1,000 ternaries in the condition": "(x if " * 1_000 + "x > y" + " > 0 else y)" * 1_000,
    "1,000 maxima": "max(x, y*" * 1_000 + "x" + ")" * 1_000,
    "10,000 comparisons": "1 if " + "x < y and " * 10_000 + "x < 1 else 2",
    "1,000 nested sums": "sum(" * 1_000 + "x" + " for i in range(2))" * 1_000,
    "1,000 nested arrays": "sum(" + "[" * 1_000 + "x" + "]" * 1_000 + ")",
    "a chain of transposes": "sum([[x, y], [y, x]]" + ".T" * 10_000 + ")",
    "1,000 indices": "x" + "[0]" * 1_000,
}
SLOW = ("10,000 calls", "10,000 powers", "10,000 additions to the right", "1,000 ternaries", "1,000 maxima")
QUICK = {name: name for name in DEEP if name not in SLOW}
TARGETS = {"python": Options(), "c": Options(target="c")}


@pytest.mark.parametrize(
    ("nested", "options"),
    [*in_turn(QUICK, TARGETS), *(slow(name, options) for name in SLOW for options in TARGETS.values())],
)
def test_depth(nested: str, options: Options) -> None:
    model = f"def f(x, y): return {DEEP[nested]}"
    with limited(A_CHARACTER * len(model)):
        try:
            text = compile_source(model, "f.mg", options).text
        except ModelError as problem:
            assert any(word in str(problem) for word in ("limit", "number", "deeply"))  # noqa: PT017  # a module is as good an answer
            return
    if options.target == "python":
        compile(text, "emitted.py", "exec")  # the emitted file of our own text


def test_thousands_of_calls_give_the_right_number() -> None:
    module = emit(f"def f(x): return {'sin(' * 4_000}x{')' * 4_000}")
    value, slope = chain_by_hand(4_000)
    found, (slopes,) = module.names["f_value_and_grad"](1.0)
    assert (found, slopes) == (value, pytest.approx(slope, rel=1e-9))


@pytest.mark.slow
def test_an_expression_of_hundreds_of_thousands_of_nodes() -> None:
    module = emit("def f(x): return " + " + ".join(["x*x"] * 100_000))
    assert module.names["f"](1.0) == 100_000.0


WRITTEN_OUT = """
import resource
resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
from mgc.compiler.options import Options; from mgc.compiler.pipeline import compile_source
from mgc.grammar.diagnostics import ModelError
text = "def f(x[n]): return sum(x[i]*x[j]*x[k] for i in range(1000) for j in range(1000) for k in range(1000))"
compile_source(text, "f.mg")
try:
    compile_source(text, "f.mg", Options(unroll=1000))
except ModelError as problem:
    print(problem)
"""


def test_more_nodes_than_the_limit() -> None:
    """A sum over a billion terms is a loop; written out, it is refused (under a limit of memory of its own)."""
    done = subprocess.run([sys.executable, "-c", WRITTEN_OUT], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-500:]
    assert "limit" in done.stdout or not done.stdout
