"""Names for variables and loops, loop nest -> named loop nest: the author's, else ones that say what a value is.

No name is a word of Python or of C, a function of the emitted code, or another name of the same function.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from mgc.compiler.names import derivatives, values
from mgc.compiler.names.words import is_reserved, local_parameter_names, take
from mgc.compiler.schedule.loopnest import For, If, Item, LoopNest, variables, walk

_LOOPS = "ijkpqrstuvw"


class NamedNest(Struct, frozen=True):
    """A nest, and what everything in it is called."""

    nest: LoopNest
    variables: Mapping[int, str]  # by the serial number of an input or a variable
    loops: Mapping[int, str]  # by the serial number of a loop: one axis may be run over by several
    sizes: Mapping[str, str]
    taken: tuple[str, ...]  # every name of the function


def name(nest: LoopNest, functions: Iterable[str] = ()) -> NamedNest:
    """The names of all that is in a nest. `functions` are the emitted functions that the code may call."""
    taken: dict[str, None] = dict.fromkeys(functions)
    names: dict[int, str] = {}
    short = local_parameter_names(given.said[0] for given in nest.inputs if given.role == "parameter")
    for given in sorted(nest.inputs, key=lambda given: given.role == "parameter"):
        if given.role != "adjoint":
            said = given.said[0]
            names[given.serial] = take(short[said] if given.role == "parameter" else said, taken)
    sizes = {size: take(size, taken) for size in nest.sizes}
    made = variables(nest)
    own = [one for one in made if one.role == "value"]
    values.said([one for one in own if one.said and one.derivative_of is None], names, taken)
    letters = [letter for letter in _author_axes(nest) if letter not in taken]
    taken.update(dict.fromkeys(letters))
    found = values.uses(nest)
    values.made_up(nest, [one for one in own if one.origin.section == "forward"], found, names, taken)
    seeds = [one for one in nest.inputs if one.role == "adjoint"]
    derivatives.assign(seeds, [one for one in own if one.derivative_of is not None], names, taken)
    values.made_up(nest, own, found, names, taken)
    for letter in letters:
        del taken[letter]
    for variable in made:
        if variable.role == "total" and variable.of is not None:
            names[variable.serial] = take(f"{names[variable.of]}_total", taken)
    loops: dict[int, str] = {}
    _name_loops(nest.body, frozenset(), letters, taken, loops)
    return NamedNest(nest, names, loops, sizes, (*taken, *loops.values()))


def _author_axes(nest: LoopNest) -> list[str]:
    return list(dict.fromkeys(item.name for item in walk(nest.body) if isinstance(item, For) and item.name))


def _name_loops(
    items: Iterable[Item], active: frozenset[str], authors: Sequence[str], taken: dict[str, None], loops: dict[int, str]
) -> None:
    for item in items:
        if isinstance(item, For):
            wanted = item.name
            if not wanted or wanted in active:
                wanted = next((c for c in _LOOPS if c not in active and c not in taken and c not in authors), "axis")
            name = f"{wanted}_" if is_reserved(wanted) else wanted
            count = 2
            while name in active or name in taken:
                name = f"{wanted}_{count}"
                count += 1
            loops[item.serial] = name
            _name_loops(item.body, active | {name}, authors, taken, loops)
        elif isinstance(item, If):
            _name_loops(item.then, active, authors, taken, loops)
            _name_loops(item.otherwise, active, authors, taken, loops)
