"""Numerical derivatives are near the exact ones, and leave their inputs as they were."""

from __future__ import annotations

import pytest

from mgc.micrograd import Value, numerical_gradient


def test_near_the_exact_derivative() -> None:
    a, b = Value(2e5), Value(-3.0)
    assert numerical_gradient(lambda: a * a + b, [a]) == pytest.approx([4e5], rel=1e-8)
    assert numerical_gradient(b.exp, [a, b]) == pytest.approx([0.0, 0.049787068367863944], rel=1e-8)


def test_inputs_are_as_they_were_though_the_function_fails() -> None:
    x = Value(1e-9)
    with pytest.raises(ValueError, match="domain"):
        numerical_gradient(x.log, [x])
    assert x.data == 1e-9


def test_the_step_may_be_chosen() -> None:
    x = Value(1.0)
    assert numerical_gradient(lambda: x**3, [x], step=0.5) == [3.25]
