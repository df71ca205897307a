"""Arguments: they become plain floats and lists, or one sentence that names the argument."""

from __future__ import annotations

import math

import pytest

from mgc.grammar.diagnostics import DataError
from mgc.runtime.conversion import DType, Shape, Sizes, convert, shape_of

numpy = pytest.importorskip("numpy")

ACCEPTED: list[tuple[object, Shape, DType, object]] = [
    (1, (), "float", 1.0),
    (numpy.float32(1.5), (), "float", 1.5),
    (numpy.array(2.5), (), "float", 2.5),
    (3.0, (), "int", 3),
    (True, (), "float", 1.0),
    ([True, False], ("n",), "int", [1, 0]),
    (numpy.array([True, False]), ("n",), "float", [1.0, 0.0]),
    ((1, 2.5), ("n",), "float", [1.0, 2.5]),
    (numpy.arange(4).reshape(2, 2), ("n", "2"), "float", [[0.0, 1.0], [2.0, 3.0]]),
    ([numpy.array([1, 2])], ("n", "m"), "int", [[1, 2]]),
    ([], ("n", "2"), "float", []),
    ([-math.inf], ("1",), "float", [-math.inf]),
]

ARRAY = "expected an array of numbers of shape"
REFUSED: list[tuple[object, Shape, DType, str]] = [
    ("1", (), "float", "expected a number, found '1'"),
    (None, (), "float", "expected a number, found None"),
    (1j, (), "float", "expected a number, found a complex"),
    (10**400, (), "float", "expected a number, found an integer that is too large for a double"),
    (1.5, (), "int", "expected an integer, found 1.5"),
    (math.nan, (), "int", "expected an integer, found nan"),
    ([1], (), "float", "expected a number, found a list of 1"),
    (1, ("n",), "float", f"{ARRAY} [n], found 1"),
    ({"a": 1}, ("n",), "float", f"{ARRAY} [n], found a dict of 1"),
    ([1, "2"], ("n",), "float", f"{ARRAY} [n], found '2' at [1]"),
    ([[1], 2], ("n", "1"), "float", f"{ARRAY} [n, 1], found 2 at [1]"),
    ([[[1]]], ("n", "1"), "float", f"{ARRAY} [n, 1], found a list of 1 at [0][0]"),
    ([[1, 2], [3]], ("n", "2"), "float", f"{ARRAY} [n, 2], found a ragged list: 1 after rows of 2 at [1]"),
    ([1, 2], ("3",), "float", "expected shape [3], found [2]"),
    ([[1, 2]], ("n", "n"), "float", "expected shape [n, n] = [1, 1], found [1, 2] (n = 1 from argument 'x')"),
]


@pytest.mark.parametrize(("value", "shape", "dtype", "expected"), ACCEPTED)
def test_accepted(value: object, shape: Shape, dtype: DType, expected: object) -> None:
    result = convert(value, shape, dtype, "x", Sizes())
    assert result == expected
    assert repr(result) == repr(expected)  # 1 and 1.0 are equal, and not the same


@pytest.mark.parametrize(("value", "shape", "dtype", "message"), REFUSED)
def test_refused(value: object, shape: Shape, dtype: DType, message: str) -> None:
    with pytest.raises(DataError) as caught:
        convert(value, shape, dtype, "x", Sizes())
    assert str(caught.value) == f"argument 'x': {message}"


def test_sizes_are_shared_between_arguments() -> None:
    sizes = Sizes()
    convert([[1.0, 2.0]] * 3, ("k", "d"), "float", "mu", sizes)
    assert convert([[5.0]] * 3, ("k", "d*(d - 1)/2"), "float", "l", sizes) == [[5.0]] * 3
    with pytest.raises(DataError, match=r"expected shape \[k, d\*\(d - 1\)/2\] = \[3, 1\], found \[3, 2\]"):
        convert([[5.0, 6.0]] * 3, ("k", "d*(d - 1)/2"), "float", "l", sizes)


def test_the_callers_list_is_copied() -> None:
    mine = [1.0, 2.0]
    copy = convert(mine, ("n",), "float", "x", Sizes())
    assert copy == mine
    assert copy is not mine


def test_endless_list_is_refused() -> None:
    endless: list[object] = []
    endless.append(endless)
    with pytest.raises(DataError):
        convert(endless, ("n", "m"), "float", "x", Sizes())


def test_size_expression_of_any_length() -> None:
    sizes = Sizes()
    sizes.bind("n", 2, "argument 'x'")
    assert sizes.value("n" + " + n" * 2000) in (4002, None)  # None: left to the emitted code, never a crash


def test_shape_of() -> None:
    assert shape_of([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]) == (3, 2)
    assert shape_of(1.0) == ()
