"""Data files: columns become arguments by name; a mistake is told with file, line and column."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest

from mgc.compiler.module import ArgumentInfo
from mgc.grammar.diagnostics import DataError
from mgc.runtime.training import data

X = ArgumentInfo("X", "X", ("n", "2"), "float", None)
Y = ArgumentInfo("y", "y", ("n",), "float", None)
LABEL = ArgumentInfo("label", "label", ("n",), "int", None)
ALPHA = ArgumentInfo("alpha", "alpha", (), "float", 0.1)
MOONS = (X, Y, ALPHA)
EXPECTED = {"X": [[1.0, 2.0], [3.0, 4.0]], "y": [-1.0, 1.0]}


def load(folder: Path, text: str | bytes, arguments: tuple[ArgumentInfo, ...] = MOONS) -> dict[str, object]:
    path = folder / "d.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return data.load(path, arguments)


SAME = {
    "plain": "X0,X1,y\n1,2,-1\n3,4,1\n",
    "from one": "X1,X2,y\n1,2,-1\n3,4,1\n",
    "brackets": "X[0],X[1],y\n1,2,-1\n3,4,1\n",
    "dots": "X.0,X.1,y\n1,2,-1\n3,4,1\n",
    "underscores": "X_0,X_1,y\n1,2,-1\n3,4,1\n",
    "any order": "y,X1,X0\n-1,2,1\n1,4,3\n",
    "columns of no argument": "id,X0,X1,y,X\n7,1,2,-1,0\n8,3,4,1,0\n",
    "no header": "1,2,-1\n3,4,1\n",
    "CRLF, BOM, blank lines, no newline": b"\xef\xbb\xbfX0,X1,y\r\n\r\n1,2,-1\r\n3,4,1",
    "quotes and blanks": '"X0","X1",y\n"1", 2,-1\n3,4 ,+1.0e0\n',
}


@pytest.mark.parametrize("text", SAME.values(), ids=SAME.keys())
def test_same_data_in_many_spellings(tmp_path: Path, text: str | bytes) -> None:
    assert load(tmp_path, text) == EXPECTED


def test_ten_columns_are_ordered_by_number(tmp_path: Path) -> None:
    header = ",".join(f"X{i}" for i in (10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0))
    arguments = (ArgumentInfo("X", "X", ("n", "11"), "float", None),)
    assert load(tmp_path, f"{header}\n10,9,8,7,6,5,4,3,2,1,0\n", arguments)["X"] == [[float(i) for i in range(11)]]


BAD = {
    ":1: expected a column 'y' for y[n]; the columns are: X0, X1": "X0,X1\n1,2\n",
    "; the columns are: a, b, y; to take others: --columns X=": "a,b,y\n1,2,3\n",
    "column 'X1' is missing between the columns of 'X'": "X0,X2,y\n1,2,3\n",
    "two columns are number 0 of 'X'": "X0,X_0,y\n1,2,3\n",
    ":1:3: a second column named 'X0'": "X0,y,X0\n1,2,3\n",
    ":1:2: column 2 has no name": "X0,,y\n1,2,3\n",
    ":3:2: column 2 ('X1'): expected a finite number, found 'abc'": "X0,X1,y\n1,2,3\n1,abc,3\n",
    ":2:1: column 1 ('X0'): expected a finite number, found ''": "X0,X1,y\n,2,3\n",
    ":2:1: column 1 ('X0'): expected a finite number, found 'nan'": "X0,X1,y\nnan,2,3\n",
    ":2:3: column 3 ('y'): expected a finite number, found '1e999'": "X0,X1,y\n1,2,1e999\n",
    ":2:3: column 3 ('y'): expected a finite number, found '1_0'": "X0,X1,y\n1,2,1_0\n",
    ":2:3: column 3 ('y'): expected a finite number, found '٣'": "X0,X1,y\n1,2,٣\n",
    ":3: expected 3 columns as in the first row, found 2": "X0,X1,y\n1,2,3\n1,2\n",
    ": it has no rows of numbers": "X0,X1,y\n",
    "it has no rows": "",
    ": not a text file: byte 9 is not UTF-8": b"X0,X1,y\n1\xff,2,3\n",
    "unexpected end of data": 'X0,X1,y\n1,2,"3\n',
    "\\x1b": "X0,X1,y\n1,\x1b[31m,3\n",
}


@pytest.mark.parametrize(("message", "text"), BAD.items(), ids=range(len(BAD)))
def test_located_mistakes(tmp_path: Path, message: str, text: str | bytes) -> None:
    with pytest.raises(DataError, match=re.escape(message)) as caught:
        load(tmp_path, text)
    assert "d.csv" in str(caught.value)
    assert str(caught.value).isprintable()


def test_no_header_needs_one_matrix_and_one_vector(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="the first row has no column names"):
        load(tmp_path, "1,2,3\n", (X, Y, LABEL))


def test_other_kinds_of_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"\.csv, \.parquet and \.npz"):
        data.load(tmp_path / "d.pkl", MOONS)
    with pytest.raises(DataError, match="cannot read"):
        data.load(tmp_path / "missing.csv", MOONS)


# --- .npz


def npz(folder: Path, **arrays: object) -> Path:
    numpy = pytest.importorskip("numpy")
    path = folder / "d.npz"
    numpy.savez(path, **arrays)
    return path


def test_npz(tmp_path: Path) -> None:
    path = npz(tmp_path, X=[[1, 2], [3, 4]], y=[-1.0, 1.0], unused=[1])
    assert data.load(path, MOONS) == EXPECTED


def test_npz_with_objects_is_not_unpickled(tmp_path: Path) -> None:
    numpy = pytest.importorskip("numpy")
    path = npz(tmp_path, X=numpy.array([{}, 1], dtype=object), y=[1.0])
    with pytest.raises(DataError, match="expected numbers, found dtype object"):
        data.load(path, MOONS)


def test_long_doubles_are_read_as_floats(tmp_path: Path) -> None:
    numpy = pytest.importorskip("numpy")
    if numpy.dtype(numpy.longdouble).itemsize <= 8:
        pytest.skip("long doubles are doubles here")
    y = numpy.array([-1, 1], dtype=numpy.longdouble)
    found = data.load(npz(tmp_path, X=[[1, 2], [3, 4]], y=y), MOONS)["y"]
    assert isinstance(found, list)
    assert [type(number) for number in found] == [float, float]
    with pytest.raises(DataError, match="array 'y': holds nan or inf"):
        data.load(npz(tmp_path, X=[[1, 2]], y=y * numpy.finfo(numpy.longdouble).max), MOONS)


def test_npz_must_be_finite(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="array 'y': holds nan or inf"):
        data.load(npz(tmp_path, X=[[1, 2]], y=[float("nan")]), MOONS)


def test_npz_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "MAX_BYTES", 100_000)
    path = tmp_path / "d.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("X.npy", bytes(1_000_000))
    with pytest.raises(DataError, match="unpack to more than the limit"):
        data.load(path, MOONS)


def test_npz_header_that_promises_more_than_there_is(tmp_path: Path) -> None:
    numpy = pytest.importorskip("numpy")
    content = io.BytesIO()
    numpy.lib.format.write_array_header_1_0(content, {"descr": "<f8", "fortran_order": False, "shape": (10**12, 2)})
    path = tmp_path / "d.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("X.npy", content.getvalue())
    with pytest.raises(DataError, match="promises more than the file holds"):
        data.load(path, MOONS)


@pytest.mark.parametrize(
    "header", [b"{'descr': (", b"{'descr': '<f8', 3: 4}", b"(]", b"{'descr': '<f8', 'shape': (-1,)}"]
)
def test_npz_with_a_header_that_is_no_literal(header: bytes, tmp_path: Path) -> None:
    pytest.importorskip("numpy")
    path = tmp_path / "d.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("X.npy", b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header)
    with pytest.raises(DataError, match="array 'X': damaged, or no array of NumPy's"):
        data.load(path, MOONS)


def test_npz_cut_or_altered_is_one_sentence(tmp_path: Path) -> None:
    path = npz(tmp_path, X=[[1, 2]], y=[1.0])
    whole = path.read_bytes()
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        with pytest.raises(DataError):
            data.load(path, MOONS)
    for position in range(0, len(whole), 3):
        path.write_bytes(whole[:position] + bytes([whole[position] ^ 0x55]) + whole[position + 1 :])
        try:
            data.load(path, MOONS)
        except DataError:
            continue
