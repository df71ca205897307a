"""Native functions called through ctypes, where the extension cannot be built: the same calls, some microseconds each.

Every argument goes the way that the extension takes for those that do not fit at once, through `slow`.
"""

from __future__ import annotations

import array
import ctypes
import struct
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from msgspec import Struct

from mgc.runtime.conversion import Nested, flat, shape_of

LARGEST = 2**31 - 1  # of the named sizes
CODES = {"i": "q", "d": "d", "f": "f"}  # what `array` calls the kinds of numbers
_ADDRESSES, _LONGS = ctypes.POINTER(ctypes.c_void_p), ctypes.POINTER(ctypes.c_int64)


class ThroughCtypes:
    """What `caller.c` offers."""

    def __init__(self) -> None:
        self._libraries: dict[int, ctypes.CDLL] = {}

    def library(self, path: str) -> int:
        """A handle. Errors: OSError."""
        library = ctypes.CDLL(path)
        self._libraries[library._handle] = library
        return library._handle

    def text(self, handle: int) -> str:
        """What a library says of itself. Errors: ValueError."""
        return ctypes.string_at(ctypes.addressof(ctypes.c_char.in_dll(self._libraries[handle], "mgc_about"))).decode()

    def function(self, handle: int, number: int, *said: Any) -> Callable[..., object]:
        """The callable of an entry; `said` as in `caller.c`."""
        library = self._libraries[handle]
        entry, extents = library[f"mgc_entry_{number}"], library[f"mgc_extents_{number}"]
        entry.restype, extents.restype = ctypes.c_int64, ctypes.c_size_t
        entry.argtypes = [_ADDRESSES, _LONGS, _ADDRESSES, ctypes.c_void_p]
        extents.argtypes = [_ADDRESSES, _LONGS, _LONGS]
        _, results, kinds, ranks, place_ranks, shown, keys, _, names, *rest = said
        gradients, at, groups, _, slow, failed, error, real = rest[-8:]
        places = _Places(
            results, tuple(place_ranks), _numbers(gradients), _numbers(at), keys, groups, error, real.decode()
        )
        codes = [CODES[chr(kind)] for kind in kinds]
        called = _Entry(entry, extents, codes, sum(ranks), shown, places, slow, failed)
        return called.without_out if "out" in names else called


class _Entry(Struct, frozen=True):
    """An entry of a library as it is called."""

    entry: Any
    extents: Any
    codes: Sequence[str]  # of its inputs
    axes: int  # of its inputs
    shown: Sequence[Sequence[int]]  # where its sizes are
    places: _Places
    slow: Callable[..., Sequence[object]]
    failed: Callable[[int, int, Sequence[object]], None]

    def __call__(self, *arguments: object, **keywords: object) -> object:
        return self._run(self.slow(*arguments, **keywords), keywords.get("out"))

    def without_out(self, *arguments: object, **keywords: object) -> object:
        """A call of a function that has an argument `out` of its own."""
        return self._run(self.slow(*arguments, **keywords), None)

    def _run(self, inputs: Sequence[object], out: Any) -> object:
        given = [_Numbers.of(value, code) for value, code in zip(inputs, self.codes, strict=True)]
        sizes = [_size(one, given) for one in self.shown]
        if any(size > LARGEST for size in sizes):
            raise self.places.error("the arguments do not fit")
        c_sizes = (ctypes.c_int64 * (len(sizes) + 1))(*sizes)
        axes = (ctypes.c_int64 * (self.axes + sum(self.places.ranks) + 1))()
        addresses = _addresses(given)
        bytes_needed = self.extents(addresses, c_sizes, axes)
        if bytes_needed == ctypes.c_size_t(-1).value:
            raise MemoryError
        rooms = self.places.rooms(iter(axes[self.axes :]), given, out)
        work = (ctypes.c_double * (bytes_needed // 8 + 1))()
        status = self.entry(addresses, c_sizes, _addresses(rooms), work)
        if status:
            self.failed(status // 8, status % 8, inputs)
        return self.places.returned(rooms)


class _Numbers(Struct, frozen=True):
    """Numbers in memory: those of a NumPy array, or of an `array.array`."""

    held: Any
    address: int
    shape: tuple[int, ...]
    is_numpy: bool

    @classmethod
    def of(cls, value: Any, code: str) -> _Numbers:
        if hasattr(value, "ctypes"):
            value = value.copy() if code == "q" else value  # as another thread may write to it between check and use
            return cls(value, value.ctypes.data, value.shape, True)
        held = array.array(code, flat(value))
        return cls(held, held.buffer_info()[0], shape_of(value), False)

    @classmethod
    def room(cls, shape: tuple[int, ...], is_numpy: bool, code: str) -> _Numbers:
        if is_numpy and shape:
            import numpy as np

            return cls.of(np.empty(shape, code), code)
        count = 1
        for size in shape:
            count *= size
        held = array.array(code, bytes(struct.calcsize(code) * max(1, count)))
        return cls(held, held.buffer_info()[0], shape, False)

    def value(self) -> object:
        return self.held if self.is_numpy else _nested(iter(self.held), self.shape)


class _Places(Struct, frozen=True):
    """Where results and derivatives go, and what is returned of them."""

    results: int
    ranks: tuple[int, ...]
    gradients: tuple[int, ...]
    at: tuple[int, ...]
    keys: tuple[str, ...]
    groups: int
    error: type[Exception]
    code: str  # of their numbers

    def rooms(self, axes: Iterator[int], given: Sequence[_Numbers], out: Any) -> list[_Numbers]:
        """A room for each place: of `out`, or a new one."""
        found: list[_Numbers] = []
        for place, rank in enumerate(self.ranks):
            shape = tuple([max(0, next(axes)) for _ in range(rank)])
            wanted = self._wanted(place, out)
            like = given if place < self.results else [given[self.gradients[place - self.results]]]
            if wanted is None:
                found.append(_Numbers.room(shape, any(one.is_numpy for one in like), self.code))
            else:
                found.append(self._used(wanted, shape, [*given, *found]))
        return found

    def returned(self, rooms: Sequence[_Numbers]) -> object:
        """The value, or the value and the derivatives."""
        values = [one.value() for one in rooms]
        value = values[0] if self.results == 1 else tuple(values[: self.results])
        if len(values) == self.results:
            return value
        parameters: dict[str, object] = {}
        groups: list[object] = [parameters] * max(1, self.groups)
        for one, group, input_ in zip(values[self.results :], self.at, self.gradients, strict=True):
            if input_ < len(self.keys):
                parameters[self.keys[input_]] = one
            else:
                groups[group] = one
        return value, parameters if self.groups < 0 else tuple(groups)

    def _wanted(self, place: int, out: Any) -> Any:
        """The part of `out` for a place. Errors: that of this function."""
        derives = len(self.ranks) > self.results
        if out is None or (derives and place < self.results):
            return None
        count = self.groups if derives else -1 if self.results == 1 else self.results
        if count >= 0:
            if not isinstance(out, tuple) or len(out) != count:
                raise self.error(f"out: expected a tuple of {count} places, or None")
            out = out[self.at[place - self.results] if derives else place]
        if out is None or not derives or self.gradients[place - self.results] >= len(self.keys):
            return out
        if not isinstance(out, dict):
            raise self.error("out: expected a dictionary for the parameters, or None")
        return dict.get(out, self.keys[self.gradients[place - self.results]])

    def _used(self, wanted: Any, shape: tuple[int, ...], others: Sequence[_Numbers]) -> _Numbers:
        numpy = sys.modules.get("numpy")
        is_array = numpy is not None and type(wanted) is numpy.ndarray
        fits = is_array and shape and wanted.shape == shape and wanted.dtype == self.code and wanted.flags.carray
        if numpy is None or not fits or wanted.ctypes.data % wanted.itemsize:
            real = {"d": "float64", "f": "float32"}[self.code]
            raise self.error(f"out: expected writable, contiguous arrays of {real}, of the returned shapes")
        if any(one.is_numpy and numpy.may_share_memory(one.held, wanted) for one in others):
            raise self.error("out: an array overlaps another, or an argument")
        return _Numbers.of(wanted, self.code)


def _addresses(numbers: Sequence[_Numbers]) -> Any:
    return (ctypes.c_void_p * (len(numbers) + 1))(*[one.address for one in numbers])


def _numbers(packed: bytes) -> tuple[int, ...]:
    return struct.unpack(f"{len(packed) // struct.calcsize('n')}n", packed)


def _size(shown: Sequence[int], given: Sequence[_Numbers]) -> int:
    """A named size, from the first array that shows it: one without rows does not show how long they are."""
    for place, axis in zip(shown[::2], shown[1::2], strict=True):
        if axis < len(given[place].shape):
            return given[place].shape[axis]
    return 0


def _nested(numbers: Iterator[float], shape: tuple[int, ...]) -> Nested:
    if not shape:
        return next(numbers)
    return [_nested(numbers, shape[1:]) for _ in range(shape[0])]
