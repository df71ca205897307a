"""What the evaluation of a syntax tree carries along: the declarations, and the names of the definition being read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from mgc.compiler.verify.reference.arrays import Nested, Value
from mgc.compiler.verify.reference.scalars import TERMS, Domain
from mgc.grammar import tree

Meaning = Value | list[int] | tuple[Value, ...]  # a list is a list of sizes, a tuple several results


class Failed(Struct, frozen=True):
    """What could not be evaluated: an error for whoever reads it, and nothing where nobody does."""

    error: Exception


class Machine(Struct, frozen=True):
    """The declarations by name, the parameters by dotted name, the values that `--set` gave to constants, and what
    evaluates each kind of expression."""

    declared: Mapping[str, tree.Declaration]
    params: Mapping[str, Nested]
    overrides: Mapping[str, float]
    handlers: Mapping[type, Callable[[Machine, Frame, Any], Meaning]]
    domain: Domain = TERMS
    library: Mapping[str, tree.Function] = field(default_factory=dict)


class Frame(Struct):
    """Names of one definition. `path`: the dotted name of the model or layer; `library`: the prelude's own names come
    first; `calls`: how often each layer was called; `static`: names whose values are known when it is compiled;
    `tentative`: in an arm that may never be taken, where an element that has no value leaves the array its shape;
    `shapes`: in a turn that a loop without turns would take, where an element has a shape and no value."""

    names: dict[str, Meaning | Failed]
    path: str | None
    library: bool = False
    calls: dict[str, int] = field(default_factory=dict)
    static: set[str] = field(default_factory=set)
    tentative: bool = False
    shapes: bool = False

    def inner(self, **more: Meaning) -> Frame:
        """The same definition with names of its own for a comprehension's indices."""
        return replace(self, names={**self.names, **more}, static=self.static - more.keys())


def children(part: object) -> Iterator[object]:
    """The parts of a node of the syntax tree, or of a tuple of them."""
    if isinstance(part, tuple):
        yield from part
    else:
        yield from (getattr(part, slot) for slot in getattr(part, "__struct_fields__", ()) if slot != "span")


def reached(declared: Mapping[str, tree.Declaration], start: Iterable[str]) -> set[str]:
    """The names of the declarations that some of them use, and of what those use in turn."""
    found: set[str] = set()
    pending: list[object] = [declared[name] for name in start]
    while pending:
        part = pending.pop()
        pending.extend(children(part))
        name = str(part.identifier if isinstance(part, tree.Name) else getattr(part, "function", ""))
        if name in declared and name not in found:
            found.add(name)
            pending.append(declared[name])
    return found


def find(machine: Machine, frame: Frame, name: str) -> tree.Declaration | None:
    """What a name is declared as: a model's own declaration comes first but in the prelude itself."""
    own = None if frame.library else machine.declared.get(name)
    return own or machine.library.get(name)
