"""Statements in their places -> loop nest: nodes become expressions, drafts become frozen items with serial numbers.

>>> from mgc.compiler.graph.builder import Builder
>>> build = Builder()
>>> closed(build.make("add", (build.size("n"), build.integer(1))))
Apply(op='add', args=(Size(name='n'), Number(value=1, dtype='int')), dtype='int')
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from mgc.compiler.graph import sizes
from mgc.compiler.graph.builder import Builder
from mgc.compiler.graph.conditions import implies
from mgc.compiler.graph.graph import Graph, Input, topological_order
from mgc.compiler.graph.nodes import Node, Origin, axis_name, axis_order, pack_shape
from mgc.compiler.schedule import loopnest
from mgc.compiler.schedule.loopnest import Apply, Expression, Load, LoopIndex, LoopNest, Number, Pack, RowIndex, Size
from mgc.compiler.schedule.naming_facts import Holder, facts
from mgc.compiler.schedule.statements import Allocate, Assign, Declare, For, If, Item, Update, Variable, walk

Held = tuple[loopnest.Variable, tuple[Node, ...]]  # a variable, and the axes that a value is stored with in it
Indices = Mapping[Node, Expression]
Sizes = tuple[Expression, ...]
Shape = tuple[Sizes, Sizes | None, Sizes, Sizes]  # sizes, bounds, counts, room
_COMPUTED = frozenset({"reduce", "array", "pack", "scatter"})  # a size that reads these is no size of the arguments


def freeze(graph: Graph, nodes: Sequence[Node], items: Sequence[Item], variables: Mapping[Node, Variable]) -> LoopNest:
    """The loop nest of items in their final order. `variables` are all but the running totals, `nodes` all values."""
    freezer = _Freezer(graph, items, variables)
    here = Place(freezer.held, {})
    body = freezer.items(items, here)
    outputs = tuple([here.value(output) for output in graph.outputs])
    gradients = tuple(
        [
            (freezer.inputs[given.node], None if adjoint is None else here.value(adjoint))
            for given, adjoint in graph.gradients
        ]
    )
    inputs = tuple(freezer.inputs.values())
    made, in_steps = _sizes(graph, nodes), bool(graph.kept)
    return LoopNest(graph.name, inputs, made, body, outputs, gradients, graph.outputs[0].origin, in_steps)


def closed(node: Node) -> Expression:
    """An expression of sizes and numbers."""
    return Place({}, {}).value(node)


def _sizes(graph: Graph, nodes: Sequence[Node]) -> tuple[str, ...]:
    """The named sizes that a graph needs, in the order in which they were made."""
    needed = [node for node in nodes if node.op == "size"]
    found = topological_order([*needed, *[given.node for given in graph.inputs]])
    return tuple([str(node.attribute) for node in found if node.op == "size"])


class Place(Struct):
    """A place in the code: what is held in variables there, and the indices of the loops around it."""

    held: Mapping[Node, Held]
    indices: Indices
    done: dict[Node, Expression] = field(default_factory=dict)

    def value(self, node: Node) -> Expression:
        """What reads a node, or computes it where it has no variable. No deeper than an expression may be long."""
        found = self.done.get(node)
        if found is None:
            held = self.held.get(node)
            found = self.done[node] = self.operation(node) if held is None else self._load(held)
        return found

    def operation(self, node: Node) -> Expression:
        """What computes a node, even if it has a variable."""
        match node.op:
            case "const":
                assert isinstance(node.attribute, int | float)
                return Number(node.attribute, node.dtype)
            case "zero":
                return Number(0.0, "float")
            case "index":
                return self.indices[node]
            case "size":
                return Size(str(node.attribute))
            case "read":
                return self._load(self.held[node.args[0]], tuple([self.value(index) for index in node.args[1:]]))
            case "select" if implies((), self._around(), (node.args[0], True), {}):  # in a loop there are turns
                return self.value(node.args[1])
        return Apply(node.op, tuple([self.value(argument) for argument in node.args]), node.dtype)

    def _around(self) -> list[Node]:
        """The loops around, without the rows of an array whose sizes are told."""
        return [axis for axis, index in self.indices.items() if isinstance(index, LoopIndex)]

    def _load(self, held: Held, inner: tuple[Expression, ...] = ()) -> Load:
        variable, axes = held
        return Load(variable, (*[self.indices[axis] for axis in axes], *inner) if axes else inner)


class _Freezer:
    """Serial numbers for items and variables, and the variables that they stand for."""

    def __init__(self, graph: Graph, items: Sequence[Item], variables: Mapping[Node, Variable]) -> None:
        self.build = graph.builder
        self.facts = facts(graph, items, variables)
        self.item_serials = {item: serial for serial, item in enumerate(walk(items))}
        self.serials = {holder: serial for serial, holder in enumerate(self.facts)}
        self.outside: dict[Node, Held] = {}
        for given in sorted(graph.inputs, key=lambda given: bool(given.sizes)):  # sizes are expressed in numbers
            self.outside[given.node] = self._input(given), ()
        self.inputs = {given.node: self.outside[given.node][0] for given in graph.inputs}
        self.held = dict(self.outside)
        self.variables: dict[Variable, loopnest.Variable] = {}
        made = [(node, draft) for node, draft in variables.items() if draft.of is None]
        for node, draft in sorted(made, key=_is_array):  # numbers first: sizes are expressed in them
            self.held[node] = self._variable(draft, "value"), draft.axes
        for node, draft in variables.items():
            if draft.of is not None:
                self.held[node] = self.variables[draft.of], draft.axes
        for holder in self.facts:
            if isinstance(holder, Variable) and holder not in self.variables:
                self._variable(holder, "total")

    def _input(self, given: Input) -> loopnest.Variable:
        here = Place(self.outside, {})
        shape = tuple([here.value(size) for size in given.sizes])
        counts = tuple([here.value(size) for one in given.sizes for size in sizes.counted(self.build, [one])])
        room = tuple([here.value(size) for size in sizes.counted(self.build, given.sizes)])
        said, derivative_of, of = self._names(given.node)
        return loopnest.Variable(
            self.serials[given.node], given.kind, given.node.dtype, shape, shape, counts, room, said, derivative_of, of
        )

    def _variable(self, draft: Variable, role: loopnest.Role) -> loopnest.Variable:
        node = draft.node
        shape, bounds, counts, room = self._shape(draft) if draft.sizes else ((), (), (), ())
        said, derivative_of, of = self._names(draft)
        found = self.variables[draft] = loopnest.Variable(
            self.serials[draft], role, node.dtype, shape, bounds, counts, room, said, derivative_of, of,
            node.origin,
        )  # fmt: skip
        return found

    def _names(self, holder: Holder) -> tuple[tuple[str, ...], tuple[int, ...] | None, int | None]:
        known = self.facts[holder]
        of = None if known.of is None else self.serials[known.of]
        if known.derivative_of is None:
            return known.said, None, of
        return known.said, tuple([self.serials[primal] for primal in known.derivative_of]), of

    def _shape(self, draft: Variable) -> Shape:
        """The sizes, those that are enough for every run of the loops, and how many elements these make."""
        indices: dict[Node, Expression] = {}
        for container in draft.home:
            if container.axis is not None:
                assert container.owner is not None
                indices[container.axis] = LoopIndex(self.item_serials[container.owner])
        own = draft.node.args[1:] if draft.node.op == "array" else _axes_of(draft.sizes)[len(draft.axes) :]
        for dimension, axis in enumerate((*draft.axes, *own)):
            if axis is not None and axis not in indices:
                indices[axis] = RowIndex(dimension, axis_name(axis))
        here, outside = Place(self.held, indices), Place(self.outside, {})
        shape = tuple([here.value(size) for size in draft.sizes])
        largest = [_largest(self.build, size) for size in draft.sizes]
        known = [size for size in largest if size is not None]
        if len(known) < len(largest):
            return shape, None, (), ()
        counted = sizes.counted(self.build, known)
        return (
            shape,
            tuple([here.value(size) for size in known]),
            tuple([here.value(size) for size in counted]),
            tuple([outside.value(size) for size in counted]),
        )

    def items(self, items: Sequence[Item], here: Place) -> tuple[loopnest.Item, ...]:
        return tuple([self._item(item, here) for item in items])

    def _item(self, item: Item, here: Place) -> loopnest.Item:
        serial = self.item_serials[item]
        match item:
            case Allocate():
                return loopnest.Allocate(serial, self.variables[item.variable], item.fill, item.readers)
            case Declare():
                return loopnest.Declare(serial, self.variables[item.variable])
            case Assign():
                at = tuple([here.value(index) for index in item.indices])
                return loopnest.Assign(serial, self.variables[item.variable], at, self._assigned(item, here), item.step)
            case Update():
                at = tuple([here.value(index) for index in item.indices])
                value, over = here.value(item.value), tuple([here.indices[axis] for axis in item.over])
                variable, added = self.variables[item.variable], _added_from(item) if isinstance(value, Apply) else None
                return loopnest.Update(serial, variable, at, item.kind, value, item.step, over, added)
            case For():
                start, stop = [here.value(end) for end in item.axis.args]
                body = self.items(item.body, Place(self.held, {**here.indices, item.axis: LoopIndex(serial)}))
                return loopnest.For(serial, axis_name(item.axis), start, stop, body)
            case If():
                condition = here.value(item.condition)
                then, otherwise = self.items(item.then, here), self.items(item.otherwise, here)
                return loopnest.If(serial, condition, then, otherwise)

    def _assigned(self, item: Assign, here: Place) -> Expression | Pack:
        if isinstance(item.value, Variable):
            return Load(self.variables[item.value], ())
        if item.value is not item.variable.node:
            return here.value(item.value)
        if item.value.op == "pack":
            return Pack(tuple([here.value(element) for element in item.value.args]), pack_shape(item.value))
        return here.operation(item.value)


def _added_from(item: Update) -> Origin | None:
    """Where what is computed to be added to an adjoint comes from, if it tells."""
    place = item.value.origin
    return place if item.variable.node.op == "scatter" and place.section == "backward" and place.span else None


def _axes_of(shape: Sequence[Node]) -> list[Node | None]:
    """The axes of an adjoint whose rows differ in length: those that the lengths of its rows are told by."""
    told = sorted({axis for size in shape for axis in size.axes}, key=axis_order)
    found: list[Node | None] = []
    for size in shape:
        found.append(next((axis for axis in told if axis.args[1] is size and axis not in found), None))
    return found


def _is_array(made: tuple[Node, Variable]) -> bool:
    return bool(made[1].sizes)


def _largest(build: Builder, size: Node) -> Node | None:
    """The size that is enough for every run of the loops that it depends on; None where no caller could know it."""
    found = sizes.largest(build, size) if size.axes else size
    if found is None or any(part.op in _COMPUTED for part in topological_order([found])):
        return None
    return found
