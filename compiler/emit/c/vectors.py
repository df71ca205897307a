"""The operations of lanes in C: vectors of the GNU dialect, as wide as the processor's, and what they are called.

What has no vectors takes the loops that stand beside: `MGC_LANES` is 0 there.

>>> called(Apply("lanes load", (), "int")), called(Apply("lanes any", (), "bool"))
('mgc_load_whole', 'mgc_any')
>>> print(of_lanes("hypot", 2, whole=False))
static mgc_lanes mgc_hypot(mgc_lanes x, mgc_lanes y) {
    MGC_EACH_LANE x[q] = hypot(x[q], y[q]);
    return x;
}
"""

from __future__ import annotations

from mgc.compiler.emit.spelling import AND, ATOM, NEGATION, SUM, Row
from mgc.compiler.schedule.loopnest import Apply

PREFIX = "lanes "
ROWS = {
    "address": Row("&{0}", NEGATION, (ATOM,)),
    "real": Row("(double){0}", NEGATION, (NEGATION,)),
    "lanes index": Row("{0} + mgc_turn", SUM, (SUM,)),
    "lanes and": Row("{0} & {1}", AND, (ATOM, ATOM)),
    "lanes or": Row("{0} | {1}", AND, (ATOM, ATOM)),
    "lanes not": Row("~{0}", NEGATION, (ATOM,)),
}
_FIXED = {
    "lanes each": "mgc_each",
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
_OF_FLOATS = frozenset({"lanes any", "lanes real", "lanes relu", "lanes sqrt"})

# What glibc's vector mathematics (libmvec, from 2.35 on) has, no more than 4 units in the last place off, with C's inf
# and nan. Without those that people expect whole numbers of, such as log2(8).
_IN_LIBMVEC = frozenset(
    "exp expm1 log log1p pow sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh erf erfc".split()
)

# Loads and stores are those of numbers one after the other, wherever they begin.
TEXT = """\
#if defined(MGC_LANES)  /* it was said to the compiler: 0, 2, 4 or 8 */
#elif defined(__clang__) || (defined(__GNUC__) && __GNUC__ >= 9 && !defined(__TINYC__))
#if defined(__AVX512DQ__) && (defined(__EVEX512__) || !defined(__clang__) || __clang_major__ < 18)
#define MGC_LANES 8
#elif defined(__AVX__)
#define MGC_LANES 4
#else
#define MGC_LANES 2
#endif
#else
#define MGC_LANES 0
#endif

#if MGC_LANES
typedef double mgc_lanes __attribute__((vector_size(8 * MGC_LANES)));  /* a number for each lane */
typedef int64_t mgc_wholes __attribute__((vector_size(8 * MGC_LANES)));  /* an integer, or a mask: -1 or 0 */
typedef double mgc_next __attribute__((vector_size(8 * MGC_LANES), aligned(8), may_alias));  /* in memory */
typedef int64_t mgc_next_whole __attribute__((vector_size(8 * MGC_LANES), aligned(8), may_alias));
#if defined(MGC_LIBMVEC) && MGC_LANES == 8 && defined(__AVX512F__)
#define MGC_VECTOR(numbers, function) _ZGVeN8##numbers##_##function
#elif defined(MGC_LIBMVEC) && MGC_LANES == 4 && defined(__AVX2__)
#define MGC_VECTOR(numbers, function) _ZGVdN4##numbers##_##function
#elif defined(MGC_LIBMVEC) && MGC_LANES == 2 && defined(__SSE2__)
#define MGC_VECTOR(numbers, function) _ZGVbN2##numbers##_##function
#endif
#define MGC_EACH_LANE _Pragma("GCC unroll 8") for (int q = 0; q < MGC_LANES; q++)
#define MGC_ROOM(work) ((void *)(((uintptr_t)(work) + sizeof(mgc_lanes) - 1) / sizeof(mgc_lanes) * sizeof(mgc_lanes)))

#if MGC_LANES == 8
static const mgc_wholes mgc_turn = {0, 1, 2, 3, 4, 5, 6, 7};
#elif MGC_LANES == 4
static const mgc_wholes mgc_turn = {0, 1, 2, 3};
#else
static const mgc_wholes mgc_turn = {0, 1};
#endif

static inline mgc_lanes mgc_each(double x) { return x - (mgc_lanes){0}; }
static inline mgc_wholes mgc_each_whole(int64_t i) { return i + (mgc_wholes){0}; }
static inline mgc_wholes mgc_each_truth(int is_true) { return mgc_each_whole(is_true ? -1 : 0); }
static inline mgc_lanes mgc_real(mgc_wholes i) { return __builtin_convertvector(i, mgc_lanes); }

static inline mgc_wholes mgc_select_whole(mgc_wholes mask, mgc_wholes i, mgc_wholes j) {
    return (mask & i) | (~mask & j);
}
static inline mgc_lanes mgc_select(mgc_wholes mask, mgc_lanes x, mgc_lanes y) {
    return (mgc_lanes)mgc_select_whole(mask, (mgc_wholes)x, (mgc_wholes)y);
}
static inline mgc_lanes mgc_relu(mgc_lanes x) { return (mgc_lanes)(~(mgc_wholes)(x <= 0.0) & (mgc_wholes)x); }
static inline mgc_lanes mgc_maximum(mgc_lanes x, mgc_lanes y) { return mgc_select((x >= y) | (x != x), x, y); }
static inline mgc_lanes mgc_minimum(mgc_lanes x, mgc_lanes y) { return mgc_select((x <= y) | (x != x), x, y); }
static inline mgc_wholes mgc_maximum_whole(mgc_wholes i, mgc_wholes j) { return mgc_select_whole(i > j, i, j); }
static inline mgc_wholes mgc_minimum_whole(mgc_wholes i, mgc_wholes j) { return mgc_select_whole(i < j, i, j); }
static inline mgc_lanes mgc_larger_or_nan(mgc_lanes x, mgc_lanes y) { return mgc_select((y > x) | (y != y), y, x); }
static inline mgc_lanes mgc_smaller_or_nan(mgc_lanes x, mgc_lanes y) { return mgc_select((y < x) | (y != y), y, x); }
static inline mgc_wholes mgc_larger_or_nan_whole(mgc_wholes i, mgc_wholes j) { return mgc_select_whole(j > i, j, i); }
static inline mgc_wholes mgc_smaller_or_nan_whole(mgc_wholes i, mgc_wholes j) { return mgc_select_whole(j < i, j, i); }
static inline mgc_lanes mgc_fabs(mgc_lanes x) { return (mgc_lanes)((mgc_wholes)x & INT64_MAX); }
static inline mgc_wholes mgc_fabs_whole(mgc_wholes i) { return mgc_select_whole(i < 0, -i, i); }
static inline mgc_lanes mgc_sqrt(mgc_lanes x) { MGC_EACH_LANE x[q] = sqrt(x[q]); return x; }

static inline int mgc_any(mgc_wholes mask) {
#if MGC_LANES == 8 && defined(__AVX512DQ__)
    return __builtin_ia32_cvtq2mask512((long long __attribute__((vector_size(64))))mask) != 0;
#elif MGC_LANES == 4 && defined(__AVX__)
    return __builtin_ia32_movmskpd256((mgc_lanes)mask) != 0;
#else
    int64_t found = 0;
    MGC_EACH_LANE found |= mask[q];
    return found != 0;
#endif
}
typedef double mgc_two __attribute__((vector_size(16)));
static inline double mgc_total_of_two(mgc_two x) { return x[0] + x[1]; }
#if MGC_LANES > 2
typedef double mgc_four __attribute__((vector_size(32)));
static inline double mgc_total_of_four(mgc_four x) {
    const union { mgc_four whole; mgc_two half[2]; } parts = {x};
    return mgc_total_of_two(parts.half[0] + parts.half[1]);
}
#endif
static inline double mgc_total(mgc_lanes x) {
#if MGC_LANES == 8
    const union { mgc_lanes whole; mgc_four half[2]; } parts = {x};
    return mgc_total_of_four(parts.half[0] + parts.half[1]);
#elif MGC_LANES == 4
    return mgc_total_of_four(x);
#else
    return mgc_total_of_two(x);
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
#if defined(MGC_SHUFFLES) && MGC_LANES == 8
#define mgc_behind_1(before, x) __builtin_shufflevector(before, x, 7, 8, 9, 10, 11, 12, 13, 14)
#define mgc_behind_2(before, x) __builtin_shufflevector(before, x, 6, 7, 8, 9, 10, 11, 12, 13)
#elif defined(MGC_SHUFFLES) && MGC_LANES == 4
#define mgc_behind_1(before, x) __builtin_shufflevector(before, x, 3, 4, 5, 6)
#define mgc_behind_2(before, x) __builtin_shufflevector(before, x, 2, 3, 4, 5)
#else
#define mgc_behind_1(before, x) mgc_behind(before, x, 1)
#define mgc_behind_2(before, x) mgc_behind(before, x, 2)
#endif
static inline double mgc_last_1(mgc_lanes x) { return x[MGC_LANES - 1]; }
static inline double mgc_last_2(mgc_lanes x) { return x[MGC_LANES - 2]; }
static inline int64_t mgc_total_whole(mgc_wholes i) { int64_t sum = 0; MGC_EACH_LANE sum += i[q]; return sum; }

static inline mgc_lanes mgc_load(const double *x) { return *(const mgc_next *)x; }
static inline mgc_wholes mgc_load_whole(const int64_t *i) { return *(const mgc_next_whole *)i; }
static inline void mgc_store(double *to, mgc_lanes x) { *(mgc_next *)to = x; }
static inline void mgc_store_whole(int64_t *to, mgc_wholes i) { *(mgc_next_whole *)to = i; }
static inline mgc_lanes mgc_strided(const double *x, int64_t stride) {
    mgc_lanes found = {0};
    MGC_EACH_LANE found[q] = x[q * stride];
    return found;
}
static inline mgc_wholes mgc_strided_whole(const int64_t *i, int64_t stride) {
    mgc_wholes found = {0};
    MGC_EACH_LANE found[q] = i[q * stride];
    return found;
}
static inline mgc_lanes mgc_gather(const double *x, mgc_wholes at, mgc_wholes mask) {
    mgc_lanes found = {0};
    MGC_EACH_LANE if (mask[q]) found[q] = x[at[q]];
    return found;
}
static inline mgc_wholes mgc_gather_whole(const int64_t *i, mgc_wholes at, mgc_wholes mask) {
    mgc_wholes found = {0};
    MGC_EACH_LANE if (mask[q]) found[q] = i[at[q]];
    return found;
}
static inline mgc_lanes mgc_pick(const mgc_lanes *x, mgc_wholes at, mgc_wholes mask) {
    mgc_lanes found = {0};
    MGC_EACH_LANE if (mask[q]) found[q] = x[at[q]][q];
    return found;
}
static inline mgc_wholes mgc_pick_whole(const mgc_wholes *i, mgc_wholes at, mgc_wholes mask) {
    mgc_wholes found = {0};
    MGC_EACH_LANE if (mask[q]) found[q] = i[at[q]][q];
    return found;
}
#endif"""


def called(apply: Apply) -> str | None:
    """The C function of an operation of lanes that is in every file; None where there is none."""
    name = _FIXED.get(apply.op)
    if name is None or apply.dtype == "float" or apply.op in _OF_FLOATS:
        return name
    return "mgc_each_truth" if apply.dtype == "bool" and apply.op == "lanes each" else f"{name}_whole"


def of_lanes(function: str, count: int, whole: bool) -> str:
    """The C function that computes another one of so many arguments in each lane."""
    names = ["x", "y", "z"][:count] if count <= 3 else [f"x{place}" for place in range(count)]
    kind = "mgc_wholes" if whole else "mgc_lanes"
    given, passed = ", ".join([f"{kind} {name}" for name in names]), ", ".join([f"{name}[q]" for name in names])
    head = f"static {kind} mgc_{function}({given}) {{"
    text = f"{head}\n    MGC_EACH_LANE {names[0]}[q] = {function}({passed});\n    return {names[0]};\n}}"
    if whole or function not in _IN_LIBMVEC:
        return text
    vector = f"MGC_VECTOR({'v' * count}, {function})"
    declared = f"{kind} {vector}({', '.join([kind] * count)});"
    return f"#ifdef MGC_VECTOR\n{declared}\n{head} return {vector}({', '.join(names)}); }}\n#else\n{text}\n#endif"
