"""Names as whole numbers: what the networks of this folder read, and how they write names."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

LETTERS = ".abcdefghijklmnopqrstuvwxyz"  # a letter is its place; the dot, 0, comes before a name and after it
END = 0
NOTHING = -1  # follows behind the end

Rows = dict[str, list[list[int]] | list[int]]


def census() -> list[str]:
    """The 5,163 first names of a census of 1990, shuffled; they come with `pip install names`."""
    from names import FILES

    lines = [
        line for kind in ("female", "male") for line in Path(FILES[f"first:{kind}"]).read_text("ascii").splitlines()
    ]
    found = sorted({line.split()[0].lower() for line in lines})
    return random.Random(0).sample(found, len(found))


def parted(names: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Nine tenths of the names to learn from, and the others."""
    count = len(names) * 9 // 10
    return names[:count], names[count:]


def encoded(name: str) -> list[int]:
    """`abc` -> [1, 2, 3]."""
    return [LETTERS.index(letter) for letter in name]


def contexts(names: Sequence[str], block: int) -> Rows:
    """A row for each letter, and for the end of each name: y[n], and X[n, block], what stands before it."""
    X, y = [], []
    for name in names:
        text = [END] * block + encoded(name) + [END]
        for place in range(block, len(text)):
            X.append(text[place - block : place])
            y.append(text[place])
    return {"X": X, "y": y}


def sequences(names: Sequence[str], longest: int) -> Rows:
    """A row for each name: its letters behind a dot, X[n, longest], and what follows each of them, y[n, longest]."""
    rows = [([END, *encoded(name)], [*encoded(name), END]) for name in names if len(name) < longest]
    return {
        "X": [before + [END] * (longest - len(before)) for before, _ in rows],
        "y": [after + [NOTHING] * (longest - len(after)) for _, after in rows],
    }


def drawn(probabilities: Callable[[list[int]], object], generator: random.Random, longest: int = 20) -> str:
    """A name, letter by letter. probabilities: of the letter that comes next, given those so far."""
    letters: list[int] = []
    while len(letters) < longest:
        weights = cast("Sequence[float]", probabilities(letters))
        (letter,) = generator.choices(range(len(LETTERS)), weights)
        if letter == END:
            break
        letters.append(letter)
    return "".join(LETTERS[letter] for letter in letters)
