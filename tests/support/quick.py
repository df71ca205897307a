"""Samples that are too many for every run: some stay in it, the others take `--slow`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest


def slow_if(slow: Callable[[Any], bool], samples: Iterable[Any]) -> list[Any]:
    """The samples as parameters of a test, of which those that are slow take `--slow`."""
    return [pytest.param(sample, marks=pytest.mark.slow) if slow(sample) else sample for sample in samples]


def first_quick(samples: Iterable[Any], count: int = 1) -> list[Any]:
    """The samples as parameters of a test, of which the first `count` are not slow."""
    listed = list(samples)
    return listed[:count] + slow_if(lambda _: True, listed[count:])
