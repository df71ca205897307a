"""NumPy's `.npz` -> nested lists by name: headers first, nothing unpickled or unpacked past a bound."""

from __future__ import annotations

import io
import lzma
import math
import os
import tokenize
import zipfile
import zlib
from collections.abc import Sequence

from mgc.grammar.diagnostics import DataError, printable
from mgc.runtime.files import read_regular

UNREADABLE = (  # what zipfile raises for bytes that are no archive, or one that it cannot unpack
    zipfile.BadZipFile,
    NotImplementedError,  # of a later version, or a compression that it does not know
    RuntimeError,  # encrypted
    ValueError,  # a place before the file, a name that is no UTF-8
    *(zlib.error, lzma.LZMAError, EOFError, OSError),  # from decompressing
)
MISSPELT = (ValueError, TypeError, SyntaxError, tokenize.TokenError)  # what NumPy raises for a wrong header


def read_npz(path: str | os.PathLike[str], names: Sequence[str], limit: int) -> dict[str, object]:
    """The arrays of these names that the file has. Errors: DataError (no NumPy, damage, size, type, nan)."""
    shown = printable(os.fspath(path))
    try:
        import numpy  # noqa: F401  # tells its absence apart from a damaged file
    except ImportError:
        raise DataError(f"{shown}: reading .npz needs NumPy: pip install 'mgc[data]'") from None
    members = _members(read_regular(path, limit), names, limit, shown)
    return {name: _array(content, f"{shown}: array '{name}'") for name, content in members.items()}


def _members(content: bytes, names: Sequence[str], limit: int, shown: str) -> dict[str, bytes]:
    """The `.npy` files of these names, unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            known = {info.filename: info for info in archive.infolist()}
            wanted = {name: known[f"{name}.npy"] for name in names if f"{name}.npy" in known}
            if sum(info.file_size for info in wanted.values()) > limit:
                raise DataError(f"{shown}: its arrays unpack to more than the limit of {limit} bytes")
            return {name: archive.read(info) for name, info in wanted.items()}
    except UNREADABLE:
        raise DataError(f"{shown}: damaged, or not an .npz file") from None


def _array(content: bytes, where: str) -> object:
    import numpy
    from numpy.lib import format as npy

    file = io.BytesIO(content)
    try:
        version = npy.read_magic(file)
        read_header = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}.get(version)
        if read_header is None:
            raise DataError(f"{where}: unknown version of the .npy format")
        shape, _, dtype = read_header(file)
        if dtype.kind not in "fiu":
            raise DataError(f"{where}: expected numbers, found dtype {dtype}")
        if math.prod(shape) * dtype.itemsize > len(content):
            raise DataError(f"{where}: damaged: its header promises more than the file holds")
        file.seek(0)
        values = npy.read_array(file, allow_pickle=False)
    except MISSPELT:
        raise DataError(f"{where}: damaged, or no array of NumPy's") from None
    if dtype.itemsize > 8:  # the entries of long doubles are no floats of Python
        with numpy.errstate(over="ignore"):
            values = values.astype(float)
    if not numpy.isfinite(values).all():
        raise DataError(f"{where}: holds nan or inf")
    nested: object = values.tolist()
    return nested
