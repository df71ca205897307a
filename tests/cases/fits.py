"""Models fitted to data, as cases: sums of squares of nist_strd.json, log-densities of posteriordb.json.

The densities are written by hand (posteriors/*.mg); data, points and exact numbers are read from the collection.

>>> print(unrolled("    g = a\\n    for t in range(2):\\n        g = g*x[t]\\n    return g\\n"), end="")
    g = a
    g = g*x[0]
    g = g*x[1]
    return g
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from cases.case import Case, Point
from cases.notation import spell
from cases.scores import NEGLIGIBLE, Score

POSTERIORS = Path(__file__).parent / "posteriors"
ROUNDOFF = Fraction(1, 2**49)  # of the size of its terms, that a sum may be off: eight roundings
_LOOP = re.compile(r"^    for (\w+) in range\((\d+)\):\n((?:        .*\n)+)", re.MULTILINE)


def numbered(name: str, count: int) -> tuple[str, ...]:
    return tuple(f"{name}{k}" for k in range(1, count + 1))


Layout = str | tuple["Layout", ...]  # a name of the collection; several are a vector, or the columns of a matrix

# The file of each posterior, and the arguments of its log_density.
LAYOUTS: dict[str, tuple[str, dict[str, Layout]]] = {
    "mesquite-mesquite": (
        "mesquite.mg",
        {
            "beta": numbered("beta", 7),
            "sigma": "sigma",
            "measured": ("diam1", "diam2", "canopy_height", "total_height", "density", "group"),
            "weight": "weight",
        },
    ),
    "eight_schools-eight_schools_noncentered": (
        "eight_schools.mg",
        {
            "z": numbered("theta_trans", 8),
            "mu": "mu",
            "tau": "tau",
            "effect": numbered("y", 8),
            "error": numbered("s", 8),
        },
    ),
    "arK-arK": (
        "ark.mg",
        {"alpha": "alpha", "beta": numbered("beta", 5), "sigma": "sigma", "lagged": numbered("y_lag", 5), "y": "y"},
    ),
    "arma-arma11": (
        "arma11.mg",
        {
            "mu": "mu",
            "phi": "phi",
            "theta": "theta",
            "sigma": "sigma",
            "first": "y_first",
            "before": "y_prev",
            "y": "y",
        },
    ),
    "low_dim_gauss_mix-low_dim_gauss_mix": (
        "gauss_mix.mg",
        {"mu": numbered("mu", 2), "sigma": numbered("sigma", 2), "theta": "theta", "y": "y"},
    ),
    "sblrc-blr": (
        "blr.mg",
        {"beta": numbered("beta", 5), "sigma": "sigma", "X": numbered("x", 5), "y": "y"},
    ),
    "hmm_example-hmm_example": (
        "hmm.mg",
        {
            "theta": (("theta11", "theta12"), ("theta21", "theta22")),
            "mu": numbered("mu", 2),
            "first": "y_first",
            "y": "y",
        },
    ),
}


def unrolled(text: str) -> str:
    """Loops that carry values from one turn to the next, written out: this version of the language has none."""

    def turns(loop: re.Match[str]) -> str:
        index, count, body = loop.groups()
        lines = "".join(line.removeprefix("    ") for line in body.splitlines(keepends=True))
        return "".join(re.sub(rf"\b{index}\b", str(turn), lines) for turn in range(int(count)))

    return _LOOP.sub(turns, text)


def posterior(row: Mapping[str, Any]) -> Case:
    file, layout = LAYOUTS[row["id"]]
    parameters = frozenset(row["params"])
    wrt = tuple(argument for argument, names in layout.items() if parameters.issuperset(leaves(names)))
    variables = [name for argument in wrt for name in leaves(layout[argument])]
    assert parameters == frozenset(variables)
    points = []
    for point in row["points"]:
        given = {**row.get("consts", {}), **row["columns"], **{name: float(x) for name, x in point["x"].items()}}
        size = abs(Fraction(point["logp"]))
        points.append(
            Point(
                tuple(filled(names, given) for names in layout.values()),
                summed(Fraction(point["logp"]), size),
                {name: slope(point, name, size) for name in variables},
            )
        )
    text = unrolled((POSTERIORS / file).read_text(encoding="utf-8"))
    return Case(row["id"], text, "log_density", wrt, tuple(points), {})


def leaves(names: Layout) -> list[str]:
    return [names] if isinstance(names, str) else [leaf for part in names for leaf in leaves(part)]


def filled(names: Layout, given: Mapping[str, Any]) -> Any:
    """What stands under the names, as a nested list."""
    if isinstance(names, str):
        value = given[names]
        return [float(x) for x in value] if isinstance(value, list) else float(value)
    parts = [filled(part, given) for part in names]
    columns = isinstance(names[0], str) and isinstance(given[names[0]], list)
    return [list(row) for row in zip(*parts, strict=True)] if columns else parts


def sum_of_squares(row: Mapping[str, Any]) -> Case:
    """The squared residuals of a regression, over the rows of its data."""
    parameters, columns = row["params"], row["columns"]
    inputs = [name for name in columns if name != "y"]
    call = ", ".join([*parameters, *(f"{name}[i]" for name in inputs)])
    arrays = ", ".join([*parameters, *(f"{name}[n]" for name in columns)])
    text = (
        f"def model({', '.join([*parameters, *inputs])}):\n    return {spell(row['model'])}\n"
        f"def response(y):\n    return {spell(row['response'])}\n"
        f"def loss({arrays}):\n    return sum((response(y[i]) - model({call}))**2 for i)\n"
    )
    data = [[float(entry) for entry in column] for column in zip(*row["data"], strict=True)]
    size = Fraction(sum(Fraction(y) ** 2 for y in data[columns.index("y")]))
    points = [
        Point(
            (*(float(point["x"][name]) for name in parameters), *data),
            summed(Fraction(point["value"]), size),
            {name: slope(point, name, size) for name in parameters},
        )
        for point in row["points"]
    ]
    return Case(row["id"], text, "loss", tuple(parameters), tuple(points), {})


def slope(point: Mapping[str, Any], name: str, size: Fraction) -> Score:
    at = abs(Fraction(point["x"][name]))
    return summed(Fraction(point["grad"][name]), size / (at or 1))


def summed(exact: Fraction, size: Fraction) -> Score:
    """What a sum is whose terms have this size altogether: they may cancel."""
    if abs(exact) <= NEGLIGIBLE * size:
        return Score(exact, scale=size)
    return Score(exact, float(ROUNDOFF * max(size, abs(exact)) / Fraction(math.ulp(float(exact)))), size)
