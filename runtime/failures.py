"""An exception of emitted code -> the same mistake in the model's terms: its line, its names, their values.

The traceback says which emitted line failed, `Module.origins` which model line that came from, and the code
object's positions which expression of the line it was.
"""

from __future__ import annotations

import ast
import itertools
from types import FrameType, TracebackType
from typing import TYPE_CHECKING

from msgspec import Struct

from mgc.grammar.diagnostics import DataError, Diagnostic, ModelError, printable
from mgc.grammar.tree import Span
from mgc.runtime.subscripts import root_and_indices

if TYPE_CHECKING:
    from mgc.compiler.module import Module

CAUGHT = (ArithmeticError, ValueError, IndexError)
NOT_FOUND = 2**53  # the place with which an argmax or argmin begins its search: beyond all arrays
OF_NOTHING = "argmax or argmin of nothing"
MAX_NAMES = 4  # of a long expression, the first few values are told


class Place(Struct, frozen=True):
    """Where emitted code stood: function, line, the expression that failed or "", and the variables."""

    function: str
    line: int
    expression: str
    variables: dict[str, object]


def translated(
    error: Exception,
    namespace: dict[str, object],
    module: Module,
    emitted: list[str],
    source: list[str],
    path: str,
) -> ModelError | DataError | None:
    """The error to raise in its stead; None where it did not come from emitted code (a bug in mgc).

    `emitted` and `source` are the lines of the emitted text and of the model file.
    """
    places = [
        _place(frame, line, instruction, emitted)
        for frame, line, instruction in _frames(error.__traceback__)
        if frame.f_globals is namespace
    ]
    if not places:
        return None
    innermost_first = places[::-1]
    span = next((s for s in (_origin(module, place) for place in innermost_first) if s is not None), None)
    checked = emitted[places[-1].line - 1].lstrip().startswith("raise ")  # by the emitted code itself
    message = _checked_message(error, innermost_first) if checked else _message(error, innermost_first)
    message = OF_NOTHING if innermost_first[0].variables.get("index") == NOT_FOUND else message
    if span is None or (checked and isinstance(error, ValueError)):  # of arguments: not the model's mistake
        return DataError(message)
    line = source[span.line - 1] if span.line <= len(source) else ""
    return ModelError(Diagnostic(message, path, line, span, _hint(error, innermost_first)))


def _frames(traceback: TracebackType | None) -> list[tuple[FrameType, int, int]]:
    frames = []
    while traceback is not None:
        frames.append((traceback.tb_frame, traceback.tb_lineno, traceback.tb_lasti))
        traceback = traceback.tb_next
    return frames


def _place(frame: FrameType, line: int, instruction: int, emitted: list[str]) -> Place:
    positions = itertools.islice(frame.f_code.co_positions(), instruction // 2, None)
    first, last, start, end = next(positions, (None, None, None, None))
    known = first is not None and first == last and start is not None and end is not None
    text = emitted[first - 1][start:end] if known and first is not None else ""
    return Place(frame.f_code.co_name, line, text, frame.f_locals)


def _origin(module: Module, place: Place) -> Span | None:
    """The model's statement that the line came from; its function where the line has none."""
    origin = module.origins[place.line - 1] if place.line <= len(module.origins) else None
    own = (info.span for info in module.functions if place.function in (info.emitted_name, info.gradient_name))
    return origin.span if origin is not None and origin.span is not None else next(own, None)


def _checked_message(error: Exception, places: list[Place]) -> str:
    """What emitted code says; of an index also what it was read from, which the call of its check knows."""
    called = places[1].expression if isinstance(error, IndexError) and len(places) > 1 else ""
    return printable(str(error)) + _where(called, places)


def _message(error: Exception, places: list[Place]) -> str:
    expression = _expression(places)
    said = f" in `{expression}`" if expression else ""
    return f"{_reason(error)}{said}{_where(expression, places)}"


def _where(expression: str, places: list[Place]) -> str:
    values = list(values_in(expression, places).items())[:MAX_NAMES]
    return f" where {', '.join([f'{name} = {value!r}' for name, value in values])}" if values else ""


def _expression(places: list[Place]) -> str:
    return next((place.expression for place in places if place.expression), "")


def _is_of_integers(places: list[Place]) -> bool:
    """Whether it was `//` or `%` of integers, which have no infinity."""
    expression = _expression(places)
    values = values_in(expression, places).values()
    return ("//" in expression or "%" in expression) and all(isinstance(value, int) for value in values)


def _reason(error: Exception) -> str:
    match error:
        case ZeroDivisionError():
            return "division by zero"
        case OverflowError():
            return "the result is too large for a double"
        case IndexError():
            return "index out of range"
        case _:
            return {"math domain error": "outside the domain"}.get(str(error), str(error))


def _hint(error: Exception, places: list[Place]) -> str | None:
    if isinstance(error, IndexError) or (isinstance(error, ZeroDivisionError) and _is_of_integers(places)):
        return None
    return "with --ieee (ieee=True) the result is inf or nan instead of an error"


def values_in(expression: str, places: list[Place]) -> dict[str, float | int]:
    """The numbers behind an expression's names, elements and their indices, as the innermost frame has them."""
    try:
        root = ast.parse(expression, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    shown: dict[str, float | int] = {}
    nodes: list[ast.AST] = [root]
    for node in nodes:
        value = _value(node, places) if isinstance(node, ast.Name | ast.Subscript) else None
        if isinstance(value, int | float):
            shown[ast.unparse(node)] = value
            nodes.extend([node.slice] if isinstance(node, ast.Subscript) else [])
        else:
            nodes.extend(ast.iter_child_nodes(node))
    return shown


def _value(node: ast.expr, places: list[Place]) -> object:
    """What a name, or an element such as `X[i][0]`, held; None where that cannot be told."""
    root, indices = root_and_indices(node)
    value = _variable(root, places)
    for subscript in indices:
        index = subscript.value if isinstance(subscript, ast.Constant) else _variable(subscript, places)
        match value, index:
            case list(), int() if -len(value) <= index < len(value):
                value = value[index]
            case dict(), str():
                value = value.get(index)
            case _:
                return None
    return value


def _variable(node: ast.AST, places: list[Place]) -> object:
    if not isinstance(node, ast.Name):
        return None
    return next((place.variables[node.id] for place in places if node.id in place.variables), None)
