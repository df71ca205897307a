"""A graph of values -> a model file's text, one statement an operation, and the function compiled from it.

>>> from mgc.micrograd.engine import Value
>>> x, w = Value(2.0, label="x"), Value(-3.0, label="w")
>>> print(text((x * w).tanh() + 1, [x, w]))
def graph(x, w):
    v1 = x * w
    v2 = tanh(v1)
    v3 = v2 + 1.0
    return v3
<BLANKLINE>
"""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Iterator, Sequence
from graphlib import TopologicalSorter
from itertools import count
from typing import Protocol, Self

from mgc.grammar.diagnostics import DataError
from mgc.micrograd.rules import Slopes
from mgc.runtime.load import loads
from mgc.runtime.model import Function

_FUNCTIONS = {"ReLU": "relu", "tanh": "tanh", "exp": "exp", "log": "log"}
_TAKEN = {"graph", "params", "inf", "nan", *_FUNCTIONS.values()}  # what a label may not be called in the model


class Node(Protocol):
    """What is read of a `Value`."""

    data: float
    label: str
    _op: str
    _operands: tuple[Self, ...]
    _slopes: Slopes | None


def compiled(root: Node, inputs: Sequence[Node]) -> Function:
    """The compiled function of the inputs that `root` is. Errors: DataError."""
    function: Function = loads(text(root, inputs), "<graph>").graph
    return function


def text(root: Node, inputs: Sequence[Node]) -> str:
    """The graph as a model; all but the inputs that came from no operation is constant.

    Errors: DataError for no inputs, for one given twice, and for an operation that is not one of `Value`'s own.
    """
    given = set(inputs)
    if not inputs or len(given) < len(inputs):
        raise DataError("inputs: give the values that are to be arguments, each once")
    order = [node for node in _order(root, inputs) if node._op and node not in given]
    names = _names([*inputs, *order], len(inputs))
    lines = [f"    {names[node]} = {_expression(node, names)}\n" for node in order]
    arguments = ", ".join(names[node] for node in inputs)
    return f"def graph({arguments}):\n{''.join(lines)}    return {_term(root, names)}\n"


def _order(root: Node, inputs: Iterable[Node]) -> Iterable[Node]:
    """What lies between the inputs and `root`, operands first."""
    operands: dict[Node, tuple[Node, ...]] = dict.fromkeys(inputs, ())
    found = [root]
    while found:
        node = found.pop()
        if node not in operands:
            operands[node] = node._operands
            found += node._operands
    return TopologicalSorter(operands).static_order()


def _names(nodes: Iterable[Node], inputs: int) -> dict[Node, str]:
    """Labels where they are names and new; x1, x2, ... for other inputs, v1, v2, ... for what is computed."""
    names: dict[Node, str] = {}
    labels = {node.label for node in nodes}
    taken = set(_TAKEN)
    fresh = {"x": _numbered("x", labels), "v": _numbered("v", labels)}
    for place, node in enumerate(nodes):
        usable = _is_name(node.label) and node.label not in taken
        names[node] = node.label if usable else next(fresh["x" if place < inputs else "v"])
        taken.add(names[node])
    return names


def _numbered(letter: str, labels: set[str]) -> Iterator[str]:
    """x1, x2, ... but for those that are labels."""
    return (name for name in map(f"{letter}{{}}".format, count(1)) if name not in labels)


def _is_name(label: str) -> bool:
    return label.isascii() and label.isidentifier() and not label.startswith("_") and not keyword.iskeyword(label)


def _expression(node: Node, names: dict[Node, str]) -> str:
    operands = [_term(operand, names) for operand in node._operands]
    if node._slopes is None:
        raise DataError(f"'{node._op}' is an operation of your own, whose rule mgc does not know")
    if node._op in _FUNCTIONS:
        return f"{_FUNCTIONS[node._op]}({operands[0]})"
    if len(operands) == 2:
        return f" {node._op} ".join(operands)
    return f"{operands[0]}{node._op}"  # a power, which says its exponent


def _term(node: Node, names: dict[Node, str]) -> str:
    """The name of a value, or the number that it is."""
    if node in names:
        return names[node]
    number = repr(float(node.data))
    return f"({number})" if number.startswith("-") else number
