"""The log of training: what is the log's fault is told as such, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from mgc import DataError
from mgc.runtime.training.log import opened


def test_an_error_of_training_is_not_one_of_the_log(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="the network is down"), opened(tmp_path / "l.csv", 0):
        raise OSError("the network is down")


def test_a_log_that_is_no_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    path.write_bytes(b"step,loss\n\xff\n")
    with pytest.raises(DataError, match=r"l\.csv is not a text file in UTF-8"), opened(path, 1):
        pass
