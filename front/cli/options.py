"""What commands share: how a model is read and compiled, and how values are written on the command line."""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

import click
from msgspec import Struct
from msgspec.structs import replace

from mgc.cli.output import echo_warnings
from mgc.compiler.options import PRECISIONS, STYLES, Options, flag
from mgc.grammar.diagnostics import DataError, did_you_mean, printable
from mgc.grammar.lexer import latin
from mgc.runtime.files import MODEL_BYTES, Imports, read_regular

if TYPE_CHECKING:
    from mgc.compiler.language.program import ReadFile
    from mgc.runtime.arguments import Params
    from mgc.runtime.load import Runner
    from mgc.runtime.model import Function, Model

STYLE = "fused: fast (the default, unless said above); lesson: step by step, with rules; flat: loops written out."
MAX_VALUE = 2**20  # characters of one value on the command line
JSON_WORDS = {"nan": "NaN", "inf": "Infinity", "infinity": "Infinity", "true": "?", "false": "?", "null": "?"}
WORD = re.compile(r"[A-Za-z]+")
FRACTION = re.compile(r"(?<![\d.])(\d+\.\d*|\.\d+)(?![\d.eE])")  # 1. and .5 are not JSON


def listed(texts: Sequence[str]) -> tuple[str, ...]:
    """`--fn a,b --fn c` -> ("a", "b", "c")."""
    names = [name.strip() for text in texts for name in text.split(",") if name.strip()]
    return tuple(latin(name) if name.isidentifier() else name for name in names)


def by_commas(context: click.Context, option: click.Parameter, texts: Sequence[str]) -> tuple[str, ...]:
    """Errors: click.BadParameter, for a text that names nothing: it may be a variable of a shell that is empty."""
    for text in texts:
        if not listed([text]):
            raise click.BadParameter(f"expected a name, found {printable(text)[:80]!r}")
    return listed(texts)


def _constants(context: click.Context, option: click.Parameter, texts: Sequence[str]) -> tuple[tuple[str, float], ...]:
    constants: dict[str, float] = {}
    for text in texts:
        said, _, number = text.partition("=")
        name = said.strip()
        if name in constants:
            raise click.BadParameter(f"const {printable(name)[:80]!r} is given twice")
        try:
            constants[name] = float(number)
        except ValueError:
            raise click.BadParameter(f"expected NAME=NUMBER, found {printable(text)[:80]!r}") from None
    return tuple(constants.items())


@contextmanager
def usage() -> Iterator[None]:
    """What is no use whatever the files hold is a mistake on the command line. Errors: click.UsageError."""
    try:
        yield
    except DataError as error:
        raise click.UsageError(str(error)) from None


functions_option = click.option(
    flag("functions"),
    "functions",
    multiple=True,
    callback=by_commas,
    metavar="NAME",
    help="Only these functions (repeatable).",
)
COMPILING = (  # the options of every command that compiles, each called as the field of `Options` that it sets
    click.option(
        flag("wrt"), multiple=True, callback=by_commas, metavar="NAMES", help="Differentiate by these, or by `params`."
    ),
    click.option(
        flag("constants"), "constants", multiple=True, metavar="K=V", callback=_constants, help="Override a const."
    ),
    click.option(flag("style"), type=click.Choice(STYLES), default=STYLES[0], help=STYLE),
    click.option(flag("unroll"), type=click.IntRange(0), default=0, hidden=True),  # --style flat, with a limit
    click.option(flag("ieee"), is_flag=True, help="inf and nan where Python's arithmetic raises."),
    click.option(flag("accurate"), is_flag=True, help="Derivative forms that keep more digits."),
)


class Settings(Struct, frozen=True):
    """How to compile: what the options that every command takes say."""

    options: Options

    def as_lesson(self) -> Settings:
        """These, in the style of a lesson unless the command line has --style."""
        is_given = click.get_current_context().get_parameter_source("style") is not click.core.ParameterSource.DEFAULT
        return self if is_given else Settings(replace(self.options, style="lesson"))

    def load(self, path: str, runner: Runner = "python") -> Model:
        """The compiled model of a file, or of standard input for `-`."""
        from mgc.runtime.load import run_by

        text, name = read_model(path)
        model = run_by(runner, text, name, self.options, reader(path))
        echo_warnings(model.module)
        return model

    def called(self, path: str, words: Sequence[str], runner: Runner = "python") -> tuple[Function, dict[str, object]]:
        """`f x=1` -> the function and its values; `f` may be left out where the file has one function.

        Errors: DataError, and click.UsageError, also for a name of `--wrt` that the function does not have.
        """
        model = self.load(path, runner)
        is_named = bool(words) and "=" not in words[0]
        function = model[words[0]] if is_named else the_function(model, "write its name behind FILE")
        self._check_wrt(function)
        return function, read_values(words[is_named:], function)

    def _check_wrt(self, function: Function) -> None:
        known = {argument.name for argument in function.info.arguments if argument.dtype == "float"}
        known |= {"params", *function.info.parameters} if function.info.parameters else set()
        for wanted in self.options.wrt:
            if wanted not in known:
                hint = did_you_mean(wanted, known) or f"there are {', '.join(sorted(known))}"
                such = f"{function.info.name} has no float argument or parameter {wanted!r}"
                raise click.UsageError(f"--wrt: {such}; {hint}")


def compile_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add the options of compiling; the command gets these, and others that `Options` knows, as `settings`."""

    make = cast("Callable[..., Options]", Options)  # click has checked the types

    @functools.wraps(function)
    def wrapper(**values: object) -> None:
        ours = {name: values.pop(name) for name in Options.__struct_fields__ if name in values}
        function(settings=Settings(make(**ours)), **values)

    decorated = cast("Callable[..., None]", wrapper)
    return functools.reduce(lambda command, option: option(command), reversed(COMPILING), decorated)


dtype_option = click.option(
    "--dtype", type=click.Choice(PRECISIONS), default="float64", show_default=True, help="Of native code's numbers."
)


def runner_option(default: Runner) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Add `--target`: what runs the functions; the command gets it as `runner`."""
    said = "Run as Python or as native code; auto: native if it can be."
    choice = click.Choice(["python", "native", "auto"])
    target = click.option("--target", "runner", type=choice, default=default, show_default=True, help=said)
    return lambda function: target(dtype_option(function))


def parameter_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add `--params` and `--seed`: where the parameters come from."""
    seed = click.option(
        "--seed", type=click.IntRange(0), default=0, show_default=True, help="Initialise the parameters by this seed."
    )
    file = click.option("--params", "checkpoint", metavar="P", help="Read the parameters (.json, .safetensors).")
    return file(seed(function))


def read_model(path: str) -> tuple[bytes, str]:
    """(text, name for messages) of a model file, or of standard input for `-`. Errors: DataError."""
    if path != "-":
        return read_regular(path), path
    text = sys.stdin.buffer.read(MODEL_BYTES + 1)
    if len(text) > MODEL_BYTES:
        raise DataError(f"standard input is larger than the limit of {MODEL_BYTES} bytes")
    return text, "<stdin>"


def reader(path: str) -> ReadFile | None:
    """What reads a model's imports: they lie beside its file, so standard input has none."""
    return None if path == "-" else Imports()


def the_function(model: Model, how: str = "choose one with --fn") -> Function:
    """The only function of a model. Errors: click.UsageError where there are several, which says how to choose."""
    if len(model.functions) != 1:
        names = ", ".join(function.info.name for function in model.functions)
        raise click.UsageError(f"which function? {how}: {names}")
    return model.functions[0]


def read_values(assignments: Sequence[str], function: Function) -> dict[str, object]:
    """`x=1 'w=[1, 2]'` -> values by argument name. Errors: click.UsageError."""
    names = [argument.name for argument in function.info.arguments]
    values: dict[str, object] = {}
    for assignment in assignments:
        said, equals, text = assignment.partition("=")
        name = latin(said) if said.isidentifier() else said
        if not equals:
            such = f"expected NAME=VALUE{f', such as {names[0]}=1,' if names else ','}"
            raise click.UsageError(f"{such} found {printable(assignment)[:80]!r}")
        if name not in names:
            hint = did_you_mean(name, names)
            takes = f"{function.info.name} takes {', '.join(names) or 'no arguments'}"
            raise click.UsageError(f"no argument {printable(name)[:80]!r}: {hint or takes}")
        if name in values:
            raise click.UsageError(f"argument {name!r} is given twice")
        values[name] = read_value(text, name)
    return values


def read_value(text: str, name: str) -> object:
    """A number or nested lists in JSON's notation; `nan` and `inf` are numbers too, and `.5` and `1.`.

    >>> read_value("[1, -inf, [.5]]", "x")
    [1, -inf, [0.5]]
    """
    import json  # start-up counts, and few commands read values

    found = printable(text[:60])
    problem = f"value of {name!r}: expected a number or a list such as [1, 2.5], found {found!r}"
    if len(text) > MAX_VALUE:
        raise click.UsageError(problem)
    spelled = WORD.sub(lambda match: JSON_WORDS.get(match[0].lower(), match[0]), text)
    spelled = FRACTION.sub(lambda match: repr(float(match[0])), spelled)
    try:
        value: object = json.loads(spelled)
    except (ValueError, RecursionError):
        raise click.UsageError(problem) from None
    if '"' in text or "{" in text:
        raise click.UsageError(problem)
    return value


def read_parameters(function: Function, checkpoint: str | None, seed: int, given: Mapping[str, object]) -> Params:
    """A checkpoint's parameters, or fresh ones. Errors: DataError."""
    from mgc.runtime.initial import initial
    from mgc.runtime.training import checkpoint as files

    if checkpoint is not None:
        return files.load(checkpoint, function.model.parameters)
    return initial(function, seed, given)
