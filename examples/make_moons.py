"""Two interleaving half circles with Gaussian noise as CSV, the same bytes always: the data set of moons.mg.

python examples/make_moons.py > examples/moons.csv
"""

from __future__ import annotations

import math
import random

POINTS = 100
NOISE = 0.1
SEED = 1337


def moons(points: int, noise: float, seed: int) -> list[tuple[float, float, int]]:
    """Rows (X0, X1, y), shuffled: half of the points on the upper half circle, y = -1, half below, y = +1."""
    rng = random.Random(seed)
    upper = points // 2
    lower = points - upper
    rows = [_noisy(math.cos(t), math.sin(t), -1, noise, rng) for t in _half_turn(upper)]
    rows += [_noisy(1 - math.cos(t), 0.5 - math.sin(t), 1, noise, rng) for t in _half_turn(lower)]
    rng.shuffle(rows)
    return rows


def _half_turn(count: int) -> list[float]:
    """`count` angles evenly spaced from 0 to pi, both included."""
    return [math.pi * k / max(count - 1, 1) for k in range(count)]


def _noisy(x: float, y: float, label: int, noise: float, rng: random.Random) -> tuple[float, float, int]:
    # six digits: the last bits of cos and sin differ from one C library to the next, the file must not
    return round(x + rng.gauss(0, noise), 6), round(y + rng.gauss(0, noise), 6), label


def main() -> None:
    print("X0,X1,y")
    for x0, x1, label in moons(POINTS, NOISE, SEED):
        print(f"{x0},{x1},{label}")


if __name__ == "__main__":
    main()
