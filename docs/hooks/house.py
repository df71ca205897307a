"""The four folders laid out in `build/house` as the package that they install as, for what reads their docstrings."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "build/house/mgc"


def on_startup(**_: object) -> None:
    PACKAGE.mkdir(parents=True, exist_ok=True)
    for part in [*(ROOT / "front").iterdir(), *(ROOT / name for name in ("grammar", "compiler", "runtime"))]:
        link = PACKAGE / part.name
        link.unlink(missing_ok=True)
        link.symlink_to(part)
