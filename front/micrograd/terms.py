"""A graph of values -> terms: numbered operations on earlier ones, with sums and quotients as an author writes them.

`sum([a*b, c])`, which Python computes as `(0 + a*b) + c`, is one sum of two terms; `a * b**-1` is the quotient that it
came from. What depends on no argument is a constant.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol, Self

from msgspec import Struct, field

from mgc.grammar.diagnostics import DataError
from mgc.micrograd.rules import Slopes

FUNCTIONS = {"ReLU": "relu", "tanh": "tanh", "exp": "exp", "log": "log"}


class Graph(Protocol):
    """What is read of a `Value`."""

    data: float
    label: str
    _op: str
    _operands: tuple[Self, ...]
    _slopes: Slopes | None


class Place(NamedTuple):
    """An entry of an argument; a number has no indices."""

    argument: str
    indices: tuple[int, ...]


Operand = int | Place | float  # the number of a term, an entry of an argument, a constant


class Term(Struct):
    """One operation: sum, *, /, **, relu, tanh, exp, log, or a comparison. `uses`: how often it is an operand."""

    op: str
    operands: list[Operand]
    name: str
    uses: int


class Terms(Struct):
    """The terms, operands first, and which operand each value is; a term without operands was taken into another."""

    operand: dict[Graph, Operand]
    names: Mapping[Graph, str]
    uses: Counter[Graph]
    made: list[Term] = field(default_factory=list)
    known: dict[tuple[str, tuple[Operand, ...]], int] = field(default_factory=dict)

    def add(self, value: Graph) -> None:
        """Make the term of a value whose operands have theirs. Errors: DataError for an operation of one's own."""
        operands = [self.operand[operand] for operand in value._operands]
        if all(type(operand) is float for operand in operands):
            self.operand[value] = float(value.data)
            return
        if value._slopes is None:
            raise DataError(f"'{value._op}' is an operation of your own, whose rule mgc does not know")
        name = value.label or self.names.get(value, "")
        op = FUNCTIONS.get(value._op, value._op)
        if op == "+" and any(map(_is_zero, operands)):
            self.operand[value] = self._same(operands, name, self.uses[value])
            return
        if op == "+":
            op, operands = "sum", self._summands(operands)
        elif op == "*":
            op, operands = self._factors(operands)
        elif op.startswith("**") and len(operands) == 1:
            op, operands = "**", [*operands, float(op[2:])]
        self.operand[value] = self.term(op, operands, name, self.uses[value])

    def term(self, op: str, operands: list[Operand], name: str, uses: int) -> int:
        """The number of a term; but for sums, which grow, what was computed before is not computed again."""
        key = op, tuple(operands) if op != "sum" else (len(self.made),)
        number = self.known.setdefault(key, len(self.made))
        if number == len(self.made):
            self.made.append(Term(op, operands, name, 0))
        term = self.made[number]
        term.name, term.uses = term.name or name, term.uses + uses
        return number

    def _same(self, operands: list[Operand], name: str, uses: int) -> Operand:
        """0 + x, with which `sum` begins, is x, under the new name where it has none."""
        operand = operands[_is_zero(operands[0])]
        if type(operand) is int:
            term = self.made[operand]
            term.name, term.uses = term.name or name, term.uses + uses - 1
        return operand

    def _summands(self, operands: list[Operand]) -> list[Operand]:
        """A sum that is used only here is handed on, not copied: it may be long."""
        first, second = operands
        earlier = self._taken(first, "sum")
        if earlier is None:
            return operands
        summands, earlier.operands = earlier.operands, []
        summands.append(second)
        return summands

    def _factors(self, operands: list[Operand]) -> tuple[str, list[Operand]]:
        first, second = operands
        for number, other in ((second, first), (first, second)):
            power = self._taken(number, "**")
            if power is not None and power.operands[1] == -1.0:
                base = power.operands[0]
                del self.known[power.op, tuple(power.operands)]
                power.operands = []
                return "/", [other, base]
        return "*", operands

    def _taken(self, operand: Operand, op: str) -> Term | None:
        """The term of an operand, if it is of this operation, has no name, and is used nowhere else."""
        if type(operand) is not int:
            return None
        term = self.made[operand]
        return term if term.op == op and term.uses == 1 and not term.name else None


def _is_zero(operand: Operand) -> bool:
    return isinstance(operand, float) and operand == 0.0  # no term, whose number may be 0


def terms_of(roots: Sequence[Graph], places: Mapping[Graph, Place], names: Mapping[Graph, str]) -> Terms:
    """What is computed on the way to the roots. places: the values that are arguments; names: of values without label.

    Errors: DataError for an operation that is not one of `Value`'s own.
    """
    order = list(_order(roots, places))
    uses = Counter(roots)
    for value in order:
        uses.update(value._operands)
    terms = Terms(dict(places), names, uses)
    for value in order:
        terms.add(value)
    return terms


def _order(roots: Sequence[Graph], places: Mapping[Graph, Place]) -> Iterable[Graph]:
    """The values that are no arguments, each after its operands, and those from left to right."""
    seen = set(places)
    waiting: list[Graph | None] = list(reversed(roots))
    while waiting:
        value = waiting.pop()
        if value is None:  # lies above a value whose operands are all done
            done = waiting.pop()
            assert done is not None
            yield done
        elif value not in seen:
            seen.add(value)
            waiting += (value, None, *reversed(value._operands))
