"""Other ways to write a statement of the backward half, and whether one of them makes all derivatives right."""

from __future__ import annotations

import ast
import copy
import difflib
import re
from collections.abc import Container, Iterator, Sequence

from mpmath import mpf  # type: ignore[import-untyped]  # it carries no types

from mgc.compiler.verify.blame.edits import Edits, other_comparisons
from mgc.compiler.verify.blame.forward import Told
from mgc.compiler.verify.blame.listing import Listing, head, names_read, written
from mgc.compiler.verify.blame.values import overridden
from mgc.compiler.verify.certificate import Claim, Prover
from mgc.compiler.verify.equal.edges import has_value
from mgc.compiler.verify.equal.points import Samples, both_values, close, differ
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.evaluation import Evaluation
from mgc.compiler.verify.terms.terms import spelled
from mgc.compiler.verify.text.instances import Instance
from mgc.compiler.verify.trace.values import UNDEFINED

UGLY = re.compile(r"\bundefined\(|\*0\b(?!\.)|\b0\*")  # what nobody would write
LATTICE = 64  # points of it that are tried
ASKED = 3  # false claims of which a point is sought
SHORT = 80  # characters of an expression that people like


class Mending:
    """Tries what may make the claims of one text right, at points that show which of them are false."""

    def __init__(self, tree: ast.Module, prover: Prover, claims: Sequence[Claim], mild: Sequence[Evaluation]) -> None:
        self.listing = Listing(tree, str(prover.instance.signature.derivative))
        self.edits = Edits(tree, prover.instance)
        self.prover = prover
        false = [claim for claim in claims if claim.status == "false" and claim.truth is not None]
        self.showing = showing(prover.samples, false)
        self.points = [*self.showing, *mild] if self.showing else []
        fine = [one for one in claims if one.status != "false" and one.truth is not None and self._agrees(one)]
        self.truths = {one.variable: one.truth for one in (*false, *fine) if one.truth is not None}

    def _agrees(self, claim: Claim) -> bool:
        assert claim.truth is not None
        pairs = [both_values(point, claim.emitted, terms.bare(claim.truth)) for point in self.points]
        return all(pair is None or close(*pair) for pair in pairs)

    def mends(self, told: Told) -> bool:
        """Whether all is right once the statement is the one that is expected, which is another one."""
        statement = self.listing.at(told.line)
        if statement is None or not told.expected or told.expected == head(statement):
            return False
        sizes = {str(size) for size in self.prover.instance.sizes.values()} - {"2"}
        if UGLY.search(told.expected) or sizes & set(re.findall(r"\b\d+/(\d+)\b", told.expected)):
            return False  # a number that only this size has
        return self.edits.mends(told.line, told.expected, self.truths, self.points)


def showing(samples: Samples, false: Sequence[Claim]) -> list[Evaluation]:
    """Points at which some of the claims are seen to be false."""
    found: list[Evaluation] = []
    for claim in false[:ASKED]:
        assert claim.truth is not None
        truth = terms.bare(claim.truth)
        if any(differ(point, claim.emitted, truth) for point in found):
            continue
        shown = samples.counterexample(claim.emitted, truth)
        if shown is not None:
            found.append(shown[0])
        else:
            found += [one for one in samples.lattice(LATTICE) if differ(one, claim.emitted, truth)][:2]
    return found


def without_value(
    listing: Listing, instance: Instance, false: Sequence[Claim], points: Sequence[Evaluation]
) -> Told | None:
    """A name that is read where no statement has given it a value."""
    for claim in false:
        for point in points:
            if claim.truth is None or has_value(point, claim.emitted) or not has_value(point, claim.truth):
                continue
            for stored in instance.stored:
                if not stored.merged or has_value(point, stored.cell):
                    continue
                if not has_value(overridden(point, {stored.cell: mpf(1)}), claim.emitted):
                    continue
                reading = [s for s in listing.statements if s.lineno > stored.line and stored.base in names_read(s)]
                if reading:
                    what = f"{stored.name} has no value{_where(stored.cell)}: it is not assigned on every path"
                    return Told(reading[0].lineno, what)
    return None


def _where(cell: terms.Term) -> str:
    """The condition of the arm that gives a variable no value, if that is a short one."""
    chosen = cell.args[0] if cell.op == "cell" else cell
    if chosen.op != "select" or UNDEFINED not in chosen.args[1:]:
        return " on some path"
    condition = chosen.args[0] if chosen.args[1] is UNDEFINED else terms.negation(chosen.args[0])
    said = spelled(condition)
    return f" where {said}" if len(said) <= SHORT else " on some path"


def overwriting(statement: ast.stmt, name: str) -> Iterator[Told]:
    """`=` where `+=` is meant."""
    if isinstance(statement, ast.Assign):
        text = ast.unparse(statement).replace(" = ", " += ", 1)
        yield Told(statement.lineno, f"{name} overwrites what was added to it before", text)


def begun(listing: Listing, plain: Container[str]) -> Iterator[Told]:
    """What is added to later and does not begin with 0, and does not stand in the function so."""
    grown = {written(one) for one in listing.statements if isinstance(one, ast.AugAssign)}
    for one in listing.statements:
        name, text = written(one), beginning_with_0(one)
        numbers_only = isinstance(one, ast.Assign) and isinstance(one.value, ast.Constant | ast.BinOp | ast.ListComp)
        if numbers_only and name in grown and text != ast.unparse(one) and head(one) not in plain:
            yield Told(one.lineno, f"the sum {name} does not begin with 0", text)


def beginning_with_0(statement: ast.stmt) -> str:
    """The statement that begins a sum, with each number 0."""
    changed = copy.deepcopy(statement)
    for node in ast.walk(changed):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            node.value = 0.0
    return ast.unparse(changed)


def other_forms(listing: Listing, lines: Container[int]) -> Iterator[Told]:
    """Loops and branches that stand on some lines: over what other loops run over, under what other branches ask for,
    with other comparisons."""
    branching = [one for one in ast.walk(listing.function) if isinstance(one, ast.If | ast.IfExp)]
    tests = dict.fromkeys(ast.unparse(one.test) for one in branching)
    for one in reversed(listing.statements):  # the backward half is below
        if one.lineno not in lines:
            continue
        if isinstance(one, ast.For):
            yield from _other_turns(listing, one)
        plain = isinstance(one, ast.If) and not isinstance(one.test, ast.Compare | ast.BoolOp)
        conditions = [f"if {text}:" for text in tests] if plain else []
        if isinstance(one, ast.If) and isinstance(one.test, ast.UnaryOp):
            conditions.insert(0, f"if {ast.unparse(one.test.operand)}:")
        what = f"a comparison in {written(one)} is not the right one" if written(one) else "the condition is not right"
        for text in (*conditions, *other_comparisons(one)):
            yield Told(one.lineno, what, text)


def _other_turns(listing: Listing, loop: ast.For) -> Iterator[Told]:
    ranges = dict.fromkeys(ast.unparse(one.iter) for one in listing.statements if isinstance(one, ast.For))
    what = f"the loop over {written(loop)} does not have the turns that contribute"
    for text in sorted(ranges, key=lambda one: -_likeness(one, ast.unparse(loop.iter))):
        yield Told(loop.lineno, what, f"for {ast.unparse(loop.target)} in {text}:")


def _likeness(a: str, b: str) -> float:
    return difflib.SequenceMatcher(None, a, b).ratio()


def rewritten(statement: ast.stmt, names: Sequence[str] = ()) -> Iterator[str]:
    """A simple statement with one small change: two indices exchanged, a sign, a factor of 2, a comparison; one of
    some names (sizes, loop variables) for another, or for a divisor."""
    if not isinstance(statement, ast.Assign | ast.AugAssign):
        return
    own = ast.unparse(statement)
    places = range(sum(1 for _ in ast.walk(statement)))
    for place in places:
        for change in (_exchanged, _of_other_sign, _negated, _doubled, _halved, _two, _zeroed):
            changed = copy.deepcopy(statement)
            change(list(ast.walk(changed))[place])
            text = ast.unparse(changed)
            if text != own:
                yield text
    yield from _with_other_signs(statement)
    yield from other_comparisons(statement)
    for place in places:
        for name in names:
            changed = copy.deepcopy(statement)
            node = list(ast.walk(changed))[place]
            if isinstance(node, ast.Name) and node.id in names and node.id != name:
                node.id = name
                yield ast.unparse(changed)
            elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant | ast.BinOp):
                node.slice = ast.Name(name)
                yield ast.unparse(changed)
            elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and isinstance(node.right, ast.Constant):
                node.right = ast.Name(name)
                yield ast.unparse(changed)


def operands(statement: ast.stmt) -> Iterator[ast.Name | ast.Subscript]:
    """The variables and entries that a simple statement computes with, as `W[i][j]`, but no row of one."""
    value = statement.value if isinstance(statement, ast.Assign | ast.AugAssign) else None
    stack: list[ast.AST] = [] if value is None else [value]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Name | ast.Subscript):
            yield node
        elif isinstance(node, ast.Call):
            stack += node.args
        else:
            stack += ast.iter_child_nodes(node)


def with_operands(statement: ast.stmt, others: Sequence[str]) -> Iterator[str]:
    """A simple statement with another variable in the place of one, or one more as a factor."""
    if not isinstance(statement, ast.Assign | ast.AugAssign):
        return
    count = sum(1 for _ in operands(statement))
    for other in others:
        changed = copy.deepcopy(statement)
        changed.value = ast.BinOp(changed.value, ast.Mult(), ast.Name(other))
        yield ast.unparse(changed)
        for place in range(count):
            changed = copy.deepcopy(statement)
            old = list(operands(changed))[place]
            if ast.unparse(old) != other:
                yield ast.unparse(_Replacing(old, ast.Name(other)).visit(changed))


class _Replacing(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        changed: ast.AST = self.new if node is self.old else self.generic_visit(node)
        return changed


def _with_other_signs(statement: ast.stmt) -> Iterator[str]:
    """With a minus less, or before one more of what it computes with."""
    for place, node in enumerate(ast.walk(statement)):
        is_minus = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)
        if is_minus or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)):
            changed = copy.deepcopy(statement)
            old = list(ast.walk(changed))[place]
            if isinstance(old, ast.UnaryOp):
                yield ast.unparse(_Replacing(old, old.operand).visit(changed))
            elif isinstance(old, ast.BinOp):
                old.left = _minus(old.left)
                yield ast.unparse(changed)


def _exchanged(node: ast.AST) -> None:
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Subscript):
        node.slice, node.value.slice = node.value.slice, node.slice


def _of_other_sign(node: ast.AST) -> None:
    if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Add | ast.Sub):
        node.op = ast.Add() if isinstance(node.op, ast.Sub) else ast.Sub()


def _negated(node: ast.AST) -> None:
    if isinstance(node, ast.Assign):
        node.value = _minus(node.value)


def _minus(value: ast.expr) -> ast.expr:
    """The value with the other sign, without two beside each other: `du[i]` for `-du[i]`, `2.0 * u` for `-2.0 * u`."""
    if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub):
        return value.operand
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Mult | ast.Div):
        return ast.BinOp(_minus(value.left), value.op, value.right)
    return ast.UnaryOp(ast.USub(), value)


def _doubled(node: ast.AST) -> None:
    if isinstance(node, ast.Assign | ast.AugAssign):
        node.value = ast.BinOp(ast.Constant(2.0), ast.Mult(), node.value)


def _zeroed(node: ast.AST) -> None:
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
        node.value = ast.Constant(0.0)


def _two(node: ast.AST) -> None:
    if isinstance(node, ast.Constant) and isinstance(node.value, float):
        node.value = 2.0


def _halved(node: ast.AST) -> None:
    if isinstance(node, ast.Constant) and isinstance(node.value, float):
        node.value /= 2.0
