"""Parquet files: the columns of a `.csv`, by the same names; other types, missing values and damage are told."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from mgc.compiler.module import ArgumentInfo
from mgc.grammar.diagnostics import DataError
from mgc.runtime.training import data, parquet

pyarrow = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

X = ArgumentInfo("X", "X", ("n", "2"), "float", None)
Y = ArgumentInfo("y", "y", ("n",), "int", None)


def load(folder: Path, mapping: dict[str, list[str]] | None = None, **columns: Any) -> dict[str, object]:
    pq.write_table(pyarrow.table(columns), folder / "d.parquet")
    return data.load(folder / "d.parquet", (X, Y), mapping)


def test_columns_have_the_names_of_a_table(tmp_path: Path) -> None:
    columns = {"X.0": [1.5, 2.0], "X.1": pyarrow.array([3, 4], "int8"), "y": [0, 1]}
    expected = {"X": [[1.5, 3.0], [2.0, 4.0]], "y": [0.0, 1.0]}
    assert load(tmp_path, **columns, name=["anna", None]) == expected
    assert load(tmp_path, {"y": ["kind"]}, kind=[0, 1], **columns) == expected


MISTAKES: dict[str, dict[str, Any]] = {
    "column 'X1', row 2: expected a finite number, found none": {"X1": [1.0, None]},
    "column 'X1', row 1: expected a finite number, found nan": {"X1": [float("nan"), 1.0]},
    "column 'X1': expected numbers, found string": {"X1": ["1", "2"]},
    "column 'X1' is missing between the columns of 'X'": {"X2": [1.0, 2.0]},
    "a second column named 'X.0'": {"X1": [1.0, 1.0], "X.0": [1.0, 1.0], "X": [{"0": "deep"}, {"0": "deeper"}]},
}


@pytest.mark.parametrize(("said", "columns"), MISTAKES.items())
def test_what_does_not_fit_is_told_by_its_column(said: str, columns: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"d\.parquet") as error:
        load(tmp_path, X0=[1.0, 2.0], y=[0, 1], **columns)
    assert said in str(error.value)


def test_a_small_file_of_many_numbers_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "d.parquet"
    pq.write_table(pyarrow.table({"X0": pyarrow.array([0.0] * 100_000)}), path)
    assert path.stat().st_size < 10_000
    with pytest.raises(DataError, match="unpack to more than the limit of 100000 bytes"):
        parquet.read_parquet(path, 100_000)


def test_a_file_without_numbers_has_no_rows(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="it has no rows of numbers"):
        load(tmp_path, name=["anna"])


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    assert load(tmp_path, X0=[1.0, 2.0], X1=[3.0, 4.0], y=[0, 1])
    whole, draw = (tmp_path / "d.parquet").read_bytes(), random.Random(1)
    for _ in range(100):
        damaged = bytearray(whole[: draw.randrange(len(whole))] if draw.random() < 0.2 else whole)
        for _ in range(3):
            damaged[draw.randrange(len(damaged))] = draw.randrange(256)
        (tmp_path / "d.parquet").write_bytes(damaged)
        try:
            data.load(tmp_path / "d.parquet", (X, Y))
        except DataError as error:
            assert "d.parquet" in str(error)  # noqa: PT017  # some damage leaves a file with other numbers
