"""Parameters: a declaration, where it is reached -> an array under its dotted name."""

from __future__ import annotations

from mgc.compiler.graph.sizes import dimensions_text
from mgc.compiler.lower import arrays, core
from mgc.compiler.lower.arrays import Value
from mgc.compiler.lower.scope import Context, Frame, Parameter, Steps, done, fail, leaves, same_sizes
from mgc.grammar.tree import Expression, Function, Name, Param

_UNNUMBERED = frozenset({"", None})


def check_size(frame: Frame, function: Function, size: Expression) -> None:
    """A size may not be called like an array of the same definition: inside, the name means one of the two."""
    arrays = [argument.name for argument in function.arguments if argument.dimensions]
    for leaf in leaves(size):
        if isinstance(leaf, Name) and leaf.identifier in arrays:
            name = leaf.identifier
            fail(frame, leaf.span, f"'{name}' is an array here, and no size", "call the size otherwise, as in x[n]")


def parameter(context: Context, frame: Frame, declaration: Param) -> Steps[Value]:
    """The parameter as an array: the same one wherever its dotted name is the same."""
    if frame.path is None:
        fail(
            frame,
            declaration.span,
            "a def has no parameters of its own",
            "put param in a model, a layer or at file level",
        )
    name = f"{frame.path}.{declaration.name}" if frame.path not in _UNNUMBERED else declaration.name
    dimensions = []
    for dimension in declaration.dimensions:
        size = yield from done(core.integer(context, frame, dimension, "a size"))
        if size.axes or size.op == "bound":
            fail(frame, dimension.span, "a parameter's size cannot depend on an index")
        dimensions.append(size)
    old = context.parameters.get(name)
    if old is None:
        node = context.build.make("input", tuple(dimensions), f"params.{name}", "float")
        old = context.parameters[name] = Parameter(name, node, declaration, frame, context)
    elif not same_sizes(old.node.args, tuple(dimensions)):
        fail(frame, declaration.span, f"the parameter '{name}' has shape {dimensions_text(old.node.args)} in one call "
             f"and {dimensions_text(dimensions)} in another")  # fmt: skip
    return arrays.whole(context.build, old.node)
