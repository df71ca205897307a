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


def some_quick(samples: Iterable[Any], every: int) -> list[Any]:
    """The samples as parameters of a test, of which one in `every`, throughout, is not slow."""
    return [pytest.param(one, marks=pytest.mark.slow) if place % every else one for place, one in enumerate(samples)]
