"""Which statement of the forward half is to blame where it does not compute the function, and what it should be.

The forward half repeats the statements of the function, mostly under the same names. A statement that reads in another
way is written as in the function, and the text run again. Where no such change makes the values right, the first
statement is told that stores what the function does not compute.
"""

from __future__ import annotations

import ast
import difflib
import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from mgc.compiler.verify.blame.edits import Edits, other_comparisons
from mgc.compiler.verify.blame.listing import Listing, head, written
from mgc.compiler.verify.blame.values import Known, mild_points, same, values
from mgc.compiler.verify.equal.points import Samples
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.text.instances import Instance
from mgc.compiler.verify.trace.values import Stored

MOST_REFUTED = 3  # changes that are right at points and then are not


class Told(Struct, frozen=True):
    """A statement to blame: its line, what is said of it, what it should be, and a point with both numbers.

    `is_certain`: with that all is right, or it is seen to be that statement; else the mistake is only seen there.
    """

    line: int
    what: str
    expected: str = ""
    shown: tuple[str, str, str] = ("", "", "")
    is_certain: bool = False


class ForwardBlame:
    """The function's statements beside those of its derivative's forward half."""

    def __init__(self, tree: ast.Module, instance: Instance, samples: Samples) -> None:
        self.name = instance.signature.name
        self.plain = Listing(tree, self.name)
        derivative = str(instance.signature.derivative)
        self.renamed = _result_names(Listing(tree, derivative), self.plain)
        self.ours = Listing(tree, derivative, self.renamed)
        self.instance = instance
        self.samples = samples
        self.points = mild_points(samples, instance.symbols(), instance.value)
        self.edits = Edits(tree, instance)
        pairs = zip(instance.again, instance.value, strict=False)
        shown = [found[0] for pair in pairs if (found := samples.counterexample(*pair)) is not None]
        self.showing = [*self.points, *shown]

    def blamed(self, is_confirmed: Callable[[Told], bool]) -> Told | None:
        """The first change that makes all right; else the first wrong statement; None where none is found."""
        if not self.points:
            return None
        mending = itertools.islice(filter(self._mends, self._changes()), MOST_REFUTED)
        confirmed = next(filter(is_confirmed, mending), None)
        told = replace(confirmed, is_certain=True) if confirmed is not None else self._first_wrong()
        if told is None or any(told.shown):
            return told
        pairs = zip(self.instance.again, self.instance.value, strict=False)
        shown = next((found for pair in pairs if any(found := self.samples.shown(*pair))), told.shown)
        return replace(told, shown=shown)

    def _mends(self, told: Told) -> bool:
        return self.edits.mends_value(told.line, told.expected, self.showing)

    # --- by text

    def _changes(self) -> Iterator[Told]:
        """What may have to be written instead, in the order of the text."""
        yield from self._returned()
        for statement in self.ours.statements:
            if not self._is_plain(statement):
                for text in (*self._counterparts(statement), *other_comparisons(statement)):
                    yield Told(statement.lineno, self._what(statement), self._in_our_names(text))
        yield from self._missing()

    def _is_plain(self, statement: ast.stmt) -> bool:
        """Whether a statement reads as one of the function, but for the numbers of names that are no names of that."""
        text = head(statement)
        foreign = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)} - self.plain.names
        return text in self.plain.heads or (bool(foreign) and _unnumbered(text) in map(_unnumbered, self.plain.heads))

    def _counterparts(self, statement: ast.stmt) -> list[str]:
        """The function's statements of the same kind that give the same name a value and are not here, likest first."""
        is_block = isinstance(statement, ast.For | ast.If)
        alike = [one for one in self.plain.statements if written(one) == written(statement)]
        found = [head(one) for one in alike if isinstance(one, ast.For | ast.If) is is_block]
        if isinstance(self.plain.returned, ast.Return) and written(statement) == self._result:
            found.append(f"{self._result} = {ast.unparse(self.plain.returned)[len('return ') :]}")
        absent = [one for one in dict.fromkeys(found) if one not in self.ours.heads]
        absent = absent or (found if is_block else [])
        return sorted(absent, key=lambda one: -difflib.SequenceMatcher(None, head(statement), one).ratio())

    @property
    def _result(self) -> str | None:
        """The name under which the value is returned."""
        match self.ours.returned:
            case ast.Return(value=ast.Tuple(elts=[ast.Name(id=name), *_])):
                return name
        return None

    def _what(self, statement: ast.stmt) -> str:
        match statement:
            case ast.For():
                return f"the loop over {written(statement)} is not that of {self.name}"
            case ast.If():
                return f"the condition is not that of {self.name}"
        return f"{written(statement) or 'this'} is not that of {self.name}"

    def _in_our_names(self, text: str) -> str:
        for ours, plain in self.renamed.items():
            text = re.sub(rf"\b{plain}\b", ours, text)
        return text

    def _missing(self) -> Iterator[Told]:
        """A statement of the function that is not here, beside the one that stands beside it there."""
        simple = ast.Assign | ast.AugAssign
        for block in self.plain.blocks:
            for one, other in itertools.pairwise(block):
                for absent, kept in ((one, other), (other, one)):
                    here = self.ours.same(head(kept))
                    if here is None or self.ours.same(head(absent)) or not isinstance(absent, simple):
                        continue
                    if isinstance(kept, simple):
                        text = "\n".join(map(head, (one, other)))
                        where = "before" if absent is one else "after"
                        what = f"a statement of {self.name} is missing {where} this one"
                        yield Told(here.lineno, what, self._in_our_names(text))

    def _returned(self) -> Iterator[Told]:
        """The value is computed, and something else is returned."""
        given = self.ours.returned
        if not self.instance.again or given is None or not isinstance(given.value, ast.Tuple):
            return
        wanted = [values(self.points, value) for value in self.instance.value]
        for stored in reversed(self.instance.stored):
            if not stored.merged and [values(self.points, stored.cell)] == wanted:
                text = f"return {stored.name}, {ast.unparse(given.value.elts[1])}"
                yield Told(given.lineno, f"the value that it returns is not that of {self.name}", text)

    # --- by value

    def _first_wrong(self) -> Told | None:
        """The first execution that stored what the function does not compute."""
        used = set(terms.topological(self.instance.again))
        known = Known(self.points)
        known.add(terms.topological([*(stored.cell for stored in self.instance.plain), *self.instance.value]))
        theirs = _by_name(self.instance.plain, {})
        ours = _by_name(self.instance.stored, self.renamed)
        places = Counter[str]()
        for stored in self.instance.stored:
            name = _called(stored, self.renamed)
            namesakes, place = theirs.get(name, []), places[name]
            places[name] += 1
            mine = values(self.points, stored.cell, stored.guard)
            if stored.merged or known.has(mine) or not any(mine) or (used and stored.cell not in used):
                continue
            if len(namesakes) == len(ours[name]):
                namesakes = namesakes[place : place + 1]
            if any(same(mine, values(self.points, one.cell, one.guard)) for one in namesakes):
                continue
            if namesakes:
                wanted = terms.select(namesakes[0].guard, namesakes[0].cell, 0)
                shown = self.samples.shown(terms.select(stored.guard, stored.cell, 0), wanted)
                return Told(stored.line, f"{stored.name} is not that of {self.name}", "", shown)
            if used:
                return Told(stored.line, f"{stored.name} is not that of {self.name}")
        return None


def _by_name(records: list[Stored], renamed: dict[str, str]) -> dict[str, list[Stored]]:
    found: dict[str, list[Stored]] = {}
    for stored in records:
        found.setdefault(_called(stored, renamed), []).append(stored)
    return found


def _called(stored: Stored, renamed: dict[str, str]) -> str:
    return renamed.get(stored.base, stored.base) + stored.name[len(stored.base) :]


def _result_names(ours: Listing, plain: Listing) -> dict[str, str]:
    """The names of the derivative's function for the result -> those that the function has for it."""
    match ours.returned, plain.returned:
        case ast.Return(value=ast.Tuple(elts=[ast.Name(id=mine), *_])), ast.Return(value=ast.Name(id=theirs)):
            pairs = {mine: theirs, f"{mine}_total": f"{theirs}_total"}
            return {a: b for a, b in pairs.items() if a != b and ours.writing(a) and not ours.writing(b)}
    return {}


def _unnumbered(text: str) -> str:
    return re.sub(r"_\d+\b", "", text)
