"""A text with one statement changed, run again: does what is suggested make the results right?"""

from __future__ import annotations

import ast
import builtins
import copy
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from mgc.compiler.verify.blame.listing import Listing
from mgc.compiler.verify.equal.points import both_values, close
from mgc.compiler.verify.terms import terms
from mgc.compiler.verify.terms.evaluation import Evaluation
from mgc.compiler.verify.terms.terms import Term
from mgc.compiler.verify.text import helpers, instances
from mgc.compiler.verify.text.instances import FAILURES, Instance, Shapes
from mgc.compiler.verify.trace.values import NotRun


class Edits:
    """Changes of one function's derivative, each tried alone."""

    def __init__(self, tree: ast.Module, instance: Instance) -> None:
        self.tree = tree
        self.instance = instance
        self.listing = Listing(tree, str(instance.signature.derivative))
        self._known: dict[tuple[int, str], Instance | None] = {}

    def mends(self, line: int, code: str, truths: dict[Term, Term], points: Sequence[Evaluation]) -> bool:
        """Whether every derivative is the true one once a statement reads otherwise."""
        instance = self.run(line, code)
        if instance is None or not points or instance.misshapen:
            return False
        slopes = dict(pair for pairs in instance.gradients.values() for pair in pairs)
        wanted = [(slopes.get(variable), truth) for variable, truth in truths.items()]
        return _agree([*wanted, *zip(instance.again, self.instance.value, strict=False)], points)

    def mends_value(self, line: int, code: str, points: Sequence[Evaluation]) -> bool:
        """Whether the forward half computes the function once a statement reads otherwise."""
        instance = self.run(line, code)
        if instance is None or not points or len(instance.again) != len(self.instance.value):
            return False
        return _agree(list(zip(instance.again, self.instance.value, strict=True)), points)

    def run(self, line: int, code: str) -> Instance | None:
        """The functions with the statement of a line changed; None where that cannot be run."""
        key = (line, code)
        if key not in self._known:
            self._known[key] = self._run(line, code)
        return self._known[key]

    def _run(self, line: int, code: str) -> Instance | None:
        tree = self.changed(line, code)
        if tree is None:
            return None
        given = self.instance
        shapes = self.parameters(given.sizes)
        try:
            return instances.run(tree, given.signature, given.sizes, given.integers, shapes, self.primitives)
        except (NotRun, RecursionError, *FAILURES):
            return None

    def parameters(self, known: Mapping[str, int]) -> Shapes:
        """The parameters' shapes. Errors: NotRun, UnknownSize and ValueError, at sizes that are not the instance's."""
        if known == self.instance.sizes:
            return {name: _shape(value) for name, value in self.instance.inputs.get("params", {}).items()}
        return helpers.parameter_shapes(self.tree, known)

    @cached_property
    def primitives(self) -> frozenset[str]:
        """The helpers that stood for the function of their name."""
        given = self.instance
        results = [*given.value, *given.again, *(slope for pairs in given.gradients.values() for _, slope in pairs)]
        defined = {node.name for node in self.tree.body if isinstance(node, ast.FunctionDef)}
        return frozenset(defined & {node.op for node in terms.topological(results)})

    def changed(self, line: int, code: str) -> ast.Module | None:
        """The text with the statement of the line replaced; None where the code is none, or has unknown names."""
        old = self.listing.at(line)
        try:
            new = ast.parse(f"{code} pass" if code.endswith(":") else code).body
        except (SyntaxError, ValueError):
            return None
        if old is None or not new or (isinstance(old, ast.For | ast.If) and [type(old)] != [type(one) for one in new]):
            return None
        if not all(map(self.has_names, new)):
            return None
        tree = copy.deepcopy(self.tree)
        function = next(node for node in tree.body if getattr(node, "name", "") == self.listing.function.name)
        _Replacing(line, new).visit(function)
        return ast.fix_missing_locations(tree)

    def has_names(self, new: ast.AST) -> bool:
        """Whether all names of some code mean something in the text."""
        top = {name for node in self.tree.body for name in _bound(node)}
        used = {node.id for node in ast.walk(new) if isinstance(node, ast.Name)}
        own = {node.arg for node in ast.walk(self.listing.function.args) if isinstance(node, ast.arg)}
        return used <= {*self.listing.names, *top, *own, *dir(builtins)}


class _Replacing(ast.NodeTransformer):
    def __init__(self, line: int, new: list[ast.stmt]) -> None:
        self.line = line
        self.new = new

    def generic_visit(self, node: ast.AST) -> Any:
        if isinstance(node, ast.stmt) and not isinstance(node, ast.FunctionDef) and node.lineno == self.line:
            for child in (part for one in self.new for part in ast.walk(one)):
                if isinstance(child, ast.stmt | ast.expr):
                    child.lineno = child.end_lineno = self.line
            for one in self.new:
                if isinstance(node, ast.For | ast.If) and isinstance(one, ast.For | ast.If):
                    one.body, one.orelse = node.body, node.orelse
            return self.new
        return super().generic_visit(node)


def _bound(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.FunctionDef(name=name):
            yield name
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from (one.asname or one.name for one in names)
        case ast.Assign(targets=[ast.Name(id=name)]):
            yield name


def _shape(value: Any) -> tuple[int, ...]:
    return (len(value), *(_shape(value[0]) if value else ())) if isinstance(value, list) else ()


def _agree(pairs: Sequence[tuple[Term | None, Term]], points: Sequence[Evaluation]) -> bool:
    """Whether all are equal wherever the true one has a value, and at some point it has one."""
    seen = False
    for point in points:
        for found, truth in pairs:
            if found is None:
                return False
            both = both_values(point, found, terms.bare(truth))
            if both is not None and not close(*both):
                return False
            seen = seen or both is not None
    return seen


# --- other ways to write a statement


class _Swapping(ast.NodeTransformer):
    """One operator of a statement, the one at a place, is another."""

    def __init__(self, place: int, other: type[ast.cmpop]) -> None:
        self.place, self.other = place, other
        self.seen = -1

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        self.seen += 1
        if self.seen == self.place:
            node.ops = [self.other()]
        return node


def other_comparisons(statement: ast.stmt) -> Iterator[str]:
    """The statement (of a loop or branch its head) with one comparison of another kind."""
    head = _headed(statement)
    compared = [node for node in ast.walk(head) if isinstance(node, ast.Compare)]
    count = len(compared)
    strict = any(isinstance(node.ops[0], ast.Lt | ast.Gt) for node in compared)
    kinds = (ast.Lt, ast.Gt, ast.LtE, ast.GtE) if strict else (ast.LtE, ast.GtE, ast.Lt, ast.Gt)
    for place in range(count):
        for other in (*kinds, ast.NotEq):
            text = ast.unparse(_Swapping(place, other).visit(copy.deepcopy(head))).splitlines()[0]
            if text != ast.unparse(head).splitlines()[0]:
                yield text


def _headed(statement: ast.stmt) -> ast.stmt:
    """The statement without its block."""
    if not isinstance(statement, ast.For | ast.If):
        return statement
    bare = copy.copy(statement)
    bare.body, bare.orelse = [ast.Pass()], []
    return bare
