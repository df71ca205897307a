"""The operations of lanes in C: vectors of the GNU dialect, as wide as the processor's, and what they are called.

What has no vectors takes the loops that stand beside: `MGC_LANES` is 0 there.

>>> called(Apply("lanes load", (), "int")), called(Apply("lanes any", (), "bool"))
('mgc_load_whole', 'mgc_any')
>>> print(of_lanes(FLOAT, "hypotf", 2, whole=False))
static mgc_lanes mgc_hypotf(mgc_lanes x, mgc_lanes y) {
    MGC_EACH_LANE x[q] = hypotf(x[q], y[q]);
    return x;
}
"""

from __future__ import annotations

from mgc.compiler.emit.c.types import DOUBLE, FLOAT, Real
from mgc.compiler.emit.spelling import AND, ATOM, NEGATION, SUM, Row
from mgc.compiler.graph.nodes import Dtype
from mgc.compiler.schedule.loopnest import Apply

PREFIX = "lanes "
ROWS = {
    "address": Row("&{0}", NEGATION, (ATOM,)),
    "lanes index": Row("{0} + mgc_turn", SUM, (SUM,)),
    "lanes and": Row("{0} & {1}", AND, (ATOM, ATOM)),
    "lanes or": Row("{0} | {1}", AND, (ATOM, ATOM)),
    "lanes not": Row("~{0}", NEGATION, (ATOM,)),
}
_FIXED = {
    "lanes each": "mgc_each",
    "lanes mask": "mgc_mask",
    "lanes load": "mgc_load",
    "lanes strided": "mgc_strided",
    "lanes gather": "mgc_gather",
    "lanes pick": "mgc_pick",
    "lanes select": "mgc_select",
    "lanes total": "mgc_total",
    "lanes max extremum": "mgc_larger_or_nan",
    "lanes min extremum": "mgc_smaller_or_nan",
    "lanes real": "mgc_real",
    "lanes any": "mgc_any",
    "lanes relu": "mgc_relu",
    "lanes max": "mgc_maximum",
    "lanes min": "mgc_minimum",
    "lanes abs": "mgc_fabs",
    "lanes sqrt": "mgc_sqrt",
    "lanes behind 1": "mgc_behind_1",
    "lanes behind 2": "mgc_behind_2",
    "lanes last 1": "mgc_last_1",
    "lanes last 2": "mgc_last_2",
}
_OF_FLOATS = frozenset({"lanes any", "lanes mask", "lanes real", "lanes relu", "lanes sqrt"})
TYPES: dict[Dtype, str] = {"float": "mgc_lanes", "int": "mgc_wholes", "bool": "mgc_masks"}

# What glibc's vector mathematics (libmvec, from 2.35 on) has, no more than 4 units in the last place off, with C's inf
# and nan. Without those that people expect whole numbers of, such as log2(8).
_IN_LIBMVEC = frozenset(
    "exp expm1 log log1p pow sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh erf erfc".split()
)

# Loads and stores are those of numbers one after the other, wherever they begin. `@in_64`: as many as 64 bytes have.
_TEXT = """\
#if defined(MGC_LANES)  /* it was said to the compiler: 0, @in_16, @in_32 or @in_64 */
#elif defined(__clang__) || (defined(__GNUC__) && __GNUC__ >= 9 && !defined(__TINYC__))
#if defined(__AVX512DQ__) && (defined(__EVEX512__) || !defined(__clang__) || __clang_major__ < 18)
#define MGC_LANES @in_64
#elif defined(__AVX__)
#define MGC_LANES @in_32
#else
#define MGC_LANES @in_16
#endif
#else
#define MGC_LANES 0
#endif

#if MGC_LANES
typedef @real mgc_lanes __attribute__((vector_size(@bytes * MGC_LANES)));  /* a number for each lane */
typedef int64_t mgc_wholes __attribute__((vector_size(8 * MGC_LANES)));  /* an integer */
typedef @mask mgc_masks __attribute__((vector_size(@bytes * MGC_LANES)));  /* -1 where it is true, else 0 */
typedef @real mgc_next __attribute__((vector_size(@bytes * MGC_LANES), aligned(@bytes), may_alias));  /* in memory */
typedef int64_t mgc_next_whole __attribute__((vector_size(8 * MGC_LANES), aligned(8), may_alias));
#if defined(MGC_LIBMVEC) && MGC_LANES == @in_64 && defined(__AVX512F__)
#define MGC_VECTOR(numbers, function) _ZGVeN@in_64##numbers##_##function
#elif defined(MGC_LIBMVEC) && MGC_LANES == @in_32 && defined(__AVX2__)
#define MGC_VECTOR(numbers, function) _ZGVdN@in_32##numbers##_##function
#elif defined(MGC_LIBMVEC) && MGC_LANES == @in_16 && defined(__SSE2__)
#define MGC_VECTOR(numbers, function) _ZGVbN@in_16##numbers##_##function
#endif
#define MGC_EACH_LANE _Pragma("GCC unroll @in_64") for (int q = 0; q < MGC_LANES; q++)
#define MGC_ROOM(work) ((void *)(((uintptr_t)(work) + sizeof(mgc_wholes) - 1) & -sizeof(mgc_wholes)))

#if MGC_LANES == @in_64
static const mgc_wholes mgc_turn = {@turns_64};
#elif MGC_LANES == @in_32
static const mgc_wholes mgc_turn = {@turns_32};
#else
static const mgc_wholes mgc_turn = {@turns_16};
#endif

static inline mgc_lanes mgc_each(@real x) { return x - (mgc_lanes){0}; }
static inline mgc_wholes mgc_each_whole(int64_t i) { return i + (mgc_wholes){0}; }
static inline mgc_masks mgc_each_truth(int is_true) { return (is_true ? -1 : 0) + (mgc_masks){0}; }
static inline mgc_masks mgc_mask(mgc_wholes is_true) { return __builtin_convertvector(is_true, mgc_masks); }
static inline mgc_lanes mgc_real(mgc_wholes i) { return __builtin_convertvector(i, mgc_lanes); }

static inline mgc_wholes mgc_either_whole(mgc_wholes mask, mgc_wholes i, mgc_wholes j) {
    return (mask & i) | (~mask & j);
}
static inline mgc_wholes mgc_select_whole(mgc_masks mask, mgc_wholes i, mgc_wholes j) {
    return mgc_either_whole(__builtin_convertvector(mask, mgc_wholes), i, j);
}
static inline mgc_lanes mgc_select(mgc_masks mask, mgc_lanes x, mgc_lanes y) {
    return (mgc_lanes)((mask & (mgc_masks)x) | (~mask & (mgc_masks)y));
}
static inline mgc_lanes mgc_relu(mgc_lanes x) { return (mgc_lanes)(~(mgc_masks)(x <= 0.0@f) & (mgc_masks)x); }
static inline mgc_lanes mgc_maximum(mgc_lanes x, mgc_lanes y) { return mgc_select((x >= y) | (x != x), x, y); }
static inline mgc_lanes mgc_minimum(mgc_lanes x, mgc_lanes y) { return mgc_select((x <= y) | (x != x), x, y); }
static inline mgc_wholes mgc_maximum_whole(mgc_wholes i, mgc_wholes j) { return mgc_either_whole(i > j, i, j); }
static inline mgc_wholes mgc_minimum_whole(mgc_wholes i, mgc_wholes j) { return mgc_either_whole(i < j, i, j); }
static inline mgc_lanes mgc_larger_or_nan(mgc_lanes x, mgc_lanes y) { return mgc_select((y > x) | (y != y), y, x); }
static inline mgc_lanes mgc_smaller_or_nan(mgc_lanes x, mgc_lanes y) { return mgc_select((y < x) | (y != y), y, x); }
static inline mgc_wholes mgc_larger_or_nan_whole(mgc_wholes i, mgc_wholes j) { return mgc_either_whole(j > i, j, i); }
static inline mgc_wholes mgc_smaller_or_nan_whole(mgc_wholes i, mgc_wholes j) { return mgc_either_whole(j < i, j, i); }
static inline mgc_lanes mgc_fabs(mgc_lanes x) { return (mgc_lanes)((mgc_masks)x & @largest); }
static inline mgc_wholes mgc_fabs_whole(mgc_wholes i) { return mgc_either_whole(i < 0, -i, i); }
static inline mgc_lanes mgc_sqrt(mgc_lanes x) { MGC_EACH_LANE x[q] = sqrt@f(x[q]); return x; }

static inline int mgc_any(mgc_masks mask) {
#if MGC_LANES == @in_64 && defined(__AVX512DQ__)
    return @movemask_64 mask) != 0;
#elif MGC_LANES == @in_32 && defined(__AVX__)
    return @movemask_32((mgc_lanes)mask) != 0;
#else
    int64_t found = 0;
    MGC_EACH_LANE found |= mask[q];
    return found != 0;
#endif
}
typedef @real mgc_16_bytes __attribute__((vector_size(16)));
static inline @real mgc_total_of_16(mgc_16_bytes x) { return @total; }
#if MGC_LANES > @in_16
typedef @real mgc_32_bytes __attribute__((vector_size(32)));
static inline @real mgc_total_of_32(mgc_32_bytes x) {
    const union { mgc_32_bytes whole; mgc_16_bytes half[2]; } parts = {x};
    return mgc_total_of_16(parts.half[0] + parts.half[1]);
}
#endif
static inline @real mgc_total(mgc_lanes x) {
#if MGC_LANES == @in_64
    const union { mgc_lanes whole; mgc_32_bytes half[2]; } parts = {x};
    return mgc_total_of_32(parts.half[0] + parts.half[1]);
#elif MGC_LANES == @in_32
    return mgc_total_of_32(x);
#else
    return mgc_total_of_16(x);
#endif
}
#ifdef __has_builtin
#if __has_builtin(__builtin_shufflevector)
#define MGC_SHUFFLES
#endif
#endif
static inline mgc_lanes mgc_behind(mgc_lanes before, mgc_lanes x, int by) {
    mgc_lanes found = {0};
    MGC_EACH_LANE found[q] = q < by ? before[(MGC_LANES - by + q) % MGC_LANES] : x[(MGC_LANES - by + q) % MGC_LANES];
    return found;
}
#if defined(MGC_SHUFFLES) && MGC_LANES == @in_64
#define mgc_behind_1(before, x) __builtin_shufflevector(before, x, @behind_1_64)
#define mgc_behind_2(before, x) __builtin_shufflevector(before, x, @behind_2_64)
#elif defined(MGC_SHUFFLES) && MGC_LANES == @in_32
#define mgc_behind_1(before, x) __builtin_shufflevector(before, x, @behind_1_32)
#define mgc_behind_2(before, x) __builtin_shufflevector(before, x, @behind_2_32)
#else
#define mgc_behind_1(before, x) mgc_behind(before, x, 1)
#define mgc_behind_2(before, x) mgc_behind(before, x, 2)
#endif
static inline @real mgc_last_1(mgc_lanes x) { return x[MGC_LANES - 1]; }
static inline @real mgc_last_2(mgc_lanes x) { return x[MGC_LANES - 2]; }
static inline int64_t mgc_total_whole(mgc_wholes i) { int64_t sum = 0; MGC_EACH_LANE sum += i[q]; return sum; }

static inline mgc_lanes mgc_load(const @real *x) { return *(const mgc_next *)x; }
static inline mgc_wholes mgc_load_whole(const int64_t *i) { return *(const mgc_next_whole *)i; }
static inline void mgc_store(@real *to, mgc_lanes x) { *(mgc_next *)to = x; }
static inline void mgc_store_whole(int64_t *to, mgc_wholes i) { *(mgc_next_whole *)to = i; }
static inline mgc_lanes mgc_strided(const @real *x, int64_t stride) {
    mgc_lanes found = {0};
    MGC_EACH_LANE found[q] = x[q * stride];
    return found;
}
static inline mgc_wholes mgc_strided_whole(const int64_t *i, int64_t stride) {
    mgc_wholes found = {0};
    MGC_EACH_LANE found[q] = i[q * stride];
    return found;
}
static inline mgc_lanes mgc_gather(const @real *x, mgc_wholes at, mgc_masks mask) {
    mgc_lanes found = {0};
    MGC_EACH_LANE if (mask[q]) found[q] = x[at[q]];
    return found;
}
static inline mgc_wholes mgc_gather_whole(const int64_t *i, mgc_wholes at, mgc_masks mask) {
    mgc_wholes found = {0};
    MGC_EACH_LANE if (mask[q]) found[q] = i[at[q]];
    return found;
}
static inline mgc_lanes mgc_pick(const mgc_lanes *x, mgc_wholes at, mgc_masks mask) {
    mgc_lanes found = {0};
    MGC_EACH_LANE if (mask[q]) found[q] = x[at[q]][q];
    return found;
}
static inline mgc_wholes mgc_pick_whole(const mgc_wholes *i, mgc_wholes at, mgc_masks mask) {
    mgc_wholes found = {0};
    MGC_EACH_LANE if (mask[q]) found[q] = i[at[q]][q];
    return found;
}
#endif"""


_WORDS = {
    DOUBLE: {
        "mask": "int64_t",
        "largest": "INT64_MAX",
        "movemask_64": "__builtin_ia32_cvtq2mask512((long long __attribute__((vector_size(64))))",
        "movemask_32": "__builtin_ia32_movmskpd256",
        "total": "x[0] + x[1]",
    },
    FLOAT: {
        "mask": "int32_t",
        "largest": "INT32_MAX",
        "movemask_64": "__builtin_ia32_cvtd2mask512((int __attribute__((vector_size(64))))",
        "movemask_32": "__builtin_ia32_movmskps256",
        "total": "(x[0] + x[2]) + (x[1] + x[3])",
    },
}


def text(real: Real) -> str:
    """The types and functions of lanes, vectors of this type of numbers."""
    words = {**_WORDS[real], "bytes": str(real.bytes)}
    for bytes_ in (16, 32, 64):
        count = bytes_ // real.bytes
        words |= {f"in_{bytes_}": str(count), f"turns_{bytes_}": _listed(0, count)}
        words |= {f"behind_{by}_{bytes_}": _listed(count - by, 2 * count - by) for by in (1, 2)}
    return real.put_into(_TEXT, **words)


def _listed(start: int, stop: int) -> str:
    return ", ".join(map(str, range(start, stop)))


def called(apply: Apply) -> str | None:
    """The C function of an operation of lanes that is in every file; None where there is none."""
    name = _FIXED.get(apply.op)
    if name is None or apply.dtype == "float" or apply.op in _OF_FLOATS:
        return name
    return "mgc_each_truth" if apply.dtype == "bool" and apply.op == "lanes each" else f"{name}_whole"


def of_lanes(real: Real, function: str, count: int, whole: bool) -> str:
    """The C function that computes another one of so many arguments in each lane."""
    names = ["x", "y", "z"][:count] if count <= 3 else [f"x{place}" for place in range(count)]
    kind = "mgc_wholes" if whole else "mgc_lanes"
    given, passed = ", ".join([f"{kind} {name}" for name in names]), ", ".join([f"{name}[q]" for name in names])
    head = f"static {kind} mgc_{function}({given}) {{"
    text = f"{head}\n    MGC_EACH_LANE {names[0]}[q] = {function}({passed});\n    return {names[0]};\n}}"
    if whole or function not in [f"{one}{real.suffix}" for one in _IN_LIBMVEC]:
        return text
    vector = f"MGC_VECTOR({'v' * count}, {function})"
    declared = f"{kind} {vector}({', '.join([kind] * count)});"
    return f"#ifdef MGC_VECTOR\n{declared}\n{head} return {vector}({', '.join(names)}); }}\n#else\n{text}\n#endif"
