"""`d<name>` is the derivative of the result with respect to `<name>`: the promise of emitted code, by experiment.

A copy of each derivative function adds a small number to one of its variables wherever that is set. How the result then
changes must be the sum of what the variable's `d` holds.
"""

from __future__ import annotations

import ast
import itertools
import math
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct, field
from msgspec.structs import replace

from mgc.compiler.options import Options
from mgc.compiler.verify.text import reading
from support import emitted, generator
from support.arrays import flat
from support.quick import in_turn

PROGRAMS = Path(__file__).parents[1] / "emit" / "programs"
EXAMPLES = Path(__file__).parents[3] / "examples"
SIZES = {"digits": {"n": 2}, "gmm": {"n": 3, "k": 2, "d": 3}, "moons": {"n": 3}}
LOW = {"gmm": 0.2}
CROSSED = """
def same_name_twice(x[n]):
    h = [sin(x[i]) for i]
    h = [exp(h[i])*h[j] for i, j]
    h = sum(h[i, i] for i)
    return h*h

def result_read_on(x[n]):
    h = [sin(x[i]) for i]
    h = [exp(h[i]) for i]
    return h, sum(h)

def arguments_as_results(x, y): return x, x*y, y

def ones(x[n], y): return y + sum(x)

def authors_dh(h, dh):
    h_2 = h*dh
    h_3 = h_2 + sin(h)
    return exp(h_3) + h_2*h

def one_value_for_two(x[n]):
    u = [2*x[i] for i]
    return sum(exp(u[i]) for i) * sum(exp(u[j])**2 for j)

def elements_and_array(x[n]):
    h = [sin(x[i]) for i]
    return sum(h[i]*h[n - 1 - i]*exp(h[i]) for i)

def branches(x[n], t):
    h = [relu(x[i] - t) for i]
    h = [h[i]*t if x[i] > 0 else exp(h[i]) for i]
    return sum(h[i]**2 for i) + max(h[0], t) + logsumexp(h)

def literal(a, b):
    v = [a, b, a*b]
    return sum(v[i]**2 for i) + v[2]*v[0]

def words(lambda, iv):
    el = lambda*iv
    return exp(el)*el + iv
"""


class Variable(Struct):
    """How an emitted function sets a variable."""

    loops: int  # around the statement that first gives it, or an element, a value
    values: list[ast.expr] = field(default_factory=list)
    added: list[ast.operator] = field(default_factory=list)


def variables(body: list[ast.stmt], loops: int = 0, found: dict[str, Variable] | None = None) -> dict[str, Variable]:
    found = {} if found is None else found
    for statement in body:
        match statement:
            case ast.Assign(targets=[target], value=value):
                variable = found.setdefault(root(target), Variable(loops))
                if variable.values and is_filled(variable.values[-1]):
                    variable.loops = loops
                variable.values.append(value)
            case ast.AugAssign(target=target, op=op):
                found.setdefault(root(target), Variable(loops)).added.append(op)
            case ast.For() | ast.If():
                inner = loops + isinstance(statement, ast.For)
                variables([*statement.body, *statement.orelse], inner, found)
    return found


def root(target: ast.expr) -> str:
    while isinstance(target, ast.Subscript):
        target = target.value
    assert isinstance(target, ast.Name)
    return target.id


def is_bare(value: ast.expr) -> bool:
    """Another name for the same thing, or an array with nothing in it yet."""
    return isinstance(value, ast.Name | ast.Subscript) or is_filled(value)


def is_filled(value: ast.expr) -> bool:
    return isinstance(value, ast.ListComp) or (isinstance(value, ast.BinOp) and isinstance(value.left, ast.List))


def can_be_moved(variable: Variable) -> bool:
    """A sum, or what is set by expressions: not a maximum, a product or a row."""
    if variable.added:
        return all(isinstance(op, ast.Add) for op in variable.added)
    first = ast.unparse(variable.values[0])
    return "inf" not in first and not all(is_bare(value) for value in variable.values) and not is_row(variable)


def is_row(variable: Variable) -> bool:
    return any(isinstance(value, ast.Name | ast.Subscript) for value in variable.values)


class Experiment(ast.NodeTransformer):
    """Add `_by` to a variable, and note what its `d` holds at the end of the block that makes it."""

    def __init__(self, name: str, variable: Variable) -> None:
        self.name = name
        self.by_start = bool(variable.added)

    def visit_Assign(self, node: ast.Assign) -> ast.Assign:
        if root(node.targets[0]) == self.name and (self.by_start or not is_bare(node.value)):
            node.value = ast.Call(ast.Name("_moved", ast.Load()), [node.value], [])
        return node

    def noting(self, body: list[ast.stmt]) -> list[ast.stmt]:
        derivative = f"d{self.name}"
        made = any(
            isinstance(s, ast.Assign) and isinstance(s.targets[0], ast.Name) and s.targets[0].id == derivative
            for s in body
        )
        if not made:
            return body
        note = ast.parse(f"_noted.append({derivative})").body
        return [*body[:-1], *note, body[-1]] if isinstance(body[-1], ast.Return) else [*body, *note]


def instrumented(function: ast.FunctionDef, name: str, variable: Variable) -> ast.FunctionDef:
    copy = ast.parse(ast.unparse(function)).body[0]
    assert isinstance(copy, ast.FunctionDef)
    experiment = Experiment(name, variable)
    experiment.visit(copy)
    for node in ast.walk(copy):
        match node:
            case ast.FunctionDef() | ast.For():
                node.body = experiment.noting(node.body)
            case ast.If():
                node.body, node.orelse = experiment.noting(node.body), experiment.noting(node.orelse)
    return ast.fix_missing_locations(copy)


def check(module: emitted.Emitted, source: random.Random, sizes: dict[str, int] | None = None, low: float = 0.2) -> int:
    """Every `d<name>` of every derivative; returns how many."""
    count = 0
    functions = {f.name: f for f in ast.parse(module.module.text).body if isinstance(f, ast.FunctionDef)}
    for info in module.module.functions:
        if info.gradient_name is None:
            continue
        at = emitted.point(module, info.name, source, sizes, low)
        seeds = emitted.seeds_for(module, info.name, at, source)
        function = functions[info.gradient_name]
        found = variables(function.body)
        for name, variable in found.items():
            derivative = found.get(f"d{name}")
            if derivative is not None and can_be_moved(variable) and not is_row(derivative):
                changed = instrumented(function, name, variable)
                check_one(module, info.name, at, seeds, changed, variable.loops, derivative.loops, name)
                count += 1
    return count


def check_one(
    module: emitted.Emitted, of: str, at: Any, seeds: Any, changed: ast.FunctionDef, loops: int, outer: int, name: str
) -> None:
    noted: list[Any] = []
    moved: list[Any] = []

    def along(by: float) -> float:
        def move(value: Any) -> Any:
            moved.append(value)
            return emitted.mapped(lambda x: x + by, value)

        noted.clear()
        moved.clear()
        names = {**module.names, "_moved": move, "_noted": noted}
        exec(compile(ast.Module([changed], []), "changed.py", "exec"), names)  # the emitted code of our own text
        value, _ = emitted.gradient(emitted.Emitted(module.file, module.module, names, module.constants), of, at, seeds)
        if not seeds:
            return float(value)
        return math.fsum(a * b for a, b in zip(flat(value), flat(list(seeds)), strict=True))

    try:
        wanted = emitted.slope(along)
    except (ArithmeticError, ValueError):
        return
    along(0.0)
    held = [math.fsum(flat(noted))]
    if depth(noted) + outer < depth(moved) + loops and noted:  # one for each of many values, or by one set many times
        held.append(held[0] * len(flat(moved)) / len(flat(noted)))
    elif len(flat(noted)) < len(flat(moved)):
        return  # a branch that was not taken had no need of it
    known = not math.isnan(wanted)
    assert not known or any(emitted.close(sum_, wanted, 1e-5) for sum_ in held), (of, name, held, wanted)


def depth(array: Any) -> int:
    return 1 + depth(array[0]) if isinstance(array, list) and array else 0


STYLES = {"plain": Options(), "unroll": Options(unroll=8), "lesson": Options(style="lesson")}
UNROLLED_SLOWLY = ("capture", "digits", "gmm", "layers", "moons", "ninja", "results")


def samples() -> Iterator[Any]:
    """What is written, in every style."""
    texts = {path.stem: path.read_text("utf-8") for path in sorted([*PROGRAMS.glob("*.mg"), *EXAMPLES.glob("*.mg")])}
    for (name, text), style in itertools.product({**texts, "crossed": CROSSED}.items(), STYLES):
        slow = style == "unroll" and name in UNROLLED_SLOWLY
        yield pytest.param(text, name, STYLES[style], id=f"{name}-{style}", marks=[pytest.mark.slow] if slow else [])


@pytest.mark.parametrize(("text", "name", "options"), list(samples()))
def test_d_before_a_name_is_the_derivative_by_it(text: str, name: str, options: Options) -> None:
    module = emitted.emit(text, options=options)
    check(module, random.Random(1), SIZES.get(name), LOW.get(name, 0.2))


@pytest.mark.parametrize(("seed", "options"), in_turn({str(seed): seed for seed in range(30)}, STYLES))
def test_it_is_in_random_programs(seed: int, options: Options) -> None:
    check(emitted.emit(generator.program(seed), options=options), random.Random(1))


def test_the_experiment_sees_crossed_names() -> None:
    text = "def f(x[n]):\n    h = [sin(x[i]) for i]\n    h = [exp(h[i])*h[0] for i]\n    return sum(h[i]**2 for i)\n"
    module = emitted.emit(text)
    assert check(module, random.Random(1)) >= 2
    other = {"dh": "dh2", "dh2": "dh"}
    crossed = re.sub(r"\bdh2?\b", lambda found: other[found[0]], module.module.text)
    with pytest.raises(AssertionError, match="'f', 'h"):
        check(emitted.execute(replace(module.module, text=crossed), text, "f.mg", {}), random.Random(1))


@pytest.mark.parametrize(
    ("text", "signature", "result"),
    [
        ("def f(x):\n    x = sin(x)\n    return x*x", "(x)", "out, (dx,)"),
        ("def f(h, dh): return sin(h)*dh*h", "(h, dh)", "out, (dh_2, ddh)"),
        ("def f(iv, class): return sin(iv)*class*iv", "(iv, class_)", "out, (div_, dclass_)"),
        ("def f(x, y): return x*exp(y)", "(x, y)", "out, (y_exp, out)"),
        ("def f(x, y): return x, x*sin(y)*y", "(x, y, dx_out, dout_2)", "(x, out_2), (dx, dy)"),
        ("def f(x):\n    h = sin(x)\n    return h, h*h", "(x, dh_out, dout_2)", "(h, out_2), (dx,)"),
        ("def f(x[n]):\n    h = sin(x)\n    return h", "(x, dh)", "h, (dx,)"),
        ("def f(x[n]): return x, sum(x)", "(x, dout_1_out, dout_2)", "(out_1, out_2), (dx,)"),
        ("def f(x[n]): return x - 1, sum((x - 1)**2)", "(x, dout_1_out, dout_2)", "(out_1, out_2), (dx,)"),
        ("def f(x[n]): return [1.0 for i in range(n)]", "(x, dout)", "out, ([0.0] * n,)"),
    ],
)
def test_names_in_signatures_and_results(text: str, signature: str, result: str) -> None:
    lines = emitted.emit(text).module.text.splitlines()
    assert any(re.fullmatch(r"def f_(value_and_grad|vjp)" + re.escape(f"{signature}:"), line) for line in lines)
    assert lines[-1] == f"    return {result}"


RETURNS = [
    ("def f(x, lambda): return x*lambda", "Returns (value, grads); grads holds those of x, lambda_."),
    ("def f(x, k: int): return x*k", "Returns (value, grads); grads holds that of x."),
    ("param W[2] = 1\ndef f(x): return sum(W)*x", "Returns (value, grads); grads is a dict like params."),
]


@pytest.mark.parametrize(("text", "said"), RETURNS)
def test_the_docstring_says_what_is_returned(text: str, said: str) -> None:
    tree = ast.parse(emitted.emit(text).module.text)
    documents = [ast.get_docstring(node) for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert str(documents[-1]).endswith(said)
    wanted = ("params",) if "params" in said else tuple(said.rstrip(".").split(" of ")[1].split(", "))
    assert reading.read(tree)[0].wrt == wanted


def test_the_docstring_says_that_all_derivatives_are_0() -> None:
    said = "All derivatives are 0: the value is\n    constant but for jumps."
    assert said in emitted.emit("def f(x): return floor(x)").module.text
    assert "are 0" not in emitted.emit("def f(x): return floor(x)*x").module.text


def test_a_list_of_many_arguments_is_wrapped() -> None:
    names = [f"argument_{place}" for place in range(30)]
    text = emitted.emit(f"def f({', '.join(names)}): return {' * '.join(names)}").module.text
    assert reading.read(ast.parse(text))[0].wrt == tuple(names)
    assert max(len(line) for line in text.splitlines() if "grads" in line or "argument_7" in line) <= 88


def test_sizes_are_documented_by_their_emitted_names() -> None:
    text = emitted.emit("def f(x[lambda, 2*lambda], x_2): return sum(x)*x_2").module.text
    assert "    x: [lambda_, 2*lambda_] of float\n" in text
    found = reading.read(ast.parse(text))[0]
    assert found.arguments == (
        reading.Argument("x", ("lambda_", "2*lambda_"), "float"),
        reading.Argument("x_2", (), "float"),
    )
