"""A slice that ends behind its axis is an error, whatever loop reads it: nothing behind an array is read or written."""

from __future__ import annotations

from typing import Literal

import pytest

import mgc
from support.native_models import needs_c

pytestmark = needs_c

BODIES = (
    "w @ y[0:3]",
    "y[0:3] @ w",
    "sum(w + y[0:3])",
    "sum(w[i]*y[0:3][i] for i)",
    "sum(w[i]*y[0:3][i] for i in range(3))",
    "sum(y[0:3][i] for i in range(3))",
    "sum((w if w[0] > 0 else y[0:3]) + y[0:3])",
    "inner(w, y[0:3])",
    "y[0:3][0] + w[0]",
)
MODEL = "def inner(a[3], b[3]): return sum(a[i]*b[i] for i)\n\ndef f(w[3], y[n]): return {}"


@pytest.mark.parametrize("target", ["python", "native"])
@pytest.mark.parametrize("body", BODIES)
def test_a_slice_ends_inside_its_axis(body: str, target: Literal["python", "native"]) -> None:
    function = mgc.loads(MODEL.format(body), target=target).f
    w, y = [1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0]
    whole = mgc.loads(MODEL.format(body.replace("y[0:3]", "y")).replace("y[n]", "y[3]")).f
    assert function(w, y) == pytest.approx(whole(w, y[:3]))
    for short in ([4.0, 5.0], []):
        with pytest.raises(mgc.ModelError, match=r"outside|out of range"):
            function.value_and_grad(w, short)
