"""`Value` is micrograd's, and has none of its traps."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mgc.micrograd import rules
from mgc.micrograd.engine import Value
from mgc.micrograd.numerical import numerical_gradient

NUMBERS = st.floats(-3, 3).filter(lambda x: abs(x) > 0.1)


def test_the_check_of_micrograd() -> None:
    x = Value(-4.0)
    z = 2 * x + 2 + x
    q = z.relu() + z * x
    h = (z * z).relu()
    y = h + q + q * x
    y.backward()
    assert (y.data, x.grad) == (-20.0, 46.0)


def test_the_example_of_its_readme() -> None:
    a, b = Value(-4.0), Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    g.backward()
    assert g.data == pytest.approx(24.70408163265306, rel=1e-14)
    assert (a.grad, b.grad) == pytest.approx((138.83381924198252, 645.5772594752186), rel=1e-14)


def test_the_neuron_of_the_lecture() -> None:
    x1, x2, w1, w2 = Value(2.0, label="x1"), Value(0.0, label="x2"), Value(-3.0, label="w1"), Value(1.0, label="w2")
    n = x1 * w1 + x2 * w2 + 6.8813735870195432
    o = n.tanh()
    o.backward()
    assert o.data == pytest.approx(0.7071067811865476)
    assert [v.grad for v in (x1, w1, x2, w2)] == pytest.approx([-1.5, 1.0, 0.5, 0.0])
    e = (2 * n).exp()
    assert ((e - 1) / (e + 1)).data == pytest.approx(o.data)
    assert x1.label == "x1"


def test_the_backward_pass_by_hand() -> None:
    a, b = Value(2.0), Value(-3.0)
    product = a * b
    root = product.tanh() + a
    tanh = next(iter(root._prev))
    root.grad = 1.0
    root._backward()
    tanh._backward()
    product._backward()
    a._backward()  # an input hands nothing on
    by_hand = a.grad, b.grad
    a.grad = b.grad = 0
    root.backward()
    assert by_hand == (a.grad, b.grad)


def test_operations_and_operands_are_micrograds() -> None:
    a, b = Value(2.0), Value(3.0)
    made = {"+": a + b, "*": a * b, "**2": a**2, "ReLU": a.relu(), "tanh": a.tanh(), "exp": a.exp(), "log": a.log()}
    assert {op: value._op for op, value in made.items()} == {op: op for op in made}
    assert list((a + b)._prev) == [a, b]
    assert (a + b)._prev == {a, b}
    assert (a + a)._prev == (a**2)._prev == {a}
    assert (a._op, len(a._prev), a.label) == ("", 0, "")
    quotient = a / b
    assert (quotient._op, [part._op for part in quotient._prev]) == ("*", ["", "**-1"])
    difference = a - b
    assert (difference._op, [part._op for part in difference._prev]) == ("+", ["", "*"])


def test_repr_shows_data_and_gradient() -> None:
    a = Value(2)
    assert repr(a) == "Value(data=2, grad=0)"
    (a * 0.5).backward()
    assert repr(a) == "Value(data=2, grad=0.5)"


@pytest.mark.parametrize(
    "f",
    [
        lambda a, b: a + b,
        lambda a, b: a - b,
        lambda a, b: a * b,
        lambda a, b: a / b,
        lambda a, b: a**3 + b**-2,
        lambda a, b: (a * a) ** b,
        lambda a, b: 2 ** (a * b),
        lambda a, b: 3 - a + 2 * b + 5 / a - 1.5,
        lambda a, b: (a * b).tanh() + (a - b).exp(),
        lambda a, b: (a * a + b * b).log() + a.relu(),
    ],
)
@given(NUMBERS, NUMBERS)
def test_gradients_are_those_of_differences(f: Callable[[Value, Value], Value], x: float, y: float) -> None:
    a, b = Value(x), Value(y)
    f(a, b).backward()
    numerical = numerical_gradient(lambda: f(a, b), [a, b])
    scale = max(1.0, *map(abs, numerical))
    assert [a.grad, b.grad] == pytest.approx(numerical, rel=1e-6, abs=1e-7 * scale)


def test_a_sum_hands_its_gradient_on_as_its_row_says() -> None:
    assert rules.of("x + y").slopes(2.0, 3.0) == (5.0, (1.0, 1.0))


def test_relu_is_flat_at_zero() -> None:
    x = Value(0.0)
    x.relu().backward()
    assert x.grad == 0


def test_operations_of_ones_own() -> None:
    x = Value(0.3)
    out = Value(math.sin(x.data), (x,), "sin")

    def backward() -> None:
        x.grad += math.cos(x.data) * out.grad

    out._backward = backward
    (out * 2).backward()
    assert x.grad == 2 * math.cos(0.3)
    assert out._prev == {x}
    out.velocity = 1.0  # type: ignore[attr-defined]  # any attribute may be added


def test_an_operation_may_be_replaced_after_the_fact() -> None:
    a, b = Value(2.0), Value(3.0)
    product = a * b
    product._backward = lambda: setattr(a, "grad", 7.0)
    product.backward()
    assert (a.grad, b.grad) == (7.0, 0)


def test_a_second_backward_adds_to_inputs_only() -> None:
    x = Value(3.0)
    square = x * x
    root = square * 2
    for call in (1, 2, 3):
        root.backward()
        assert (root.grad, square.grad, x.grad) == (1, 2, 12.0 * call)


def test_two_results_may_share_what_lies_between() -> None:
    x = Value(3.0)
    shared = x * x
    for result in (shared * 2, shared * 5):
        result.backward()
    assert x.grad == 6 * (2 + 5)


def test_a_chain_of_any_length() -> None:
    x = total = Value(1.0)
    for _ in range(100_000):
        total = total + 1
    total.backward()
    assert x.grad == 1


def test_many_paths_cost_one_visit_each() -> None:
    x = total = Value(1.0)
    for _ in range(200):
        total = total + total
    total.backward()
    assert x.grad == 2.0**200


def test_tanh_never_overflows() -> None:
    x = Value(1000.0)
    x.tanh().backward()
    assert (x.tanh().data, x.grad) == (1.0, 0.0)


def test_a_negative_base_has_no_slope_by_its_exponent() -> None:
    x, two = Value(-3.0), Value(2.0)
    (x**two).backward()
    assert x.grad == -6.0
    assert math.isnan(two.grad)


@pytest.mark.parametrize("number", [np.float64(1.5), np.float32(1.5), 1.5, Fraction(3, 2)])
def test_numbers_of_any_kind_mix_in(number: float) -> None:
    x = Value(2.0)
    results = [number + x, x + number, number * x, x * number, number - x, x - number, number / x, x / number]
    assert all(type(result) is Value for result in results)
    assert [result.data for result in results] == [3.5, 3.5, 3.0, 3.0, -0.5, 0.5, 0.75, 2 / 1.5]
    assert (x**number).data == 2.0**1.5
    assert type(Value(number).data) is float


def test_integers_of_numpy_are_integers() -> None:
    x = Value(2.0)
    one: Any = np.int64(1)
    assert (-one * x).data == -2.0
    assert repr(Value(3 * one)) == "Value(data=3, grad=0)"
    assert (x / (4 * one)).data == 0.5


def test_an_array_is_met_entry_by_entry() -> None:
    x = Value(2.0)
    for mixed in (np.array([1.0, 2.0]) * x, x * np.array([1.0, 2.0])):
        assert [value.data for value in mixed] == [2.0, 4.0]


def test_values_compare_by_their_data() -> None:
    a, b = Value(1.0), Value(2.0)
    assert a < b <= 2 and b > a >= 1 and max(a, b) is b
    assert a != Value(1.0), "equality stays identity: values are members of sets"
    assert float(b) == 2.0


@pytest.mark.parametrize("data", ["1", [1.0], None, 1j, Value(1.0)])
def test_what_is_no_number_is_refused(data: object) -> None:
    with pytest.raises(TypeError, match=f"one real number, not {type(data).__name__}"):
        Value(data)  # type: ignore[arg-type]


@pytest.mark.parametrize("other", ["1", [1.0], None])
def test_operators_refuse_what_is_no_number(other: object) -> None:
    x = Value(1.0)
    operations: list[Callable[[], object]] = [
        lambda: x + other,  # type: ignore[operator]
        lambda: x * other,  # type: ignore[operator]
        lambda: x / other,  # type: ignore[operator]
        lambda: x**other,  # type: ignore[operator]
        lambda: other**x,  # type: ignore[operator]
    ]
    for operation in operations:
        with pytest.raises(TypeError, match=r"unsupported operand|can't multiply"):
            operation()
