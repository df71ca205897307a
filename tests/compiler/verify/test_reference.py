"""A model's meaning as exact terms: at random points their values are those of the same evaluator on floats."""

from __future__ import annotations

import math
import random
from pathlib import Path
from typing import Any

import pytest
from mpmath import mp, mpf  # type: ignore[import-untyped]  # it carries no types

from mgc.compiler.verify.reference.reference import meaning
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.evaluation import Evaluation, NoValue
from mgc.compiler.verify.terms.functions import FUNCTIONS
from mgc.compiler.verify.terms.terms import Term, symbol
from mgc.grammar.parser import parse
from support import emitted, generator
from support.arrays import Misfit, flat

ROOT = Path(__file__).parents[3]
PROGRAMS = ROOT / "tests" / "compiler" / "emit" / "programs"
FILES = [*sorted((ROOT / "examples").glob("*.mg")), *sorted(PROGRAMS.glob("*.mg"))]
ROWS = 2  # of a data set: what holds for two holds for more


def symbols(name: str, given: Any) -> Any:
    """Nested lists of numbers as symbols `name[0][1]`."""
    if isinstance(given, list):
        return [symbols(f"{name}[{place}]", row) for place, row in enumerate(given)]
    return symbol(name)


def point(name: str, given: Any) -> dict[str, Any]:
    """The values of these symbols."""
    if isinstance(given, list):
        return {key: x for place, row in enumerate(given) for key, x in point(f"{name}[{place}]", row).items()}
    return {name: mpf(given)}


def number(evaluation: Evaluation, found: Any) -> float:
    if not isinstance(found, Term):
        return float(found)
    try:
        return float(evaluation.value(found))
    except NoValue:
        return math.nan


def agrees(module: emitted.Emitted, name: str, at: emitted.Point) -> None:
    """The terms of a function, evaluated at a point, are its value there."""
    function = emitted.declaration(module, name)
    integers = [argument.name for argument in function.arguments if argument.dtype == "int"]
    arguments = {k: x if k in integers else symbols(k, x) for k, x in at.arguments.items()}
    params = {dotted: symbols(dotted, given) for dotted, given in at.params.items()}
    found = meaning(module.file, name, arguments, params, module.constants)
    wanted = emitted.meaning(module, name, at)
    assert emitted.shape(found) == emitted.shape(wanted)
    values: dict[str, Any] = {}
    for key, given in {**at.arguments, **at.params}.items():
        values |= point(key, given)
    evaluation = Evaluation(values, digits=25)
    for term, value in zip(flat(found), flat(wanted), strict=True):
        mine = number(evaluation, term)
        assert emitted.close(mine, value, 1e-9) or (math.isinf(value) and math.isnan(mine)), (name, at, term, value)


@pytest.mark.parametrize("seed", range(40))
def test_random_programs(seed: int) -> None:
    module = emitted.emit(generator.program(seed, depth=3))
    source = random.Random(seed)
    sizes = {"n": source.choice((1, 2, 3)), "m": source.choice((1, 2))}
    agrees(module, "f", emitted.point(module, "f", source, sizes))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_files(path: Path) -> None:
    module = emitted.emit(path.read_text(encoding="utf-8"), path.name)
    for info in module.module.functions:
        sizes = {"n": ROWS} if path.parent.name == "examples" else None
        agrees(module, info.name, emitted.point(module, info.name, random.Random(info.name), sizes))


def of(text: str, **arguments: Any) -> Any:
    """The result of f of a model."""
    return meaning(parse(text, "f.mg"), "f", arguments)


X, Y, Z = (symbol(name) for name in "xyz")
V = [X, Y, Z]

EXACT: dict[str, tuple[Any, str]] = {  # the argument, and what becomes of it
    "def f(x): return 0.1*x + 1/3": (X, "1/10*x + 1/3"),
    "def f(x): return log1p(x) + x % 2": (X, "log1p(x) + x%2"),
    "def f(x): return silu(x)": (X, "x*sigmoid(x)"),
    "def f(x): return detach(x)*-x": (X, "x*-x"),
    "def f(x): return x // 2 + 7 // 2": (X, "floordiv(x, 2) + 3"),
    "def f(x): return max_const(x, 0)": (X, "max(x, 0)"),
    "def f(v[n]): return sum(v[i]/i for i in range(1, n))": (V, "y + z/2"),
    "def f(v[n]): return prod(v[i] for i in range(0)) + sum(v[i] for i in range(0))": (V, "1"),
    "def f(v[n]): return max(v)": (V, "max(max(x, y), z)"),
    "def f(v[n]): return min(v[0], v[1], 2)": (V, "min(x, y, 2)"),
    "def f(v[n]): return max(v[i] for i in range(0))": (V, "-inf"),
    "def f(v[n]): return sum(v[i] for i if i != 1)": (V, "x + z"),
    "def f(v[n]): return sum(v[i] for i if v[i] > 0)": ([X, Y], "(x if x > 0 else 0) + (y if y > 0 else 0)"),
    "def f(v[n]): return prod(v[i] for i if v[i] > 0)": ([X, Y], "(x if x > 0 else 1)*(y if y > 0 else 1)"),
    "def f(v[n]): return max(v[i] for i if v[i] < 9)": (
        [X, Y],
        "((max(x, y) if x < 9 else y) if y < 9 else x) if x < 9 or y < 9 else -inf",
    ),
    "def f(v[n]): return mean(v[i] > 0 for i)": ([X, Y], "((1 if x > 0 else 0) + (1 if y > 0 else 0))/2"),
    "def f(v[n]): return argmax(v[i] for i in range(1, 2))": (V, "1"),
    "def f(v[n]): return argmax(-i*i for i in range(-3, 2))": (V, "0"),
    "def f(v[n]): return argmax(v)": (
        V,
        (
            "min(2 if z == max(max(x, y), z) else 3, "
            "min(1 if y == max(max(x, y), z) else 3, 0 if x == max(max(x, y), z) else 3))"
        ),
    ),
    "def f(v[n]): return v[argmin(v)]": (
        [X, Y],
        (
            "x if min(1 if y == min(x, y) else 2, 0 if x == min(x, y) else 2) == 0 else "
            "y if min(1 if y == min(x, y) else 2, 0 if x == min(x, y) else 2) == 1 else undefined()"
        ),
    ),
    "def f(x): return x if 0 < x <= 1 < x + 1 else 2": (X, "x if 0 < x and x <= 1 and 1 < x + 1 else 2"),
    "def f(x): return x if not x > 0 or x < -1 else -x": (X, "x if not(x > 0) or x < -1 else -x"),
    "def f(x): return (x if x > 0 else 1)/(0 if 2 > 1 else 1) if x > 3 else x": (X, "undefined() if x > 3 else x"),
    "def f(x): return 1/0 if x > 3 else x": (X, "undefined() if x > 3 else x"),
    "def f(x): return x if 1 < 2 else 1/0": (X, "x"),
    "def f(v[n]):\n    a = v[n]\n    b = 1/(n - 2)\n    return v[0] if v[1] > 0 else b": (
        [X, Y],
        "x if y > 0 else undefined()",
    ),
    "def f(v[n]): return sum((v[i] - v[i - 1] if i > 0 else v[i]) for i)": ([X, Y], "x + (y - x)"),
    "def f(v[n]): return sum(v[i] for i if i > 0 and v[i - 1] > 0)": ([X, Y], "y if x > 0 else 0"),
    "op g(x): dx = 2\n    return 2*x\ndef f(x): return g(g(x))": (X, "2*(2*x)"),
    "def silu(x): return 2*x\ndef f(x): return silu(x)": (X, "2*x"),
    "const c = 3\ndef f(x): return c*x": (X, "3*x"),
    "def f(x): return 1 if ieee else x": (X, "x"),
    "def g(x): return [x, 2*x]\ndef f(v[n]): return sum(g(v)[:, 1])": ([X, Y], "2*x + 2*y"),
    "def g(x): return x, 2*x\ndef f(v[n]):\n    a, b = g(v)\n    return a @ b": ([X, Y], "x*(2*x) + y*(2*y)"),
    "def f(v[n]): return sum([[v[0], 1], [2, 3]].T[0]*v[::2])": (V, "x*x + 2*z"),
}


@pytest.mark.parametrize("text", EXACT)
def test_exact(text: str) -> None:
    argument, wanted = EXACT[text]
    found = of(text, v=argument) if isinstance(argument, list) else of(text, x=argument)
    assert str(found) == wanted


PARAMETERS = """
param shared = 1

layer l1[*widths](x[n]):
    for m in widths:
        param W[m, n] = zeros()
    return shared * (W @ x)

model net(x[2]):
    inner = [l1[1](x)[0] for i in range(2)]
    return inner[0] + l1[1](x)[0] + (linear[1](x)[0] if x[0] > 0 else linear[1](x)[0])

def f(x[2]):
    return net(x) + sum(p for p in params)
"""


def test_parameters_have_the_names_that_the_compiler_gives_them() -> None:
    """A layer in a comprehension is one layer; each arm of a branch has its own."""
    module = emitted.emit(PARAMETERS)
    assert [p.name for p in module.module.parameters][:3] == ["net.l1_1.W", "shared", "net.l1_2.W"]
    agrees(module, "f", emitted.point(module, "f", random.Random(0)))


def test_what_is_imported_is_given_along() -> None:
    main = parse('import "other.mg"\ndef f(x): return g(x)', "f.mg")
    other = parse("def g(x): return x*x", "other.mg")
    assert str(meaning([main, other], "f", {"x": X})) == "x*x"


def test_the_prelude_keeps_its_own_names() -> None:
    """A model's own `norm` is not the one that `std` is made of."""
    module = emitted.emit("def norm(v[n]): return 7*n\ndef f(x[n]): return norm(x) + std(x)")
    agrees(module, "f", emitted.point(module, "f", random.Random(0)))
    assert str(of("def norm(v[n]): return 7*n\ndef f(x[n]): return norm(x)", x=[X])) == "7"


def test_constants_can_be_changed() -> None:
    file = parse("const k = 2\nconst c = 0.5\ndef f(x[k]): return c*sum(x)", "f.mg")
    assert str(meaning(file, "f", {"x": V}, constants={"k": 3.0, "c": 0.25})) == "1/4*(x + y + z)"


def test_numbers_among_the_arguments_are_exact() -> None:
    assert str(of("def f(x, k: int, y = 0.3): return x*k + y", x=0.1, k=2)) == "1/2"


def test_several_results_and_integers() -> None:
    assert of("def f(x[n]): return n, n // 2, [[x[i], x[j]] for i, j][1, 0]", x=[X, Y]) == (2, 1, [Y, X])


def test_sizes_that_no_array_tells() -> None:
    file = parse("def f(A[m, n], x[n]): return sum(A @ x) + n", "f.mg")
    assert meaning(file, "f", {"A": [], "x": V}, sizes={"m": 0, "n": 3}) == 3


WITHOUT_ROWS = {  # of A[0, 3] and V[3, 2]: the result, which has the shape that turns would give it
    "p = [A[i]*2 for i]\n    return p @ V": [],
    "p = [softmax(A[i]) for i]\n    return (p @ V).T": [[], []],
    "p = [[A[i], 2*A[i]] for i]\n    return sum(p[i, 0, 1:] for i)": [0, 0],
    "return sum(A[i] @ V for i)": [0, 0],
    "p = [A[i + 1] - A[i] for i in range(n)]\n    return (p @ V).T": [[], []],
    "p = [A[i, 1]*V[0] for i if n > 5]\n    return p.T": [[], []],
    "p = [[A[i, j] for j] for i]\n    return p.T": [[], [], []],
    "p = [V[0]/(n*A[i, 0]) for i]\n    return p.T": [[], []],
    "return sum(V[j] for i, j if A[i, j] > 0)": [0, 0],
    "return g(A[:, 0]).T": [[], []],
    "p, q = h(A[:, 0])\n    return [p, q]": [[], []],
}


@pytest.mark.parametrize("body", WITHOUT_ROWS)
def test_an_array_without_rows_keeps_their_shape(body: str) -> None:
    text = "def g(x): return [x, 2*x]\ndef h(x): return x, 2*x\ndef f(A[n, m], V[m, e]):\n    " + body
    V = [[X, Y]] * 3
    assert meaning(parse(text, "f.mg"), "f", {"A": [], "V": V}, sizes={"n": 0, "m": 3}) == WITHOUT_ROWS[body]


FAILURES: dict[str, tuple[Any, type[Exception]]] = {
    "def f(v[n]): return mean(v[i] for i in range(0))": (V, ZeroDivisionError),
    "def f(v[n]): return 1/(n - 3)": (V, ZeroDivisionError),
    "def f(v[n]): return v[n]": (V, Misfit),
    "def f(v[n]): return v[0 - n]": (V, Misfit),
    "def f(v[n]): return sum(v[n - 4:])": (V, Misfit),
    "def f(v[2]): return v[0]": (V, Misfit),
    "def f(v[n]): return sum(v[i] for i in range(argmax(v)))": (V, terms.Undecided),
}


@pytest.mark.parametrize("text", FAILURES)
def test_failures(text: str) -> None:
    argument, kind = FAILURES[text]
    with pytest.raises(kind):
        of(text, v=argument)


def test_long_chains() -> None:
    """Ten thousand terms, and ten thousand statements."""
    wide = of("def f(x, y): return " + " + ".join(["x*y"] * 10_000), x=X, y=Y)
    assert sum(node.op == "add" for node in terms.topological([wide])) == 9_999
    deep = of("def f(x):\n" + "    x = sin(x) + x\n" * 10_000 + "    return x", x=X)
    assert sum(node.op == "sin" for node in terms.topological([deep])) == 10_000
    either = of("def f(x): return 1 if " + " or ".join(f"x > {k}" for k in range(3_000)) + " else x", x=X)
    assert either.op == "select"


def test_the_polygamma_functions_of_negative_numbers() -> None:
    """Reflected: mpmath's own climbs up from -794,000 in as many steps."""
    with mp.workdps(50):
        for order, name in ((1, "trigamma"), (2, "tetragamma")):
            near = [FUNCTIONS[name](mpf(x)) - mp.psi(order, mpf(x)) for x in (-3.3, -0.5, -17.25, 0.3)]
            assert all(abs(one) < mpf(10) ** -40 for one in near)
            assert mp.isfinite(FUNCTIONS[name](mpf("-793997.44")))
