"""Parameters, dict <-> file: `.json` (readable) or `.safetensors` (compact), both exact, both plain data.

Nothing in a file is trusted: the model says which names and shapes there are, and a file that disagrees is
refused before its numbers are used.
A safetensors file is a length, a JSON header and raw little-endian numbers
(https://huggingface.co/docs/safetensors), so it needs no library.
"""

from __future__ import annotations

import array
import json
import math
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from mgc.grammar.diagnostics import DataError, printable
from mgc.runtime.arguments import Params, checked_params
from mgc.runtime.conversion import Nested, flat, shape_of
from mgc.runtime.files import read_regular, write_atomically

if TYPE_CHECKING:
    from mgc.compiler.module import ParameterInfo

FORMAT = "mgc parameters 1"
TRAINING, STATE = "mgc training 1", "state/"  # of checkpoints, and of what is no parameter in them
MAX_HEADER = 2**20  # the format allows 100 MB: room for no model of ours, and for mischief
MAX_FILE = 2**30
TYPECODES = {"F64": ("d", 8), "F32": ("f", 4)}


def save(path: str | os.PathLike[str], params: Params, declared: Sequence[ParameterInfo]) -> None:
    """Write the parameters, whole or not at all. Errors: DataError (suffix, names, shapes, nan, the disk)."""
    checked = usable(checked_params(params, declared))
    match Path(path).suffix:
        case ".json":
            content = _to_json(checked)
        case ".safetensors":
            content = to_safetensors(checked, {"format": FORMAT})
        case _:
            _unknown_suffix(path)
    write_atomically(path, content)


def load(path: str | os.PathLike[str], declared: Sequence[ParameterInfo]) -> Params:
    """Read parameters that fit the model. Errors: DataError for anything else."""
    check_suffix(path)
    content = read_regular(path, MAX_FILE)
    try:
        found = _from_json(content) if Path(path).suffix == ".json" else _from_safetensors(content, declared)
        return usable(checked_params(found, declared))
    except DataError as error:
        raise DataError(f"{printable(os.fspath(path))}: {error}") from None


def check_suffix(path: str | os.PathLike[str]) -> None:
    """Refuse what `save` could not write, before hours of training. Errors: DataError."""
    if Path(path).suffix not in (".json", ".safetensors"):
        _unknown_suffix(path)


def _unknown_suffix(path: str | os.PathLike[str]) -> NoReturn:
    raise DataError(f"{printable(os.fspath(path))}: parameters are kept in .json or .safetensors files")


def usable(params: Params, group: str = "") -> Params:
    """The same. Errors: DataError for no numbers and for nan and inf, with the name that stands in the file."""
    for name, value in params.items():
        numbers = list(flat(value))
        if not numbers:
            raise DataError(f"parameter '{printable(group + name)}' is empty")
        if not all(map(math.isfinite, numbers)):
            raise DataError(f"parameter '{printable(group + name)}' holds nan or inf")
    return params


def _nested(numbers: Sequence[float], shape: Sequence[int]) -> Nested:
    level: list[Nested] = list(numbers)
    for size in reversed(shape[1:]):
        level = [level[i : i + size] for i in range(0, len(level), size)]
    return level if shape else level[0]


# --- JSON


def _to_json(params: Params) -> bytes:
    lines = [
        f'    {json.dumps(name)}: {{"shape": {json.dumps(shape_of(value))}, "values": {json.dumps(value)}}}'
        for name, value in params.items()
    ]
    body = ",\n".join(lines)
    return f'{{\n  "format": {json.dumps(FORMAT)},\n  "parameters": {{\n{body}\n  }}\n}}\n'.encode()


def _from_json(content: bytes) -> dict[str, object]:
    document = _parsed(content)
    if not isinstance(document, dict) or document.get("format") != FORMAT or set(document) != {"format", "parameters"}:
        raise DataError(f'not a parameter file: expected an object with "format": "{FORMAT}" and "parameters"')
    entries = document["parameters"]
    if not isinstance(entries, dict):
        raise DataError('"parameters" must be an object')
    found = {}
    for name, entry in entries.items():
        if not isinstance(entry, dict) or set(entry) != {"shape", "values"}:
            raise DataError(f"parameter {printable(repr(name)):.80}: expected a shape and values")
        found[name] = entry["values"]
        if any(isinstance(number, bool) for number in flat(found[name])):
            raise DataError(f"parameter {printable(repr(name)):.80}: true and false are no numbers")
        if entry["shape"] != list(shape_of(found[name])):
            raise DataError(f"parameter {printable(repr(name)):.80}: its values do not have the shape that it states")
    return found


def _parsed(content: bytes) -> object:
    """JSON as the standard has it: no NaN, no name twice."""
    try:
        return json.loads(content.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else printable(str(error))[:200]
        raise DataError(f"damaged, not JSON: {reason}") from None


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    entries = dict(pairs)
    if len(entries) != len(pairs):
        raise ValueError("a name occurs twice")
    return entries


def _no_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is not a number in JSON")


# --- safetensors


def to_safetensors(params: Mapping[str, Nested], metadata: Mapping[str, str]) -> bytes:
    """Numbers by name as the bytes of a file."""
    header: dict[str, object] = {"__metadata__": metadata}
    parts = []
    start = 0
    for name, value in params.items():
        numbers = array.array("d", flat(value))
        if sys.byteorder == "big":
            numbers.byteswap()
        parts.append(numbers.tobytes())
        end = start + len(parts[-1])
        header[name] = {"dtype": "F64", "shape": shape_of(value), "data_offsets": [start, end]}
        start = end
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)  # the numbers start at a multiple of eight bytes
    return len(text).to_bytes(8, "little") + text + b"".join(parts)


def _from_safetensors(content: bytes, declared: Sequence[ParameterInfo]) -> dict[str, object]:
    found, metadata = from_safetensors(content)
    known = {parameter.name for parameter in declared}
    if metadata.get("format") == TRAINING:
        found = {name: value for name, value in found.items() if not name.startswith(STATE)}
    if unknown := sorted(set(found) - known):
        raise DataError(f"unknown parameter {printable(repr(unknown[0])):.80}")
    return {**found}


def from_safetensors(content: bytes) -> tuple[dict[str, Nested], dict[str, object]]:
    """The numbers by name, and the metadata. Errors: DataError."""
    length = int.from_bytes(content[:8], "little")
    if len(content) < 8 or length > min(MAX_HEADER, len(content) - 8):
        raise DataError("damaged: its header is cut off or too long")
    header = _parsed(content[8 : 8 + length])
    if not isinstance(header, dict):
        raise DataError("damaged: its header is not an object")
    metadata = header.pop("__metadata__", {})
    if not isinstance(metadata, dict):
        raise DataError("damaged: its metadata is not an object")
    data = content[8 + length :]
    ranges: list[tuple[int, int]] = []
    found = {name: _tensor(name, entry, data, ranges) for name, entry in header.items()}
    ends = [0, *(end for _, end in sorted(ranges))]
    if [start for start, _ in sorted(ranges)] != ends[:-1] or ends[-1] != len(data):
        raise DataError("damaged: its tensors do not fill the file exactly")
    return found, metadata


def _tensor(name: str, entry: object, data: bytes, ranges: list[tuple[int, int]]) -> Nested:
    match entry:
        case {"dtype": "F64" | "F32" as dtype, "shape": list(shape), "data_offsets": [int(start), int(end)]}:
            code, width = TYPECODES[dtype]
        case _:
            raise DataError(f"damaged: parameter {printable(name)} needs dtype F64 or F32, shape and data_offsets")
    if not all(type(size) is int and 1 <= size <= MAX_FILE for size in shape) or len(shape) > 32:
        raise DataError(f"damaged: parameter {printable(name)} has an impossible shape")
    if not 0 <= start <= end <= len(data) or end - start != math.prod(shape) * width:
        raise DataError(f"damaged: parameter {printable(name)} does not lie where the header says")
    ranges.append((start, end))
    numbers = array.array(code, data[start:end])
    if sys.byteorder == "big":
        numbers.byteswap()
    return _nested(numbers.tolist(), shape)
