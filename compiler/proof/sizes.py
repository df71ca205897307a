"""Names of sizes -> the sizes that a function is run at.

>>> [list(sizes.values()) for sizes in choices(["n", "k"])]
[[3, 2], [4, 5], [1, 1], [0, 2], [3, 0], [0, 0]]
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

FIRST = (3, 2, 4, 5, 6, 7)  # distinct, so that no axis passes for another
SMALL = (2, 3, 4, 5, 6, 7)  # of a model whose own parameters are many, and whose sizes are distinct anyway
MANY = 1000  # parameters
LARGER = (4, 5, 3, 8, 7, 9)  # loops over n - 1 and n - 2 turn more than once, d*(d - 1)/2 is not 1
ALONE = 4  # sizes that are 0 one by one


def choices(names: Sequence[str], parameters: int = 0) -> Iterator[dict[str, int]]:
    """Sizes to try, the main ones first: distinct ones, `larger` ones, all 1, each 0 on its own, all 0.

    `parameters`: how many numbers the model has besides; where they are many, not all of these are tried.
    """
    first = _sizes(names, FIRST if parameters <= MANY else SMALL)
    yield first
    if not names:
        return
    yield larger(names)
    if parameters <= MANY:
        yield _sizes(names, (1,))
    if len(names) > 1:
        for name in names[:ALONE]:
            yield {**first, name: 0}
    yield _sizes(names, (0,))


def larger(names: Sequence[str]) -> dict[str, int]:
    """Sizes at which every loop turns several times, where that does not take long; and x[3] of `x[n]` exists."""
    return _sizes(names, LARGER)


def said(sizes: Mapping[str, int]) -> str:
    """`n = 2, k = 3`."""
    return ", ".join(f"{name} = {size}" for name, size in sizes.items())


def _sizes(names: Sequence[str], pattern: Sequence[int]) -> dict[str, int]:
    return {name: pattern[place % len(pattern)] for place, name in enumerate(names)}
