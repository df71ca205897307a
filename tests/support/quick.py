"""Samples that are too many for every run: the first stay in it, the others take `--slow`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def first_quick(samples: Iterable[Any], count: int = 1) -> list[Any]:
    """The samples as parameters of a test, of which the first `count` are not slow."""
    return [
        sample if place < count else pytest.param(sample, marks=pytest.mark.slow)
        for place, sample in enumerate(samples)
    ]
