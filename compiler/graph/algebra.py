"""Node constructors: arguments -> node, with the rewrites that keep every value, bit for bit.

A rewrite is here only if it holds for every double: signed zeros, infinities and nan included.
So `x*1`, `-(-x)` and `x/1` are simplified, and `x*0`, `x - x`, `x/x` stay as they are written.

>>> from mgc.compiler.graph.builder import Builder
>>> build = Builder()
>>> x = build.make("input", (), "x")
>>> apply(build, None, (x, build.number(1.0)), "mul") is x
True
>>> apply(build, None, (x, build.number(0.0)), "mul").op
'mul'
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable

from mgc.compiler.graph.builder import Builder
from mgc.compiler.graph.nodes import COMPARISONS, Dtype, Node
from mgc.compiler.graph.partial import is_partial
from mgc.compiler.language import library

Constructor = Callable[[Builder, tuple[Node, ...]], Node | None]

_ARITHMETIC = frozenset({"add", "sub", "mul", "div", "neg", "pow", "mod", "floordiv"})
_FOLD: dict[str, Callable[[float, float], float]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "mod": operator.mod,
    "floordiv": operator.floordiv,
    "pow": math.pow,
}
_INTEGER_FOLD: dict[str, Callable[[int, int], int]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "mod": operator.mod,
    "floordiv": operator.floordiv,
}
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
    "eq": operator.eq,
    "ne": operator.ne,
}
_MAX_INTEGER = 2**53  # beyond it an integer is no longer exact as a double, and C's long may overflow


def apply(build: Builder, node: Node | None, args: tuple[Node, ...], op: str | None = None) -> Node:
    """The operation of `node` (or the one named `op`) on `args`, simplified."""
    name = op or (node.op if node is not None else "")
    args = _common_dtype(build, name, args)
    rule = _RULES.get(name)
    simpler = rule(build, args) if rule is not None else None
    if simpler is not None:
        return simpler
    attribute = node.attribute if node is not None else None
    dtype: Dtype | None = node.dtype if node is not None and name in ("input", "reduce", "const", "size") else None
    return build.make(name, args, attribute, dtype)


def number(node: Node) -> float | int | None:
    """The value of a numeric constant, else None."""
    value = node.attribute
    if node.op == "const" and isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return None


def as_float(build: Builder, node: Node) -> Node:
    """The same number as a float: constants are converted now, integers where they are used."""
    if node.dtype == "int" and node.op == "const" and isinstance(node.attribute, int):
        return build.number(float(node.attribute))
    if node.dtype == "bool":
        return select(build, node, build.number(1.0), build.number(0.0))
    return node


def add(build: Builder, left: Node, right: Node) -> Node:
    return apply(build, None, (left, right), "add")


def sub(build: Builder, left: Node, right: Node) -> Node:
    return apply(build, None, (left, right), "sub")


def mul(build: Builder, left: Node, right: Node) -> Node:
    return apply(build, None, (left, right), "mul")


def div(build: Builder, left: Node, right: Node) -> Node:
    return apply(build, None, (left, right), "div")


def neg(build: Builder, operand: Node) -> Node:
    return apply(build, None, (operand,), "neg")


def select(build: Builder, condition: Node, then: Node, otherwise: Node) -> Node:
    return apply(build, None, (condition, then, otherwise), "select")


def _common_dtype(build: Builder, name: str, args: tuple[Node, ...]) -> tuple[Node, ...]:
    """Integer constants that meet a float, or the target's own functions, become floats: `2 * x` is `2.0 * x`."""
    if name not in _ARITHMETIC and name not in COMPARISONS and name not in ("select", "min", "max", "pack"):
        if library.native(name, "python") is None:
            return args
        return tuple(as_float(build, argument) if argument.op == "const" else argument for argument in args)
    values = args[1:] if name == "select" else args
    dtypes = [value.dtype for value in values]
    if dtypes.count("float") == len(dtypes) or (name != "div" and "float" not in dtypes):
        return args
    if name == "pow" and args[1].dtype == "int":
        return (as_float(build, args[0]), args[1])
    head = args[:1] if name == "select" else ()
    return (*head, *[as_float(build, value) for value in values])


def _fold(build: Builder, name: str, left: Node, right: Node) -> Node | None:
    """Constants combine as the emitted code would combine them, where that raises nothing and overflows nothing."""
    a, b = number(left), number(right)
    if a is None or b is None:
        return None
    try:
        if isinstance(a, int) and isinstance(b, int) and name != "div":
            if name in _INTEGER_FOLD and abs(value := _INTEGER_FOLD[name](a, b)) <= _MAX_INTEGER:
                return build.integer(value)
            return None
        result = _FOLD[name](float(a), float(b))
    except (ArithmeticError, ValueError):
        return None
    return build.number(result) if math.isfinite(result) or a != a or b != b else None  # nan stays nan


def _add(build: Builder, args: tuple[Node, ...]) -> Node | None:
    left, right = args
    if left.dtype == right.dtype == "int" and (number(left) == 0 or number(right) == 0):
        return right if number(left) == 0 else left
    if (turned := _turned(build, right)) is not None:
        return sub(build, left, turned)
    if (turned := _turned(build, left)) is not None:
        return sub(build, right, turned)
    return _fold(build, "add", left, right)


def _turned(build: Builder, node: Node) -> Node | None:
    """What a minus stands before; nothing where the author named the negative number, which then stays."""
    is_value = node in build.names and node.origin.section == "forward"
    return node.args[0] if node.op == "neg" and not is_value else None


def _sub(build: Builder, args: tuple[Node, ...]) -> Node | None:
    left, right = args
    if left.dtype == right.dtype == "int" and number(right) == 0:
        return left
    if (turned := _turned(build, right)) is not None:
        return add(build, left, turned)
    return _fold(build, "sub", left, right)


def _mul(build: Builder, args: tuple[Node, ...]) -> Node | None:
    left, right = args
    for one, other in ((left, right), (right, left)):
        value = number(one)
        if value == 1:
            return other
        if value == -1:
            return neg(build, other)
    return _fold(build, "mul", left, right)


def _div(build: Builder, args: tuple[Node, ...]) -> Node | None:
    left, right = args
    if number(right) == 1:
        return left
    return _fold(build, "div", left, right)


def _neg(build: Builder, args: tuple[Node, ...]) -> Node | None:
    (operand,) = args
    if (turned := _turned(build, operand)) is not None:
        return turned
    value = number(operand)
    if value is None:
        return None
    return build.integer(-value) if isinstance(value, int) else build.number(-value)


def _pow(build: Builder, args: tuple[Node, ...]) -> Node | None:
    base, exponent = args
    value = number(exponent)
    if value == 1:
        return base
    if value == 0 and not is_partial(base):
        return build.number(1.0)
    if isinstance(value, float) and value.is_integer() and abs(value) <= _MAX_INTEGER:
        return apply(build, None, (base, build.integer(int(value))), "pow")
    if base.op == "const" and base.dtype == "int":  # a double overflows where Python's integers grow
        return apply(build, None, (as_float(build, base), exponent), "pow")
    return _fold(build, "pow", base, exponent)


def _exact_division(build: Builder, args: tuple[Node, ...]) -> Node | None:
    a, b = number(args[0]), number(args[1])
    if isinstance(a, int) and isinstance(b, int) and b != 0 and a % b == 0:
        return build.integer(a // b)
    return args[0] if b == 1 else None


def _integer_division(build: Builder, args: tuple[Node, ...]) -> Node | None:
    return _fold(build, "floordiv", *args)


def _modulo(build: Builder, args: tuple[Node, ...]) -> Node | None:
    return _fold(build, "mod", *args)


def _bound(build: Builder, args: tuple[Node, ...]) -> Node | None:
    index, size = number(args[0]), number(args[1])
    return args[0] if index is not None and size is not None and 0 <= index < size else None


def _select(build: Builder, args: tuple[Node, ...]) -> Node | None:
    condition, then, otherwise = args
    if condition.op == "const":
        return then if condition.attribute else otherwise
    if condition.op == "not":
        return select(build, condition.args[0], otherwise, then)
    return then if then is otherwise else None


def _compare(name: str) -> Constructor:
    def rule(build: Builder, args: tuple[Node, ...]) -> Node | None:
        a, b = number(args[0]), number(args[1])
        return None if a is None or b is None else build.boolean(_COMPARE[name](a, b))

    return rule


def _logic(name: str, absorbing: bool) -> Constructor:
    def rule(build: Builder, args: tuple[Node, ...]) -> Node | None:
        left, right = args
        for one, other in ((left, right), (right, left)):
            if one.op == "const":
                return one if bool(one.attribute) is absorbing else other
        return left if left is right else None

    return rule


def _not(build: Builder, args: tuple[Node, ...]) -> Node | None:
    (operand,) = args
    if operand.op == "const":
        return build.boolean(not operand.attribute)
    return operand.args[0] if operand.op == "not" else None


def _sqrt(build: Builder, args: tuple[Node, ...]) -> Node | None:
    """The root of a constant, which every machine rounds alike (other functions are left to the target)."""
    value = number(args[0])
    return build.number(math.sqrt(value)) if value is not None and value >= 0 and math.isfinite(value) else None


def _extremum(build: Builder, args: tuple[Node, ...]) -> Node | None:
    return args[0] if all(argument is args[0] for argument in args) else None


def _array(build: Builder, args: tuple[Node, ...]) -> Node | None:
    return build.array(args[0], args[1:])


def _read(build: Builder, args: tuple[Node, ...]) -> Node | None:
    return build.read(*args)


_RULES: dict[str, Constructor] = {
    "add": _add,
    "sub": _sub,
    "mul": _mul,
    "div": _div,
    "neg": _neg,
    "pow": _pow,
    "mod": _modulo,
    "floordiv": _integer_division,
    "exactdiv": _exact_division,
    "bound": _bound,
    "select": _select,
    "and": _logic("and", absorbing=False),
    "or": _logic("or", absorbing=True),
    "not": _not,
    "sqrt": _sqrt,
    "min": _extremum,
    "max": _extremum,
    "read": _read,
    "array": _array,
    **{name: _compare(name) for name in COMPARISONS},
}
