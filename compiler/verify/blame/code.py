"""A contribution to an adjoint -> the statement that adds it, in the names of the text: `dx[i] += dh[j] * W[j][i]`."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Sequence
from functools import cached_property

from mgc.compiler.verify.blame.values import DRAWN, Values, mild_points, same, values
from mgc.compiler.verify.certificate import Prover
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.evaluation import Evaluation
from mgc.compiler.verify.terms.terms import Term, spelled
from mgc.compiler.verify.trace.values import Stored

LONG = 200  # characters of an expression


class Code:
    """The names of one text, and what stands under them in one run."""

    def __init__(self, tree: ast.Module, prover: Prover) -> None:
        self.tree = tree
        self.prover = prover
        self.aliases = aliases(tree)

    @cached_property
    def points(self) -> list[Evaluation]:
        return mild_points(self.prover.samples, self.prover.instance.symbols(), self.prover.instance.value, DRAWN)

    def differentiated(self) -> dict[str, Term]:
        """What the derivatives that are returned are derivatives by, under their names in the text."""
        found: dict[str, Term] = {}
        for pairs in self.prover.instance.gradients.values():
            for variable, _ in pairs:
                base, bracket, rest = str(variable.payload).partition("[")
                found[f"d{self.aliases.get(base, base)}{bracket}{rest}"] = variable
        return found

    def renamed(self, text: str) -> str:
        for dotted, local in self.aliases.items():
            text = text.replace(dotted, local)
        return text

    def statement(self, stored: Stored, sign: str, wanted: Term, written: ast.stmt | None = None) -> str:
        """The statement as it should be, `written` being the one that stands there, with the loops' own names."""
        target = stored.name
        if isinstance(written, ast.Assign):
            target = ast.unparse(written.targets[0])
        elif isinstance(written, ast.AugAssign):
            target = ast.unparse(written.target)
        expected = _in_turn(self._spelled(wanted, stored.guard), dict(stored.turn))
        return f"{target} {sign} {self._with_rows(expected, written)}"

    def _with_rows(self, text: str, written: ast.stmt | None) -> str:
        """The text with the rows by the names under which the written statement reads them: `W_j[k]` for `W[j][k]`."""
        read = {node.id for node in ast.walk(written) if isinstance(node, ast.Name)} if written is not None else set()
        for node in ast.walk(self.tree):
            match node:
                case ast.Assign(targets=[ast.Name(id=row)], value=ast.Subscript() as long) if row in read:
                    text = re.sub(rf"\b{re.escape(ast.unparse(long))}(?=\[)", row, text)
        return text

    def row(self, statement: ast.stmt) -> str:
        """The assignment of a row as its name says it: `W_j = W[j]`; empty where it is none."""
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Subscript(value=ast.Name(id=base), slice=place)):
                said = re.sub(r"\W+", "_", ast.unparse(place))
                if re.fullmatch(rf"{base}_{said}(_\d+)?", name):
                    return ast.unparse(statement)
                owner, _, index = re.sub(r"_\d+$", "", name).rpartition("_")
                if owner and index:
                    return f"{name} = {owner}[{index}]"
        return ""

    def _spelled(self, term: Term, guard: Term) -> str:
        """A contribution as code: adjoints by the names that the text has for them, where the guard holds."""
        whole = self._adjoint(term, guard)
        adjoint = self._adjoint(term.args[0], guard) if term.op == "mul" and not whole else ""
        if not adjoint:
            return self.renamed(whole or spelled(term, LONG))
        factor = spelled(term.args[1], LONG)
        if factor == "-1":
            return self.renamed(f"-{adjoint}")
        bracket = term.args[1].op in ("add", "sub", "select")
        return self.renamed(f"{adjoint} * {f'({factor})' if bracket else factor}")

    def _adjoint(self, term: Term, guard: Term) -> str:
        """The name under which the text stores an adjoint; empty where it stores none such."""
        numbers = values(self.points, term, guard)
        named = [one for one in self.prover.instance.stored if one.base[:1] == "d" and one.cell.args]
        alike = (one for one in named if same(values(self.points, one.cell, terms.both(one.guard, guard)), numbers))
        return next((one.name for one in alike), "") if any(numbers) else ""


def _in_turn(text: str, turn: dict[str, int]) -> str:
    """Indices as loop variables where each number is that of one loop only: whether that is meant, a run shows."""
    numbers = list(turn.values())
    names = {number: name for name, number in turn.items() if numbers.count(number) == 1}
    return re.sub(r"\[(\d+)\]", lambda found: f"[{names.get(int(found[1]), found[1])}]", text)


def reads(term: Term) -> set[Term]:
    """The cells and symbols that a term reads."""
    return {
        node
        for node in terms.topological([term], lambda t: () if t.op == "cell" else t.args)
        if node.op in ("cell", "symbol")
    }


def aliases(tree: ast.Module) -> dict[str, str]:
    """The short names that the text gives to parameters: `W1 = params["score.linear1.W"]`."""
    found = {}
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=local)], value=ast.Subscript(value=ast.Name(id="params"), slice=key)):
                if isinstance(key, ast.Constant):
                    found[str(key.value)] = local
    return dict(sorted(found.items(), key=lambda pair: -len(pair[0])))


SUBSETS = 6  # contributions of which any sum may be one statement


def transposed(name: str) -> str:
    """`dx[0][1]` for `dx[1][0]`: a derivative may be laid out in the order of its loops."""
    base, *places = name.replace("]", "").split("[")
    return base + "".join(f"[{place}]" for place in reversed(places))


def likeness(term: Term, read: set[Term]) -> tuple[int, int]:
    """How alike a contribution and a statement are: what both read, and what only one of them does."""
    own = reads(term.args[1] if term.op == "mul" else term)
    return len(own & read), -len(own - read)


def sums(wanted: list[Values], count: int) -> list[Values]:
    """Every sum of some contributions, where they are few; each alone, and those up to each, where they are many."""
    chosen: list[Sequence[Values]] = [[]]
    if len(wanted) <= SUBSETS:
        chosen += [s for k in range(1, len(wanted) + 1) for s in itertools.combinations(wanted, k)]
    else:
        chosen += [[one] for one in wanted] + [wanted[:k] for k in range(len(wanted))]
        chosen += [wanted[k:] for k in range(len(wanted))]
    return [_total(s, count) for s in chosen]


def _total(parts: Sequence[Values], count: int) -> Values:
    totals: list[float | None] = []
    for place in range(count):
        column = [part[place] for part in parts]
        totals.append(None if any(x is None for x in column) else sum(x for x in column if x is not None))
    return tuple(totals)
