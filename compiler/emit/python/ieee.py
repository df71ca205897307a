"""Python arithmetic as IEEE 754 has it, floats -> float: C's answers where the `math` module raises.

Each function is copied as it stands into emitted files that need it. So each is whole: beside its arguments
it names only `math` and builtins that no function here replaces.

>>> div(1.0, -0.0), log(0.0), sqrt(-1.0), exp(1000.0)
(-inf, -inf, nan, inf)
>>> floor(-0.0), round(2.5), mod(-5.5, 2.0), max(1.0, math.nan)
(-0.0, 2.0, 0.5, nan)
"""

import math

# --- arithmetic


def div(a: float, b: float) -> float:
    """a / b; a pole has the sign of its numerator and of its zero."""
    if b != 0.0:
        return a / b
    if a == 0.0 or math.isnan(a):
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1.0, b)


def mod(x: float, y: float) -> float:
    """x % y with the sign of y (floor modulo), nan for y = 0."""
    return x % y if y != 0.0 else math.nan


def floordiv(x: float, y: float) -> float:
    """x // y: how many times y is in x; infinite or nan for y = 0, as x / y is."""
    if y != 0.0:
        return x // y
    if x == 0.0 or math.isnan(x):
        return math.nan
    return math.copysign(math.inf, x) * math.copysign(1.0, y)


def fmod(x: float, y: float) -> float:
    """C's fmod: the remainder with the sign of x, nan for y = 0."""
    try:
        return math.fmod(x, y)
    except ValueError:
        return math.nan


def remainder(x: float, y: float) -> float:
    """IEEE 754's remainder: the quotient rounded half to even, nan for y = 0."""
    try:
        return math.remainder(x, y)
    except ValueError:
        return math.nan


def pow(x: float, y: float) -> float:
    """C's pow: inf where the power is too large, nan where it is not real."""
    try:
        return math.pow(x, y)
    except (OverflowError, ValueError):
        if x < 0.0 and math.fmod(y, 1.0) != 0.0:
            return math.nan
        return math.copysign(math.inf, x) if abs(math.fmod(y, 2.0)) == 1.0 else math.inf


def fma(x: float, y: float, z: float) -> float:
    """x * y + z, rounded once: in whole numbers, whose division is so rounded."""
    product = x * y + z
    if not (math.isfinite(x) and math.isfinite(y)):
        return product
    if not math.isfinite(z):
        return z
    (a, b), (c, d), (e, f) = (float(v).as_integer_ratio() for v in (x, y, z))
    top, bottom = a * c * f + e * b * d, b * d * f
    try:
        return top / bottom if top else (product if x == 0.0 or y == 0.0 else 0.0)
    except OverflowError:
        return math.inf if top > 0 else -math.inf


# --- kinks and jumps


def sign(x: float) -> float:
    """-1, 0 or 1; nan stays."""
    return 1.0 if x > 0.0 else -1.0 if x < 0.0 else 0.0 if x == 0.0 else x


def relu(x: float) -> float:
    """0 for x <= 0, else x; nan stays."""
    return x if x > 0.0 or math.isnan(x) else 0.0


def max(x: float, y: float, *more: float) -> float:
    """The largest one; nan if any is, the first of equals (so of 0.0 and -0.0)."""
    largest = x if x >= y or math.isnan(x) else y
    for z in more:
        largest = largest if largest >= z or math.isnan(largest) else z
    return largest


def min(x: float, y: float, *more: float) -> float:
    """The smallest one; nan if any is, the first of equals (so of 0.0 and -0.0)."""
    smallest = x if x <= y or math.isnan(x) else y
    for z in more:
        smallest = smallest if smallest <= z or math.isnan(smallest) else z
    return smallest


def floor(x: float) -> float:
    """The largest whole number <= x, as a float; inf, nan and -0.0 stay."""
    return math.copysign(float(math.floor(x)), x) if math.isfinite(x) else x


def ceil(x: float) -> float:
    """The smallest whole number >= x, as a float; inf, nan and -0.0 stay."""
    return math.copysign(float(math.ceil(x)), x) if math.isfinite(x) else x


def trunc(x: float) -> float:
    """The whole number next to x towards 0, as a float; inf, nan and -0.0 stay."""
    return math.copysign(float(math.trunc(float(x))), x) if math.isfinite(x) else x


def round(x: float) -> float:
    """The nearest whole number, half to even, as a float; inf, nan and -0.0 stay."""
    if not math.isfinite(x):
        return x
    return math.copysign(float(x) - math.remainder(x, 1.0), x)


# --- roots, exponentials and logarithms


def sqrt(x: float) -> float:
    """The square root, nan for x < 0."""
    return math.sqrt(x) if x >= 0.0 else math.nan


def exp(x: float) -> float:
    """e**x, inf where it is too large."""
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def exp2(x: float) -> float:
    """2**x, inf where it is too large."""
    try:
        return math.exp2(x)
    except OverflowError:
        return math.inf


def expm1(x: float) -> float:
    """e**x - 1, inf where it is too large."""
    try:
        return math.expm1(x)
    except OverflowError:
        return math.inf


def log(x: float) -> float:
    """The natural logarithm: -inf at 0, nan for x < 0."""
    return math.log(x) if x > 0.0 else -math.inf if x == 0.0 else math.nan


def log1p(x: float) -> float:
    """log(1 + x): -inf at -1, nan for x < -1."""
    return math.log1p(x) if x > -1.0 else -math.inf if x == -1.0 else math.nan


def log2(x: float) -> float:
    """The logarithm to base 2: -inf at 0, nan for x < 0."""
    return math.log2(x) if x > 0.0 else -math.inf if x == 0.0 else math.nan


def log10(x: float) -> float:
    """The logarithm to base 10: -inf at 0, nan for x < 0."""
    return math.log10(x) if x > 0.0 else -math.inf if x == 0.0 else math.nan


# --- circular and hyperbolic functions


def sin(x: float) -> float:
    """The sine, nan for an infinite x."""
    return math.sin(x) if math.isfinite(x) else math.nan


def cos(x: float) -> float:
    """The cosine, nan for an infinite x."""
    return math.cos(x) if math.isfinite(x) else math.nan


def tan(x: float) -> float:
    """The tangent, nan for an infinite x."""
    return math.tan(x) if math.isfinite(x) else math.nan


def asin(x: float) -> float:
    """The inverse sine, nan beyond -1 and 1."""
    return math.asin(x) if -1.0 <= x <= 1.0 else math.nan


def acos(x: float) -> float:
    """The inverse cosine, nan beyond -1 and 1."""
    return math.acos(x) if -1.0 <= x <= 1.0 else math.nan


def sinh(x: float) -> float:
    """The hyperbolic sine, infinite where it is too large."""
    try:
        return math.sinh(x)
    except OverflowError:
        return math.copysign(math.inf, x)


def cosh(x: float) -> float:
    """The hyperbolic cosine, inf where it is too large."""
    try:
        return math.cosh(x)
    except OverflowError:
        return math.inf


def acosh(x: float) -> float:
    """The inverse hyperbolic cosine, nan for x < 1."""
    return math.acosh(x) if x >= 1.0 else math.nan


def atanh(x: float) -> float:
    """The inverse hyperbolic tangent: infinite at -1 and 1, nan beyond."""
    if -1.0 < x < 1.0:
        return math.atanh(x)
    return math.copysign(math.inf, x) if abs(x) == 1.0 else math.nan


# --- gamma functions


def gamma(x: float) -> float:
    """The gamma function: infinite at 0 with its sign, nan at the other poles."""
    try:
        return math.gamma(x)
    except OverflowError:
        return math.copysign(math.inf, x)
    except ValueError:
        return math.copysign(math.inf, x) if x == 0.0 else math.nan


def lgamma(x: float) -> float:
    """The logarithm of abs(gamma(x)), inf at every pole."""
    try:
        return math.lgamma(x)
    except (OverflowError, ValueError):
        return math.inf
