"""What a definition requires of its arguments: conditions -> a graph of its own, with a result for each condition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from mgc.compiler.graph.graph import Graph, Input, finished, topological_order
from mgc.compiler.graph.nodes import Node
from mgc.compiler.lower import core
from mgc.compiler.lower.arrays import Value
from mgc.compiler.lower.scope import Context, Frame, Steps, done, fail, starts
from mgc.grammar.spelling import format_expression
from mgc.grammar.tree import Call, Comprehension, Expression, Function, Name, Requirement, walk


class Required(Struct, frozen=True):
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
    """Refuse entries that are left out, by a condition or a range: the condition itself says so."""
    if not isinstance(tree, Comprehension):
        return
    for place, clause in enumerate(tree.clauses):
        for left_out in clause.conditions:
            hint = f"write `not ({format_expression(left_out)}) or {format_expression(tree.body)}`"
            fail(frame, left_out.span, "`require` is of all entries", hint)
        bound = {name for other in tree.clauses[:place] for name in other.names}
        match clause.iterable:
            case Call("range", None, (*start, stop), ()) as counted if bound & {*_names(counted)}:
                first = [f"{format_expression(one)} <= " for one in start]
                inside = [f"{''.join(first)}{name} < {format_expression(stop)}" for name in clause.names]
                free = (*tree.clauses[:place], replace(clause, iterable=None), *tree.clauses[place + 1 :])
                rest = format_expression(replace(tree, clauses=free)).removeprefix("[").removesuffix("]")
                hint = f"write `not ({' and '.join(inside)}) or {rest}`"
                fail(frame, clause.span, "`require` is of all entries", hint)


def _names(tree: Expression) -> Iterator[str]:
    return (node.identifier for node in walk(tree) if isinstance(node, Name))


def required(context: Context, name: str, inputs: Sequence[Input], found: dict[Node, Requirement]) -> Required | None:
    """The graph of the conditions; None where nothing is required."""
    if not found:
        return None
    read = set(topological_order(found))
    given = tuple(one for one in inputs if one.node in read)
    return Required(finished(context.build, name, given, tuple(found)), tuple(found.values()))
