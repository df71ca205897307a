"""Compile time against size: files of 1e3 to 1e5 statements, as a chain and as a wide sum."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from benchmarks.emitted import import_text
from benchmarks.report import duration, table
from mgc.compiler.options import Options
from mgc.compiler.pipeline import compile_source

SIZES = (1_000, 10_000, 100_000)
POINT = 0.3


def main() -> None:
    rows = [row(shape, size) for shape in (chain, wide) for size in SIZES]
    heads = ("file", "statements", "compile", "per statement", "import what is emitted", "value and gradient")
    print(table("Compile time", heads, rows))


def row(shape: Callable[[int], tuple[str, float, float]], size: int) -> str:
    text, value, derivative = shape(size)
    start = time.perf_counter()
    emitted = compile_source(text, f"{shape.__name__}.mg", Options()).text
    compiled = time.perf_counter()
    module = import_text(emitted)
    imported = time.perf_counter()
    found, grads = module.f_value_and_grad(POINT)
    done = time.perf_counter()
    assert math.isclose(found, value, rel_tol=1e-9)
    assert math.isclose(grads[0] if isinstance(grads, tuple) else grads, derivative, rel_tol=1e-9)
    cells = [compiled - start, (compiled - start) / size, imported - compiled, done - imported]
    return f"| {shape.__name__} | {size:,} | " + " | ".join(map(duration, cells)) + " |"


def chain(size: int) -> tuple[str, float, float]:
    """Each statement reads the one before: the text, the value at POINT and the derivative there."""
    lines, value, derivative = ["def f(x):", "    t0 = x"], POINT, 1.0
    for k in range(1, size):
        lines.append(f"    t{k} = 0.5*sin(t{k - 1}) + x")
        value, derivative = 0.5 * math.sin(value) + POINT, 0.5 * math.cos(value) * derivative + 1.0
    return "\n".join([*lines, f"    return t{size - 1}", ""]), value, derivative


def wide(size: int) -> tuple[str, float, float]:
    """Statements that read the argument only, and a sum of all: the text, the value and the derivative."""
    lines = ["def f(x):", *(f"    t{k} = sin({k}.5*x)" for k in range(size))]
    total = " + ".join(f"t{k}" for k in range(size))
    value = math.fsum(math.sin((k + 0.5) * POINT) for k in range(size))
    derivative = math.fsum((k + 0.5) * math.cos((k + 0.5) * POINT) for k in range(size))
    return "\n".join([*lines, f"    return {total}", ""]), value, derivative
