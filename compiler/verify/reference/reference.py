"""What a model means, straight from its syntax tree: files and arguments -> numbers or terms.

This knows the language and nothing of the compiler: no graph, no rules, no rewriting. What numbers are is a parameter,
a `Domain`; on terms the result is the exact expression, on floats (in the tests) the value.

>>> from mgc.grammar.parser import parse
>>> from mgc.compiler.verify.terms import terms
>>> file = parse("def f(x[n]): return sum(silu(x[i]) for i if i > 0) / n", "f.mg")
>>> str(meaning(file, "f", {"x": [terms.symbol("a"), terms.symbol("b")]}))
'b*sigmoid(b)/2'
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import cast

from mgc.compiler.verify.reference import comprehensions, definitions, operators
from mgc.compiler.verify.reference.arrays import Nested, Scalar, Value, to_lists
from mgc.compiler.verify.reference.core import Frame, Machine, reached
from mgc.compiler.verify.reference.definitions import entered
from mgc.compiler.verify.reference.scalars import TERMS, Domain
from mgc.grammar import tree
from mgc.grammar.parser import parse

KINDS = (comprehensions, definitions, operators)  # which register what they evaluate
PRELUDE = Path(__file__).parents[2] / "language" / "prelude.mg"


def meaning(
    files: tree.File | Sequence[tree.File],
    name: str,
    arguments: Mapping[str, Nested],
    params: Mapping[str, Nested] | None = None,
    constants: Mapping[str, float] | None = None,
    sizes: Mapping[str, int] | None = None,
    *,
    domain: Domain = TERMS,
    library: Mapping[str, tree.Function] | None = None,
) -> Nested:
    """The result of a function, or the tuple of its results: a number, a term, or nested lists of them.

    `files`: the file and what it imports. `params` has the parameters by their dotted names, those that the function
    does not reach being ignored; `sizes` those that no array tells (the columns of an array without rows); `library`
    what stands in for the prelude. Integer arguments are ints. Errors: Misfit (shapes, an index outside its axis),
    ZeroDivisionError, Undecided (a size or a range that depends on symbols), RecursionError.
    """
    machine, function, values = _given(files, name, arguments, params, constants, domain, library)
    result = definitions.results(function, values, [], Frame(machine), sizes)
    return tuple(to_lists(part) for part in result) if isinstance(result, tuple) else to_lists(cast(Value, result))


def required(
    files: tree.File | Sequence[tree.File],
    name: str,
    arguments: Mapping[str, Nested],
    params: Mapping[str, Nested] | None = None,
    constants: Mapping[str, float] | None = None,
    sizes: Mapping[str, int] | None = None,
) -> list[Scalar]:
    """The conditions that a function requires of all its arguments. Errors: as `meaning`."""
    machine, function, values = _given(files, name, arguments, params, constants, TERMS, None)
    return definitions.required(machine, function, values, sizes or {})


def _given(
    files: tree.File | Sequence[tree.File],
    name: str,
    arguments: Mapping[str, Nested],
    params: Mapping[str, Nested] | None,
    constants: Mapping[str, float] | None,
    domain: Domain,
    library: Mapping[str, tree.Function] | None,
) -> tuple[Machine, tree.Function, dict[str, Value]]:
    """What evaluates a file, one of its functions, and the arguments of that."""
    given = (files,) if isinstance(files, tree.File) else files
    declared = {d.name: d for file in given for d in file.declarations if not isinstance(d, tree.Import)}
    owners = {name, *reached(declared, [name])} if params else ()
    own = {dotted: value for dotted, value in (params or {}).items() if dotted.split(".")[0] in owners}
    known = prelude() if library is None else library
    machine = Machine(declared, own, constants or {}, domain, known)
    function = declared[name]
    assert isinstance(function, tree.Function)
    given_to = [one for one in function.arguments if one.name in arguments]
    values = {one.name: entered(machine, arguments[one.name], len(one.dimensions), one.dtype) for one in given_to}
    return machine, function, values


@cache
def prelude() -> Mapping[str, tree.Function]:
    """The language's own definitions."""
    file = parse(PRELUDE.read_text(encoding="utf-8"), PRELUDE.name)
    return {d.name: d for d in file.declarations if isinstance(d, tree.Function)}
