"""`param W[m, n] = uniform(-1, 1)`: how a parameter starts, as a draw or as nodes of sizes and numbers."""

from __future__ import annotations

from collections.abc import Sequence

from mgc.compiler.graph import algebra
from mgc.compiler.graph.graph import topological_order
from mgc.compiler.graph.nodes import Node
from mgc.compiler.graph.sizes import size_text
from mgc.compiler.lower import core
from mgc.compiler.lower.arrays import Value
from mgc.compiler.lower.lower import Lowered
from mgc.compiler.lower.scope import Parameter, fail, run
from mgc.grammar.tree import Call, Expression

_DRAWS = {"uniform": 2, "normal": 2, "zeros": 0}  # how many numbers each takes


def parameters(lowered: Sequence[Lowered]) -> list[Parameter]:
    """The parameters of a module: those of its models first, as the models declare their sizes.

    A size that a model leaves free and its callers give as one number is that number.
    """
    found: dict[str, list[Parameter]] = {}
    for one in sorted(lowered, key=lambda one: one.function.kind != "model"):
        for parameter in one.parameters:
            found.setdefault(parameter.name, []).append(parameter)
    return [_fixed(seen) for seen in found.values()]


def _fixed(seen: Sequence[Parameter]) -> Parameter:
    """A parameter as the functions that give it fixed sizes see it, where they agree; else as the first one does."""
    fixed = {
        tuple(map(size_text, one.node.args)): one
        for one in reversed(seen)
        if not any(node.op == "size" for node in topological_order(one.node.args))
    }
    return next(iter(fixed.values())) if len(fixed) == 1 else seen[0]


def check(found: Sequence[Parameter]) -> None:
    """Refuse initial values that are none, on targets that emit no `init_params`, too. Errors: ModelError."""
    for parameter in found:
        start(parameter)


def start(parameter: Parameter) -> tuple[str | None, list[Node]]:
    """How each element starts: the draw, if it is one, and the numbers that it takes. Errors: ModelError."""
    kind, call = _draw(parameter)
    if kind is None or call is None:
        return None, [_number(parameter, parameter.declaration.initialiser)]
    count = _DRAWS[kind]
    if len(call.arguments) != count or call.keywords or call.sizes is not None:
        fail(parameter.frame, call.span, f"'{kind}' takes {count} numbers", f"write {_EXAMPLES[kind]}")
    return kind, [_number(parameter, argument) for argument in call.arguments]


def are_random(found: Sequence[Parameter]) -> bool:
    """Whether any parameter is drawn at random."""
    return any(_draw(parameter)[0] in ("uniform", "normal") for parameter in found)


def _draw(parameter: Parameter) -> tuple[str | None, Call | None]:
    tree = parameter.declaration.initialiser
    if isinstance(tree, Call) and tree.function in _DRAWS:
        return tree.function, tree
    return None, None


_EXAMPLES = {"uniform": "uniform(-1, 1)", "normal": "normal(0, 0.1)", "zeros": "zeros()"}


def _number(parameter: Parameter, tree: Expression) -> Node:
    """An initialiser's expression as a node of sizes and numbers."""
    context, frame = parameter.context, parameter.frame
    value = run(core.value(context, frame, tree))
    assert isinstance(value, Value)
    if value.axes or any(node.op in ("input", "read", "reduce") for node in topological_order([value.node])):
        fail(frame, tree.span, "an initial value is a number, made of numbers and sizes", "or a draw: uniform(-1, 1)")
    return algebra.as_float(context.build, value.node)
