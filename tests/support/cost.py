"""Operations counted, not timed: what emitted Python executes, and what a direct reading of its source does.

Sums, products and quotients of floats count 1, whole powers and simple functions too, other functions CALL; signs,
comparisons, copies and the arithmetic of indices count nothing. Of the source each named value counts once, whole.

>>> text = "def f(x):\\n    total = 0.0\\n    for i in range(3):\\n        total += sin(x) / 2.0\\n    return total\\n"
>>> executed("from math import sin\\n" + text, "f", [1.0])[0]
18
>>> read(parse("def f(x[n]): y = [exp(x[i]) for i]\\n    return y[0]*2\\n".replace(": y", ":\\n    y"), "f.mg"), "f",
...      {"x": [1.0, 2.0]}, {})
9
"""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from msgspec import Struct

from mgc.compiler.language import library
from mgc.compiler.module import FunctionInfo, Module
from mgc.grammar import tree
from support import evaluator
from support.duals import PLAIN, Operations
from support.values import Machine

CALL = 4  # what a function of the library costs, in sums
SIMPLE = frozenset("abs fabs sign copysign floor ceil trunc round relu div mod floordiv fma".split())
SIMPLE |= frozenset("add sub mul fmod remainder".split())
FREE = frozenset("max min range len float int isnan isfinite isinf element check_shape neg zip enumerate".split())


def _of_power(exponent: float) -> int:
    """Of a whole one its products, for which they may be written out."""
    return max(1, min(abs(exponent), CALL) - 1) if isinstance(exponent, int) else CALL


def _weight(name: str) -> int:
    return 0 if name in FREE else 1 if name in SIMPLE else CALL


# --- what is emitted


class _Counting(ast.NodeTransformer):
    """`a + b` as `__count__(1, a + b)`, outside of indices, and so for all that counts."""

    def __init__(self, own: frozenset[str]) -> None:
        self.own = own  # helpers that are counted by what they do

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        if isinstance(node.left, ast.List | ast.ListComp):
            return node
        self.generic_visit(node)
        if isinstance(node.op, ast.Pow):
            return ast.Call(ast.Name("pow", ast.Load()), [node.left, node.right], [])
        return _counted(1, node)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.stmt:
        if isinstance(node.value, ast.Constant):
            return node  # turns that are counted
        read = ast.parse(ast.unparse(node.target), mode="eval").body
        value = self.visit_BinOp(ast.BinOp(read, node.op, node.value))
        return ast.Assign([node.target], value)

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        self.generic_visit(node)
        return ast.Call(ast.Name("__compare__", ast.Load()), [node], [])

    def visit_Call(self, node: ast.Call) -> ast.expr:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name in FREE:
            return node
        self.generic_visit(node)
        return node if name in {*self.own, "pow"} else _counted(_weight(name), node)


def _counted(weight: int, node: ast.expr) -> ast.expr:
    return ast.Call(ast.Name("__count__", ast.Load()), [ast.Constant(weight), node], [])


def executed(text: str, name: str, arguments: Sequence[Any]) -> tuple[int, int, Any]:
    """How many operations and comparisons a function of an emitted file executes, and what it returns."""
    module = ast.parse(text)
    functions = {node.name: node for node in module.body if isinstance(node, ast.FunctionDef)}
    own = frozenset(n for n, f in functions.items() if (ast.get_docstring(f) or "").startswith("The operation "))
    for one in {name, *own}:
        _Counting(own).visit(functions[one])
    total = compared = 0

    def count(weight: int, result: Any) -> Any:
        nonlocal total
        total += weight if isinstance(result, float) else 0
        return result

    def compare(result: bool) -> bool:
        nonlocal compared
        compared += 1
        return result

    names: dict[str, Any] = {"__count__": count, "__compare__": compare}
    exec(compile(ast.fix_missing_locations(module), "emitted.py", "exec"), names)  # the emitted file of our own text
    power = names.get("pow", pow)
    names["pow"] = lambda base, exponent: count(_of_power(exponent), power(base, exponent))
    result = names[name](*arguments)
    return total, compared, result


# --- what the source says


def read(file: tree.File, name: str, arguments: Mapping[str, Any], params: Mapping[str, Any]) -> int:
    """How many operations its reading takes, the prelude's definitions read as they are written."""
    total = 0

    def counting(op: str, compute: Callable[..., Any], *operands: Any) -> Any:
        nonlocal total
        result = compute(*operands)
        weight = _of_power(operands[1]) if op == "pow" else _weight(op)
        total += weight
        return result

    operations: Operations = {
        op: (partial(counting, op, compute), tuple([_flat] * len(rules))) for op, (compute, rules) in PLAIN.items()
    }
    declared: dict[str, Any] = {"ieee": tree.Const("ieee", tree.Number(0, _NOWHERE), _NOWHERE)}
    declared |= {name: library.function(name) for name in library.names("prelude.mg")}
    declared |= {getattr(d, "name", ""): d for d in file.declarations}
    machine = Machine(declared, params, operations, whole=True)
    found = evaluator.run(file, name, arguments, machine=machine)
    for array in found if isinstance(found, tuple) else (found,):
        array.flat()
    return total


_NOWHERE = tree.Span(1, 1, 1, 1)


def _flat(*operands: Any) -> Any:
    return None


# --- both, at a point


class Cost(Struct, frozen=True):
    """Of a function at a point: its source, its value, its derivatives, and how many numbers are given back, or in."""

    source: int
    value: int
    value_compared: int
    derivatives: int
    derivatives_compared: int
    entries: int

    @property
    def excess(self) -> float:
        """Of the derivatives beyond what is to be written, in units of the value."""
        done = self.derivatives + self.derivatives_compared - self.entries
        return max(0, done) / max(1, self.value + self.value_compared)


def cost(
    module: Module, file: tree.File, info: FunctionInfo, point: Mapping[str, Any], params: Mapping[str, Any]
) -> Cost:
    """Errors: what Python's arithmetic raises, IndexError, Unfit."""
    own = {name: params[name] for name in info.parameters}
    given = ([own] if own else []) + [point[a.name] for a in info.arguments if a.default is None]
    value, compared, results = executed(module.text, info.emitted_name, given)
    source = read(file, info.name, point, own)
    if info.gradient_name is None:
        return Cost(source, value, compared, 0, 0, 0)
    by = [] if info.gradient_name.endswith("value_and_grad") else results if len(info.results) > 1 else [results]
    derivatives, tested, (_, grads) = executed(module.text, info.gradient_name, [*given, *by])
    entries = _entries([by, results, list(grads.values() if isinstance(grads, dict) else grads)])
    return Cost(source, value, compared, derivatives, tested, len(entries))


def _entries(nested: Any) -> list[Any]:
    return [x for part in nested for x in _entries(part)] if isinstance(nested, list | tuple) else [nested]


def drawn(source: random.Random, shape: Sequence[int], dtype: str) -> Any:
    """Numbers between 0.3 and 2.3, whole ones 0 or 1: inside the domains of most functions, and of most axes."""
    if shape:
        return [drawn(source, shape[1:], dtype) for _ in range(shape[0])]
    return source.randrange(2) if dtype == "int" else 0.3 + 2 * source.random()


def drawn_for(module: Module, info: FunctionInfo, doubled: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """A point and parameters at small sizes, or at those times `doubled`."""
    source = random.Random(info.name)
    names = sorted({name for text in _sizes_of(module, info) for name in re.findall(r"[a-z]\w*", text)})
    known = {name: (3 + place % 2) * doubled for place, name in enumerate(names)}

    def sizes(shape: Sequence[str]) -> list[int]:
        return [int(eval(size, {}, dict(known))) for size in shape]  # sizes of our own models

    point = {a.name: drawn(source, sizes(a.shape), a.dtype) for a in info.arguments if a.default is None}
    point |= {a.name: a.default for a in info.arguments if a.default is not None}
    return point, {
        p.name: drawn(source, sizes(p.shape), "float") for p in module.parameters if p.name in info.parameters
    }


def _sizes_of(module: Module, info: FunctionInfo) -> list[str]:
    parameters = [p.shape for p in module.parameters if p.name in info.parameters]
    return [size for shape in [*[a.shape for a in info.arguments], *parameters] for size in shape]
