"""The network of mlp.mg, trained on names in batches; then ten names that it draws.

python examples/names/mlp.py
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

from characters import END, census, contexts, drawn, parted

import mgc

BLOCK = 3  # as in mlp.mg


def main(model: mgc.Model, names: Sequence[str], steps: int = 10_000) -> None:
    learnt, others = (contexts(part, BLOCK) for part in parted(names))
    trained = mgc.train(model, "loss", learnt, steps=steps, batch=32, lr="0.2:0.01")
    loss, unseen = (model.running_loss(trained.parameters, **part) for part in (learnt, others))
    print(f"loss {trained.first:.4f} before the first step, {loss:.4f} after {steps}; on names held out {unseen:.4f}")

    def probabilities(letters: list[int]) -> object:
        return model.probabilities(trained.parameters, ([END] * BLOCK + letters)[-BLOCK:])

    generator = random.Random(1)
    print(*(drawn(probabilities, generator) for _ in range(10)))


if __name__ == "__main__":
    main(mgc.load(Path(__file__).with_suffix(".mg"), target="auto"), census())
