"""Model files -> models: as emitted Python, or as native code.

model = loads("def f(x): return x*x", "f.mg")
model.f(3.0)                   ->  9.0
model.f.value_and_grad(3.0)    ->  (9.0, (6.0,))
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, TypedDict, Unpack, cast, get_args

from mgc.compiler.collector import without_collector
from mgc.grammar.diagnostics import DataError, ModelWarning, did_you_mean
from mgc.runtime.files import Imports, read_regular
from mgc.runtime.model import Model, compiled

if TYPE_CHECKING:
    from mgc.compiler.language.program import ReadFile
    from mgc.compiler.options import Options, Precision, Style

Runner = Literal["python", "native", "auto"]
RUNNERS: tuple[Runner, ...] = get_args(Runner)


class Choices(TypedDict, total=False):
    """How to compile: the keywords of `load` and `loads`."""

    target: Runner
    functions: str | Sequence[str]
    wrt: str | Sequence[str] | None
    set: Mapping[str, float] | None
    style: Style
    unroll: int
    ieee: bool
    accurate: bool
    dtype: Precision


def load(path: str | bytes | os.PathLike[str] | os.PathLike[bytes], **choices: Unpack[Choices]) -> Model:
    """Compile a model file; see `loads`. Errors: DataError (unreadable file), ModelError (mistakes)."""
    name = os.fsdecode(path)
    return _warned(_model(read_regular(name), name, choices, Imports()))


def loads(text: str | bytes, path: str = "<text>", **choices: Unpack[Choices]) -> Model:
    """Compile a model's text. Errors: ModelError with the line of each mistake; ModelWarning for what looks like one.

    A function that bears the name of an attribute of every model, such as `run`, is warned of: it is `model["run"]`.

    target: "python", or "native": machine code that a C compiler makes, kept for the next time (docs/native.md); "auto"
    is native code where there can be such, else Python. Native code has ieee's numbers.
    path: named in messages; only `load` knows a folder, so a text cannot import.
    functions: the ones to compile; all of them by default.
    wrt: the arguments (or "params") to differentiate by; params where there are any, else all floats.
    set: values of `const` declarations, by name.
    style: "fused" (fast), "lesson" (one statement after the other, forward and then backward, each step with its rule)
    or "flat" (loops of fixed length written out).
    unroll: "flat" with loops of up to this length.
    ieee: where Python's arithmetic raises (1/0, log(0), exp(1000)), give IEEE 754's inf or nan instead.
    accurate: derivative forms that keep more digits where the textbook's lose them.
    dtype: of the real numbers of native code: "float64", or "float32", of half the size and seven digits.
    """
    if not isinstance(text, str | bytes):
        raise TypeError(f"loads takes the text of a model, str or bytes, not {type(text).__name__}; a path is for load")
    return _warned(_model(text, path, choices, None))


def _warned(model: Model) -> Model:
    """The model; what looks like a slip in it is told as a ModelWarning at the caller's line."""
    for warning in model.module.warnings:
        warnings.warn(str(warning), ModelWarning, stacklevel=3)
    for function in model.functions:
        name = function.info.name
        if vars(model).get(name) is not function:
            said = f"function '{name}': model.{name} is something else; it is model[{name!r}]"
            warnings.warn(said, ModelWarning, stacklevel=3)
    return model


def run_by(runner: Runner, text: str | bytes, path: str, options: Options, read: ReadFile | None) -> Model:
    """The model of a text, to be run as Python or as native code. Errors: ModelError, DataError."""
    with without_collector():  # of what is imported, too
        return _run_by(runner, text, path, options, read)


def _run_by(runner: Runner, text: str | bytes, path: str, options: Options, read: ReadFile | None) -> Model:
    if runner == "python":
        return compiled(text, path, options, read)
    from mgc.compiler.toolchain.compilers import NoNative
    from mgc.runtime.native.model import native_model

    try:
        return native_model(text, path, options, read)
    except NoNative as error:
        if runner == "native" or options.dtype != "float64":
            raise
        model = compiled(text, path, options, read)
        model.runs_as = f"Python: {str(error).splitlines()[0].removesuffix(':')}"
        return model


def _model(text: str | bytes, path: str, choices: Choices, read: ReadFile | None) -> Model:
    runner = choices.get("target", "python")
    if runner not in RUNNERS:
        raise DataError(
            f"target {runner!r} does not run in the library, but {', '.join(RUNNERS)} do; "
            "`mgc compile --target c` emits the text of C"
        )
    return run_by(runner, text, path, options_of(choices), read)


def options_of(choices: Choices) -> Options:
    """The keywords of `load` and `loads` as one value. Errors: TypeError for another one, DataError for a style."""
    from mgc.compiler.options import PRECISIONS, STYLES, Options

    for name in choices:
        if name not in Choices.__annotations__:
            hint = did_you_mean(name, Choices.__annotations__)
            raise TypeError(f"no option {name!r}{'; ' + hint if hint else ''}")
    style = choices.get("style", "fused")
    if style not in STYLES:
        raise DataError(f"there is no style {style!r}; styles: {', '.join(STYLES)}")
    given = choices.get("dtype", "float64")
    dtype = getattr(given, "name", getattr(given, "__name__", given))  # NumPy's, and its types, by their names
    if dtype not in PRECISIONS:
        raise DataError(f"there is no dtype {dtype!r}; dtypes: {', '.join(PRECISIONS)}")
    wrt, functions, constants = choices.get("wrt") or (), choices.get("functions") or (), choices.get("set") or {}
    taken = ("target", "wrt", "functions", "set", "dtype")
    others = {name: value for name, value in choices.items() if name not in taken}
    return cast("Callable[..., Options]", Options)(
        wrt=(wrt,) if isinstance(wrt, str) else tuple(wrt),
        functions=(functions,) if isinstance(functions, str) else tuple(functions),
        constants=tuple(constants.items()),
        dtype=dtype,
        **others,
    )
