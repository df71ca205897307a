"""What is false of a text -> the one statement that, written in another way, makes all of it right.

Statements that store something wrong come first, then those that they read or stand in, then all others. Each is
changed in every small way, the text called by CPython, and what makes all right there is verified.
"""

from __future__ import annotations

import ast
import copy
import difflib
import itertools
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property

from msgspec import Struct

from mgc.compiler.verify import clock
from mgc.compiler.verify.blame.edits import Near, changed, head, is_sum, operands, rewritten
from mgc.compiler.verify.blame.known import Known, Suspects, reads
from mgc.compiler.verify.blame.listing import Listing, aliases, names_read, written
from mgc.compiler.verify.blame.trial import Trial
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.functions import FUNCTIONS
from mgc.compiler.verify.terms.terms import Term
from mgc.compiler.verify.text import instances
from mgc.compiler.verify.text.instances import FAILURES, Instance
from mgc.compiler.verify.trace.operations import takes
from mgc.compiler.verify.trace.values import NotRun

OPERANDS = 16  # variables of which one may be missing, or stand in the place of another
MOST = 6  # changes that make the results right at points: of one statement, and of all those that are verified
OF_LINE = 2  # of the first that are among the second, those that change least
SHARE = 0.5  # of the work, to find changes that make all right at points


class Edit(Struct, frozen=True):
    """A statement with what should stand there."""

    line: int
    text: str


Ways = Iterator[tuple[int, Iterable[str]]]  # for lines, what may have to stand there


class Search:
    """Of one text, at the sizes of one instance."""

    def __init__(
        self,
        tree: ast.Module,
        instance: Instance,
        trial: Trial,
        false: Collection[Term],
        known: Known,
        seen: Sequence[int],
        is_right: Callable[[ast.Module], bool],
    ) -> None:
        """`false`: what is returned and wrong, nothing where the function fails; `seen`: lines on which that shows.

        `is_right`: whether nothing is found false of a changed text.
        """
        self.tree = tree
        self.instance = instance
        self.trial = trial
        self.known = known
        self.false = false
        self.seen = seen
        self.is_right = is_right
        self.plain = Listing(tree, instance.signature.name)
        self.listing = Listing(tree, str(instance.signature.derivative))
        self.used = set(terms.topological(false or [one.cell for one in instance.stored]))
        self.suspects = Suspects(instance.stored, self.used, known)
        self.tied: set[int] = set()  # lines of which one is wrong, and nothing tells which

    def found(self) -> Edit | None:
        """Errors: clock.OutOfWork."""
        for ways in (self._counterparts(), self._missing()):
            passing = list(self._passing(ways))
            lines = [edit.line for edit in passing]  # what one reads may be the mistake as well
            beside = [line for line in self.listing.beside(lines) if line not in lines]
            told = self._chosen([*passing, *self._passing(self._changes(self._changeable(beside)))])
            if told is not None or self.tied:
                return told
        if self.trial.unset:  # what gives the name a value is missing, and what reads it could do without
            return None
        passing = []
        is_all = False
        with clock.as_far_as(clock.now() + clock.left() * SHARE):
            passing.extend(self._passing(self._changes([*self._likely, *self._others])))
            is_all = True
        likeliest = {*self.suspects.first, *(() if self.false else self.seen)}
        return self._chosen([one for one in passing if is_all or one.line in likeliest])

    # --- lines

    @cached_property
    def _storing(self) -> set[int]:
        """The lines that store numbers."""
        return {stored.line for stored in self.instance.stored}

    @cached_property
    def _wrong_results(self) -> set[int]:
        """The lines that store what is returned and wrong."""
        return {stored.line for stored in self.instance.stored if stored.cell in self.false}

    @cached_property
    def _likely(self) -> list[int]:
        """What first stores something wrong, what reads that, and what stands beside these."""
        first, after = self.suspects.first, self.suspects.after
        wrong = {stored.cell for stored in self.instance.stored if stored.line in first}
        reading = [line for line, stored in after.items() if wrong & reads(stored.cell)]
        return self._changeable([*first, *reading, *self.seen, *self.listing.beside([*first, *self.seen])])

    @property
    def _others(self) -> list[int]:
        """All else, the last first, without what only reads what is wrong and what nothing false is made of."""
        records = self.instance.stored
        spared = {one.line for one in records} - {one.line for one in records if one.cell in self.used}
        spared |= {*self.suspects.after, *self._likely}
        return self._changeable([one.lineno for one in reversed(self.listing.statements) if one.lineno not in spared])

    def _changeable(self, lines: Sequence[int]) -> list[int]:
        """Each once, without what stands so in the function."""
        known = [(line, self.listing.at(line)) for line in dict.fromkeys(lines)]
        return [line for line, one in known if one and (_is_head(one) or head(one) not in self.plain.heads)]

    # --- to propose

    def _counterparts(self) -> Ways:
        """Statements as the function has them that store the same and are not here, the likest first."""
        for statement in self.listing.statements:
            own, kind = head(statement), _kind(statement)
            alike = [head(one) for one in self.plain.statements if _kind(one) == kind]
            if self.listing.result and written(statement) == self.listing.result and self.plain.returned is not None:
                alike.append(f"{self.listing.result} = {ast.unparse(self.plain.returned).removeprefix('return ')}")
            here = () if _is_head(statement) and own not in self.plain.heads else self.listing.heads
            absent = [text for text in dict.fromkeys(alike) if text not in here]
            yield statement.lineno, sorted(absent, key=lambda one: -difflib.SequenceMatcher(None, own, one).ratio())

    def _missing(self) -> Ways:
        """Statements of the function that are not here, each beside one that stands beside it there."""
        here = {head(one): one.lineno for one in reversed(self.listing.statements) if not _is_head(one)}
        for block in self.plain.blocks:
            for pair in itertools.pairwise(map(head, block)):
                kept = [text for text in pair if text in here]
                if len(kept) == 1 and not any(text.endswith(":") for text in pair):
                    yield here[kept[0]], ["\n".join(pair)]

    def _changes(self, lines: Iterable[int]) -> Ways:
        """The statements of some lines with every small change."""
        for line in lines:
            statement = self.listing.by_line[line]
            yield line, changed(statement, self._near(statement))

    def _near(self, statement: ast.stmt) -> Near:
        listing, line = self.listing, statement.lineno
        of = written(statement).removeprefix("d")
        near = sorted(listing.statements, key=lambda one: (of not in names_read(one), abs(one.lineno - line)))
        simple = [one.value for one in near if isinstance(one, ast.Assign | ast.AugAssign)]
        computed = {ast.unparse(one): one for value in simple for one in operands(value)}
        sums = {ast.unparse(one): one for value in simple for one in ast.walk(value) if is_sum(one)}
        loops = [written(one) for one in listing.around(statement) if isinstance(one, ast.For)]
        both = (node for one in (listing, self.plain) for node in ast.walk(one.function))
        branching = [one for one in both if isinstance(one, ast.If | ast.IfExp)]
        turns = [one.iter for one in (*listing.statements, *self.plain.statements) if isinstance(one, ast.For)]
        called = {
            one.func.id for one in ast.walk(self.tree) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)
        }
        names = dict.fromkeys(filter(None, map(written, listing.statements)))
        unread = [ast.Name(name) for name in names if name not in listing.read]
        is_result = isinstance(statement, ast.Assign) and line in self._wrong_results
        may_be_wrong = is_result or line in self.suspects.lines or line not in self._storing
        targets = [name for name in names if name[0] == "d" or isinstance(statement, ast.Return)]
        return Near(
            [*unread, *itertools.islice(computed.values(), OPERANDS)],
            list(itertools.islice(sums.values(), OPERANDS)),
            list(dict.fromkeys((*loops, *self.instance.sizes))),
            targets,
            sorted(name for name in called | self.trial.imported if name in FUNCTIONS and takes(name, 1)),
            list({ast.unparse(one.test): one.test for one in branching}.values()),
            list({ast.unparse(one): one for one in turns}.values()),
            self._lacking(statement),
            may_be_wrong or written(statement) not in self.known.named,
        )

    def _lacking(self, statement: ast.stmt) -> list[tuple[str, str]]:
        """The parameters whose derivatives are not in the dictionary of a statement."""
        keys = {one.value for one in ast.walk(statement) if isinstance(one, ast.Constant)}
        return [(key, f"d{local}") for key, local in aliases(self.tree).items() if key not in keys]

    # --- to try

    def _passing(self, ways: Ways) -> Iterator[Edit]:
        """Those with which all is right at points, of each line the few that change least."""
        for line, texts in ways:
            passing = list(itertools.islice(self.trial.passing(line, texts), MOST))
            own = head(self.listing.by_line[line])
            yield from (Edit(line, text) for text in sorted(passing, key=lambda one: _distance(own, one))[:OF_LINE])

    # --- to choose, and to confirm

    def _chosen(self, passing: Sequence[Edit]) -> Edit | None:
        """The change of one line that is right; of several lines, the one after which all that is stored is known."""
        if len({one.line for one in passing}) > 1:
            passing = [one for one in passing if self._is_known_after(one)] or passing
        right = [one for one in passing[:MOST] if self.is_right(self._text(one))]
        lines = {one.line for one in (*right, *passing[MOST:])}
        if len(lines) > 1:
            self.tied = lines
        return right[0] if len(lines) == 1 else None

    def _text(self, edit: Edit) -> ast.Module:
        """The text with the change in it."""
        tree = copy.deepcopy(self.tree)
        listing = Listing(tree, self.listing.function.name)
        old = listing.at(edit.line)
        block = next(one for one in listing.blocks if old in one)
        place = [one is old for one in block].index(True)
        block[place : place + 1] = rewritten(block[place], edit.text)
        return ast.fix_missing_locations(tree)

    def _is_known_after(self, edit: Edit) -> bool:
        """Whether no statement stores what is not known once one is changed."""
        given = self.instance
        shapes = {name: instances.shape_in(one) for name, one in given.inputs.get("params", {}).items()}
        try:
            there = instances.run(
                self._text(edit), given.signature, given.sizes, given.integers, shapes, self.trial.primitives
            )
        except (NotRun, RecursionError, *FAILURES):
            return False
        return not Suspects(there.stored, {one.cell for one in there.stored}, self.known).lines


def _distance(one: str, other: str) -> int:
    """How many names, numbers and signs have to be written anew, or left out."""
    a, b = (re.findall(r"\w+|[^\w\s]+", text) for text in (one, other))
    changes = difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    return sum(max(i2 - i1, j2 - j1) for kind, i1, i2, j1, j2 in changes if kind != "equal")


def _kind(statement: ast.stmt) -> tuple[str | type[ast.stmt], bool]:
    """What it stores to, or else what it is, and whether it has a block."""
    return written(statement) or type(statement), _is_head(statement)


def _is_head(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.For | ast.If)
