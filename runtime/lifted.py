"""Emitted functions over the numbers of another library: the arithmetic of the text, with that library's functions.

A number of PyTorch, JAX or NumPy is lifted: operators and comparisons are its own, and each result is a new number, so
that `total += x` in emitted text changes nothing that a derivative still needs.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any, cast

from mgc.grammar.diagnostics import DataError
from mgc.runtime import audit


class Lifted:
    """A number `of` another library."""

    __slots__ = ("of",)

    def __init__(self, of: Any) -> None:
        self.of = of

    def __add__(self, other: object) -> Lifted:
        return Lifted(self.of + lowered(other))

    def __radd__(self, other: object) -> Lifted:
        return Lifted(lowered(other) + self.of)

    def __sub__(self, other: object) -> Lifted:
        return Lifted(self.of - lowered(other))

    def __rsub__(self, other: object) -> Lifted:
        return Lifted(lowered(other) - self.of)

    def __mul__(self, other: object) -> Lifted:
        return Lifted(self.of * lowered(other))

    def __rmul__(self, other: object) -> Lifted:
        return Lifted(lowered(other) * self.of)

    def __truediv__(self, other: object) -> Lifted:
        return Lifted(self.of / lowered(other))

    def __rtruediv__(self, other: object) -> Lifted:
        return Lifted(lowered(other) / self.of)

    def __pow__(self, other: object) -> Lifted:
        return Lifted(self.of ** lowered(other))

    def __rpow__(self, other: object) -> Lifted:
        return Lifted(lowered(other) ** self.of)

    def __mod__(self, other: object) -> Lifted:
        return Lifted(self.of % lowered(other))

    def __floordiv__(self, other: object) -> Lifted:
        return Lifted(self.of // lowered(other))

    def __neg__(self) -> Lifted:
        return Lifted(-self.of)

    def __abs__(self) -> Lifted:
        return Lifted(abs(self.of))

    def __bool__(self) -> bool:
        return bool(self.of)

    def __index__(self) -> int:
        return int(self.of)

    def __lt__(self, other: object) -> bool:
        return bool(self.of < lowered(other))

    def __le__(self, other: object) -> bool:
        return bool(self.of <= lowered(other))

    def __gt__(self, other: object) -> bool:
        return bool(self.of > lowered(other))

    def __ge__(self, other: object) -> bool:
        return bool(self.of >= lowered(other))

    def __eq__(self, other: object) -> bool:
        return bool(self.of == lowered(other))

    def __hash__(self) -> int:
        return hash(float(self.of))


def lowered(value: object) -> Any:
    return value.of if isinstance(value, Lifted) else value


def over(source: str, emitted_name: str, library: str, functions: Mapping[str, Any]) -> Callable[..., object]:
    """An emitted function of a module's text, over lifted numbers. functions: the library's, by their names in `math`.

    Calling it: DataError where it needs a function that the library lacks.
    """
    emitted = audit.run(source, f"<{library}>").namespace
    own = {name: _either(value, name, library, functions) for name, value in vars(math).items() if callable(value)}
    for name, value in list(emitted.items()):
        if name in own and value is getattr(math, name):
            emitted[name] = own[name]
    if emitted.get("math") is math:
        emitted["math"] = SimpleNamespace(**{**vars(math), **own})
    if "fma" in emitted:  # the helper reads the bits of a double
        emitted["fma"] = _either(emitted["fma"], "fma", library, functions)
    emitted["float"] = _float
    found: Any = emitted[emitted_name]
    return cast("Callable[..., object]", found)


def _float(value: Any) -> object:
    return value if isinstance(value, Lifted) else float(value)


def _either(value: Any, name: str, library: str, functions: Mapping[str, Any]) -> Callable[..., object]:
    """The library's function where a number is lifted, else that of `math`."""

    def call(*arguments: object) -> object:
        if not any(isinstance(argument, Lifted) for argument in arguments):
            return value(*arguments)
        if name not in functions:
            raise DataError(f"{library} has no function {name}")
        return Lifted(functions[name](*map(lowered, arguments)))

    return call
