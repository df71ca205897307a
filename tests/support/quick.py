"""Samples that are too many for every run: some stay in it, the others take `--slow`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest


def slow(*values: Any) -> Any:
    """What a test is given once, with `--slow` only."""
    return pytest.param(*values, marks=pytest.mark.slow)


def slow_if(condition: Callable[[Any], bool], samples: Iterable[Any]) -> list[Any]:
    """The samples as parameters of a test, of which those that are slow take `--slow`."""
    return [slow(sample) if condition(sample) else sample for sample in samples]


def first_quick(samples: Iterable[Any], count: int = 1) -> list[Any]:
    """The samples as parameters of a test, of which the first `count` are not slow."""
    listed = list(samples)
    return listed[:count] + slow_if(lambda _: True, listed[count:])


def some_quick(samples: Iterable[Any], every: int) -> list[Any]:
    """The samples as parameters of a test, of which one in `every`, throughout, is not slow."""
    return [slow(one) if place % every else one for place, one in enumerate(samples)]


def in_turn(samples: Mapping[str, Any], variants: Mapping[str, Any]) -> list[Any]:
    """Each sample with each variant as two parameters of a test; one variant of each sample, in turn, is not slow."""
    marks = [[] if turn == 0 else [pytest.mark.slow] for turn in range(len(variants))]
    return [
        pytest.param(sample, variant, id=f"{name}-{kind}", marks=marks[(turn - row) % len(variants)])
        for row, (name, sample) in enumerate(samples.items())
        for turn, (kind, variant) in enumerate(variants.items())
    ]
