"""Emitted C -> its functions as Python calls them: a library, the header's prototypes, and what a status says.

It is built by the C compiler of this machine. A function's header lists inputs, sizes, workspace,
and places for results and derivatives, in this order (docs/c.md).

>>> header = "mgc_status f(double x, const double *y, int64_t n, double *out);"
>>> [(one.name, one.kind, one.is_pointer) for one in prototype(header, "f")]
[('x', 'double', False), ('y', 'double', True), ('n', 'int64_t', False), ('out', 'double', True)]
"""

from __future__ import annotations

import ctypes
import math
import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from mgc.compiler.toolchain.compilers import NoNative, build, compiler
from mgc.compiler.verify.trace.values import flat

FLAGS = ("-std=c99", "-O1", "-DMGC_LANES=2")  # few lanes, so that short axes fill them
TYPES: dict[str, Any] = {"double": ctypes.c_double, "int64_t": ctypes.c_int64, "void": ctypes.c_uint8}
ERRORS: dict[int, type[Exception]] = {1: IndexError, 2: ZeroDivisionError, 3: OverflowError, 4: ValueError}
GUARD = 64  # bytes after a place or the workspace that no function may touch
NONSENSE = 0xAA  # what they and the workspace hold before a call


class NotBuilt(Exception):
    """There is no compiler, or it does not take the text."""


class Status(ctypes.Structure):
    """What every function returns."""

    _fields_ = (("error", ctypes.c_int), ("line", ctypes.c_int))


class Strayed(Exception):
    """A function wrote where it may not."""


class Argument(Struct, frozen=True):
    """One of a prototype; `kind` is the C type that it has, or points to."""

    kind: str
    name: str
    is_pointer: bool


def built(text: str) -> ctypes.CDLL:
    """The library. Errors: NotBuilt."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model.so")
        try:
            build(compiler(), text, path, FLAGS)
        except NoNative as error:
            raise NotBuilt(" ".join(str(error).split())) from None
        return ctypes.CDLL(str(path))


def prototype(header: str, name: str) -> tuple[Argument, ...]:
    """The arguments of a function, as the header has them. Errors: LookupError."""
    text = re.sub(r"/\*.*?\*/", "", header, flags=re.DOTALL)
    found = re.search(rf"^(?:mgc_status|size_t) {re.escape(name)}\(([^)]*)\);", text, re.MULTILINE)
    if found is None:
        raise LookupError(name)
    pieces = re.findall(r"(?:const )?(\w+) (\*?)(\w+)", found[1])
    return tuple(Argument(kind, called, star == "*") for kind, star, called in pieces)


class Native(Struct, frozen=True):
    """One function of a library."""

    library: Any
    header: str
    name: str

    def __call__(self, inputs: Sequence[Any], sizes: Mapping[str, int], counts: Sequence[int]) -> list[list[float]]:
        """What it writes to its places, of so many numbers each.

        Errors: IndexError, ZeroDivisionError, OverflowError, ValueError by its status; LookupError for a size or a
        place that is not known; Strayed.
        """
        arguments = prototype(self.header, self.name)
        given = {one.name: _passed(value, one) for one, value in zip(arguments, inputs, strict=False)}
        rest = arguments[len(inputs) :]
        given |= {one.name: ctypes.c_int64(_size(one.name, sizes)) for one in rest if not one.is_pointer}
        places = [one.name for one in rest if one.is_pointer and one.name != "work"]
        if len(places) != len(counts):
            raise LookupError(f"{self.name} has {len(places)} places")
        rooms = [_room(count) for count in counts]
        given |= {"work": self._workspace(given), **dict(zip(places, rooms, strict=True))}
        function = self.library[self.name]
        function.restype = Status
        status = function(*(given[one.name] for one in arguments))
        if any(set(bytes(room)[-GUARD:]) != {NONSENSE} for room in (*rooms, given["work"]) if room is not None):
            raise Strayed(f"{self.name} writes past the end of what it is given")
        if status.error:
            raise ERRORS.get(status.error, RuntimeError)(f"line {status.line}")
        return [list(room)[:count] for room, count in zip(rooms, counts, strict=True)]

    def _workspace(self, given: Mapping[str, Any]) -> Any:
        try:
            wanted = [one.name for one in prototype(self.header, f"{self.name}_workspace")]
        except LookupError:
            return None
        function = self.library[f"{self.name}_workspace"]
        function.restype = ctypes.c_size_t
        return _room(-(-int(function(*(given[name] for name in wanted))) // 8))


def _size(name: str, sizes: Mapping[str, int]) -> int:
    """Errors: LookupError."""
    return sizes[name if name in sizes else name.rstrip("_")]


def _passed(value: Any, argument: Argument) -> Any:
    numbers = [number for _, number in flat(value)]
    kind = TYPES[argument.kind]
    return (kind * max(1, len(numbers)))(*numbers) if argument.is_pointer else kind(value)


def _room(count: int) -> Any:
    """Room for so many numbers, and a guard."""
    room = (ctypes.c_double * (count + GUARD // 8))(*[math.nan])
    ctypes.memset(room, NONSENSE, ctypes.sizeof(room))
    return room
