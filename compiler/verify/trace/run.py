"""One run of emitted text on symbols: what holds at the moment, what was stored, and what a branch has overwritten."""

from __future__ import annotations

import ast
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.terms import Term, cell
from mgc.compiler.verify.trace.values import (
    NUMBERS,
    UNDEFINED,
    Arm,
    Chosen,
    Either,
    NotRun,
    Refused,
    Row,
    Stored,
    Value,
    WrongType,
    named,
)

Written = dict[tuple[int, object], tuple[Any, object, Value]]  # by list or names, and place: what it holds


def literal(condition: Term) -> tuple[Term, bool]:
    """A condition, and whether it holds, without a `not` in front."""
    return (condition.args[0], False) if condition.op == "not" else (condition, True)


@dataclass(slots=True)
class Frame:
    """The names of one call of a function, and the turns of the loops that it is in."""

    names: dict[str, Value]
    function: str
    turn: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Run:
    """`inner` runs a function of the text; `primitives` are helpers that stand for the function of their name."""

    functions: Mapping[str, ast.FunctionDef]
    primitives: Container[str]
    inner: Callable[[Run, str, Sequence[Value]], Value]
    library: Container[str] = ()  # the functions of the text that are mgc's own, to the letter
    stored: list[Stored] = field(default_factory=list)  # by each execution of a statement, in order
    guard: Term = terms.ONE  # of what runs now
    journal: list[Written] = field(default_factory=list)  # of the arms that are running: what was there before
    assumed: dict[Term, bool] = field(default_factory=dict)
    arms: list[Arm] = field(default_factory=list)  # of every branch on symbols that was met
    required: list[Term] = field(default_factory=list)  # what the text raises without, in order
    decided: dict[ast.expr | ast.For, set[bool]] = field(default_factory=dict)  # which way each branch and loop went
    refusing: dict[ast.expr, set[bool]] = field(default_factory=dict)  # what would make the text raise, where known
    failing: list[tuple[Mapping[Term, bool], Exception]] = field(default_factory=list)  # what holds in arms that raise
    idle: bool = False  # whether some loop had no turn: a sum of nothing is a constant
    sided: bool = False  # whether an index or a size decided a branch: by others what is a constant may be none
    tied: bool = False  # whether the larger of equal constants was kept: one stands for both
    serial: int = 0
    line: int = 0  # of the statement that runs, or failed
    depth: int = 0
    unset: bool = False  # whether a name that no arm has set may be read
    imported: frozenset[str] = frozenset()  # the names that the text has from `math`
    given: set[int] = field(default_factory=set)  # the dictionaries that are arguments

    def kept(
        self, frame: Frame, value: Value, name: str, line: int, before: Value = None, merged: bool = False
    ) -> Value:
        """The value as it is stored: a number becomes a cell, a new list takes the name."""
        if isinstance(value, Row):
            named(value, name)
        elif isinstance(value, Term) and self.depth == 1:
            if value.op != "cell":
                self.serial += 1
                value = cell(value, name, line, self.serial)
            old = terms.term(before) if isinstance(before, NUMBERS) else None
            self.stored.append(Stored(value, name, line, tuple(frame.turn.items()), self.guard, old, merged))
        return value

    def imports(self, name: str, function: str) -> bool:
        """Whether a name is known from `math`: to what stands in no function of a text all are."""
        return name in self.imported or not function.isidentifier()

    def write(self, owner: Any, key: object, value: Value) -> None:
        """Into a list or the names of a frame; inside an arm, what was there before is noted."""
        if self.journal:
            old = owner.get(key, UNDEFINED) if isinstance(owner, dict) else owner[key]
            self.journal[-1].setdefault((id(owner), key), (owner, key, old))
        if value is owner:
            raise NotRun(self.line, "a list inside itself")
        owner[key] = value

    def known(self, value: Value) -> Value:
        """What a value is under the conditions of the arms that are running."""
        while isinstance(value, Either):
            condition, holds = literal(value.condition)
            if condition not in self.assumed:
                return value
            value = value.then if self.assumed[condition] is holds else value.otherwise
        while isinstance(value, Term):
            chosen = value.args[0] if value.op == "cell" else value
            if chosen.op != "select" or chosen.args[0] not in self.assumed:
                break
            value = chosen.args[1 if self.assumed[chosen.args[0]] else 2]
        return value

    @contextmanager
    def under(self, condition: Term) -> Iterator[None]:
        """What runs inside runs where a condition holds."""
        outside = self.guard, self.assumed
        known, holds = literal(condition)
        self.guard, self.assumed = terms.both(self.guard, condition), {**self.assumed, known: holds}
        try:
            yield
        finally:
            self.guard, self.assumed = outside

    def requires(self, condition: Term, said: str) -> None:
        """From here on the text has a value only where a condition holds. Errors: Refused, where it never does."""
        needed = terms.bare(terms.either(terms.negation(self.guard), condition))
        if needed is not terms.ONE and needed not in self.required:
            self.required.append(needed)
        if needed is terms.ZERO:
            raise Refused(said)

    def decides(self, test: ast.expr | ast.For, holds: bool) -> None:
        """A branch that sizes and whole numbers decide, or a loop: whether it has a turn."""
        self.decided.setdefault(test, set()).add(holds)

    def meets(self, test: ast.expr, condition: bool | Term) -> None:
        """A branch whose condition depends on symbols: a bool is what the arms outside decide."""
        self.decided.setdefault(test, set()).update((True, False))
        known, sign = (condition, True) if isinstance(condition, bool) else literal(condition)
        for holds in (True, False):
            path = {**self.assumed, known: holds is sign} if isinstance(known, Term) else dict(self.assumed)
            self.arms.append(Arm(test, holds, None if known is (not holds) else path))

    def put(self, frame: Frame, row: Value, index: Value, value: Value, line: int, before: Value | None) -> None:
        """Store an element. Errors: IndexError; WrongType for what is an argument."""
        if isinstance(row, Row):
            if not -len(row) <= index < len(row):
                raise IndexError("list assignment index out of range")
            if row.given:
                raise WrongType(f"line {line} writes to {row.name}, which is an argument")
            if isinstance(row, Chosen):
                for condition, one in row.rows:
                    old = one[index]
                    self.put(frame, one, index, terms.select(condition, value, old), line, old)
                return
            index %= len(row)
            value = self.kept(frame, value, f"{row.name}[{index}]", line, before)
        if id(row) in self.given:
            raise WrongType(f"line {line} writes to an argument")
        self.write(row, index, value)
