"""The loop nest: what a schedule makes of a graph, and what printers spell. Frozen data that owns its expressions.

Variables, loops and the other items are told apart by serial numbers, so a pass is a function from nest to nest.

>>> x, total = Variable(0, "argument", "float", (Size("n"),)), Variable(1, "value", "float")
>>> update = Update(3, total, (), "sum", Load(x, (LoopIndex(2),)))
>>> loop = For(2, "i", Number(0, "int"), Size("n"), (update,))
>>> [variable.serial for variable in reads(loop)], [variable.serial for variable in writes(loop)]
([0], [1])
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Literal

from msgspec import Struct

from mgc.compiler.graph.nodes import NOWHERE, Dtype, Origin, Section, Step
from mgc.grammar.tree import Span

Kind = Literal["sum", "prod", "max", "min"]
Role = Literal["argument", "parameter", "adjoint", "value", "total"]  # the first three are inputs


class Number(Struct, frozen=True):
    value: float | int
    dtype: Dtype


class LoopIndex(Struct, frozen=True):
    """The index of the loop around it that has this serial number."""

    dtype: ClassVar[Dtype] = "int"
    loop: int


class RowIndex(Struct, frozen=True):
    """In the sizes of an array whose rows differ in length: which row it is, along the dimension of that number."""

    dtype: ClassVar[Dtype] = "int"
    dimension: int
    name: str  # the author's, or nothing


class Size(Struct, frozen=True):
    dtype: ClassVar[Dtype] = "int"
    name: str


class Load(Struct, frozen=True):
    """A variable's element; without indices the number that it is, or the whole array."""

    variable: Variable
    indices: tuple[Expression, ...]

    @property
    def dtype(self) -> Dtype:
        return self.variable.dtype


class Apply(Struct, frozen=True):
    """An operation of the table in `ops.mg`, or a scalar one of the graph (`select`, `bound`)."""

    op: str
    args: tuple[Expression, ...]
    dtype: Dtype


Expression = Number | LoopIndex | RowIndex | Size | Load | Apply


class Pack(Struct, frozen=True):
    """An array literal: the elements of all rows, and the sizes."""

    elements: tuple[Expression, ...]
    shape: tuple[int, ...]


class Variable(Struct, frozen=True, eq=False):
    """A number, or an array of `sizes`. Variables get their names in the order of their serial numbers.

    `bounds` are the sizes that no run of a loop exceeds (None: not known); `counts` are factors of how many elements
    that is, where a size such as n - 1 may be negative, `room` the same in terms of inputs alone.
    `said` is what to call it, best first. `derivative_of` are the variables that it is the derivative by, best first;
    None for what is no derivative. `of` is what a running total is stored in, or the result that a seed belongs to.
    `lanes`: each element has a value for each lane.
    """

    serial: int
    role: Role
    dtype: Dtype
    sizes: tuple[Expression, ...] = ()
    bounds: tuple[Expression, ...] | None = ()
    counts: tuple[Expression, ...] = ()
    room: tuple[Expression, ...] = ()
    said: tuple[str, ...] = ()
    derivative_of: tuple[int, ...] | None = None
    of: int | None = None
    origin: Origin = NOWHERE
    lanes: bool = False

    @property
    def is_input(self) -> bool:
        return self.role in ("argument", "parameter", "adjoint")


class Allocate(Struct, frozen=True):
    """Start a variable: a number as `fill`, or an array with every element `fill`."""

    serial: int
    variable: Variable
    fill: float | int
    readers: int = 0  # of the value that it is the adjoint of, where each is told as a step


class Declare(Struct, frozen=True):
    """A number that is set further in, but read here."""

    serial: int
    variable: Variable


class Assign(Struct, frozen=True):
    """Set a variable, or an element."""

    serial: int
    variable: Variable
    indices: tuple[Expression, ...]
    value: Expression | Pack
    step: Step | None = None  # the rule that it applies, where it is one


class Update(Struct, frozen=True):
    """Add, multiply or take the extremum with what stands in the variable."""

    serial: int
    variable: Variable
    indices: tuple[Expression, ...]
    kind: Kind
    value: Expression
    step: Step | None = None
    over: tuple[Expression, ...] = ()  # the indices that a step sums over
    added: Origin | None = None  # where what is added to an adjoint comes from: what reads the adjoint's value


class For(Struct, frozen=True):
    """A loop from `start` on in steps, to before `stop`; a negative step runs backwards, as in Python's `range`."""

    serial: int
    name: str  # the author's, or nothing
    start: Expression
    stop: Expression
    body: tuple[Item, ...]
    step: int = 1


class If(Struct, frozen=True):
    serial: int
    condition: Expression
    then: tuple[Item, ...]
    otherwise: tuple[Item, ...] = ()


class Scatter(Struct, frozen=True):
    """Set elements, or change them as an `Update` does, lane by lane where the mask is true (None: everywhere).

    `at` is where, counted row by row; the address of an element stands for it and those behind it, one for each lane.
    """

    serial: int
    variable: Variable
    at: Expression
    kind: Kind | None
    value: Expression
    mask: Expression | None


class Leave(Struct, frozen=True):
    """Where the condition is true, take the turns of this block of lanes, and all after them, one by one."""

    serial: int
    condition: Expression


class Lanes(Struct, frozen=True):
    """A loop whose turns are taken in blocks, one turn a lane, as long as a block is full; then the `rest` one by one.

    `before` and `after` stand around the blocks. In a block the loop's index is that of the first lane.
    """

    serial: int
    before: tuple[Item, ...]
    block: tuple[Item, ...]
    after: tuple[Item, ...]
    rest: For


class Require(Struct, frozen=True):
    """Fail where the condition does not hold; `said` is the model's text."""

    serial: int
    condition: Expression
    said: str
    span: Span

    @property
    def failed(self) -> Expression:
        """The condition under which it fails."""
        match self.condition:
            case Apply(op="not", args=(opposite,)):
                return opposite
        return Apply("not", (self.condition,), "bool")


Item = Allocate | Declare | Assign | Update | For | If | Scatter | Leave | Lanes | Require
Statement = Assign | Update
Setting = Allocate | Declare | Assign | Update | Scatter  # what has a variable


class LoopNest(Struct, frozen=True):
    """A function ready to be named and printed.

    `sizes` are the named sizes, in order. `gradients` pairs each differentiated input with its adjoint (None: zero by
    structure). `origin` is that of the statement that returns. `in_steps`: each statement is told by itself, as in a
    lesson.
    """

    name: str
    inputs: tuple[Variable, ...]
    sizes: tuple[str, ...]
    body: tuple[Item, ...]
    outputs: tuple[Expression, ...]
    gradients: tuple[tuple[Variable, Expression | None], ...] = ()
    origin: Origin = NOWHERE
    in_steps: bool = False

    def roots(self) -> tuple[Expression, ...]:
        return (*self.outputs, *(adjoint for _, adjoint in self.gradients if adjoint is not None))


def walk(items: Iterable[Item]) -> Iterator[Item]:
    """Every item, in the order in which they are written."""
    stack = [*items][::-1]
    while stack:
        item = stack.pop()
        yield item
        match item:
            case For():
                stack.extend(reversed(item.body))
            case If():
                stack.extend(reversed([*item.then, *item.otherwise]))
            case Lanes():
                stack.extend(reversed([*item.before, *item.block, *item.after, item.rest]))


def expressions(item: Item) -> tuple[Expression, ...]:
    """What an item itself computes, without the items in it."""
    match item:
        case Allocate():
            return item.variable.sizes
        case Declare() | Lanes():
            return ()
        case Scatter():
            return (item.at, item.value) if item.mask is None else (item.at, item.value, item.mask)
        case Assign() | Update():
            values = item.value.elements if isinstance(item.value, Pack) else (item.value,)
            return (*item.indices, *values)
        case For():
            return item.start, item.stop
        case If() | Leave() | Require():
            return (item.condition,)


def parts(roots: Iterable[Expression]) -> Iterator[Expression]:
    """The expressions and all that they are made of, in the order in which they are written."""
    stack = [*roots][::-1]
    while stack:
        part = stack.pop()
        yield part
        if isinstance(part, Apply):
            stack.extend(reversed(part.args))
        elif isinstance(part, Load):
            stack.extend(reversed(part.indices))


def loads(roots: Iterable[Expression]) -> Iterator[Load]:
    """Every mention of a variable, in the order in which they are written."""
    stack = [*roots][::-1]
    while stack:
        part = stack.pop()
        if isinstance(part, Apply):
            stack.extend(reversed(part.args))
        elif isinstance(part, Load):
            yield part
            stack += part.indices[::-1]


def reads(item: Item) -> tuple[Variable, ...]:
    """The variables that an item, and what is in it, reads."""
    return tuple(dict.fromkeys(load.variable for one in walk([item]) for load in loads(expressions(one))))


def writes(item: Item) -> tuple[Variable, ...]:
    """The variables that an item, and what is in it, sets or changes."""
    return tuple(dict.fromkeys(one.variable for one in walk([item]) if isinstance(one, Setting)))


def may_fail(items: Iterable[Item]) -> bool:
    """Whether an index may be out of range, or an integer too large."""
    values = [part for item in walk(items) for part in parts(expressions(item)) if isinstance(part, Apply)]
    return any(value.op == "bound" or value.op.startswith("checked ") for value in values)


def variables(nest: LoopNest) -> list[Variable]:
    """The variables that the function sets, in the order of their serial numbers."""
    found = dict.fromkeys(item.variable for item in walk(nest.body) if isinstance(item, Setting))
    return sorted(found, key=lambda variable: variable.serial)


def sections(item: Item) -> frozenset[Section]:
    """The passes, forward and backward, that an item's statements belong to; initial values belong to none."""
    match item:
        case Assign() | Update():
            return frozenset([item.variable.origin.section])
        case For():
            return sections_of(item.body)
        case If():
            return sections_of([*item.then, *item.otherwise])
    return frozenset()


def sections_of(items: Iterable[Item]) -> frozenset[Section]:
    return frozenset[Section]().union(*[sections(item) for item in items])


def origin(item: Item) -> Origin:
    """Where an item comes from, if it is a statement."""
    if not isinstance(item, Assign | Update):
        return NOWHERE
    if item.step is not None:
        return item.step.origin
    return (isinstance(item, Update) and item.added) or item.variable.origin
