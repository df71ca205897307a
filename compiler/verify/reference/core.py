"""Expressions: syntax tree and frame -> number, term, array or list of sizes; each kind by what registers for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import singledispatch

from msgspec import Struct, field
from msgspec.structs import replace

from mgc.compiler.verify.reference.arrays import Array, Nested, Outside, Scalar, Value, elementwise
from mgc.compiler.verify.reference.scalars import TERMS, UNDEFINED, Domain
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.terms import Term
from mgc.grammar import tree

Meaning = Value | list[int] | tuple[Value, ...]  # a list is a list of sizes, a tuple several results
FAILURES = (ZeroDivisionError, Outside)  # of what may never be used
REDUCTIONS = frozenset({"sum", "prod", "mean", "max", "min", "argmax", "argmin"})


class Failed(Struct, frozen=True):
    """What could not be evaluated: an error for whoever reads it, and nothing where nobody does."""

    error: Exception


class Machine(Struct, frozen=True):
    """The declarations by name, the parameters by dotted name, and the values that `--set` gave to constants."""

    declared: Mapping[str, tree.Declaration]
    params: Mapping[str, Nested]
    overrides: Mapping[str, float]
    domain: Domain = TERMS
    library: Mapping[str, tree.Function] = field(default_factory=dict)


class Frame(Struct):
    """Names of one definition. `path`: the dotted name of the model or layer; `library`: the prelude's own names come
    first; `calls`: how often each layer was called; `static`: names whose values are known when it is compiled;
    `tentative`: in an arm that may never be taken, where an element that has no value leaves the array its shape;
    `shapes`: in a turn that a loop without turns would take, where an element has a shape and no value."""

    machine: Machine
    names: dict[str, Meaning | Failed] = field(default_factory=dict)
    path: str | None = None
    library: bool = False
    calls: dict[str, int] = field(default_factory=dict)
    static: set[str] = field(default_factory=set)
    tentative: bool = False
    shapes: bool = False

    @property
    def domain(self) -> Domain:
        return self.machine.domain

    def inner(self, **more: Meaning) -> Frame:
        """The same definition with names of its own for a comprehension's indices."""
        return replace(self, names={**self.names, **more}, static=self.static - more.keys())

    def find(self, name: str) -> tree.Declaration | None:
        """What a name is declared as: a model's own declaration comes first but in the prelude itself."""
        own = None if self.library else self.machine.declared.get(name)
        return own or self.machine.library.get(name)


@singledispatch
def meaning(expression: tree.Expression, frame: Frame) -> Meaning:
    """What an expression stands for. Errors: as `reference.meaning`."""
    raise AssertionError(expression)


def value(expression: tree.Expression, frame: Frame) -> Value:
    """The meaning of an expression that is one number or array."""
    found = meaning(expression, frame)
    assert not isinstance(found, list | tuple)
    return found


def attempt(expression: tree.Expression, frame: Frame) -> Value:
    """The value of what may never be taken."""
    try:
        return value(expression, replace(frame, tentative=True))
    except FAILURES:
        return UNDEFINED


def integer(expression: tree.Expression, frame: Frame) -> int:
    """A size, or the end of a range. Errors: Undecided."""
    found = value(expression, frame)
    assert not isinstance(found, Array)
    return whole(found)


def whole(found: Scalar) -> int:
    number = terms.number(found) if isinstance(found, Term) else found
    if number is None:
        raise terms.Undecided(f"a size or range is {found}")
    assert number == int(number), "an exact division leaves a rest"
    return int(number)


def apply(frame: Frame, name: str, *operands: Value) -> Value:
    """The operation at each element."""
    return elementwise(lambda *numbers: frame.domain.operation(name, *numbers), *operands)


def reached(declared: Mapping[str, tree.Declaration], start: Iterable[str]) -> set[str]:
    """The names of the declarations that some of them use, and of what those use in turn."""
    found: set[str] = set()
    pending = list(start)
    while pending:
        for part in tree.walk(declared[pending.pop()]):
            name = str(part.identifier if isinstance(part, tree.Name) else getattr(part, "function", ""))
            if name in declared and name not in found:
                found.add(name)
                pending.append(name)
    return found
