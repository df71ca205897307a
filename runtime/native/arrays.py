"""What a person passes -> what native code takes: as `conversion.convert`, but NumPy arrays stay arrays.

>>> from mgc.runtime.conversion import Sizes
>>> fitting([1, 2], ("n",), "float", "x", Sizes(), real="float32")
[1.0, 2.0]
"""

from __future__ import annotations

import importlib.util
import sys
from typing import TYPE_CHECKING, cast

from mgc.grammar.diagnostics import DataError, printable
from mgc.runtime.conversion import DType, Nested, Shape, Sizes, check_sizes, convert, described, flat, spelled

if TYPE_CHECKING:
    import numpy as np

    from mgc.compiler.options import Precision

LARGEST = 2**53  # of the integers that a double holds exactly


def fitting(
    value: object,
    shape: Shape,
    dtype: DType,
    name: str,
    sizes: Sizes,
    what: str = "argument",
    *,
    real: Precision,
) -> Nested:
    """A number, nested lists, or a contiguous array of `real` numbers or int64; binds the sizes it shows.

    Errors: DataError.
    """
    numpy = sys.modules.get("numpy")
    where = f"{what} '{printable(name)}'"
    is_array = numpy is not None and isinstance(value, numpy.ndarray) and not hasattr(value, "mask")
    if is_array and shape:  # masked ones go as lists, in which what is masked is no number
        array = _array(cast("np.ndarray", value), shape, dtype, where, real)
        check_sizes(list(array.shape), shape, where, sizes)
        return cast("Nested", array)
    found = convert(value, shape, dtype, name, sizes, what)
    if dtype == "int" and any(abs(one) > LARGEST for one in flat(found)):
        raise DataError(f"{where}: native code takes integers up to 2**53 in magnitude")
    return found


def packed(value: object, real: Precision) -> object:
    """Nested lists as NumPy arrays, where NumPy is installed; those in a dictionary too.

    A list stays one where the array would lose a size, or could not hold a number, which is told where it is passed.
    """
    if isinstance(value, dict):
        return {name: packed(one, real) for name, one in value.items()}
    if not isinstance(value, list) or not ("numpy" in sys.modules or importlib.util.find_spec("numpy")):
        return value
    import numpy as np

    first = next(flat(value), None)
    if first is None:
        return value
    try:
        return np.array(value, np.int64 if isinstance(first, int) else real)
    except OverflowError:
        return value


def copied(value: object) -> object:
    """Arrays of their own, those in a dictionary too; lists that were converted are copies already."""
    if isinstance(value, dict):
        return {name: copied(one) for name, one in value.items()}
    return cast("np.ndarray", value).copy() if hasattr(value, "copy") and not isinstance(value, list) else value


def _array(value: np.ndarray, shape: Shape, dtype: DType, where: str, real: Precision) -> np.ndarray:
    import numpy as np

    if value.dtype.kind not in "fiub":
        raise DataError(f"{where}: expected {described(shape, dtype)}, found an array of {value.dtype}")
    if value.ndim != len(shape):
        found = spelled(tuple(value.shape))
        raise DataError(f"{where}: expected {described(shape, dtype)}, found an array of shape {found}")
    if dtype == "float":
        with np.errstate(over="ignore"):  # what no float32 holds is inf in one
            return np.require(value, real, ["C", "A", "E"])
    whole = value if value.dtype.kind != "f" else np.trunc(value)
    if not (whole == value).all() or (whole.size and (whole.max() > LARGEST or whole.min() < -LARGEST)):
        raise DataError(f"{where}: expected integers up to 2**53 in magnitude, found others")
    return np.require(whole, np.int64, ["C", "A", "E"])
