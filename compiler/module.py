"""What compiling gives: the emitted text, and what a caller must know of each function in it. Plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from mgc.compiler.options import DEFAULTS, Options

if TYPE_CHECKING:
    from collections.abc import Callable

    from mgc.compiler.graph.nodes import Dtype, Origin, Section
    from mgc.grammar.diagnostics import Diagnostic
    from mgc.grammar.tree import Span


class ArgumentInfo(Struct, frozen=True):
    name: str
    emitted_name: str
    shape: tuple[str, ...]
    dtype: Dtype
    default: float | None


class ParameterInfo(Struct, frozen=True):
    """A parameter by its dotted name; sizes as text, `("16", "n")`."""

    name: str
    shape: tuple[str, ...]


class FunctionInfo(Struct, frozen=True):
    """One emitted function and its derivative.

    `gradient_name` is NAME_value_and_grad for one number as result, NAME_vjp for arrays or several results (it takes
    one more argument per result: its adjoint), None where no derivative exists or all are zero. `is_detached`: some
    derivatives stop at a `detach`, and are not those of the value. `parameter_shapes`: in this function's own sizes.
    `check_name`: what both call first, where the model requires something of the arguments. `required`: each line that
    does, and what it says.
    """

    name: str
    emitted_name: str
    gradient_name: str | None
    arguments: tuple[ArgumentInfo, ...]
    parameters: tuple[str, ...]
    wrt: tuple[str, ...]
    results: tuple[tuple[str, ...], ...]
    docstring: str | None
    span: Span
    is_detached: bool = False
    parameter_shapes: tuple[tuple[str, ...], ...] = ()
    check_name: str | None = None
    required: tuple[tuple[int, str], ...] = ()


class Statement(Struct, frozen=True):
    """What a line of the emitted file does: it sets, or starts, `name`, in terms of what it `reads`.

    `by`: what `name` is the derivative of the result by; None where it is no derivative. `also_by`: values by which it
    is the same derivative. `rule` says in words what a step of a lesson applies. `starts`: it is the array, or the
    number, that later statements fill. `operation` is the one that it applies to what it reads, by its name in
    `ops.mg` and with a number that it is given: `mul`, `pow 3`, `10 div`; nothing where it applies several, or none.
    """

    name: str
    reads: tuple[str, ...]
    section: Section
    by: str | None
    rule: str
    origin: Origin
    starts: bool = False
    also_by: tuple[str, ...] = ()
    operation: str = ""


class InputInfo(Struct, frozen=True):
    """An input of a C function: a parameter by its dotted name, an argument, or the adjoint of a result."""

    name: str
    role: str
    dtype: Dtype
    axes: int


class Entry(Struct, frozen=True):
    """What a caller of an entry must know of it; `name` is the function's.

    `sizes`: for each named size the axes, (input, axis), that show it. `places`: how many axes each result and each
    derivative has; `gradients`: the inputs that the derivatives are by. `loops`: whether it may take long.
    """

    name: str
    inputs: tuple[InputInfo, ...]
    sizes: tuple[tuple[tuple[int, int], ...], ...]
    places: tuple[int, ...]
    gradients: tuple[int, ...]
    loops: bool


class Module(Struct, frozen=True):
    """The emitted file. `origins` has, for each of its lines, what it comes from in the model.

    `told` has, for each line that a statement begins on, a function that says what it does, as few ask; emitted Python
    has them, other targets do not.

    `warnings`: what looks like a slip of the model's author.
    `header` is the text of the file that declares the functions, where the target has such files.
    `options`: those that it was compiled with.
    `entries`: what is known of each entry, where there are any; `init` is the Python of `init_params` beside them.
    """

    text: str
    functions: tuple[FunctionInfo, ...]
    parameters: tuple[ParameterInfo, ...]
    sizes: tuple[str, ...]
    origins: tuple[Origin | None, ...]
    warnings: tuple[Diagnostic, ...] = ()
    header: str | None = None
    options: Options = DEFAULTS
    told: tuple[Callable[[], Statement] | None, ...] = ()
    entries: tuple[Entry, ...] = ()
    init: str = ""

    @property
    def statements(self) -> tuple[Statement | None, ...]:
        """For each line that a statement begins on, what that does."""
        return tuple(None if tell is None else tell() for tell in self.told)

    @property
    def in_steps(self) -> bool:
        """Whether a derivative's forward pass stands before its backward pass, as a lesson has it."""
        return self.options.style == "lesson"
