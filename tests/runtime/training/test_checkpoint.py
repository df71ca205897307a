"""Parameter files: exact round trips; what is cut, altered or of another model is refused with a sentence."""

from __future__ import annotations

import json
import os
import re
import stat
from pathlib import Path

import pytest

from mgc.compiler.module import ParameterInfo
from mgc.grammar.diagnostics import DataError
from mgc.runtime.arguments import Params
from mgc.runtime.training import checkpoint

DECLARED = (ParameterInfo("f.W", ("2", "n")), ParameterInfo("f.b", ("n",)), ParameterInfo("f.s", ()))
PARAMETERS: Params = {"f.W": [[0.1, -0.0, 5e-324], [1e308, 1 / 3, 2.0]], "f.b": [1.0, 2.0, 3.0], "f.s": -7.25}
SUFFIXES = [".json", ".safetensors"]


@pytest.fixture(params=SUFFIXES)
def saved(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / f"p{request.param}"
    checkpoint.save(path, PARAMETERS, DECLARED)
    return path


def test_round_trip_is_exact(saved: Path) -> None:
    found = checkpoint.load(saved, DECLARED)
    assert repr(found) == repr(PARAMETERS)  # repr: -0.0 too


def test_every_truncation_is_refused(saved: Path) -> None:
    whole = saved.read_bytes()
    for length in range(len(whole.rstrip())):
        saved.write_bytes(whole[:length])
        with pytest.raises(DataError):
            checkpoint.load(saved, DECLARED)


def test_altered_bytes_never_crash(saved: Path) -> None:
    """Another number is another number; whatever else is altered is a sentence."""
    whole = saved.read_bytes()
    for position in range(len(whole)):
        for byte in (0, 0x22, 0x39, 0x7B, 0xFF):
            saved.write_bytes(whole[:position] + bytes([byte]) + whole[position + 1 :])
            try:
                found = checkpoint.load(saved, DECLARED)
            except DataError:
                continue
            assert found.keys() == PARAMETERS.keys()


WRONG_MODELS = {
    "missing parameter: f.t": (*DECLARED, ParameterInfo("f.t", ())),
    "unknown parameter 'f.s'": DECLARED[:2],
    "parameter 'f.b': expected shape [4], found [3]": (
        DECLARED[0],
        ParameterInfo("f.b", ("4",)),
        DECLARED[2],
    ),
    "parameter 'f.s': expected an array": (*DECLARED[:2], ParameterInfo("f.s", ("2",))),
    "parameter 'f.b': expected a number, found a list of 3": (
        DECLARED[0],
        ParameterInfo("f.b", ()),
        DECLARED[2],
    ),
}


@pytest.mark.parametrize(("message", "declared"), WRONG_MODELS.items(), ids=WRONG_MODELS.keys())
def test_file_of_another_model(saved: Path, message: str, declared: tuple[ParameterInfo, ...]) -> None:
    with pytest.raises(DataError, match=re.escape(message)) as caught:
        checkpoint.load(saved, declared)
    assert str(caught.value).startswith(str(saved))


def test_free_sizes_must_agree(saved: Path) -> None:
    declared = (ParameterInfo("f.W", ("n", "n")), *DECLARED[1:])
    with pytest.raises(DataError, match=re.escape("n = 2 from parameter 'f.W'")):
        checkpoint.load(saved, declared)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_not_finite_is_not_saved(tmp_path: Path, suffix: str, value: float) -> None:
    with pytest.raises(DataError, match=r"'f\.s' holds nan or inf"):
        checkpoint.save(tmp_path / f"p{suffix}", {**PARAMETERS, "f.s": value}, DECLARED)
    assert list(tmp_path.iterdir()) == []


def entry(shape: object, values: object) -> dict[str, object]:
    return {"format": checkpoint.FORMAT, "parameters": {"f.s": {"shape": shape, "values": values}}}


ONE = '{"format": "mgc parameters 1", "parameters": {"f.s": {"shape": [], "values": %s}}}'
BAD_JSON = {
    "NaN": ONE % "NaN",
    "overflow": ONE % "1e999",
    "huge integer": ONE % ("9" * 9999),
    "twice": ONE % '1}, "f.s": {"shape": [], "values": 2',
    "deep": "[" * 200_000,
    "not an object": "[]",
    "another format": '{"format": "mgc parameters 2", "parameters": {}}',
    "no parameters": '{"format": "mgc parameters 1"}',
    "parameters in a list": '{"format": "mgc parameters 1", "parameters": []}',
    "bare values": '{"format": "mgc parameters 1", "parameters": {"f.s": 1.0}}',
    "text": json.dumps(entry([], "1")),
    "true": json.dumps(entry([], True)),
    "stated shape": json.dumps(entry([1], 1.0)),
    "not UTF-8": b"\xff\xfe{}",
}  # fmt: skip  # one row each


@pytest.mark.parametrize("content", BAD_JSON.values(), ids=BAD_JSON.keys())
def test_bad_json(tmp_path: Path, content: str | bytes) -> None:
    path = tmp_path / "p.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(DataError):
        checkpoint.load(path, (ParameterInfo("f.s", ()),))


def tensors(header: object, data: bytes = bytes(8), length: int | None = None) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return (len(text) if length is None else length).to_bytes(8, "little") + text + data


GOOD = {"dtype": "F64", "shape": [], "data_offsets": [0, 8]}
BAD_TENSORS = {
    "header longer than the file": tensors({"f.s": GOOD}, length=2**40),
    "header longer than allowed": tensors(b" " * (2**20 + 1)),
    "header not an object": tensors([]),
    "header not JSON": tensors(b"{'f.s'}"),
    "deep header": tensors(b"[" * 100_000),
    "another type": tensors({"f.s": {**GOOD, "dtype": "BF16"}}),
    "a huge shape": tensors({"f.s": {**GOOD, "shape": [2**40, 2**40]}}),
    "a negative shape": tensors({"f.s": {**GOOD, "shape": [-1, -1]}}),
    "an empty shape's bomb": tensors({"f.s": {**GOOD, "shape": [10**9, 0], "data_offsets": [0, 0]}}, b""),
    "a fractional shape": tensors({"f.s": {**GOOD, "shape": [1.0]}}),
    "offsets beyond the file": tensors({"f.s": {**GOOD, "data_offsets": [8, 16]}}),
    "offsets the wrong way": tensors({"f.s": {**GOOD, "data_offsets": [8, 0]}}),
    "bytes left over": tensors({"f.s": GOOD}, bytes(16)),
    "nan": tensors({"f.s": GOOD}, bytes.fromhex("000000000000f87f")),
    "another name": tensors({"f.s": GOOD, "f.t": GOOD}),
    "no shape": tensors({"f.s": {"dtype": "F64", "data_offsets": [0, 8]}}),
}


@pytest.mark.parametrize("content", BAD_TENSORS.values(), ids=BAD_TENSORS.keys())
def test_bad_safetensors(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "p.safetensors"
    path.write_bytes(content)
    with pytest.raises(DataError):
        checkpoint.load(path, (ParameterInfo("f.s", ()),))


def test_overlapping_tensors(tmp_path: Path) -> None:
    path = tmp_path / "p.safetensors"
    path.write_bytes(tensors({"f.s": GOOD, "f.t": GOOD}))
    with pytest.raises(DataError, match="do not fill the file exactly"):
        checkpoint.load(path, (ParameterInfo("f.s", ()), ParameterInfo("f.t", ())))


def test_single_precision_is_read(tmp_path: Path) -> None:
    path = tmp_path / "p.safetensors"
    header = {"f.s": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}
    path.write_bytes(tensors(header, bytes.fromhex("0000803f000000c0")))
    assert checkpoint.load(path, (ParameterInfo("f.s", ("n",)),)) == {"f.s": [1.0, -2.0]}


def test_safetensors_own_library_agrees(tmp_path: Path) -> None:
    library = pytest.importorskip("safetensors.numpy", reason="the test extra brings it")
    numpy = pytest.importorskip("numpy")
    ours, theirs = tmp_path / "ours.safetensors", tmp_path / "theirs.safetensors"
    checkpoint.save(ours, PARAMETERS, DECLARED)
    assert {name: value.tolist() for name, value in library.load_file(ours).items()} == PARAMETERS
    library.save_file({name: numpy.array(value) for name, value in PARAMETERS.items()}, theirs)
    assert checkpoint.load(theirs, DECLARED) == PARAMETERS


def test_other_suffix(tmp_path: Path) -> None:
    for path in (tmp_path / "p.pkl", tmp_path / "p"):
        with pytest.raises(DataError, match=r"\.json or \.safetensors"):
            checkpoint.save(path, PARAMETERS, DECLARED)
        with pytest.raises(DataError, match=r"\.json or \.safetensors"):
            checkpoint.load(path, DECLARED)


def test_failed_write_keeps_the_old_file(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = saved.read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DataError, match="No space left"):
        checkpoint.save(saved, {**PARAMETERS, "f.s": 1.0}, DECLARED)
    assert saved.read_bytes() == before
    assert list(saved.parent.iterdir()) == [saved]


def test_permissions_and_links_are_kept(saved: Path) -> None:
    saved.chmod(0o640)
    link = saved.with_name(f"link{saved.suffix}")
    link.symlink_to(saved.name)
    checkpoint.save(link, {**PARAMETERS, "f.s": 1.0}, DECLARED)
    assert link.is_symlink()
    assert stat.S_IMODE(saved.stat().st_mode) == 0o640
    assert checkpoint.load(saved, DECLARED)["f.s"] == 1.0


def test_no_module_that_runs_code_is_imported() -> None:
    source = Path(checkpoint.__file__).read_text(encoding="utf-8")
    assert not re.search(r"import (pickle|marshal|shelve)|eval\(|exec\(", source)
