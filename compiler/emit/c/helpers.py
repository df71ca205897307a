"""Operations that C's library lacks, or lacks for integers -> static functions of the emitted file."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct, field

from mgc.compiler.emit.c.types import Real
from mgc.compiler.language import library

# What integers are given to, and the functions that fail where there is no such integer.
INTEGER_CALLS = {
    "max": "larger",
    "min": "smaller",
    "abs": "magnitude",
    "mod": "modulo",
    "floordiv": "floor_divide",
    "checked add": "checked_add",
    "checked sub": "checked_subtract",
    "checked mul": "checked_multiply",
    "checked mod": "checked_modulo",
    "checked floordiv": "checked_floor_divide",
}
CHECKED = frozenset(name for op, name in INTEGER_CALLS.items() if op.startswith("checked "))

_TOLD = "mgc_status *status, int line"
_FAIL = """\
static void mgc_fail(mgc_status *status, enum mgc_error error, int line) {  /* what failed first stays */
    if (status->error == MGC_OK) {
        status->error = error;
        status->line = line;
    }
}"""
_HELPERS = {  # `@real` is the type of real numbers, and `@f` its suffix
    "maximum": "static @real maximum(@real x, @real y) { return x >= y || x != x ? x : y; }",
    "minimum": "static @real minimum(@real x, @real y) { return x <= y || x != x ? x : y; }",
    "larger": "static int64_t larger(int64_t i, int64_t j) { return i > j ? i : j; }",
    "smaller": "static int64_t smaller(int64_t i, int64_t j) { return i < j ? i : j; }",
    "magnitude": "static int64_t magnitude(int64_t i) { return i < 0 ? -i : i; }",
    "sign": "static @real sign(@real x) { return x > 0.0@f ? 1.0@f : x < 0.0@f ? -1.0@f : x != x ? x : 0.0@f; }",
    "mod": """\
static @real mod(@real x, @real y) {  /* the sign of y */
    const @real rest = fmod@f(x, y);
    if (rest == 0.0@f) return copysign@f(0.0@f, y);
    return (rest < 0.0@f) != (y < 0.0@f) ? rest + y : rest;
}""",
    "floordiv": """\
static @real floordiv(@real x, @real y) {  /* so that it goes with mod: 1.0 // 0.1 is 9.0 */
    if (y == 0.0@f) return x / y;
    const @real rest = fmod@f(x, y);
    const @real quotient = (x - rest) / y - (rest != 0.0@f && (rest < 0.0@f) != (y < 0.0@f));
    return quotient == 0.0@f ? copysign@f(0.0@f, x / y) : rint@f(quotient);
}""",
    "modulo": """\
static int64_t modulo(int64_t i, int64_t n) {  /* the sign of n; of 0 the room for nothing is asked */
    const int64_t rest = n != 0 ? i % n : 0;
    return rest != 0 && (rest < 0) != (n < 0) ? rest + n : rest;
}""",
    "floor_divide": """\
static int64_t floor_divide(int64_t i, int64_t n) {
    return n != 0 ? i / n - (i % n != 0 && (i < 0) != (n < 0)) : 0;
}""",
    "checked_modulo": f"""\
static int64_t checked_modulo(int64_t i, int64_t n, {_TOLD}) {{
    if (n != 0) return modulo(i, n);
    mgc_fail(status, MGC_ZERO_DIVISION, line);
    return 0;
}}""",
    "checked_floor_divide": f"""\
static int64_t checked_floor_divide(int64_t i, int64_t n, {_TOLD}) {{
    if (n != 0) return floor_divide(i, n);
    mgc_fail(status, MGC_ZERO_DIVISION, line);
    return 0;
}}""",
    "checked_add": f"""\
static int64_t checked_add(int64_t i, int64_t j, {_TOLD}) {{
    if (j > 0 ? i <= INT64_MAX - j : i >= -INT64_MAX - j) return i + j;
    mgc_fail(status, MGC_OVERFLOW, line);
    return 0;
}}""",
    "checked_subtract": f"""\
static int64_t checked_subtract(int64_t i, int64_t j, {_TOLD}) {{
    return checked_add(i, -j, status, line);
}}""",
    "checked_multiply": f"""\
static int64_t checked_multiply(int64_t i, int64_t j, {_TOLD}) {{
    if (j == 0 || (magnitude(i) <= INT64_MAX / magnitude(j))) return i * j;
    mgc_fail(status, MGC_OVERFLOW, line);
    return 0;
}}""",
}
_NEEDS = {
    "checked_modulo": ("modulo",),
    "checked_floor_divide": ("floor_divide",),
    "checked_subtract": ("checked_add",),
    "checked_multiply": ("magnitude",),
}


class Helpers(Struct, frozen=True):
    """The functions that a file has so far beside those of the model, by name, and the type of its real numbers."""

    real: Real
    texts: dict[str, str] = field(default_factory=dict)

    def have(self, name: str, text: str) -> None:
        self.texts.setdefault(name, text)


def have(called: Collection[str], may_fail: bool, helpers: Helpers) -> None:
    """Have the fixed helpers that are called, and those that these call, in an order in which each is known."""
    if may_fail:
        helpers.have("mgc_fail", _FAIL)
    needed = {*called, *[one for name in called for one in _NEEDS.get(name, ())]}
    for name, helper in _HELPERS.items():
        if name in needed:
            helpers.have(name, helpers.real.put_into(helper))


def is_helper(name: str) -> bool:
    """Whether a function is written here, and not C's."""
    return name in _HELPERS


def is_fixed(op: str) -> bool:
    """Whether an operation is C's own, or has a helper that is written here."""
    return op in INTEGER_CALLS or op in _HELPERS or op == "bound" or library.native(op, "c") is not None
