"""Right models as users write them, of kinds that were once not proved."""

from __future__ import annotations

import pytest

from support.quick import first_quick
from support.verification import verified

TRIANGLE = "def f(x[n]):\n    t = [[x[i]*x[j] for j in range(i + 1)] for i in range(n)]\n    return "
MODELS = {
    "rows of a triangle": TRIANGLE + "sum(t[i] @ t[i] for i)",
    "entries of a triangle": TRIANGLE + "sum(t[i, j]**2 for i for j in range(i + 1)) + t[-1][0]",
    "a triangle as a whole": TRIANGLE + "sum(exp(t*2))",
    "slopes of a size that only doubles have": "def f(x, y): return x*x*y*1e200",
    "an entry that there may be none of, in one arm": "def f(x[n], c): return x[0]*c if c > 0 else c**2",
    "no value at one number": "def f(x[n]): return mean((x - mean(x))**3) / mean((x - mean(x))**2)**1.5",
    "beyond doubles on the way": "def f(x):\n    a = 1e200*x\n    return a*a - a*a + x",
    "a value that nothing needs": "def f(x[n]): return g(x, mean(x))\ndef g(v[n], c): return sum(v[i]*c for i)",
    "a value in one arm, times 0": "def f(x, y):\n    c = 0.0 if x < 0.0 else x\n    d = c if y > 0.0 else y/c\n"
    "    return d*c",
    "a quotient by what an arm sets to 0": "def f(x, y):\n    c = 0.0 if x < 0.0 else x\n    return y/c*c",
    "a root of what is 0 on one side": "def f(x, c): return sqrt(clip(c, 0, 1)*x)",
    "a root that is upright at 0": "def f(x, y): return x + cbrt(y)",
    "an angle that jumps where no direction is": "def f(y, x): return atan2(y, x)",
    "a remainder by the number itself": "def f(x[n], y[m], a):\n    z = [dot(x, fmod(x, x)) for i in range(m)]\n"
    "    return a + z[m - 1]",
    "a remainder of 0 by 0": "def f(x[n], y[n]):\n    b = x if x > 1 else y\n    return b @ fmod(x, x)",
    "a probability below all doubles": "def f(w[d], X[n, d], y[n]):\n"
    "    return mean(binary_cross_entropy(sigmoid(X[i] @ w), y[i]) for i)",
    "a direction, which the origin has not": "def f(x[2]): return x / norm(x)",
    "a length that is held against a bound": "def f(g[2], c):\n    require c > 0\n    s = norm(g)\n"
    "    return [g[i]*c/s if s > c else g[i] for i]",
    "powers of what is positive": "def f(x[n], r):\n    require x > 0\n    return sum(x[i]**r for i)**(1/r)",
    "rows that there are none of, however long": "def f(W[m, n]): return sum((W.T @ W)[i, i] - i for i in range(n))",
    "the sine of pi, in two ways": "def f(x, k: int): return x*sin(2*pi*k/4)",
    "a direction that two vectors give": "def f(a[2], b[2]):\n    c = [a[0]*b[1], a[1]*b[0]]\n    return c / norm(c)",
    "a mean of powers": "def f(x[n], p):\n    require x > 0\n    return mean(x[i]**p for i)**(1/p)",
    "a power that has no slope at one number": "def f(z[v], y: int, g): return (1 - softmax(z)[y])**g",
    "a cube at 0, as a power": "def f(b, c, x, p): return (b*x**3 + c*x**6)**(1 + p)/(3*(1 + p))",
    "a slope that makes much of a folded constant": "def f(x): return atanh(sqrt(1 + tanh(4*x))/sqrt(2))",
    "a cosine that doubles round to 1": "def f(x, y): return asin(sin(x)*1.0000000000000002) + acos(x/sqrt(x*x + y*y))",
}


@pytest.mark.parametrize("kind", first_quick(MODELS, 10))
def test_a_right_model_is_proved(kind: str) -> None:
    assert verified(MODELS[kind]).verdict == "proved"


def test_points_without_a_slope_leave_out_no_size() -> None:
    """Where a number is below 0 there is a root of 0, at each size."""
    report = verified("def f(a[n], b[n]): return sum(sqrt(relu(a[j])*b[j]**2) for j)")
    assert report.verdict == "proved" and report.sizes == ("n = 3", "n = 4", "n = 1", "n = 0")
    assert report.notes == ()


def test_what_is_computed_before_a_loop_without_turns_may_have_no_value() -> None:
    """The function takes the logarithm inside of the loop, the lesson before it."""
    assert verified("def f(x[n], r, p): return sum(x[i] + r*log(p) for i)", style="lesson").verdict == "proved"


ATTENTION = """def att(Q[a, d], K[b, d], V[b, e], t):
    s = [sum(Q[i, c]*K[j, c] for c)/(t*sqrt(d)) for i, j]
    w = [softmax(s[i]) for i]
    return w @ V
"""


@pytest.mark.slow
def test_a_size_at_which_nothing_has_a_value_does_not_undo_what_is_proved_at_others() -> None:
    report = verified(ATTENTION)
    assert report.verdict == "proved" and "a = 3, d = 2, b = 4, e = 0" in report.sizes
    assert [note for note in report.notes if "d = 0, b = 4" in note] == [
        "not defined at a = 3, d = 0, b = 4, e = 5 (there it has a value at no point that was tried)"
    ]


def test_a_maximum_that_begins_at_minus_infinity_has_a_value_at_every_point() -> None:
    """So it is beside a sum of nothing, which the size 0 makes; no size is named for two reasons."""
    model = "def h(x[n], k[m], t):\n    s = [sum(x)/t + k[j] for j]\n    return logsumexp(s)"
    report = verified(model)
    assert report.verdict == "proved" and "n = 0, m = 2" in report.sizes
    named = [note for note in report.notes if "n = 3, m = 0" in note or "n = 0, m = 0" in note]
    assert len(named) == len(set(named)) <= 1
