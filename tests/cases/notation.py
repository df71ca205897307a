"""Infix text as collections of expressions write it -> `.mg` text: conditionals for `where`, names that are free.

The text is parsed and printed again, never evaluated: what is not plain arithmetic is refused.

>>> print(definition("f", ["x", "params"], [["t", "x*params"]], "where(t > 0, sec(t), params)"), end="")
def sec(x):
    return 1 / cos(x)
def f(x, params_v):
    t = x * params_v
    return sec(t) if t > 0 else params_v
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence

# Functions that the language lacks, defined in it.
DEFINITIONS = {
    "sec": "1 / cos(x)",
    "csc": "1 / sin(x)",
    "cot": "1 / tan(x)",
    "sech": "1 / cosh(x)",
    "csch": "1 / sinh(x)",
    "coth": "1 / tanh(x)",
}
FUNCTIONS = frozenset(DEFINITIONS) | frozenset(
    """sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh exp expm1 exp2 log log1p log2 log10 sqrt cbrt abs
    sign hypot atan2 max min fma floor ceil round trunc fmod remainder copysign erf erfc gamma lgamma digamma logaddexp
    softplus where""".split()
)
RESERVED = FUNCTIONS | {"params", "pi", "e"}
ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Mod, ast.Pow)
COMPARISONS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq)


class NotArithmetic(Exception):
    """The text is no arithmetic expression."""


def parse(text: str) -> ast.expr:
    """The syntax tree of an expression. Errors: NotArithmetic."""
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
        raise NotArithmetic(f"{text[:80]!r}: {problem}") from None
    for node in ast.walk(tree):
        if not _is_arithmetic(node):
            raise NotArithmetic(f"{text[:80]!r} has a {type(node).__name__}")
    return tree


def _is_arithmetic(node: ast.AST) -> bool:
    match node:
        case ast.Constant(value):
            return type(value) in (int, float)
        case ast.Call(ast.Name(name), args, []):
            return name in FUNCTIONS and not any(isinstance(argument, ast.Starred) for argument in args)
        case ast.BinOp(_, operator, _):
            return isinstance(operator, ARITHMETIC)
        case ast.UnaryOp(operator, _):
            return isinstance(operator, ast.USub | ast.UAdd | ast.Not)
        case ast.Compare(_, operators, _):
            return all(isinstance(operator, COMPARISONS) for operator in operators)
    return isinstance(node, ast.Name | ast.BoolOp | ast.operator | ast.unaryop | ast.boolop | ast.cmpop | ast.Load)


class _Spelling(ast.NodeTransformer):
    """`where(c, a, b)` to `a if c else b`, and names to those of the model."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names

    def visit_Call(self, node: ast.Call) -> ast.expr:
        arguments = [self.visit(argument) for argument in node.args]
        assert isinstance(node.func, ast.Name)
        if node.func.id == "where":
            condition, then, otherwise = arguments
            return ast.IfExp(condition, then, otherwise)
        return ast.Call(node.func, arguments, [])

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id == "e" and "e" not in self.names:
            return ast.Call(ast.Name("exp"), [ast.Constant(1)], [])
        return ast.Name(self.names.get(node.id, node.id))


def spell(text: str, names: Mapping[str, str] | None = None) -> str:
    """The expression as `.mg` text. Errors: NotArithmetic.

    >>> spell("where(x > 0, -x**-2, e)", {"x": "x_v"})
    '-x_v ** (-2) if x_v > 0 else exp(1)'
    """
    return ast.unparse(_Spelling(names or {}).visit(parse(text)))


def renamed(names: Iterable[str]) -> dict[str, str]:
    """A name for each that no function, constant or other name of them has.

    >>> renamed(["x", "gamma", "gamma_v"])
    {'x': 'x', 'gamma': 'gamma_v_v', 'gamma_v': 'gamma_v'}
    """
    given = list(names)
    result = {}
    for name in given:
        free = name.lstrip("_") or "v"
        while free in RESERVED or (free != name and free in given):
            free += "_v"
        result[name] = free
    return result


def definition(name: str, arguments: Sequence[str], lets: Iterable[Sequence[str]], result: str) -> str:
    """A function of numbers, after the definitions of what the language lacks. Errors: NotArithmetic."""
    lines = [(target, text) for target, text in lets]
    names = renamed([*arguments, *(target for target, _ in lines)])
    called = {
        node.func.id
        for text in [*(text for _, text in lines), result]
        for node in ast.walk(parse(text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    helpers = [f"def {f}(x):\n    return {body}\n" for f, body in DEFINITIONS.items() if f in called]
    body = [f"    {names[target]} = {spell(text, names)}\n" for target, text in lines]
    head = f"def {name}({', '.join(names[argument] for argument in arguments)}):\n"
    return "".join([*helpers, head, *body, f"    return {spell(result, names)}\n"])
