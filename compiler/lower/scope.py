"""What lowering carries along: the builder, the parameters found so far, and the frame of the definition being read."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Generator, Mapping
from typing import Any, NoReturn, ParamSpec, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from mgc.compiler.graph import sizes
from mgc.compiler.graph.builder import Builder
from mgc.compiler.graph.nodes import Call, Node, axis_name, axis_order
from mgc.compiler.language.program import BUILTIN_NAMES, Program, error
from mgc.compiler.lower.arrays import ShapeError, Value, rename
from mgc.grammar.diagnostics import Note
from mgc.grammar.tree import Binary, Expression, File, Function, Param, Span, Unary


class SizeList(Struct, frozen=True):
    """The sizes that a variadic layer was given, or a part of them."""

    sizes: tuple[Node, ...]


T = TypeVar("T")
P = ParamSpec("P")
Result = Value | tuple[Value, ...]
Meaning = Result | SizeList
Steps = Generator["Steps[Any]", Any, T]  # what is read step by step yields the steps that it waits for


class Parameter(Struct, frozen=True):
    """A trained array: its dotted name, sizes and initialiser, with what the initialiser is to be read in."""

    name: str
    node: Node
    declaration: Param
    frame: Frame
    context: Context


class Context(Struct):
    """One function's lowering. `handlers` read the kinds of expressions.
    `known` are the parameters that `params` stands for (None: not known yet).

    `is_detached`: the model stops some derivatives.
    """

    program: Program
    build: Builder
    ieee: bool
    handlers: Mapping[type, Callable[..., Steps[Meaning]]]
    parameters: dict[str, Parameter] = field(default_factory=dict)
    known: tuple[Parameter, ...] | None = None
    asked_for_parameters: bool = False
    active: list[Function] = field(default_factory=list)
    results: dict[object, Meaning] = field(default_factory=dict)
    is_detached: bool = False
    loop: int = 0  # the serial number of the innermost comprehension's axis


class Frame(Struct):
    """The definition being read: its file, names and sizes. `path` is the dotted name of the model or layer call.

    `trail` are the calls that lead here from the function that is compiled.
    """

    file: File
    names: ChainMap[str, Meaning]
    sizes: dict[str, Meaning]
    path: str | None = None
    calls: dict[str, int] = field(default_factory=dict)
    site: Span | None = None  # in a file other than the main one: the place in the main file that called it
    trail: tuple[Call, ...] = ()

    def inner(self) -> Frame:
        """The same definition with a scope of its own for a comprehension's indices."""
        return Frame(self.file, self.names.new_child(), self.sizes, self.path, self.calls, self.site, self.trail)

    def at(self, span: Span) -> Span:
        """The place in the main file that a span of this frame belongs to."""
        return self.site or span


def starts(context: Context, frame: Frame, span: Span) -> None:
    """What is made from here on comes from the statement at the span."""
    context.build.origin = replace(context.build.origin, span=frame.at(span), calls=frame.trail)


def fail(frame: Frame, span: Span, message: str, hint: str | None = None, notes: tuple[Note, ...] = ()) -> NoReturn:
    raise error(frame.file, span, message, hint, notes)


def check_callable(context: Context, frame: Frame, span: Span, name: str) -> None:
    """Refuse a call of what the definition itself calls a value, be there a function of that name or not."""
    if name in frame.names or name in frame.sizes:
        is_hidden = name in BUILTIN_NAMES or context.program.find(name, frame.file) is not None
        held = frame.names.get(name, frame.sizes.get(name))
        is_number = isinstance(held, Value) and not held.axes
        hint = f"a product is written {name}*(...)" if is_number else "index it with square brackets"
        hint = f"it hides the function '{name}': choose another name" if is_hidden else hint
        fail(frame, span, f"'{name}' is a value and cannot be called", hint)


def shaped(frame: Frame, span: Span, function: Callable[P, T], *args: P.args, **keywords: P.kwargs) -> T:
    """A whole-array operation whose ShapeError is reported at the span."""
    try:
        return function(*args, **keywords)
    except ShapeError as problem:
        fail(frame, span, str(problem), problem.hint)


def done(steps: Steps[T]) -> Steps[T]:
    """What the steps come to, for steps that wait for them: `value = yield from done(steps)`."""
    result: T = yield steps
    return result


def run(steps: Steps[T]) -> T:
    """Run lowering steps with a stack of our own, so that depth is bounded by memory and not by recursion."""
    stack: list[Steps[Any]] = [steps]
    result: Any = None
    while stack:
        try:
            waiting = stack[-1].send(result)
        except StopIteration as stop:
            stack.pop()
            result = stop.value
        else:
            stack.append(waiting)
            result = None
    value: T = result
    return value


def leaves(tree: Expression) -> list[Expression]:
    """What arithmetic is made of: its names, numbers and calls."""
    found: list[Expression] = []
    pending = [tree]
    while pending:
        match pending.pop():
            case Unary(operand=operand):
                pending.append(operand)
            case Binary(left=left, right=right):
                pending += [right, left]
            case leaf:
                found.append(leaf)
    return found


def plural(count: int, noun: str, many: str = "") -> str:
    """`1 size`, `2 sizes`, and `2 indices` of `many`."""
    return f"{count} {noun if count == 1 else many or f'{noun}s'}"


def same_sizes(left: tuple[Node, ...], right: tuple[Node, ...]) -> bool:
    return len(left) == len(right) and all(sizes.equal(a, b) for a, b in zip(left, right, strict=True))


def inside_loop(context: Context, value: Value) -> Value:
    """The array with axes younger than the comprehension that mentions it, so that its own loops are inner ones."""
    if all(axis_order(axis) > context.loop for axis in value.axes):
        return value
    key = ("inside", value.node, value.axes, context.loop)
    if key not in context.results:
        fresh = [context.build.axis(axis_name(axis), *axis.args) for axis in value.axes]
        context.results[key] = rename(context.build, value, fresh)
    result = context.results[key]
    assert isinstance(result, Value)
    return result
