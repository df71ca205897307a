"""NumPy's `.npz` -> nested lists by name: headers first, nothing unpickled or unpacked past a bound."""

from __future__ import annotations

import io
import math
import os
import tokenize
import zipfile
import zlib
from collections.abc import Sequence

from mgc.grammar.diagnostics import DataError, printable
from mgc.runtime.files import read_regular

# what zipfile and NumPy raise for bytes that are not theirs
DAMAGE = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, tokenize.TokenError, SyntaxError),
    *(ValueError, TypeError, KeyError, EOFError, NotImplementedError, RuntimeError, OSError),
)


def read_npz(path: str | os.PathLike[str], names: Sequence[str], limit: int) -> dict[str, object]:
    """The arrays of these names that the file has. Errors: DataError (no NumPy, damage, size, type, nan)."""
    shown = printable(os.fspath(path))
    try:
        import numpy  # noqa: F401  # tells its absence apart from a damaged file
    except ImportError:
        raise DataError(f"{shown}: reading .npz needs NumPy: pip install 'mgc[data]'") from None
    content = io.BytesIO(read_regular(path, limit))
    try:
        with zipfile.ZipFile(content) as archive:
            members = {info.filename: info for info in archive.infolist()}
            wanted = [name for name in names if f"{name}.npy" in members]
            if sum(members[f"{name}.npy"].file_size for name in wanted) > limit:
                raise DataError(f"{shown}: its arrays unpack to more than the limit of {limit} bytes")
            return {name: _array(archive, members[f"{name}.npy"], f"{shown}: array '{name}'") for name in wanted}
    except DAMAGE:
        raise DataError(f"{shown}: damaged, or not an .npz file") from None


def _array(archive: zipfile.ZipFile, info: zipfile.ZipInfo, where: str) -> object:
    import numpy
    from numpy.lib import format as npy

    with archive.open(info) as file:
        version = npy.read_magic(file)
        read_header = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}.get(version)
        if read_header is None:
            raise DataError(f"{where}: unknown version of the .npy format")
        shape, _, dtype = read_header(file)
        if dtype.kind not in "fiu":
            raise DataError(f"{where}: expected numbers, found dtype {dtype}")
        if math.prod(shape) * dtype.itemsize > info.file_size:
            raise DataError(f"{where}: damaged: its header promises more than the file holds")
    with archive.open(info) as file:
        values = npy.read_array(file, allow_pickle=False)
    if not numpy.isfinite(values).all():
        raise DataError(f"{where}: holds nan or inf")
    nested: object = values.tolist()
    return nested
