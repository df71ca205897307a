"""Names of derivatives, variables -> names: `dh` is the derivative of the result with respect to what is called `h`.

So an adjoint is named after its value has its final name: that of `h_2` is `dh_2`. Where that is taken or the value has
no variable, both are numbered together: no `dh_3` stands beside an `h_3` that it is not the derivative by.

>>> taken = dict.fromkeys(["h", "h_2", "dh"])  # the author's `dh`
>>> of_value("h_2", taken), of_value("h", taken), of_unseen("sum", taken, {})
('dh_2', 'dh_3', 'dsum')
"""

from __future__ import annotations

from collections.abc import Sequence

from mgc.compiler.names.words import is_reserved, take
from mgc.compiler.schedule.loopnest import Variable


def assign(
    seeds: Sequence[Variable], derivatives: Sequence[Variable], names: dict[int, str], taken: dict[str, None]
) -> None:
    """Add the names of the results' adjoints and of the variables that are derivatives by what has a name."""
    claimed: set[int] = set()  # variables whose derivative has their name
    repeats: dict[str, int] = {}
    for seed in seeds:
        names[seed.serial] = _seed(seed, names, claimed, taken, repeats)
    for variable in derivatives:
        name = _name(variable, names, claimed, taken, repeats)
        if name is not None:
            names[variable.serial] = name


def _seed(
    seed: Variable, names: dict[int, str], claimed: set[int], taken: dict[str, None], repeats: dict[str, int]
) -> str:
    """`dh` where nothing else reads the result `h`, otherwise `dh_out`."""
    if seed.derivative_of:
        claimed.update(seed.derivative_of)
        return of_value(names[seed.derivative_of[0]], taken)
    return of_unseen(seed.said[0][1:] if seed.of is None else f"{names[seed.of]}_out", taken, repeats)


def _name(
    variable: Variable, names: dict[int, str], claimed: set[int], taken: dict[str, None], repeats: dict[str, int]
) -> str | None:
    """After the value that it is the derivative by: the author's first, then what mgc named, then what has no name."""
    seen = next((one for one in variable.derivative_of or () if one in names and one not in claimed), None)
    if seen is not None:
        claimed.add(seen)
        return of_value(names[seen], taken)
    spelt = [(name, *name.rpartition(".")) for name in variable.said]
    said = [own[1:] for _, _, _, own in spelt if own.startswith("d")]
    said += [f"{instance}_{own[1:]}" for _, instance, _, own in spelt if instance and own.startswith("d")]
    unseen = next((name for name in said if name not in taken), said[0] if said else None)
    return None if unseen is None else of_unseen(unseen, taken, repeats)


def of_value(name: str, taken: dict[str, None]) -> str:
    """The name of the derivative by a variable: `d` before the variable's name, unless that is taken."""
    return _numbered(name, taken, {}) if _spelt(name) in taken else take(f"d{name}", taken)


def of_unseen(name: str, taken: dict[str, None], repeats: dict[str, int]) -> str:
    """The name of the derivative by what has no variable, so that no variable has the name after the `d`."""
    return _numbered(name, taken, repeats) if name in taken or _spelt(name) in taken else take(f"d{name}", taken)


def _spelt(name: str) -> str:
    return f"d{name}_" if is_reserved(f"d{name}") else f"d{name}"


def _numbered(name: str, taken: dict[str, None], repeats: dict[str, int]) -> str:
    """`d` before the name with the first number that is free with and without it."""
    count = repeats.get(name, 1) + 1
    while f"{name}_{count}" in taken or f"d{name}_{count}" in taken:
        count += 1
    repeats[name] = count
    taken[f"d{name}_{count}"] = None
    return f"d{name}_{count}"
