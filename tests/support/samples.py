"""Where each operation is tried and how far off it may be there: name -> Samples.

The bounds are in units in the last place, a little above what 2,000 points per row gave (bare Python, glibc).
"""

from __future__ import annotations

from support.oracle import Point, Ranges, Samples


def near(edge: float, side: int) -> tuple[Point, ...]:
    """Points that close in on `edge` from one side."""
    return tuple((edge + side * distance,) for distance in (1e-3, 1e-6, 1e-9, 1e-12, 2e-15))


def on(*points: float) -> tuple[Point, ...]:
    return tuple((point,) for point in points)


def span(low: float, high: float) -> Ranges:
    return ((low, high),)


def row(
    *ranges: Ranges,
    value: float = 1,
    slope: float = 2,
    accurate: float | None = None,
    extremes: tuple[Point, ...] = (),
    value_scale: float = 0.0,
    slope_scale: float = 0.0,
) -> Samples:
    if accurate is None:
        return Samples(ranges, extremes, value, slope, slope, value_scale, slope_scale, slope_scale)
    return Samples(ranges, extremes, value, slope, accurate, value_scale, slope_scale)


ANY = span(-30, 30)
GAMMAS = (span(0.1, 20), span(-5, 5))
PLANE: Ranges = ((-30, 30), (-30, 30))
QUADRANT: Ranges = ((0.01, 50), (-8, 8))
POWERS: Ranges = ((0.5, 2), (-300, 300))
DIVISOR: Ranges = ((-30, 30), (0.5, 7))
TINY_AND_HUGE = on(1e-300, -1e-300, 1e-20, -1e-20, 1e-8, 1e8)

SAMPLES: dict[str, Samples] = {
    "add": row(PLANE),
    "sub": row(PLANE),
    "mul": row(PLANE),
    "neg": row(ANY),
    "div": row(DIVISOR, ((-1, 1), (-9, -0.1)), extremes=((1.0, 1e-200), (1e200, 1e200), (3.0, 1e300)), slope=2),
    "pow": row(QUADRANT, ((0.5, 2), (-300, 300)), extremes=((1e-200, 1.5), (1e100, 3.0), (2.0, -1000.0)), slope=3),
    "mod": row(DIVISOR, ((-900, 900), (-7, -0.5)), slope=3),
    "fmod": row(DIVISOR, ((-900, 900), (-7, -0.5)), slope=3),
    "remainder": row(DIVISOR, ((-900, 900), (-7, -0.5)), slope=3),
    "fma": row(((-30, 30), (-30, 30), (-900, 900)), extremes=((1 + 2**-30, 1 - 2**-30, -1.0), (0.1, 10.0, -1.0))),
    "abs": row(ANY, extremes=TINY_AND_HUGE),
    "sign": row(ANY, extremes=TINY_AND_HUGE),
    "copysign": row(PLANE),
    "floor": row(ANY, extremes=on(1e15 + 0.5, -1e15 - 0.5)),
    "ceil": row(ANY, extremes=on(1e15 + 0.5, -1e15 - 0.5)),
    "trunc": row(ANY, extremes=on(1e15 + 0.5, -1e15 - 0.5)),
    "round": row(ANY, extremes=on(1e15 + 0.25, -1e15 - 0.25)),
    "relu": row(ANY, extremes=TINY_AND_HUGE),
    "max": row(PLANE),
    "min": row(PLANE),
    "max_const": row(ANY),
    "min_const": row(ANY),
    "clip": row(((-3, 3), (-2, -1), (1, 2))),
    "sqrt": row(span(0, 4), span(0, 1e9), extremes=on(5e-324, 1e-300, 1e300)),
    "cbrt": row(ANY, span(-1e9, 1e9), extremes=on(1e-300, -1e300), value=4, slope=9),
    "hypot": row(PLANE, extremes=((1e200, 1e200), (1e-200, 3e-200), (1e-320, 1.0))),
    "atan2": row(PLANE, extremes=((1e-200, 1e-200), (1e200, -1e200), (1e-9, 1.0)), slope=4),
    "exp": row(span(-700, 700), span(-1, 1), extremes=on(-40.0, 709.0, 1e-300)),
    "exp2": row(span(-1000, 1000), span(-1, 1), extremes=on(-60.0, 1023.0, 1e-300)),
    "expm1": row(span(-50, 50), span(-1, 1), extremes=on(-40.0, -700.0, 709.0, 1e-20), value=2),
    "log": row(span(0, 3), span(0, 1e9), extremes=on(1e-308, 1e-320, 1e300, 0.9999999, 1.0000001)),
    "log1p": row(span(-0.999, 3), span(0, 1e9), extremes=(*on(1e-20, -1e-300, 1e300), *near(-1, 1)), value=2),
    "log2": row(span(0, 3), span(0, 1e9), extremes=on(1e-308, 1e-310, 1e300), value=2),
    "log10": row(span(0, 3), span(0, 1e9), extremes=on(1e-308, 1e-310, 1e300), value=3),
    "xlogy": row(((-5, 5), (0.001, 9)), extremes=((1e-300, 0.5), (2.0, 1e-300)), value=2),
    "xlog1py": row(((-5, 5), (-0.99, 9)), extremes=((2.0, 1e-20), (1e-300, 0.5)), value=3),
    "logaddexp": row(PLANE, extremes=((1e3, 1e3), (-1000.0, -1001.0)), value=2, slope=40, value_scale=1),
    "sigmoid": row(
        ANY,
        span(-1, 1),
        extremes=on(-40.0, 40.0, -700.0, 1000.0, -1000.0),
        value=2,
        slope=2,
        accurate=4,
        slope_scale=1,
    ),
    "softplus": row(ANY, span(-1, 1), extremes=on(-40.0, -700.0, 1000.0, -1000.0), value=2, slope=2),
    "sin": row(ANY, span(-1, 1), extremes=on(1e22, 1e-300, 3.141592653589793)),
    "cos": row(ANY, span(-1, 1), extremes=on(1e22, 1e-300, 1.5707963267948966)),
    "tan": row(ANY, span(-1, 1), extremes=on(1e22, 1e-300, 1.5707963267948966), slope=4),
    "asin": row(span(-1, 1), extremes=(*near(1, -1), *near(-1, 1), (1e-20,)), slope=3),
    "acos": row(span(-1, 1), extremes=(*near(1, -1), *near(-1, 1), (1e-20,)), slope=3),
    "atan": row(ANY, extremes=on(1e-20, 1e100, -1e100), slope=3),
    "sinh": row(span(-700, 700), span(-1, 1), extremes=on(1e-20), value=3),
    "cosh": row(span(-700, 700), span(-1, 1), extremes=on(1e-20), slope=3),
    "tanh": row(ANY, span(-1, 1), extremes=on(19.0, 20.0, -350.0, 1e3, 1e-20), value=3, accurate=4, slope_scale=1),
    "asinh": row(ANY, extremes=on(1e-20, 1e200, -1e200), value=3, slope=3),
    "acosh": row(span(1, 9), extremes=(*near(1, 1), (1e200,)), value=3, slope=3),
    "atanh": row(span(-1, 1), extremes=(*near(1, -1), *near(-1, 1), (1e-20,)), value=3, slope=3),
    "sin_pi": row(ANY, span(-1, 1), extremes=on(1.0, 1e6 + 0.25, 1e-300), value=3, slope=4),
    "cos_pi": row(ANY, span(-1, 1), extremes=on(0.5, 1e6 + 0.25, 1e-300), value=3, slope=4),
    "sinc": row(ANY, span(-1, 1), extremes=on(1e-8, 1e-300, 0.4, 1.0), value=4, slope=12, slope_scale=1e-3),
    "sinc_slope": row(
        ANY, span(-1, 1), extremes=on(1e-8, 0.4, 1.0), value=12, slope=12, value_scale=1e-3, slope_scale=1
    ),
    "erf": row(span(-6, 6), span(-1, 1), extremes=on(1e-20, 20.0, -26.0), value=2, slope=300, accurate=3),
    "erfc": row(span(-6, 20), span(-1, 1), extremes=on(1e-20, 20.0, 26.0), value=4, slope=300, accurate=3),
    "gamma": row(
        span(0.1, 20),
        span(-5, 5),
        span(100, 170),
        extremes=on(1e-300, -1e-9, 171.0),
        value=8,
        slope=16,
        slope_scale=1,
    ),
    "lgamma": row(
        span(0.1, 20),
        span(-5, 5),
        span(1, 1e6),
        extremes=on(1e-300, 1e200),
        value=8,
        slope=8,
        value_scale=1,
        slope_scale=1,
    ),
    "digamma": row(
        span(0.1, 20), span(-5, 5), span(1, 1e6), extremes=on(1e-300, 1e200), value=8, slope=8, value_scale=1
    ),
    "trigamma": row(*GAMMAS, span(1, 1e6), extremes=on(1e-100, 1e100), value=8, slope=20),
    "tetragamma": row(span(0.1, 20), span(1, 1e6), extremes=on(1e-60, 1e100), value=6),
}

PRELUDE: dict[str, Samples] = {
    "silu": row(ANY, span(-1, 1), extremes=on(-700.0, 1000.0), value=3, slope=20, slope_scale=1),
    "gelu": row(span(-9, 9), extremes=on(-30.0, 1000.0), value=300, slope=300, value_scale=1e-3, slope_scale=1),
    "elu": row(ANY, extremes=on(-1000.0, 1000.0), value=2, slope=2),
    "leaky_relu": row(ANY),
    "hinge": row(PLANE),
    "binary_cross_entropy": row(((-30, 30), (0, 1)), extremes=((1e3, 1.0), (-1e3, 0.0), (40.0, 1.0)), value=4, slope=4),
}
