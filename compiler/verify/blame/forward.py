"""Which statement of the forward half is to blame where it does not compute the function, and what it should be.

The forward half repeats the statements of the function, mostly under the same names: what each stored is compared, in
the order of execution, with what the function stored under that name, or else with everything that the function
computed. The first that differs is wrong; or, where it reads as in the function, the loop or branch around it, or what
it reads.
"""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from mgc.compiler.verify.blame.edits import Edits, other_comparisons
from mgc.compiler.verify.blame.listing import Listing, head, names_read, written
from mgc.compiler.verify.blame.values import Known, mild_points, overridden, same, values
from mgc.compiler.verify.equal.points import Samples, close
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.evaluation import Evaluation, NoValue
from mgc.compiler.verify.terms.terms import Term
from mgc.compiler.verify.text.instances import Instance
from mgc.compiler.verify.trace.values import Stored

LARGE = 2000  # statements of which not all parts are looked at


@dataclass(frozen=True, slots=True)
class Told:
    """A statement to blame: its line, what is said of it, what it should be, and a point with both numbers."""

    line: int
    what: str
    expected: str = ""
    shown: tuple[str, str, str] = ("", "", "")


class ForwardBlame:
    """The function's statements beside those of its derivative's forward half."""

    def __init__(self, tree: ast.Module, instance: Instance, samples: Samples) -> None:
        self.name = instance.signature.name
        self.plain = Listing(tree, self.name)
        self.ours = Listing(tree, str(instance.signature.derivative))
        self.instance = instance
        self.renamed = _result_names(self.ours, self.plain)
        self.ours = Listing(tree, str(instance.signature.derivative), self.renamed)
        self.samples = samples
        self.points = mild_points(samples, instance.symbols(), instance.value)
        self.edits = Edits(tree, instance)
        self.showing: list[Evaluation] = []
        for again, value in zip(instance.again, instance.value, strict=False):
            found = samples.counterexample(again, value)
            self.showing += [found[0]] if found is not None else []
        self.known = Known(self.points)
        kept = [*(stored.cell for stored in instance.plain), *instance.value]
        self.known.add(_parts(kept) if len(kept) > LARGE else terms.topological(kept))
        self.by_name = _by_name(instance.plain, {})
        self.ours_by_name = _by_name(instance.stored, self.renamed)

    def blamed(self) -> Told | None:
        """The statement, with what it should be where that makes the values right; None where none can be named."""
        told = self._found()
        if told is not None and told.expected and self._mends(told):
            return told
        other = self._differing()
        if other is not None and (told is None or other.line < told.line):
            return other
        if told is None or not told.expected:
            return told
        statement = self.ours.at(told.line)
        if statement is None or told.expected == ast.unparse(statement):
            return None
        return replace(told, expected="") if any(told.shown) else told

    def _mends(self, told: Told) -> bool:
        return self.edits.mends_value(told.line, told.expected, [*self.points, *self.showing])

    def _differing(self) -> Told | None:
        """A statement that reads in another way than in the function, and with which, as it is there, all is right."""
        for statement in self.ours.statements:
            if head(statement) in self.plain.heads or not self.showing:
                continue
            near = self._in_our_names(self._expected(statement)) if written(statement) else ""
            if isinstance(statement, ast.For | ast.If):
                near = self._in_our_names(self._outer(statement, None))
            for text in (near, *other_comparisons(statement)):
                what = f"{written(statement) or 'this'} is not that of {self.name}"
                if isinstance(statement, ast.For | ast.If):
                    what = self._otherwise(statement, "").what
                told = Told(statement.lineno, what, text)
                if text and text != head(statement) and self._mends(told):
                    return told
        return None

    def _found(self) -> Told | None:
        """The statement; None where none can be named."""
        if not self.points:
            return None
        found = None if self._has_result else self._first_wrong()
        if found is None:
            return (None if self._has_result else self._missing()) or self._returned()
        stored, wanted = found
        statement = self.ours.at(stored.line)
        if statement is not None:
            told = self._around(statement) if self._is_plain(statement) else self._loops_around(statement)
            if told is not None:
                return told
        shown = ("", "", "")
        if wanted is not None:
            shown = self.samples.shown(terms.select(stored.guard, stored.cell, 0), wanted)
        what = f"{stored.name} is not that of {self.name}"
        return Told(stored.line, what, self._in_our_names(self._expected(statement)), shown)

    def blamed_before_failing(self, line: int | None) -> Told | None:
        """The statement, of a run that stopped on a line: what has the same name and another value, or what reads in
        another way than in the function around that line."""
        found = self._first_wrong() if self.points else None
        if found is not None and found[1] is not None:
            return self.blamed()
        statement = self.ours.at(line) if line is not None else None
        if statement is None or not self._is_plain(statement):
            return None
        told = self._around(statement)
        absent = [name for name in sorted(names_read(statement)) if self.plain.writing(name)]
        for name in absent:
            if told is None and not self.ours.writing(name):
                what = f"a statement of {self.name} is missing before this one"
                told = Told(statement.lineno, what, _both(self.plain.writing(name)[0], statement))
        return told

    def _is_plain(self, statement: ast.stmt) -> bool:
        """Whether a statement reads as one of the function; names that the function does not have but for their
        numbers."""
        text = head(statement)
        if text in self.plain.heads:
            return True
        known = self.plain.names
        foreign = {name for name in (*names_read(statement), written(statement)) if name and name not in known}
        return bool(foreign) and _unnumbered(text) in {_unnumbered(one) for one in self.plain.heads}

    # --- by value

    @property
    def _has_result(self) -> bool:
        """Whether the forward half computed the value, which then is not what is returned."""
        wanted = [values(self.points, value) for value in self.instance.value]
        return any([values(self.points, one.cell)] == wanted for one in self.instance.stored if not one.merged)

    def _first_wrong(self) -> tuple[Stored, Term | None] | None:
        """The first execution that stored what the function does not have, and what it has under that name."""
        used = set(terms.topological(self.instance.again)) if self.instance.again else None
        places: dict[str, int] = {}
        for stored in self.instance.stored:
            name = _called(stored, self.renamed)
            place = places.get(name, 0)
            places[name] = place + 1
            if stored.merged or (used is not None and stored.cell not in used):
                continue
            mine = values(self.points, stored.cell, stored.guard)
            known = self.known.has(mine) or all(value == 0 for value in mine)
            namesakes = self.by_name.get(name)
            if namesakes is None:
                if not known and not self._is_backward(stored):
                    return stored, None
                continue
            counterpart = self._counterpart(stored, namesakes, place)
            if counterpart is not None and (not known or self._repairs(stored.line)):
                return stored, counterpart
        return None

    def _is_backward(self, stored: Stored) -> bool:
        """Whether it is, or is computed from, what is called a derivative."""
        cells = [node for node in terms.topological([stored.cell]) if node.op == "cell"]
        named = [str(node.payload[0]) for node in cells if isinstance(node.payload, tuple)]
        bases = {name.partition("[")[0] for name in named} - self.plain.names
        return any(base.startswith("d") and base[1:] in self.ours.names for base in bases)

    def _counterpart(self, stored: Stored, namesakes: list[Stored], place: int) -> Term | None:
        """What the function has in its place, where that is something else."""
        mine = values(self.points, stored.cell, stored.guard)
        if stored.guard is not terms.ONE and all(value == 0 for value in mine):
            return None
        if len(namesakes) == len(self.ours_by_name[_called(stored, self.renamed)]):
            namesakes = [namesakes[place]]
        if any(same(mine, values(self.points, one.cell, one.guard)) for one in namesakes):
            return None
        one = namesakes[min(place, len(namesakes) - 1)]
        return terms.select(one.guard, one.cell, 0)

    def _repairs(self, line: int) -> bool:
        """Whether the values are right once a line stores what the function stores under its names."""
        if not self.instance.again:  # it did not come to its end
            return False
        wanted: dict[Term, Term] = {}
        for name, records in self.ours_by_name.items():
            namesakes = self.by_name.get(name, [])
            if len(namesakes) == len(records):
                pairs = zip(records, namesakes, strict=True)
                wanted.update({ours.cell: plain.cell for ours, plain in pairs if ours.line == line})
        try:
            for point in self.points[:2]:
                there = overridden(point, {ours: point.value(plain) for ours, plain in wanted.items()})
                results = zip(self.instance.again, self.instance.value, strict=True)
                if not all(close(there.value(again), point.value(value)) for again, value in results):
                    return False
        except NoValue:
            return False
        return bool(wanted)

    # --- by text

    def _around(self, statement: ast.stmt) -> Told | None:
        """A statement reads as in the function: what it stands in, reads or adds to does not."""
        told = self._loops_around(statement)
        if told is not None:
            return told
        wanted = {*names_read(statement), written(statement)}
        for earlier in self._before(statement, wanted):
            expected = self._expected(earlier)
            if expected and not self._is_plain(earlier):
                return self._otherwise(earlier, expected)
        return self._left_out(written(statement))

    def _loops_around(self, statement: ast.stmt) -> Told | None:
        """A loop or branch around a statement, or around what makes the names that it reads, that the function has
        not."""
        counterpart = self.plain.same(head(statement))
        wanted = {*names_read(statement), written(statement)}
        places = [(statement, counterpart), *((one, None) for one in self._before(statement, wanted))]
        for inner, plain in places:
            for outer in self.ours.around(inner):
                expected = self._outer(outer, plain) if plain is not None or isinstance(outer, ast.For) else ""
                if expected and not self._is_plain(outer):
                    return self._otherwise(outer, expected)
        return None

    def _before(self, statement: ast.stmt, names: set[str]) -> list[ast.stmt]:
        """The statements before one that give some names values, the nearest first."""
        earlier = [one for one in self.ours.statements if one.lineno < statement.lineno and written(one) in names]
        return earlier[::-1]

    def _otherwise(self, statement: ast.stmt, expected: str) -> Told:
        what = f"{written(statement) or 'this'} is not that of {self.name}"
        if isinstance(statement, ast.For):
            what = f"the loop over {written(statement)} is not that of {self.name}"
        elif isinstance(statement, ast.If):
            what = f"the condition is not that of {self.name}"
        return Told(statement.lineno, what, self._in_our_names(expected))

    def _in_our_names(self, text: str) -> str:
        for ours, plain in self.renamed.items():
            text = re.sub(rf"\b{plain}\b", ours, text)
        return text

    def _outer(self, outer: ast.stmt, counterpart: ast.stmt | None) -> str:
        """The head that stands in its place in the function."""
        around = self.plain.around(counterpart) if counterpart is not None else self.plain.statements
        heads = [head(one) for one in around if type(one) is type(outer) and written(one) == written(outer)]
        return _closest(outer, [one for one in heads if one not in self.ours.heads] or heads)

    def _expected(self, statement: ast.stmt | None) -> str:
        """The function's statement that gives the same name a value."""
        if statement is None:
            return ""
        base = written(statement)
        found = _closest(statement, [head(one) for one in self.plain.writing(base) if head(one) not in self.ours.heads])
        result, given = self.plain.returned, self.ours.returned
        if found or result is None or given is None or not isinstance(given.value, ast.Tuple):
            return found
        is_result = ast.unparse(given.value.elts[0]) == base
        return f"{base} = {ast.unparse(result)[len('return ') :]}" if is_result else ""

    def _missing(self) -> Told | None:
        """Every statement that ran is the function's; one did not run, or not often enough."""
        for name, namesakes in self.by_name.items():
            ours = self.ours_by_name.get(name)
            if ours is None or len(ours) == len(namesakes):
                continue
            statement = self.ours.at(ours[-1].line)
            told = self._around(statement) if statement is not None else None
            told = told or self._left_out(ours[-1].base)
            if told is not None:
                return told
        return None

    def _left_out(self, base: str) -> Told | None:
        """A statement of the function that gives this name a value, and that the forward half lacks."""
        ours = self.ours.writing(base)
        for statement in self.plain.writing(base):
            if _unnumbered(head(statement)) not in {_unnumbered(one) for one in self.ours.heads} and ours:
                return Told(
                    ours[0].lineno,
                    f"a statement of {self.name} is missing after this one",
                    self._in_our_names(_both(ours[0], statement)),
                )
            copy = self.ours.same(head(statement))
            for outer in self.ours.around(copy):
                if not self._is_plain(outer):
                    return self._otherwise(outer, self._outer(outer, statement))
        return None

    def _returned(self) -> Told | None:
        """The value is computed, and something else is returned."""
        given = self.ours.returned
        if given is None or not isinstance(given.value, ast.Tuple):
            return None
        shown = next(
            (
                self.samples.shown(again, value)
                for again, value in zip(self.instance.again, self.instance.value, strict=False)
                if self.samples.counterexample(again, value) is not None
            ),
            ("", "", ""),
        )
        wanted = [values(self.points, value) for value in self.instance.value]
        found = [one.name for one in self.instance.stored if [values(self.points, one.cell)] == wanted]
        expected = ""
        if found:
            expected = f"return {found[-1]}, {ast.unparse(given.value.elts[1])}"
        return Told(given.lineno, f"the value that it returns is not that of {self.name}", expected, shown)


def _parts(cells: Iterable[Term]) -> Iterator[Term]:
    """What is stored, and the operands of the last operations before."""
    for cell in cells:
        yield cell
        for operand in cell.args[:1]:
            yield operand
            yield from operand.args


def _by_name(records: list[Stored], renamed: Mapping[str, str]) -> dict[str, list[Stored]]:
    found: dict[str, list[Stored]] = {}
    for stored in records:
        found.setdefault(_called(stored, renamed), []).append(stored)
    return found


def _called(stored: Stored, renamed: Mapping[str, str]) -> str:
    return renamed.get(stored.base, stored.base) + stored.name[len(stored.base) :]


def _result_names(ours: Listing, plain: Listing) -> dict[str, str]:
    """The names of the derivative's function for the result -> those that the function has for it."""
    match ours.returned, plain.returned:
        case ast.Return(value=ast.Tuple(elts=[ast.Name(id=mine), *_])), ast.Return(value=ast.Name(id=theirs)):
            pairs = {mine: theirs, f"{mine}_total": f"{theirs}_total"}
            return {a: b for a, b in pairs.items() if a != b and ours.writing(a) and not ours.writing(b)}
    return {}


def _both(*statements: ast.stmt) -> str:
    """Statements one after the other; empty where one has a block."""
    simple = all(isinstance(one, ast.Assign | ast.AugAssign | ast.Return) for one in statements)
    return "\n".join(map(ast.unparse, statements)) if simple else ""


def _unnumbered(text: str) -> str:
    return re.sub(r"_\d+\b", "", text)


def _closest(statement: ast.stmt, candidates: list[str]) -> str:
    """The candidate that reads most like the statement; empty where there is none."""
    text = head(statement)
    return max(candidates, key=lambda one: difflib.SequenceMatcher(None, text, one).ratio(), default="")
