"""Where a number that is not finite first came from: which emitted statement made it, of which line of the model.

>>> import mgc
>>> model = mgc.loads("def f(x):\\n    y = x*x\\n    z = y*y\\n    return z - y")
>>> first_statement(model, "f", [1e80])
'`z = y * y`, line 3'
"""

from __future__ import annotations

import ast
import math
import sys
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any, cast

from mgc.runtime.conversion import flat
from mgc.runtime.model import Model


def first_statement(model: Model, emitted_name: str, arguments: Sequence[object]) -> str:
    """The first emitted statement whose result is nan or inf, and the model's line of it; "" where all are finite.

    The function is called once more, with each statement watched: slow, and done once.
    """
    origins = model.module.origins  # helpers have none: what they return is told where it is used
    targets = {
        line: names
        for line, names in _targets(model.source).items()
        if (origin := origins[line - 1]) is not None and origin.span is not None
    }
    function = cast("Callable[..., object]", model.code.namespace[emitted_name])
    found: list[int] = []
    last: dict[FrameType, int] = {}

    def watch(frame: FrameType, event: str, argument: object) -> Any:
        if frame.f_globals is not model.code.namespace:
            return None
        line = last.get(frame, 0)
        if not found and any(not _finite(frame.f_locals.get(name)) for name in targets.get(line, ())):
            found.append(line)
        last[frame] = frame.f_lineno
        return watch

    before = sys.gettrace()
    sys.settrace(watch)
    try:
        function(*arguments)
    except ArithmeticError:
        return ""  # told where it is raised
    finally:
        sys.settrace(before)
    return _told(model, found[0]) if found else ""


def _targets(source: str) -> dict[int, tuple[str, ...]]:
    """The variables that the statement of each emitted line assigns to; of an entry, the list."""
    found: dict[int, tuple[str, ...]] = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.Assign, ast.AugAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [name for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)]
            found[node.lineno] = tuple(name.id for name in names)
    return found


def _finite(value: object) -> bool:
    numbers = flat(list(value) if isinstance(value, tuple) else value)
    return all(math.isfinite(number) for number in numbers if isinstance(number, float))


def _told(model: Model, line: int) -> str:
    statement = model.source.splitlines()[line - 1].strip().partition("  #")[0]
    origin = model.module.origins[line - 1]
    assert origin is not None and origin.span is not None
    return f"`{statement}`, line {origin.span.line}"
