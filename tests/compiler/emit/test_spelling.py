"""Emitted expressions read back: parse(emit(x)) is x, for random x, in Python and in C.

What the printers write in another way is first written that way in the tree: `-x * y` for `-(x * y)`, `x * x` for
`x**2`, the two arms of a relu.
"""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Callable

import pytest

from mgc.compiler.emit.c import expressions as c
from mgc.compiler.emit.c.types import DOUBLE
from mgc.compiler.emit.python import operators as python
from mgc.compiler.emit.spelling import Scope, Target
from mgc.compiler.graph.builder import Builder
from mgc.compiler.graph.nodes import Node
from mgc.compiler.schedule.freeze import Place
from mgc.compiler.schedule.loopnest import Variable
from support import targets

BINARY = {"add": "+", "sub": "-", "mul": "*", "div": "/", "floordiv": "//", "mod": "%"}
COMPARE = {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!="}
LOGIC = {"and": "&&", "or": "||"}
SPELT = {spelt: op for table in (BINARY, COMPARE, LOGIC) for op, spelt in table.items()}
NAMES = "abckm"

Make = Callable[..., Node]


def canonical(build: Builder) -> Make:
    """Makes nodes as the printers write them: the sign of a product is that of its first factor, and no two signs
    stand beside each other."""

    def make(op: str, *args: Node) -> Node:
        if op == "neg" and args[0].op == "neg":
            return args[0].args[0]
        if op in ("add", "sub") and args[1].op == "neg":
            return make({"add": "sub", "sub": "add"}[op], args[0], args[1].args[0])
        if op == "not" and args[0].op in ("eq", "ne"):
            return make({"eq": "ne", "ne": "eq"}[args[0].op], *args[0].args)
        if op in ("mul", "div") and args[0].op == "neg":
            return make("neg", make(op, args[0].args[0], *args[1:]))
        if op == "pow":
            product = args[0]
            for _ in range(int(args[1].attribute) - 1):  # type: ignore[arg-type]  # the exponents here are small numbers
                product = make("mul", product, args[0])
            return product
        if op == "relu":
            return make("select", make("le", args[0], number(build, "0.0")), number(build, "0.0"), args[0])
        return build.make(op, args)

    return make


def variable(build: Builder, name: str) -> Node:
    return build.make("input", (), name, "int" if name in "km" else "float")


def number(build: Builder, text: str) -> Node:
    return build.number(float(text)) if "." in text else build.integer(int(text))


def as_written(build: Builder, node: Node, exact: str) -> Node:
    """The tree with the printers' own ways of writing; `exact` is the operator of a division without a remainder."""
    if node.op == "input":
        return node
    if node.op == "const":
        text = repr(node.attribute)
        return build.make("neg", (number(build, text[1:]),)) if text.startswith("-") else node
    op = exact if node.op == "exactdiv" else node.op
    return canonical(build)(op, *[as_written(build, argument, exact) for argument in node.args])


def from_python(build: Builder, text: str) -> Node:
    make = canonical(build)

    def read(tree: ast.expr) -> Node:
        match tree:
            case ast.Name():
                return variable(build, tree.id)
            case ast.Constant():
                return number(build, repr(tree.value))
            case ast.UnaryOp(ast.USub()):
                return make("neg", read(tree.operand))
            case ast.UnaryOp(ast.Not()):
                return make("not", read(tree.operand))
            case ast.BinOp(op=ast.Pow()):
                return make("pow", read(tree.left), read(tree.right))
            case ast.BinOp():
                return make(OPERATORS[type(tree.op)], read(tree.left), read(tree.right))
            case ast.Compare(ops=[one]):
                return make(OPERATORS[type(one)], read(tree.left), read(tree.comparators[0]))
            case ast.BoolOp():
                found = read(tree.values[0])
                for value in tree.values[1:]:
                    found = make(OPERATORS[type(tree.op)], found, read(value))
                return found
            case ast.IfExp():
                return make("select", read(tree.test), read(tree.body), read(tree.orelse))
            case ast.Call(func=ast.Name(id=called)):
                return make(called, *[read(argument) for argument in tree.args])
        raise AssertionError(ast.dump(tree))

    return read(ast.parse(text, mode="eval").body)


OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div", ast.FloorDiv: "floordiv", ast.Mod: "mod",
    ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge", ast.Eq: "eq", ast.NotEq: "ne",
    ast.And: "and", ast.Or: "or",
}  # fmt: skip
LEVELS = (("||",), ("&&",), ("==", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "/"))  # of C, weakest first
CALLS = {"modulo": "mod", "floor_divide": "floordiv"}


def from_c(build: Builder, text: str) -> Node:
    make = canonical(build)
    tokens = re.findall(r"\(double\)|[\w.]+|\|\||&&|[<>=!]=|\S", text)[::-1]

    def conditional() -> Node:
        condition = binary(0)
        if not tokens or tokens[-1] != "?":
            return condition
        tokens.pop()
        then = conditional()
        assert tokens.pop() == ":"
        return make("select", condition, then, conditional())

    def binary(level: int) -> Node:
        if level == len(LEVELS):
            return unary()
        left = binary(level + 1)
        while tokens and tokens[-1] in LEVELS[level]:
            op = SPELT[tokens.pop()]
            left = make(op, left, binary(level + 1))
        return left

    def unary() -> Node:
        token = tokens.pop()
        if token == "(double)":
            return unary()
        if token in "-!":
            return make("neg" if token == "-" else "not", unary())
        if token == "(":
            inside = conditional()
            assert tokens.pop() == ")"
            return inside
        if tokens and tokens[-1] == "(":
            tokens.pop()
            args = [conditional()]
            while tokens[-1] == ",":
                tokens.pop()
                args.append(conditional())
            assert tokens.pop() == ")"
            return make(CALLS.get(token, token), *args)
        return variable(build, token) if token.isalpha() else number(build, token)

    found = conditional()
    assert not tokens
    return found


def random_number(build: Builder, source: random.Random, depth: int) -> Node:
    inner = [random_number(build, source, depth - 1) for _ in range(2)] if depth else []
    if not depth or source.random() < 0.1:
        leaf = source.choice((build.number(0.5), build.number(-1.5), build.integer(2)))
        return variable(build, source.choice(NAMES)) if source.random() < 0.8 else leaf
    op = source.choice([*BINARY, *BINARY, "exactdiv", "neg", "neg", "neg", "pow", "select", "relu"])
    if op in ("neg", "relu"):
        return build.make(op, (inner[0],))
    if op == "pow":
        return build.make(op, (inner[0], build.integer(source.choice((2, 3)))))
    if op == "select":
        return build.make(op, (random_condition(build, source, depth - 1), *inner))
    return build.make(op, tuple(inner))


def random_condition(build: Builder, source: random.Random, depth: int) -> Node:
    op = source.choice([*COMPARE, *LOGIC, "not"]) if depth > 0 else source.choice([*COMPARE])
    if op == "not":
        return build.make(op, (random_condition(build, source, depth - 1),))
    make = random_condition if op in LOGIC else random_number
    return build.make(op, tuple(make(build, source, max(0, depth - 1)) for _ in range(2)))


TARGETS: dict[str, tuple[Target, Callable[[Builder, str], Node], str]] = {
    "bare": (python.target(ieee=False), from_python, "floordiv"),
    "ieee": (python.target(ieee=True), from_python, "floordiv"),
    "c": (c.target(DOUBLE), from_c, "div"),
}


@pytest.mark.parametrize("target", TARGETS)
def test_what_is_emitted_reads_back(target: str) -> None:
    spelling, parse, exact = TARGETS[target]
    for seed in range(1500):
        build, source = Builder(), random.Random(seed)
        inputs = [variable(build, name) for name in NAMES]
        held = {node: (Variable(serial, "argument", node.dtype), ()) for serial, node in enumerate(inputs)}
        tree = random_number(build, source, source.randrange(1, 5))
        text = Scope(spelling, dict(enumerate(NAMES))).write(Place(held, {}).value(tree))
        assert parse(build, text) is as_written(build, tree, exact), (seed, text)


SIGNS = """
def twice(a, b): return -(a % b * 2)
def half(a, b): return -(a % b / 2)
def of_a_product(a, b): return -((a * 3) % b * a)
"""
COUNTS = "def f(x, n: int, m: int): return x*-(n // m * 2) + x*-(n % m * 3)"


@pytest.mark.parametrize("target", targets.TARGETS)
def test_the_sign_of_a_product_with_a_remainder(target: str) -> None:
    code = targets.TARGETS[target](SIGNS)
    for name, value, slopes in (
        ("twice", -3.0, (-2.0, 4.0)),
        ("half", -0.75, (-0.5, 1.0)),
        ("of_a_product", -2.75, (-17.0, 44.0)),
    ):
        assert code.value(name, (5.5, 2.0)) == value
        assert code.value_and_grad(name, (5.5, 2.0)) == (value, slopes)
    assert targets.TARGETS[target](COUNTS).value("f", (1.0, 5, 2)) == -7.0
