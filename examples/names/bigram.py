"""The bigram of bigram.mg, trained on names, beside the same by counting; then ten names that it draws.

python examples/names/bigram.py
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from math import log
from pathlib import Path

from characters import END, census, contexts, drawn, encoded

import mgc


def main(model: mgc.Model, names: Sequence[str], steps: int = 200) -> None:
    trained = mgc.train(model, "loss", contexts(names, block=1), steps=steps, lr=50.0)
    least = counted(names)
    print(f"loss {trained.first:.4f} before the first step, {trained.loss:.4f} after {steps}; by counting {least:.4f}")

    def probabilities(letters: list[int]) -> object:
        return model.probabilities(trained.parameters, letters[-1] if letters else END)

    generator = random.Random(1)
    print(*(drawn(probabilities, generator) for _ in range(10)))


def counted(names: Sequence[str]) -> float:
    """The mean cross-entropy where each probability is the share of a letter among those that follow another."""
    texts = [[END, *encoded(name), END] for name in names]
    pairs = Counter(pair for text in texts for pair in pairwise(text))
    firsts = Counter(letter for text in texts for letter in text[:-1])
    return -sum(count * log(count / firsts[first]) for (first, _), count in pairs.items()) / pairs.total()


if __name__ == "__main__":
    main(mgc.load(Path(__file__).with_suffix(".mg"), target="auto"), census())
