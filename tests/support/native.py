"""Emitted C called like emitted Python: a module, its library and a point -> results and derivatives, flat.

A function's header lists inputs, sizes, workspace, places for results and derivatives, and status, in this order.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mgc.compiler.module import FunctionInfo, Module
from support.arrays import flat

WORKSPACE = 200_000  # numbers: more than any program of the tests asks for
_HEADER = r"^(double|long|void) {}\(([^)]*)\) \{{"
_C_TYPES: dict[str, Any] = {"double": ctypes.c_double, "long": ctypes.c_long}


@dataclass(frozen=True, slots=True)
class Native:
    """A function of an emitted C file, as its header declares it."""

    function: Any
    returns: str
    declared: tuple[tuple[str, str, bool], ...]  # (C type, name, whether a pointer)


def find(module: Module, library: ctypes.CDLL, name: str) -> Native:
    header = re.search(_HEADER.format(name), module.text, re.MULTILINE)
    assert header is not None, name
    pieces = re.findall(r"(?:const )?(\w+) (\*?)(\w+)", header[2])
    function = library[name]
    function.restype = _C_TYPES.get(header[1])
    return Native(function, header[1], tuple((kind, called, star == "*") for kind, star, called in pieces))


def call(native: Native, inputs: Sequence[Any], sizes: dict[str, int], outputs: Sequence[Any]) -> list[list[float]]:
    """The results and derivatives, each flat; `outputs` have the shapes of those that the header has places for."""
    given: list[Any] = []
    places: list[Any] = []
    inputs_left, outputs_left = list(inputs), list(outputs)
    status = ctypes.c_int(0)
    for kind, name, pointer in native.declared:
        if inputs_left:
            given.append(_input(inputs_left.pop(0), kind, pointer))
        elif name == "work":
            given.append((ctypes.c_double * WORKSPACE)())
        elif name == "status":
            given.append(ctypes.byref(status))
        elif not pointer:
            given.append(ctypes.c_long(sizes[name.rstrip("_")]))
        else:
            places.append(_place(len(flat(outputs_left.pop(0))), kind))
            given.append(places[-1])
    assert not inputs_left
    assert not outputs_left
    value = native.function(*given)
    if status.value:
        raise IndexError
    results = [list(place)[: len(flat(one))] for place, one in zip(places, outputs, strict=True)]
    return results if native.returns == "void" else [[value], *results]


def _place(count: int, kind: str) -> Any:
    """Room for `count` numbers, full of nonsense."""
    return (_C_TYPES[kind] * max(1, count))(*count * [math.nan if kind == "double" else -1])


def _input(value: Any, kind: str, pointer: bool) -> Any:
    c_type = _C_TYPES[kind]
    return (c_type * max(1, len(flat(value))))(*flat(value)) if pointer else c_type(value)


def sizes(info: FunctionInfo, arguments: dict[str, Any]) -> dict[str, int]:
    """The named sizes, from the arrays that have them."""
    found: dict[str, int] = {}
    for argument in info.arguments:
        array = arguments[argument.name]
        for size in argument.shape:
            if size.isidentifier():
                found.setdefault(size, len(array))
            array = array[0] if array else []
    return found
