"""What a person passes -> plain checked numbers and nested lists, with the sizes they show.

>>> sizes = Sizes()
>>> convert([[1, 2], [3, 4]], ("n", "2"), "float", "X", sizes)
[[1.0, 2.0], [3.0, 4.0]]
>>> convert([5.0], ("n",), "float", "y", sizes)  # doctest: +IGNORE_EXCEPTION_DETAIL
Traceback (most recent call last):
DataError: argument 'y': expected shape [n] = [2], found [1] (n = 2 from argument 'X')
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any, Literal, cast

from msgspec import Struct, field

from mgc.grammar.diagnostics import DataError, printable

Nested = float | int | list["Nested"]
Shape = tuple[str, ...]
DType = Literal["float", "int", "bool"]  # no argument is declared bool: the compiler's type has it


class Sizes(Struct, frozen=True):
    """The named sizes bound so far, each with what it came from: {"n": (100, "argument 'X'")}."""

    bound: dict[str, tuple[int, str]] = field(default_factory=dict)

    def value(self, expression: str) -> int | None:
        """A size such as `16`, `n` or `n - 1` (never negative); None while a name in it is not bound."""
        if expression.isdecimal():
            return int(expression)
        if expression in self.bound:
            return self.bound[expression][0]
        found = None if expression.isidentifier() else _arithmetic(expression, self)
        return None if found is None else max(0, found)

    def bind(self, name: str, size: int, origin: str) -> None:
        self.bound.setdefault(name, (size, origin))


def convert(value: object, shape: Shape, dtype: DType, name: str, sizes: Sizes, what: str = "argument") -> Nested:
    """The value as a number (`shape` is empty) or nested lists of the given shape; binds the sizes it shows.

    Lists, tuples and anything with `.tolist()` (NumPy arrays and scalars) are accepted, and copied.
    Errors: DataError for a wrong type, a wrong nesting, a ragged list or a wrong size.
    """
    where = f"{what} '{printable(name)}'"
    extents: list[int | None] = [None] * len(shape)
    try:
        result = _level(value, extents, 0, dtype)
    except _Mismatch as mismatch:
        place = f" at {mismatch.place}" if mismatch.place else ""
        raise DataError(f"{where}: expected {described(shape, dtype)}, found {mismatch.found}{place}") from None
    check_sizes(extents, shape, where, sizes)
    return result


def described(shape: Shape, dtype: DType = "float") -> str:
    """The shape in words: 'a number', 'an array of shape [n, 2]'."""
    kind = "number" if dtype == "float" else "integer"
    if not shape:
        return f"{'a' if dtype == 'float' else 'an'} {kind}"
    return f"an array of {kind}s of shape {spelled(shape)}"


def spelled(shape: tuple[object, ...]) -> str:
    return f"[{', '.join(map(str, shape))}]"


def shape_of(value: Nested) -> tuple[int, ...]:
    """The extents of checked nested lists."""
    extents: list[int] = []
    while isinstance(value, list):
        extents.append(len(value))
        if not value:
            break
        value = value[0]
    return tuple(extents)


def filled(like: Nested, numbers: Iterator[Any]) -> Any:
    """Nested lists of the same form, of other numbers.

    >>> filled([[1.0, 2.0], [3.0]], iter("abc"))
    [['a', 'b'], ['c']]
    """
    return [filled(row, numbers) for row in like] if isinstance(like, list) else next(numbers)


def ones_like(value: Nested) -> Nested:
    """Nested lists of the same form, of ones: the adjoint of a sum's terms.

    >>> ones_like([[4.0, 2.0], [3.0]])
    [[1.0, 1.0], [1.0]]
    """
    return [ones_like(row) for row in value] if isinstance(value, list) else 1.0


def flat(value: object) -> Iterator[Any]:
    """The numbers of nested lists, of whatever kind, in order.

    >>> list(flat([[1.0, 2.0], [3.0, 4.0]]))
    [1.0, 2.0, 3.0, 4.0]
    """
    if not isinstance(value, list):
        yield value
        return
    for item in value:
        yield from flat(item)


def listed(value: object) -> object:
    """Arrays as nested lists, those in a dictionary too.

    >>> listed({"w": [1.0]})
    {'w': [1.0]}
    """
    if isinstance(value, dict):
        return {name: listed(one) for name, one in value.items()}
    to_list = getattr(value, "tolist", None)
    return value if to_list is None else to_list()


def shortened(value: object, width: int = 40) -> str:
    """The value's repr on one line, cut where it is long."""
    text = printable(repr(value) if isinstance(value, int | float | str | bool | None) else _outline(value))
    return text if len(text) <= width else f"{text[: width - 1]}…"


class _Mismatch(Exception):
    """Where in the value (`place`, such as `[3][0]`) and what was `found` there."""

    def __init__(self, place: str, found: str) -> None:
        super().__init__(place, found)
        self.place = place
        self.found = found


def _level(value: object, extents: list[int | None], depth: int, dtype: DType) -> Nested:
    """One level of nesting; recursion goes as deep as the declared shape, never as deep as the value."""
    given, to_list = value, getattr(value, "tolist", None)
    if to_list is not None:
        value = to_list()
    if depth == len(extents):
        return _number(value, dtype)
    if not isinstance(value, list | tuple):
        raise _Mismatch("", shortened(value))
    if not len(value):
        _note_inner(to_list and getattr(given, "shape", None), extents, depth)
    expected = extents[depth]
    if expected is not None and len(value) != expected:
        raise _Mismatch("", f"a ragged list: {len(value)} after rows of {expected}")
    extents[depth] = len(value)
    if depth == len(extents) - 1 and dtype == "float" and all(type(item) is float for item in value):
        return list(value)
    row: list[Nested] = []
    for position, item in enumerate(value):
        try:
            row.append(_level(item, extents, depth + 1, dtype))
        except _Mismatch as mismatch:
            raise _Mismatch(f"[{position}]{mismatch.place}", mismatch.found) from None
    return row


def _note_inner(shape: object, extents: list[int | None], depth: int) -> None:
    """The sizes that an array without rows has all the same: those behind the first of a NumPy array."""
    if isinstance(shape, tuple) and len(shape) == len(extents) - depth:
        extents[depth + 1 :] = shape[1:]


def _number(value: object, dtype: DType) -> float | int:
    if not isinstance(value, int | float):
        if getattr(getattr(value, "dtype", None), "kind", None) != "f":
            raise _Mismatch("", shortened(value))
        value = float(cast("float", value))  # a long double, which stays one in a list of NumPy's
    if dtype == "float":
        try:
            return float(value)
        except OverflowError:
            raise _Mismatch("", "an integer that is too large for a double") from None
    if isinstance(value, float) and not value.is_integer():
        raise _Mismatch("", shortened(value))
    return int(value)


def check_sizes(extents: list[int | None], shape: Shape, where: str, sizes: Sizes) -> None:
    """Bind the sizes that an array shows, and hold it against those that are bound. Errors: DataError."""
    for extent, size in zip(extents, shape, strict=True):
        if extent is not None and size.isidentifier():
            sizes.bind(size, extent, where)
    expected = [sizes.value(size) for size in shape]
    wrong = [
        axis
        for axis, (extent, size) in enumerate(zip(extents, expected, strict=True))
        if extent is not None and size is not None and extent != size
    ]
    if not wrong:
        return
    found = spelled(tuple("?" if extent is None else extent for extent in extents))
    values = spelled(tuple(size if value is None else value for size, value in zip(shape, expected, strict=True)))
    wanted = spelled(shape) if spelled(shape) == values else f"{spelled(shape)} = {values}"
    names = sorted({name for axis in wrong for name in sizes.bound if name in shape[axis]})
    origins = [f"{name} = {sizes.bound[name][0]} from {sizes.bound[name][1]}" for name in names]
    because = f" ({', '.join(origins)})" if origins else ""
    raise DataError(f"{where}: expected shape {wanted}, found {found}{because}")


def _arithmetic(expression: str, sizes: Sizes) -> int | None:
    """An arithmetic size, operator by operator (no recursion); None where it is not settled."""
    try:
        root = ast.parse(expression, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    order: list[ast.AST] = [root]
    for node in order:  # parents before children
        order.extend(child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr))
    values: dict[ast.AST, int | None] = {}
    for node in reversed(order):
        values[node] = _one_size(node, values, sizes)
    return values[root]


def _one_size(node: ast.AST, values: dict[ast.AST, int | None], sizes: Sizes) -> int | None:
    match node:
        case ast.Constant(value=int(value)):
            return value
        case ast.Name(id=name):
            return sizes.bound[name][0] if name in sizes.bound else None
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = values[operand]
            return None if inner is None else -inner
        case ast.BinOp(left=left, op=operator, right=right):
            return _binary(values[left], operator, values[right])
        case _:
            return None


def _binary(left: int | None, operator: ast.operator, right: int | None) -> int | None:
    if left is None or right is None:
        return None
    match operator:
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
        case ast.Mult():
            return left * right
        case ast.Div() | ast.FloorDiv() if right != 0 and left % right == 0:
            return left // right
        case ast.FloorDiv() if right != 0:
            return left // right
        case _:
            return None  # left to the emitted code's own check


def _outline(value: object) -> str:
    """A list is described, not spelled: it may be huge or endlessly nested."""
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}" if value else "an empty list"
    if isinstance(value, dict):
        return f"a dict of {len(value)}"
    return f"a {type(value).__name__}"
