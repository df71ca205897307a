"""Names of sizes -> the sizes that a function is run at.

>>> [list(sizes.values()) for sizes in choices(["n", "k"])]
[[3, 2], [4, 6], [3, 3], [2, 2], [1, 1], [0, 2], [3, 0], [0, 0]]
"""

from __future__ import annotations

import ast
import math
from collections.abc import Collection, Iterator, Mapping, Sequence

FIRST = (3, 2, 4, 5, 6, 7)  # distinct, so that no axis passes for another
SMALL = tuple(sorted(FIRST))  # of a model whose own parameters are many, and whose sizes are distinct anyway
MANY = 1000  # parameters
LARGER = (4, 6, 3, 8, 7, 9)  # in another order; loops over n - 1 and n - 2 turn more than once, d*(d - 1)/2 is not 1
EQUAL = FIRST[:2]


def choices(names: Sequence[str], parameters: int = 0, asked: Sequence[int] = ()) -> Iterator[dict[str, int]]:
    """Sizes to try, the main ones first: distinct ones, `larger` ones, `equal` ones, all 1, each 0 on its own, all 0.

    Then each of those that are `asked` for, one name at a time.

    `parameters`: how many numbers the model has besides; where they are many, not all of these are tried.
    """
    first = _sizes(names, FIRST if parameters <= MANY else SMALL)
    yield first
    if not names:
        return
    yield larger(names)
    yield from equal(names)
    if parameters <= MANY:
        yield _sizes(names, (1,))
    if len(names) > 1:
        for name in names:
            yield {**first, name: 0}
    yield _sizes(names, (0,))
    for size in asked:
        for name in names:
            if size not in (first[name], larger(names)[name]):
                yield {**first, name: size}


def asked(*functions: ast.AST) -> list[int]:
    """The sizes at which a text may do something else: those that its conditions and loops name, and the next two.

    After `if i <= 6` an index is 7 at the size 8, and `i // 2 // 3` is 0 up to 6.

    >>> asked(ast.parse("if n == 7 and x[9] > 0.0: y = [0.0 for i in range(10, n)]"))
    [7, 8, 9, 10, 11, 12]
    >>> asked(ast.parse("y = x[n // 2 // 2 // 2]"))
    [4, 5, 6, 8, 9, 10]
    >>> asked(ast.parse("ties += 1.0\\ny = max(0.0, ties - 5.5)"))
    [5, 6, 7]
    """
    found: set[int] = set()
    nodes = [part for function in functions for part in ast.walk(function)]
    grown = [node.target for node in nodes if isinstance(node, ast.AugAssign) and isinstance(node.value, ast.Constant)]
    counts = {name for target in grown for name in _named(target)}
    for node in nodes:
        match node:
            case ast.If(test=test) | ast.IfExp(test=test) | (ast.Compare() as test):
                found.update(number for number in _integers(test) if number > 1)
            case ast.Call(func=ast.Name(id="range"), args=ends) if not all(isinstance(e, ast.Constant) for e in ends):
                found.update(number for end in ends for number in _integers(end) if number > 2)
            case ast.BinOp(op=ast.FloorDiv() | ast.Mod()) | ast.Call(func=ast.Name(id="min" | "max")):
                found.update(number for number in _bounds(node) if number > 2)
        is_sum = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)
        if (is_sum or isinstance(node, ast.Compare | ast.Call)) and counts & _named(node):
            numbers = (part.value for part in ast.walk(node) if isinstance(part, ast.Constant))
            found.update(int(one) for one in numbers if isinstance(one, float) and 1 < one < math.inf)
    return sorted({number + more for number in found for more in range(3)})


def compared(names: Collection[str], *functions: ast.AST) -> list[int]:
    """The whole numbers that these names, and those computed of them, are compared with or divided by, and the next;
    then the same below 0, from which a square does not tell them.

    >>> compared(["k"], ast.parse("j = k + 1\\ny = max(j, 10) if j < 4 and x > 7 else 0.0"))
    [4, 5, 9, 10, 11, -4, -5, -9, -10, -11]
    """
    own = set(names)
    tests: list[ast.expr] = []
    for node in (part for function in functions for part in ast.walk(function)):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if own & _named(value):
                own.add(name)
            case ast.Compare() | ast.BinOp(op=ast.FloorDiv() | ast.Mod()) | ast.Call(func=ast.Name(id="min" | "max")):
                tests.append(node)
    found: set[int] = set()
    for test in (test for test in tests if own & _named(test)):
        around = (-1, 0, 1) if isinstance(test, ast.Call) else (0, 1)  # a bound shows on either side
        found.update(number + step for number in _bounds(test) for step in around)
    return [*sorted(found), *(-number for number in sorted(found) if -number not in found)]


def _bounds(expression: ast.expr) -> Iterator[int]:
    """The whole numbers in an expression, and what all the divisions in it divide by together."""
    yield from _integers(expression)
    if isinstance(expression, ast.BinOp):
        parts = [part for part in ast.walk(expression) if isinstance(part, ast.BinOp)]
        divisors = [part.right for part in parts if isinstance(part.op, ast.FloorDiv | ast.Mod)]
        yield math.prod(number for one in divisors for number in _integers(one))


def _named(expression: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(expression) if isinstance(node, ast.Name)}


def longest(*functions: ast.AST) -> int:
    """The longest axis that a text writes as a number.

    >>> longest(ast.parse("y = [[0.0] * 10 for _ in range(4)]"))
    10
    """
    found = [0]
    for node in (part for function in functions for part in ast.walk(function)):
        match node:
            case ast.Call(func=ast.Name(id="range"), args=ends):
                found += [end.value for end in ends if isinstance(end, ast.Constant) and isinstance(end.value, int)]
            case ast.BinOp(left=ast.List(), op=ast.Mult(), right=ast.Constant(value=int() as size)):
                found.append(size)
    return max(found)


def _integers(expression: ast.expr) -> Iterator[int]:
    """The whole numbers in an expression, indices aside."""
    match expression:
        case ast.Constant(value=bool()):
            return
        case ast.Constant(value=int() as value):
            yield value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as value)):
            yield -value
        case ast.Subscript():
            return
        case _:
            for part in ast.iter_child_nodes(expression):
                if isinstance(part, ast.expr):
                    yield from _integers(part)


def larger(names: Sequence[str]) -> dict[str, int]:
    """Sizes at which every loop turns several times, where that does not take long; and x[3] of `x[n]` exists."""
    return _sizes(names, LARGER)


def equal(names: Sequence[str]) -> list[dict[str, int]]:
    """For what accepts no distinct sizes, as it requires `n == m`; none of a single name."""
    return [_sizes(names, (size,)) for size in EQUAL] if len(names) > 1 else []


def said(sizes: Mapping[str, int]) -> str:
    """`n = 2, k = 3`."""
    return ", ".join(f"{name} = {size}" for name, size in sizes.items())


def _sizes(names: Sequence[str], pattern: Sequence[int]) -> dict[str, int]:
    return {name: pattern[place % len(pattern)] for place, name in enumerate(names)}
