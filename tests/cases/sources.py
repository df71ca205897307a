"""Every collection by name -> its cases; what is absent has none.

>>> len(cases("own")) >= 10
True
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from cases import case, fits
from cases.case import HERE, Case, Point, rows
from cases.notation import definition

EXAMPLES = HERE.parents[1] / "examples"


def adbench(row: Mapping[str, Any]) -> Iterator[Case]:
    yield from mixture(row) if row["kind"] == "gmm" else projection(row)


def mixture(row: Mapping[str, Any]) -> Iterator[Case]:
    """The Gaussian mixture of examples/gmm.mg."""
    given, oracle = row["input"], row["oracle"]
    d, k = given["d"], given["K"]
    diagonals = [factor[:d] for factor in given["icf"]]
    below = [factor[d:] for factor in given["icf"]]
    prior = (given["wishart_gamma"], given["wishart_m"])
    arguments = (given["alphas"], given["means"], diagonals, below, given["x"], *prior)
    gradient = [Fraction(number) for number in oracle["gradient"]]
    start, width = k + k * d, len(given["icf"][0])
    factors = [gradient[start + c * width : start + (c + 1) * width] for c in range(k)]
    ordered = [*gradient[:start], *(x for q in factors for x in q[:d]), *(x for q in factors for x in q[d:])]
    size = abs(Fraction(oracle["objective"]))
    slopes = {f"entry {place}": fits.summed(number, size) for place, number in enumerate(ordered)}
    point = Point(arguments, fits.summed(size, size), slopes)
    text = (EXAMPLES / "gmm.mg").read_text(encoding="utf-8")
    yield Case(row["id"], text, "objective", ("alpha", "mu", "q", "l"), (point,), {})


def projection(row: Mapping[str, Any]) -> Iterator[Case]:
    """Bundle adjustment: what a camera sees of a point, less what it saw."""
    variables, feature = row["vars"], max(abs(Fraction(str(x))) for x in row["consts"].values())
    arguments = tuple(float(row["x"][variable]) for variable in variables)
    for name, output in row["outputs"].items():
        lets = row["lets"] if name != "werr" else []
        slopes = {variable: fits.slope({**output, "x": row["x"]}, variable, feature) for variable in variables}
        point = Point(arguments, fits.summed(Fraction(output["value"]), feature), slopes)
        text = definition("f", variables, lets, output["expr"])
        yield Case(f"{row['id']}/{name}", text, "f", tuple(variables), (point,), {})


READERS: dict[str, Callable[[Mapping[str, Any]], Iterator[Case]]] = {
    **{name: lambda row: iter([case.expression(row)]) for name in case.EXPRESSIONS},
    "nist_strd": lambda row: iter([fits.sum_of_squares(row)]),
    "posteriordb": lambda row: iter([fits.posterior(row)]),
    "adbench": adbench,
}


def cases(collection: str) -> list[Case]:
    """Errors: NotArithmetic."""
    return [found for row in rows(collection) for found in READERS[collection](row)]
