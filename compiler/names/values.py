"""Names of values, loop nest -> names: the author's, and where there is none what the value is in its place.

A sum, a product or the like is named after the author's value that it is a part of (`z_sum` of `z = W @ x + b`), what
a function gives after what it is taken of (`z_exp`); a number tells values apart only where no words do.

>>> taken = {"h": None, "x1": None}
>>> version("h", taken, (), {}), version("h", taken, ("h2",), {}), version("x1", taken, (), {})
('h2', 'h_2', 'x1_2')
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from itertools import chain, count
from typing import TypeGuard

from msgspec import Struct, field
from msgspec.structs import replace

from mgc.compiler.names.mathematics import WORDS, both_sides, one_subject, word
from mgc.compiler.names.words import is_reserved, take
from mgc.compiler.schedule.loopnest import (
    Apply,
    Assign,
    Expression,
    For,
    If,
    Item,
    Load,
    LoopNest,
    Number,
    Pack,
    Size,
    Update,
    Variable,
    expressions,
    loads,
)

_NOUNS = frozenset(WORDS.values()) - {"power"}  # what says nothing without the value that it is of
_TESTS = frozenset({"below", "above", "same", "other", "both", "either", "not"})


class Uses(Struct):
    """What sets each variable, under which condition, and who reads it; running totals count as what they end up in."""

    made: dict[int, tuple[Assign | Update, Expression | None]] = field(default_factory=dict)
    readers: dict[int, dict[int, None]] = field(default_factory=lambda: defaultdict(dict))
    added: set[int] = field(default_factory=set)  # what is a term of something
    indexed: dict[int, Variable] = field(default_factory=dict)  # an index -> the first array that it is an index of


def uses(nest: LoopNest) -> Uses:
    """The uses of all variables of a nest."""
    found = Uses()
    stack: list[tuple[Sequence[Item], Expression | None]] = [(nest.body, None)]
    while stack:
        items, condition = stack.pop(0)
        for item in items:
            mentioned = [*loads(expressions(item))]
            for load in mentioned:
                for inner in loads(load.indices) if load.indices else ():
                    found.indexed.setdefault(inner.variable.serial, load.variable)
            match item:
                case Assign() | Update():
                    _note(found, item, condition, mentioned)
                case For():
                    stack.append((item.body, condition))
                case If():
                    stack += [(item.then, item.condition), (item.otherwise, item.condition)]
    return found


def _note(found: Uses, item: Assign | Update, condition: Expression | None, mentioned: Sequence[Load]) -> None:
    owner, section = _owner(item.variable), item.variable.origin.section
    for load in mentioned:
        read = _owner(load.variable)
        if read != owner and load.variable.origin.section == section:  # what the derivative keeps is no part of it
            found.readers[read][owner] = None
    found.added.update(_owner(term) for term in _terms(item.value) if _owner(term) != owner)
    if isinstance(item.value, Load) and item.value.variable.role == "total":
        return
    known, test = found.made.setdefault(owner, (item, condition))
    if test is not None and test == condition and item.value != known.value:
        found.made[owner] = (_of_both_arms(known, item, test), condition)


def _of_both_arms(one: Assign | Update, other: Assign | Update, condition: Expression) -> Assign | Update:
    """What two arms of a branch set, as if it were one statement."""
    if isinstance(one.value, Pack) or isinstance(other.value, Pack) or isinstance(other, Update):
        return one
    return replace(one, value=Apply("select", (condition, one.value, other.value), one.value.dtype))


def _owner(variable: Variable) -> int:
    return variable.of if variable.role == "total" and variable.of is not None else variable.serial


def said(variables: Sequence[Variable], names: dict[int, str], taken: dict[str, None]) -> None:
    """Add the names of the variables that the author named; what has the same name elsewhere is told by the instance.

    A name that is given again in one place gets a number.
    """
    all_said = {spelling for variable in variables for name in variable.said for spelling in spellings(name)}
    given: set[str] = set()
    versions: dict[str, int] = {}
    for variable in variables:
        own = {spelling: name for name in variable.said for spelling in spellings(name) if name not in given}
        free = next((one for one in own if one not in taken and not is_reserved(one)), None)
        wanted = spellings(variable.said[0])[0]
        chosen = take(free, taken) if free else version(wanted, taken, all_said, versions)
        given.add(own.get(chosen, variable.said[0]))
        names[variable.serial] = chosen


def spellings(name: str) -> tuple[str, ...]:
    """A name, then with the instance that it stands in: `h` and `hidden_h` for `hidden.h`."""
    instance, _, own = name.rpartition(".")
    return (own, f"{instance}_{own}") if instance else (own,)


def version(name: str, taken: dict[str, None], others: Collection[str], versions: dict[str, int]) -> str:
    """The name for what the author calls as something else before: `h2` after `h`.

    `versions` remembers how far the numbers of each name have come.
    """
    base = f"{name}_" if is_reserved(name) else name
    close = [] if base[-1].isdigit() or base != name else [f"{name}2"]
    far = _counted(base.rstrip("_"), versions)
    numbered = (one for one in chain(close, far) if one not in others and not is_reserved(one))
    chosen = base if base not in taken else next(one for one in numbered if one not in taken)
    taken[chosen] = None
    return chosen


def _counted(name: str, versions: dict[str, int]) -> Iterator[str]:
    """`name_2`, `name_3`, ...: from the last that was asked for, as what was taken once stays taken.

    A name that is a word of C with any number, as `isless` is, gets `a_` before it.
    """
    stem = f"a_{name}" if is_reserved(f"{name}_2") else name
    for number in count(versions.get(name, 2)):
        versions[name] = number
        yield f"{stem}_{number}"


def made_up(
    nest: LoopNest, variables: Sequence[Variable], found: Uses, names: dict[int, str], taken: dict[str, None]
) -> None:
    """Add names for those variables that have none, in the order of the text, by what they are."""
    outputs = [output.variable.serial if isinstance(output, Load) else None for output in nest.outputs]
    order = {serial: place for place, serial in enumerate(found.made)}
    authors = frozenset(names) - _unnamed_results(nest, outputs)
    every = (*variables, *nest.inputs)
    derived = (one for one in every if one.role == "adjoint" or one.derivative_of is not None)
    derivatives = frozenset(names[one.serial] for one in derived if one.serial in names)
    left = [variable for variable in variables if variable.serial not in names]
    versions: dict[str, int] = {}
    for variable in sorted(left, key=lambda one: order.get(one.serial, len(order))):
        wanted = [*_as_result(outputs, variable), *_candidates(variable, found, names, authors, derivatives)]
        free = next((one for one in wanted if _is_free(one, taken)), None)
        names[variable.serial] = free or _numbered((wanted or ["part"])[0], taken, versions)
        taken[names[variable.serial]] = None


def _unnamed_results(nest: LoopNest, outputs: Sequence[int | None]) -> frozenset[int]:
    """The results that are called `out` or the like: no author's name to call their parts after."""
    said = {load.variable.serial: load.variable.said for load in nest.outputs if isinstance(load, Load)}
    return frozenset(serial for serial, names in said.items() if names and set(names) <= {*_result_names(outputs)})


def _as_result(outputs: Sequence[int | None], variable: Variable) -> list[str]:
    return [_result_names(outputs)[outputs.index(variable.serial)]] if variable.serial in outputs else []


def _result_names(outputs: Sequence[int | None]) -> list[str]:
    return ["out"] if len(outputs) == 1 else [f"out_{place}" for place in range(1, len(outputs) + 1)]


def _numbered(name: str, taken: dict[str, None], versions: dict[str, int]) -> str:
    return next(one for one in _counted(name, versions) if _is_free(one, taken))


def _is_free(name: str, taken: dict[str, None]) -> bool:
    """Whether a name is nobody's, and no derivative of a value by its form, nor the value of a derivative."""
    return not (
        name in taken or is_reserved(name) or f"d{name}" in taken or (name.startswith("d") and name[1:] in taken)
    )


def _candidates(
    variable: Variable, found: Uses, names: dict[int, str], authors: frozenset[int], derivatives: frozenset[str]
) -> list[str]:
    """Names that say what a variable is, best first; what is made for, or of, a derivative is called no `d`."""
    if variable.serial not in found.made:
        return []
    item, condition = found.made[variable.serial]
    whole = _whole(variable.serial, found, names, authors)
    if whole in derivatives and variable.serial not in found.added:
        whole = None  # what is multiplied is no part
    if isinstance(item.value, Pack):
        return [f"{name}_list" for name in (whole or "out", _of_elements(item.value, names)) if name]
    is_update = isinstance(item, Update)
    noun = item.kind if isinstance(item, Update) else _noun(item.value)
    one, both = one_subject(item.value, names), both_sides(item.value, names)
    is_function = not is_update and noun not in _NOUNS
    by_subject = one if is_function else _ended(one, noun)
    by_sides = _ended(both, noun) if is_update else both
    is_plain = by_subject is not None and all(
        load.variable.serial in authors or load.variable.is_input for load in loads([item.value])
    )
    counted = both_sides(condition, names) if condition is not None and isinstance(item.value, Number) else None
    by_whole = [f"part_of_{whole}" if whole in derivatives else _ended(whole, noun), by_sides]
    if variable.origin.section == "backward" or noun in _TESTS:
        by_whole.reverse()
    wanted = [
        by_subject if is_function or (is_update and is_plain) else None,
        *(_of_place(variable.serial, item.value.args[0], found, names) if _is_place(item.value) else ()),
        *by_whole,
        by_subject,
        _ended(counted, "count"),
        "slope" if whole is None and variable.origin.section == "backward" else f"{whole or 'out'}_{noun}",
    ]
    return [name for name in wanted if name and not _begins_with(derivatives, name)]


def _of_elements(array: Pack, names: dict[int, str]) -> str | None:
    """The values that the elements of an array literal are of, where they are one or two."""
    subjects = dict.fromkeys(one_subject(element, names) for element in array.elements)
    known = [subject for subject in subjects if subject]
    return "_".join(known) if 0 < len(known) < 3 else None


def _begins_with(derivatives: frozenset[str], name: str) -> bool:
    """Whether a name goes on after that of a derivative, as if it were the derivative by something else."""
    return any(name[:end] in derivatives for end, letter in enumerate(name) if letter == "_")


def _ended(name: str | None, noun: str) -> str | None:
    return f"{name}_{noun}" if name else None


def _is_place(value: Expression | Pack) -> TypeGuard[Apply]:
    return isinstance(value, Apply) and value.op == "bound"


def _noun(value: Expression) -> str:
    return word(value.op) if isinstance(value, Apply) else "value"


def _of_place(serial: int, index: Expression, found: Uses, names: dict[int, str]) -> list[str]:
    """An index that is known to lie inside: the first or last, or `place`, of the array which it is an index of."""
    match index:
        case Number(value=0):
            wanted = "first"
        case Apply(op="sub", args=(Size(), Number(value=1))):
            wanted = "last"
        case _:
            wanted = "place"
    array = found.indexed.get(serial)
    of_array = [f"{names[array.serial]}_{wanted}"] if array is not None and array.serial in names else []
    subject = one_subject(index, names)
    return [wanted, *of_array, *([f"{subject}_{wanted}"] if subject else [])]


def _terms(value: Expression | Pack) -> Iterator[Variable]:
    """The variables that a value adds or takes off, and does not multiply."""
    stack = [] if isinstance(value, Pack) else [value]
    while stack:
        match stack.pop():
            case Load(variable=variable):
                yield variable
            case Apply(op="add" | "sub" | "neg" | "select", args=args):
                stack += args


def _whole(serial: int, found: Uses, names: dict[int, str], authors: frozenset[int]) -> str | None:
    """The author's value that a variable is a part of, read by nothing else; None where there is none."""
    for _ in range(4):
        readers = list(found.readers[serial])
        if len(readers) != 1:
            return None
        (serial,) = readers
        if serial in authors:
            return names[serial]
    return None
