"""A Python function of values -> a compiled function: it is called once, and what it computed is a model.

>>> def neuron(x, w, b):
...     n = sum(a * c for a, c in zip(x, w)) + b
...     return n.tanh()
>>> made = trace(neuron, [1.0, 2.0, -1.0], [0.5, -1.0, 2.0], 0.25)
>>> print(made.to_mg())
def neuron(x[3], w[3], b):
    n = sum(x[i]*w[i] for i) + b
    return tanh(n)
<BLANKLINE>
>>> value, (dx, dw, db) = made.value_and_grad([1.0, 2.0, -1.0], [0.5, -1.0, 2.0], 0.25)
>>> round(value, 6), round(db, 6)
(-0.996998, 0.005996)
"""

from __future__ import annotations

import inspect
import linecache
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from numbers import Real
from typing import Unpack

from mgc.compiler.language import library
from mgc.compiler.language.program import BUILTIN_NAMES
from mgc.grammar.diagnostics import DataError, printable
from mgc.micrograd.branches import Branch, TracedModel
from mgc.micrograd.engine import Value
from mgc.micrograd.model import Returned, argument_names, branches, written
from mgc.micrograd.nn import Module
from mgc.micrograd.roll import Vector
from mgc.micrograd.terms import Graph, Place
from mgc.micrograd.watch import Comparison, watched
from mgc.micrograd.write import Names
from mgc.runtime.load import Choices, options_of
from mgc.runtime.model import Function


def trace(f: Callable[..., object], *examples: object, **choices: Unpack[Choices]) -> Function:
    """The compiled function that `f` is, along the branches that it takes for these arguments.

    examples: numbers, values, lists of them in each other, NumPy arrays, modules (their parameters, as a vector).
    `f` gets a new `Value` for each number, and values and modules themselves: it may read them from elsewhere, too.
    Every other number, and what `f` reads of `Value.data`, stays what it was. choices: as of `mgc.loads`.
    Errors: DataError for arguments and results that are no numbers, and for another target than Python; whatever `f`
    raises. The compiled function raises DataError, with the line of Python, where a comparison has another outcome.
    """
    options = options_of(choices)
    if choices.get("target", "python") not in ("python", "auto"):
        raise DataError(
            "a traced function runs as Python; native code has `mgc.loads(traced.to_mg(), target='native')`"
        )
    own = getattr(f, "__name__", "")
    is_operation = own in BUILTIN_NAMES or library.operation(own) is not None
    name = Names([own] * is_operation).new(own if own.isidentifier() else "traced", "traced")  # a lambda has no name
    names = argument_names(name, _parameters(f, len(examples)))
    passed = [_passed(example, argument) for example, argument in zip(examples, names, strict=True)]
    places: dict[Graph, Place] = {}
    shapes: dict[str, Vector] = {}
    for one, argument in zip(passed, names, strict=True):
        listed = _listed(one)
        shapes[argument] = _shape(listed, argument)
        for value, place in _entries(listed, argument, ()):
            if places.setdefault(value, place) != place:
                raise DataError(f"{argument}: a value that is an argument already")
    result, seen = watched(f, passed, Value)
    results = result if isinstance(result, tuple) else (result,)
    text = written(name, shapes, places, seen.names, [_returned(one, own) for one in results])
    asking, asked = branches(f"{name}_branches", shapes, places, seen.comparisons)
    where = [Branch(one.outcome, _where(one)) for one in asked]
    return TracedModel(f"{text}\n\n{asking}" if asking else text, name, where, options)[name]


def _parameters(f: Callable[..., object], wanted: int) -> Iterator[str]:
    """What `f` calls so many arguments."""
    kinds = inspect.Parameter
    given: Iterable[inspect.Parameter] = ()
    with suppress(ValueError):  # of what is not written in Python
        given = inspect.signature(f).parameters.values()
    for parameter in given:
        if parameter.kind in (kinds.POSITIONAL_ONLY, kinds.POSITIONAL_OR_KEYWORD) and wanted:
            wanted -= 1
            yield parameter.name
        elif parameter.kind is kinds.VAR_POSITIONAL:
            yield from [parameter.name] * wanted
            return
    yield from [""] * wanted


def _passed(example: object, argument: str) -> object:
    """What the function gets for an example. Errors: DataError."""
    if isinstance(example, (Value, Module)):
        return example
    if isinstance(example, Real):
        return Value(float(example))
    if isinstance(example, (list, tuple)):
        return [_passed(one, argument) for one in example]
    if hasattr(example, "tolist") and hasattr(example, "shape") and hasattr(example, "reshape"):
        import numpy

        array = numpy.empty(example.shape, object)
        array.reshape(-1)[:] = [_passed(one, argument) for one in example.reshape(-1).tolist()]
        return array
    raise DataError(f"{argument}: expected a number, a Value, or lists of them, found {type(example).__name__}")


def _listed(passed: object) -> object:
    """Modules as their parameters, arrays as lists."""
    if isinstance(passed, Module):
        return passed.parameters()
    return passed.tolist() if hasattr(passed, "tolist") else passed


def _entries(passed: object, argument: str, indices: Vector) -> Iterator[tuple[Value, Place]]:
    """The values of an argument, and where they stand in it."""
    if isinstance(passed, Value):
        yield passed, Place(argument, indices)
    elif isinstance(passed, list):
        for place, row in enumerate(passed):
            yield from _entries(row, argument, (*indices, place))


def _returned(result: object, name: str) -> Returned:
    """What the function gave, as nested lists. Errors: DataError for what is no number."""
    if isinstance(result, Value):
        return result
    if isinstance(result, Real):
        return float(result)
    if hasattr(result, "tolist"):
        return _returned(result.tolist(), name)
    if isinstance(result, (list, tuple)) and result:
        rows = [_returned(row, name) for row in result]
        _shape(rows, f"the result of {name}")
        return rows
    raise DataError(f"{name}: expected a Value as result, or lists of them, found {type(result).__name__}")


def _shape(nested: object, what: str) -> Vector:
    """Errors: DataError for rows that differ in length, and for nothing."""
    if not isinstance(nested, list):
        return ()
    shapes = {_shape(row, what) for row in nested}
    if len(shapes) != 1:
        raise DataError(f"{what}: {'rows of different lengths' if shapes else 'it is empty'}")
    return len(nested), *shapes.pop()


def _where(comparison: Comparison) -> str:
    line = linecache.getline(comparison.file, comparison.line).strip()
    return printable(f"{comparison.file}:{comparison.line}: `{line}`")
