"""Emitted C called like emitted Python: a module, its library and a point -> results and derivatives, flat.

A function's header lists inputs, sizes, workspace, and places for results and derivatives, in this order.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from mgc.compiler.module import FunctionInfo, Module
from support.arrays import flat

GUARD = 64  # bytes after the workspace that no function may touch
_C_TYPES: dict[str, Any] = {"double": ctypes.c_double, "int64_t": ctypes.c_int64, "void": ctypes.c_uint8}
_ERRORS: dict[int, type[Exception]] = {1: IndexError, 2: ZeroDivisionError, 3: OverflowError, 4: ValueError}


class Status(ctypes.Structure):
    _fields_ = (("error", ctypes.c_int), ("line", ctypes.c_int))


class Argument(Struct, frozen=True):
    kind: str  # the C type that it has, or points to
    name: str
    pointer: bool


class Native(Struct, frozen=True):
    """A function of an emitted C file and the one that tells its workspace, as the header declares them."""

    function: Any
    arguments: tuple[Argument, ...]
    workspace: Any
    workspace_arguments: tuple[str, ...]


def find(module: Module, library: Any, name: str) -> Native:
    arguments = prototype(module, name)
    function = library[name]
    function.restype = Status
    if not any(argument.name == "work" for argument in arguments):
        return Native(function, arguments, None, ())
    workspace = library[f"{name}_workspace"]
    workspace.restype = ctypes.c_size_t
    return Native(function, arguments, workspace, tuple(a.name for a in prototype(module, f"{name}_workspace")))


def prototype(module: Module, name: str) -> tuple[Argument, ...]:
    """The arguments of a function, as the header has them."""
    text = re.sub(r"/\*.*?\*/", "", str(module.header), flags=re.DOTALL)
    found = re.search(rf"^(?:mgc_status|size_t) {name}\(([^)]*)\);", text, re.MULTILINE)
    assert found is not None, name
    pieces = re.findall(r"(?:const )?(\w+) (\*?)(\w+)", found[1])
    return tuple(Argument(kind, called, star == "*") for kind, star, called in pieces)


def call(native: Native, inputs: Sequence[Any], sizes: Mapping[str, int], outputs: Sequence[Any]) -> list[list[float]]:
    """The results and derivatives, each flat, of these shapes; a first one that is left out is one number.

    Errors: IndexError, ZeroDivisionError, OverflowError, ValueError with the model's line.
    """
    places = [one for one in native.arguments[len(inputs) :] if one.pointer and one.name != "work"]
    shapes = [0.0, *outputs] if len(places) == len(outputs) + 1 else [*outputs]
    assert len(places) == len(shapes), native.arguments
    rooms = [_room(len(flat(shape))) for shape in shapes]
    given = {a.name: _input(one, a) for one, a in zip(inputs, native.arguments, strict=False)}
    for argument in native.arguments[len(inputs) :]:
        if not argument.pointer:
            given[argument.name] = ctypes.c_int64(sizes[argument.name.rstrip("_")])
    work = _workspace(native, given)
    given |= {"work": work, **{argument.name: room for argument, room in zip(places, rooms, strict=True)}}
    status = native.function(*[given[argument.name] for argument in native.arguments])
    assert work is None or set(bytes(work)[-GUARD:]) == {0xAA}
    if status.error:
        raise _ERRORS[status.error](f"line {status.line}")
    return [list(room)[: len(flat(shape))] for room, shape in zip(rooms, shapes, strict=True)]


def _workspace(native: Native, given: Mapping[str, Any]) -> Any:
    """As many bytes as the function says, full of nonsense, and some more to see whether it keeps to them."""
    if native.workspace is None:
        return None
    count = native.workspace(*[given[name] for name in native.workspace_arguments])
    work = (ctypes.c_double * ((count + GUARD) // 8))()
    ctypes.memset(work, 0xAA, count + GUARD)
    return work


def _room(count: int) -> Any:
    """Room for `count` numbers, full of nonsense."""
    return (ctypes.c_double * max(1, count))(*count * [math.nan])


def _input(value: Any, argument: Argument) -> Any:
    c_type = _C_TYPES[argument.kind]
    return (c_type * max(1, len(flat(value))))(*flat(value)) if argument.pointer else c_type(value)


def inputs(
    info: FunctionInfo, params: Mapping[str, Any], arguments: Mapping[str, Any], seeds: Sequence[Any] = ()
) -> list[Any]:
    """Parameters, arguments and adjoints of results in the order in which a function takes them."""
    optional = [a for a in info.arguments if seeds and a.default is not None]
    required = [a for a in info.arguments if a not in optional]
    return [
        *[params[name] for name in info.parameters],
        *[arguments[a.name] for a in required],
        *seeds,
        *[arguments[a.name] for a in optional],
    ]


def sizes(info: FunctionInfo, arguments: Mapping[str, Any]) -> dict[str, int]:
    """The named sizes, from the arrays that have them."""
    found: dict[str, int] = {}
    for argument in info.arguments:
        array = arguments[argument.name]
        for size in argument.shape:
            if size.isidentifier():
                found.setdefault(size, len(array))
            array = array[0] if array else []
    return found
