"""docs/libraries.md: what it shows is what happens."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs/libraries.md"


def test_what_the_page_shows_is_what_happens() -> None:
    pytest.importorskip("scipy")
    pytest.importorskip("sklearn")
    assert doctest.testfile(str(PAGE), module_relative=False).failed == 0
