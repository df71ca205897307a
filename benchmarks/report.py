"""What a run of the benchmarks prints: numbers -> Markdown tables."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path


def conditions() -> str:
    """The machine and the versions, one line."""
    peers = ", ".join(f"{name} {version(name)}" for name in ("mgc", "micrograd", "sympy", "lark"))
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{_processor()}, {os.cpu_count()} cores, {platform.system()}; {python}; {peers}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def ratios(title: str, seconds: Mapping[str, float], reference: str) -> str:
    """A table of times, each also as a multiple of `reference`'s, the fastest first."""
    rows = [
        f"| {name} | {duration(value)} | {value / seconds[reference]:.3g} |"
        for name, value in sorted(seconds.items(), key=lambda row: row[1])
    ]
    return table(title, ("", "time", f"x {reference}"), rows)


def least_and_median(title: str, seconds: Mapping[str, Sequence[float]], reference: str) -> str:
    """A table of both, each also as a multiple of `reference`'s, the fastest first."""
    least = {name: min(found) for name, found in seconds.items()}
    median = {name: statistics.median(found) for name, found in seconds.items()}
    rows = [
        f"| {name} | {duration(least[name])} | {least[name] / least[reference]:.3g} "
        f"| {duration(median[name])} | {median[name] / median[reference]:.3g} |"
        for name in sorted(least, key=lambda name: least[name])
    ]
    return table(title.capitalize(), ("", "least", f"x {reference}", "median", f"x {reference}"), rows)


def table(title: str, heads: tuple[str, ...], rows: list[str]) -> str:
    lines = [f"### {title}", "", "| " + " | ".join(heads) + " |", "|" + "---|" * len(heads), *rows, ""]
    return "\n".join(lines)


def duration(seconds: float) -> str:
    """Three digits and a unit.

    >>> duration(0.00123)
    '1.23 ms'
    """
    for size, unit in ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs")):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"
