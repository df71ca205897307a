"""ONNX's node tests of operators that compute: the same numbers, and derivatives that are proved or tested."""

from __future__ import annotations

import json
import math
from collections import Counter
from typing import Any

import pytest

import mgc
from cases.case import SHARED, Case
from cases.nodes import REASONS, NotWritten, arguments, model
from cases.trial import flat
from cases.verification import Verified, verified

FILE = SHARED / "onnx_nodes.json"
# A reduction of nothing has no value here: the model is refused.
REFUSED = {"onnx/test_reduce_max_empty_set", "onnx/test_reduce_min_empty_set"}
# log of an empty sum: no real number, whatever the input.
UNDEFINED = {"onnx/test_reduce_log_sum_empty_set"}
# By no number at all there is no derivative to compare: they are not checked.
OF_NOTHING = {
    "onnx/test_reduce_l1_empty_set",
    "onnx/test_reduce_l2_empty_set",
    "onnx/test_reduce_sum_empty_set",
    "onnx/test_reduce_sum_empty_set_non_reduced_axis_zero",
}
RELATIVE, ABSOLUTE = 1e-5, 1e-6  # their numbers are single precision


def rows() -> list[Any]:
    return list(json.loads(FILE.read_text(encoding="utf-8"))["cases"]) if FILE.exists() else []


def written() -> dict[str, Any]:
    """The cases that have a model here."""
    found = {}
    for row in rows():
        try:
            model(row)
        except NotWritten:
            continue
        found[row["id"]] = row
    return found


ROWS = written()


def nested(given: Any) -> Any:
    convert = int if "int" in given["dtype"] else float
    return _nested([convert(x) for x in given["data"]], given["shape"])


def _nested(data: list[Any], shape: list[int]) -> Any:
    if not shape:
        return data[0]
    size = len(data) // shape[0] if shape[0] else 0
    return [_nested(data[k * size : (k + 1) * size], shape[1:]) for k in range(shape[0])]


def close(found: float, wanted: float) -> bool:
    if not math.isfinite(wanted):
        return found == wanted or (math.isnan(found) and math.isnan(wanted))
    return abs(found - wanted) <= RELATIVE * abs(wanted) + ABSOLUTE


@pytest.mark.collection
@pytest.mark.parametrize("case", ROWS)
def test_values(case: str) -> None:
    row = ROWS[case]
    if case in REFUSED:
        with pytest.raises(mgc.ModelError, match="of nothing"):
            mgc.loads(model(row))
        return
    node = mgc.loads(model(row), ieee=True)["node"]
    found = flat(node(*map(nested, arguments(row).values())))
    wanted = [float(x) for x in row["outputs"][0]["data"]]
    assert len(found) == len(wanted)
    assert all(map(close, found, wanted))


def false(cases: list[str]) -> dict[str, Verified]:
    """The cases that are neither proved nor tested."""
    found = {}
    for which in cases:
        if which in REFUSED | UNDEFINED:
            continue
        floats = tuple(name for name, given in arguments(ROWS[which]).items() if "int" not in given["dtype"])
        status = verified(Case(which, model(ROWS[which]), "node", floats, (), {}))
        if status.status not in ("proved", "tested"):
            found[which] = status
    return found


@pytest.mark.collection
@pytest.mark.slow
def test_all_are_verified() -> None:
    left = false(list(ROWS))
    assert {which: one.status for which, one in left.items()} == dict.fromkeys(OF_NOTHING, "not checked")


@pytest.mark.collection
def test_every_operator_is_written_or_has_its_reason() -> None:
    left = Counter(row["op"] for row in rows() if row["id"] not in ROWS)
    assert left.keys() == REASONS.keys()
    assert len(ROWS) >= 200
