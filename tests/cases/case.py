"""A case: a model with points at which its value and derivatives are known; and the collections read as such.

Collections: own.json (of our own making, always there) and ../shared/cases beside the repository, which is often not.

>>> neuron = next(case for case in collection("own") if case.id == "own/neuron")
>>> neuron.wrt, len(neuron.points)
(('w1', 'w2', 'b'), 2)
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from msgspec import Struct

from cases.notation import definition, renamed
from cases.scores import Score

HERE = Path(__file__).parent
SHARED = HERE.parents[2] / "shared" / "cases"
EXPRESSIONS = ("own", "fpbench", "feynman", "symbolic_regression", "rubi_pairs", "derivative_table", "mgh")


class Point(Struct, frozen=True):
    """Arguments in order; the exact value, and the exact derivatives in the order in which the gradient has them."""

    arguments: tuple[Any, ...]
    value: Score
    slopes: Mapping[str, Score]


class Case(Struct, frozen=True):
    """`function` of the model `text`. `published`: models of what its derivatives are said to be, by argument."""

    id: str
    text: str
    function: str
    wrt: tuple[str, ...]
    points: tuple[Point, ...]
    published: Mapping[str, str]


def path(name: str) -> Path:
    return HERE / "own.json" if name == "own" else SHARED / f"{name}.json"


def rows(name: str) -> list[Any]:
    """The cases of a file as they stand in it; none where the file is absent."""
    file = path(name)
    return list(json.loads(file.read_text(encoding="utf-8"))["cases"]) if file.exists() else []


def collection(name: str) -> list[Case]:
    """Its cases as models. Errors: NotArithmetic."""
    return [expression(row) for row in rows(name)]


def expression(row: Mapping[str, Any]) -> Case:
    """A formula of numbers, with `let` lines before it."""
    variables = [variable["name"] for variable in row["vars"]]
    names = renamed([*variables, *(target for target, _ in row["lets"])])
    said = dict(row.get("derivatives", {}))
    if "dexpr_dvar" in row:
        said[row["var"]] = row["dexpr_dvar"]
    return Case(
        row["id"],
        definition("f", variables, row["lets"], row["expr"]),
        "f",
        tuple(names[variable] for variable in variables if variable in row["points"][0]["grad"]),
        tuple(known(point, variables, names) for point in row["points"]),
        {names[variable]: definition("slope", variables, [], text) for variable, text in said.items()},
    )


def known(point: Mapping[str, Any], variables: Sequence[str], names: Mapping[str, str]) -> Point:
    value = Fraction(point["value"])
    slopes = {}
    for variable, text in point["grad"].items():
        at = abs(Fraction(point["x"][variable]))
        slopes[names[variable]] = Score(
            Fraction(text), naive(point["naive_ulp_grad"][variable]), abs(value) / (at or 1)
        )
    arguments = tuple(float(point["x"][variable]) for variable in variables)
    return Point(arguments, Score(value, naive(point["naive_ulp_value"])), slopes)


def naive(error: float | str | None) -> float:
    """The error of a plain translation, inf where it raises (a word tells)."""
    return math.inf if isinstance(error, str) else error or 0.0
