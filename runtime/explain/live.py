"""A model as it is being written -> its page's data, or what is wrong with it: what `mgc play` answers its page.

>>> from mgc.compiler.options import Options
>>> answer = answered(Asked("def f(x): return x*x", "", "lesson", {"x": 3.0}), "f.mg", Options(), None)
>>> answer["function"], answer["page"]["returned"]
('f', {'': 9.0, 'x': 6.0})
>>> answered(Asked("def f(x): return y", "", "lesson", {}), "f.mg", Options(), None)["error"].splitlines()[0]
"f.mg:1:18: error: unknown name 'y'"
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count
from threading import Lock
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from mgc.compiler.options import STYLES, Style
from mgc.grammar.diagnostics import DataError, ModelError
from mgc.runtime.conversion import Nested
from mgc.runtime.drawn import complete
from mgc.runtime.explain.data import page
from mgc.runtime.explain.page import findings, plain
from mgc.runtime.explain.run import MAX_RUN
from mgc.runtime.initial import initial
from mgc.runtime.model import Function, Model, compiled

if TYPE_CHECKING:
    from mgc.compiler.language.program import ReadFile
    from mgc.compiler.options import Options

VERIFY_SECONDS = 20.0  # after which a function is told as not checked: the next question waits for this one
Answer = dict[str, Any]  # of JSON


class Asked(Struct, frozen=True):
    """A model's text, the function that is looked at (the first where it has none such), its style, its arguments."""

    text: str
    function: str
    style: Style
    values: Mapping[str, object]


def asked(content: object) -> Asked:
    """What a page asks. Errors: DataError, for what no page of ours asks."""
    match content:
        case {"text": str(text), "function": str(function), "style": style, "values": values}:
            if style in STYLES and isinstance(values, dict):
                return Asked(text, function, style, values)
    raise DataError("this is not what the page asks")


def answered(asked: Asked, path: str, options: Options, read: ReadFile | None) -> Answer:
    """The data of the page, and what may be chosen on it; `error` where there is none."""
    try:
        function = _function(asked, path, options, read)
        bound, drawn = _completed(asked, function)
        shown = page(function, bound, list(drawn), path, asked.style, None)
    except (ModelError, DataError) as error:
        return {"error": str(error)}
    values = dict(zip([a.name for a in function.info.arguments], bound[bool(function.info.parameters) :], strict=True))
    return {
        "page": plain(shown),
        "function": function.info.name,
        "functions": [one.info.name for one in function.model.functions],
        "arguments": [
            {"name": a.name, "whole": a.dtype == "int", "shape": list(a.shape), "value": plain(values[a.name])}
            for a in function.info.arguments
        ],
    }


def verified(asked: Asked, path: str, options: Options, read: ReadFile | None) -> Answer:
    """What verify finds of the function, if it comes to its end at the arguments of the page."""
    try:
        function = _function(asked, path, options, read)
        _completed(asked, function)
        return {"report": findings(function.verify(time_limit=VERIFY_SECONDS))}
    except (ModelError, DataError) as error:
        return {"error": str(error)}


class Latest:
    """An answer that takes long, one at a time: of the questions that wait for it, the last is answered."""

    def __init__(self, act: Callable[[Asked], Answer]) -> None:
        self._act, self._lock, self._numbers, self.asked = act, Lock(), count(1), 0

    def __call__(self, asked: Asked) -> Answer:
        number = self.asked = next(self._numbers)
        with self._lock:
            return self._act(asked) if number == self.asked else {"error": "another question came"}


def _function(asked: Asked, path: str, options: Options, read: ReadFile | None) -> Function:
    model: Model = compiled(asked.text, path, replace(options, style=asked.style), read)
    known = {function.info.name: function for function in model.functions}
    return known.get(asked.function, model.functions[0])


def _completed(asked: Asked, function: Function) -> tuple[list[object], dict[str, Nested]]:
    """The arguments, and those of them that are drawn. Errors: ModelError, DataError, for arrays beyond memory too."""
    names = {argument.name for argument in function.info.arguments}
    given = {name: value for name, value in asked.values.items() if name in names}
    try:
        return complete(function, given, lambda values: _parameters(function, values), 0, MAX_RUN)
    except MemoryError:
        raise DataError(f"{function.info.name} has an array that is too large for the memory of this machine") from None


def _parameters(function: Function, values: Mapping[str, object]) -> list[object]:
    return [initial(function, 0, values)] if function.info.parameters else []
