"""A graph of values -> the text of a model file, and the function compiled from it.

>>> from mgc.micrograd.engine import Value
>>> x, w = Value(2.0, label="x"), Value(-3.0, label="w")
>>> print(text((x * w).tanh() + 1, [x, w]))
def graph(x, w):
    return tanh(x*w) + 1
<BLANKLINE>
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from mgc.grammar.diagnostics import DataError
from mgc.micrograd.roll import Vector, roll
from mgc.micrograd.terms import Graph, Operand, Place, terms_of
from mgc.micrograd.watch import Comparison
from mgc.micrograd.write import Names, Result, function
from mgc.runtime.load import loads
from mgc.runtime.model import Function

Returned = Graph | float | list["Returned"]


def compiled(root: Graph, inputs: Sequence[Graph]) -> Function:
    """The compiled function of the inputs that `root` is. Errors: DataError."""
    made: Function = loads(text(root, inputs), "<graph>").graph
    return made


def text(root: Graph, inputs: Sequence[Graph]) -> str:
    """The graph as a model; all but the inputs that came from no operation is constant.

    Errors: DataError for no inputs, for one given twice, and for an operation that is not one of `Value`'s own.
    """
    if not inputs or len(set(inputs)) < len(inputs):
        raise DataError("inputs: give the values that are to be arguments, each once")
    names = argument_names("graph", [value.label for value in inputs])
    places = {value: Place(name, ()) for value, name in zip(inputs, names, strict=True)}
    return written("graph", dict.fromkeys(names, ()), places, {}, [root])


def argument_names(function: str, wanted: Iterable[str]) -> list[str]:
    """Names that a model may have, one for each argument."""
    names = Names([function])
    return [names.new(name, "x") for name in wanted]


def written(
    name: str,
    shapes: Mapping[str, Vector],
    places: Mapping[Graph, Place],
    names: Mapping[Graph, str],
    results: Sequence[Returned],
) -> str:
    """The text of a function: arguments of these shapes, at which places which values are, and what it returns."""
    terms = terms_of(list(_values(results)), places, names)
    rolled = roll(terms.made)
    return function(name, shapes, rolled, [_operands(result, terms.operand) for result in results])


def branches(
    name: str, shapes: Mapping[str, Vector], places: Mapping[Graph, Place], comparisons: Sequence[Comparison]
) -> tuple[str, list[Comparison]]:
    """The text of a function that says how each comparison goes, and those in its order, without constant ones."""
    sides = [side for one in comparisons for side in (one.left, one.right) if not isinstance(side, (int, float))]
    terms = terms_of(sides, places, {})
    asked: dict[int, Comparison] = {}
    for one in comparisons:
        operands = [float(s) if isinstance(s, (int, float)) else terms.operand[s] for s in (one.left, one.right)]
        if not all(isinstance(operand, float) for operand in operands):
            number = terms.term(one.sign, operands, "", 0)
            terms.made[number].uses = 1
            asked.setdefault(number, one)
    rolled = roll(terms.made)
    blocks = [block for block in rolled.blocks if block.members and block.members[0] in asked]
    results: list[Result] = [_shaped(block.members, block.shape) for block in blocks]
    order = [asked[member] for block in blocks for member in block.members]
    return (function(name, shapes, rolled, results) if results else ""), order


def _values(results: Iterable[Returned]) -> Iterable[Graph]:
    for result in results:
        if isinstance(result, list):
            yield from _values(result)
        elif not isinstance(result, (int, float)):
            yield result


def _operands(result: Returned, operand: Mapping[Graph, Operand]) -> Result:
    if isinstance(result, list):
        return [_operands(one, operand) for one in result]
    return float(result) if isinstance(result, (int, float)) else operand[result]


def _shaped(members: Sequence[Result], shape: Vector) -> Result:
    """The members as nested lists of a shape."""
    members = list(members)
    for size in reversed(shape):
        members = [members[start : start + size] for start in range(0, len(members), size)]
    return members[0]
