"""Words that no variable may be called, for they mean something to Python, to C or to the emitted code.

>>> is_reserved("lambda"), is_reserved("double"), is_reserved("sqrtf"), is_reserved("weight")
(True, True, True, False)
"""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Iterable

from mgc.compiler.language import library
from mgc.compiler.language.program import BUILTIN_NAMES
from mgc.compiler.names import c_words

_OWN = (
    "at",
    "at_",
    "work",
    "status",
    "checked_add",
    "checked_subtract",
    "checked_multiply",
    "checked_modulo",
    "checked_floor_divide",
    "modulo",
    "larger",
    "smaller",
    "floor_divide",
    "floordiv",
    "magnitude",
    "params",
    "grads",
    "rng",
    "seed",
    "check_shape",
    "init_params",
    "element",
    "Random",
    "random",
    "math",
    "row_1",
    "row_2",
    "row_3",
)


def reserved() -> frozenset[str]:
    """The words that no author's name may become in emitted code (beside those that `is_reserved` tells by form)."""
    return _RESERVED


def is_reserved(name: str) -> bool:
    """Whether no variable may be called so, for it means something to Python, to C or to the emitted code."""
    return name in _RESERVED or c_words.is_word(name)


def take(name: str, taken: dict[str, None], repeats: dict[str, int] | None = None) -> str:
    """A free name; `repeats` remembers how far the numbers of a name that is met often have come."""
    base = f"{name}_" if is_reserved(name) else name
    chosen, count = base, (repeats or {}).get(base, 1)
    while chosen in taken:
        count += 1
        chosen = f"{base.rstrip('_')}_{count}"
    if repeats is not None:
        repeats[base] = count
    taken[chosen] = None
    return chosen


_RESERVED = frozenset(
    {
        *keyword.kwlist, *keyword.softkwlist, *dir(builtins), *_OWN, *BUILTIN_NAMES,
        *library.names("ops.mg"), *("maximum", "minimum", "inf", "nan"),
    }
)  # fmt: skip


def safe(name: str, taken: Iterable[str] = ()) -> str:
    """The name of a variable, or the nearest to it that is neither reserved nor taken."""
    return _nearest(f"{name}_" if is_reserved(name) else name, taken)


def safe_function(name: str, taken: Iterable[str] = ()) -> str:
    """The same for a function, which hides none of a header of C."""
    return _nearest(f"{name}_" if is_reserved(name) or c_words.is_taken(name) else name, taken)


def _nearest(base: str, taken: Iterable[str]) -> str:
    used = taken if isinstance(taken, set | frozenset | dict) else set(taken)
    if base not in used:
        return base
    count = 2
    while f"{base.rstrip('_')}_{count}" in used:
        count += 1
    return f"{base.rstrip('_')}_{count}"


def operation(op: str) -> str:
    """The function that computes an operation: one of the model's own (`op:name`) under a name that is free."""
    return safe_function(op.removeprefix("op:")) if op.startswith("op:") else op


def local_parameter_names(names: Iterable[str]) -> dict[str, str]:
    """Short names for dotted ones: `score.linear1.W` is `W1` where no other parameter is."""
    dotted = list(names)
    short = [_short(name) for name in dotted]
    return {
        name: abbreviation if short.count(abbreviation) == 1 else "_".join(name.split(".")[1:] or [name])
        for name, abbreviation in zip(dotted, short, strict=True)
    }


def _short(dotted: str) -> str:
    *path, name = dotted.split(".")
    digits = path[-1][len(path[-1].rstrip("0123456789")) :] if len(path) > 1 else ""
    return name + digits
