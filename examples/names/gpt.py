"""The small GPT of gpt.mg, trained on names in batches; then ten names that it draws.

python examples/names/gpt.py
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

from characters import END, census, drawn, parted, sequences

import mgc

LONGEST = 16  # as in gpt.mg


def main(model: mgc.Model, names: Sequence[str], steps: int = 720, batch: int = 64) -> None:
    learnt, others = (sequences(part, LONGEST) for part in parted(names))
    trained = mgc.train(
        model,
        "loss",
        learnt,
        steps=steps,
        batch=batch,
        optimizer="adam",
        lr="0.005:0",
        schedule="cosine",
        warmup=min(50, steps // 4),
    )
    unseen = model.loss(trained.parameters, **others)
    print(
        f"loss {trained.first:.4f} before the first step, {trained.loss:.4f} after {steps}; "
        f"on names held out {unseen:.4f}"
    )

    def probabilities(letters: list[int]) -> object:
        return model.probabilities(trained.parameters, [END, *letters])

    generator = random.Random(1)
    print(*(drawn(probabilities, generator, LONGEST) for _ in range(10)))


if __name__ == "__main__":
    main(mgc.load(Path(__file__).with_suffix(".mg"), target="auto", functions=("loss", "probabilities")), census())
