"""Random models of arrays whose rows differ in length: a seed -> a program that names one and reads it in several ways.

>>> print(triangle(1).text)  # doctest: +ELLIPSIS
def f(x[n], b[n]):
    low = [[...
"""

from __future__ import annotations

import random

from support.programs import Program

_STOPS = ("i", "i + 1", "n - i")
_ENTRIES = (
    "x[i]*b[j]",
    "exp(-x[j]**2)",
    "(x[i] if x[i] > b[j] else b[j]**2)",
    "sin(x[i] - b[j])",
    "x[j]",
    "i + x[i]*j",
)
_WEIGHTS = ("1", "b[i]", "x[j]", "low[i, j]", "low[i, 0]", "cos(b[j])")
_AROUND = ("{}", "tanh({})", "({})**2", "2*{}")


def triangle(seed: int) -> Program:
    """A named array of rows of several lengths, perhaps a second one of it, and what reads them."""
    source = random.Random(seed)
    stop = source.choice(_STOPS)
    lines = [f"    low = [[{source.choice(_ENTRIES)} for j in range({stop})] for i in range(n)]"]
    name = "low"
    if source.random() < 0.4:
        name, entry = "next", source.choice(_AROUND).format(f"low[i, j]*{source.choice(_WEIGHTS)}")
        lines.append(f"    next = [[{entry} for j in range({stop})] for i in range(n)]")
    if source.random() < 0.4:
        lines.append(f"    s = [{_over_a_row(source, name, stop)} for i in range(n)]")
    reads = [_read(source, source.choice((name, "low")), stop) for _ in range(source.choice((1, 2, 2, 3)))]
    reads += ["sum(s*b)"] if lines[-1].startswith("    s") else []
    return Program("\n".join(["def f(x[n], b[n]):", *lines, f"    return {' + '.join(reads)}", ""]), _ARGUMENTS)


_ARGUMENTS = (("x", ("n",), "float"), ("b", ("n",), "float"))


def _over_a_row(source: random.Random, name: str, stop: str) -> str:
    body = source.choice((f"{name}[i, j]*{source.choice(_WEIGHTS)}", f"{name}[i][j]**2"))
    return source.choice((f"sum({body} for j in range({stop}))", f"sum({name}[i])"))


def _read(source: random.Random, name: str, stop: str) -> str:
    """A number that is made of entries of the array."""
    last = {"i": "n - 1", "i + 1": "n - 1", "n - i": "0"}[stop]
    return source.choice(
        (
            f"sum({source.choice(_AROUND).format(_over_a_row(source, name, stop))} for i in range(n))",
            f"sum({name}[i, j]*{source.choice(_WEIGHTS)} for i in range(n) for j in range({stop}) if x[i] > b[j])",
            f"sum({name}[{last}])",
            f"sum(softmax({name}[{last}])*b[0])",
            f"{name}[{last}][0]",
            f"{name}[2 % n, 0]*b[0]",
            f"sum({name}[n - 1 - i, 0]*x[i] for i in range(n))",
        )
    )
