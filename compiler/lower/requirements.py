"""What a definition requires of its arguments: conditions -> a graph of its own, with a result for each condition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mgc.compiler.graph.graph import Graph, Input, finished, topological_order
from mgc.compiler.graph.nodes import Node
from mgc.compiler.lower import core
from mgc.compiler.lower.arrays import Value
from mgc.compiler.lower.scope import Context, Frame, Steps, done, fail, starts
from mgc.grammar.spelling import format_expression
from mgc.grammar.tree import Comprehension, Expression, Function, Requirement


@dataclass(frozen=True, slots=True)
class Required:
    """The requirements that are checked at run time: of an array of conditions, all must hold.

    `graph` has a result for each, and as inputs what these read.
    """

    graph: Graph
    said: tuple[Requirement, ...]


def conditions(context: Context, frame: Frame, function: Function) -> Steps[dict[Node, Requirement]]:
    """The conditions as results of a graph, each once. Errors: ModelError, also where one never holds."""
    found: dict[Node, Requirement] = {}
    for requirement in function.requirements:
        tree = requirement.condition
        starts(context, frame, requirement.span)
        _check_is_of_all(frame, tree)
        value: Value = yield from done(core.value(context, frame, tree))
        if value.node.dtype != "bool":
            hint = f"compare it: `require {format_expression(tree)} > 0`"
            fail(frame, tree.span, "`require` takes a condition", hint)
        known = value.node.attribute if value.node.op == "const" else None
        if known is False:
            fail(frame, tree.span, "this never holds", "remove it, or change a `const` that it speaks of")
        if known is None:
            found.setdefault(context.build.array(value.node, value.axes) if value.axes else value.node, requirement)
    return found


def _check_is_of_all(frame: Frame, tree: Expression) -> None:
    """Refuse entries that are left out: the condition itself says so."""
    for clause in tree.clauses if isinstance(tree, Comprehension) else ():
        for left_out in clause.conditions:
            assert isinstance(tree, Comprehension)
            hint = f"write `not ({format_expression(left_out)}) or {format_expression(tree.body)}`"
            fail(frame, left_out.span, "`require` is of all entries", hint)


def required(context: Context, name: str, inputs: Sequence[Input], found: dict[Node, Requirement]) -> Required | None:
    """The graph of the conditions; None where nothing is required."""
    if not found:
        return None
    read = set(topological_order(found))
    given = tuple(one for one in inputs if one.node in read)
    return Required(finished(context.build, name, given, tuple(found)), tuple(found.values()))
