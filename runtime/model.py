"""Model files -> what a person calls: `Model` holds the compiled functions, `Function` checks and runs one.

model = loads("def f(x): return x*x", "f.mg")
model.f(3.0)                   ->  9.0
model.f.value_and_grad(3.0)    ->  (9.0, (6.0,))
"""

from __future__ import annotations

import linecache
import math
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, cast

from mgc.grammar.diagnostics import DataError, did_you_mean, printable
from mgc.runtime import audit, failures
from mgc.runtime.arguments import Params, bind, in_signature_order, name_and_shape
from mgc.runtime.conversion import Nested, Sizes, convert, spelled
from mgc.runtime.files import read_import, read_regular
from mgc.runtime.verification import Source, verify_model

if TYPE_CHECKING:
    import inspect

    from mgc.compiler.language.program import ReadFile
    from mgc.compiler.module import ArgumentInfo, FunctionInfo, Module, ParameterInfo
    from mgc.compiler.verify.report.report import Report

Gradients = tuple[Nested | Params, ...] | Params
Result = Nested | tuple[Nested, ...]


def load(
    path: str | os.PathLike[str],
    *,
    target: Literal["python", "c"] = "python",
    functions: Sequence[str] = (),
    wrt: str | Sequence[str] | None = None,
    set: Mapping[str, float] | None = None,  # noqa: A002  # the command line's word
    unroll: int = 0,
    ieee: bool = False,
    accurate: bool = False,
) -> Model:
    """Compile a model file; see `loads`. Errors: DataError (unreadable file), ModelError (mistakes)."""
    text = read_regular(path)
    return _compiled(text, os.fspath(path), read_import, target, functions, wrt, set, unroll, ieee, accurate)


def loads(
    text: str | bytes,
    path: str = "<text>",
    *,
    target: Literal["python", "c"] = "python",
    functions: Sequence[str] = (),
    wrt: str | Sequence[str] | None = None,
    set: Mapping[str, float] | None = None,  # noqa: A002  # the command line's word
    unroll: int = 0,
    ieee: bool = False,
    accurate: bool = False,
) -> Model:
    """Compile a model's text. Errors: ModelError with the line of each mistake.

    path: named in messages; only `load` knows a folder, so a text cannot import.
    functions: the ones to compile; all of them by default.
    wrt: the arguments (or "params") to differentiate by; params where there are any, else all floats.
    set: values of `const` declarations, by name.
    unroll: loops over axes of fixed size up to this are written out.
    ieee: where Python's arithmetic raises (1/0, log(0), exp(1000)), give IEEE 754's inf or nan instead.
    accurate: derivative forms that keep more digits where the textbook's lose them.
    """
    return _compiled(text, path, None, target, functions, wrt, set, unroll, ieee, accurate)


def _compiled(
    text: str | bytes,
    path: str,
    read: ReadFile | None,
    target: Literal["python", "c"],
    functions: Sequence[str],
    wrt: str | Sequence[str] | None,
    constants: Mapping[str, float] | None,
    unroll: int,
    ieee: bool,
    accurate: bool,
) -> Model:
    from mgc.compiler.options import Options  # the parser is loaded when first needed
    from mgc.compiler.pipeline import compile_source

    if target != "python":
        raise DataError(f"target {target!r} does not run in the library; `mgc compile --target c` emits its text")
    options = Options(
        functions=tuple(functions),
        wrt=(wrt,) if isinstance(wrt, str) else tuple(wrt or ()),
        constants=tuple((constants or {}).items()),
        unroll=unroll,
        ieee=ieee,
        accurate=accurate,
    )
    module = compile_source(text, path, options, read)
    return Model(module, text.decode("utf-8-sig") if isinstance(text, bytes) else text, path, constants, read)


class Model:
    """A compiled model file: each of its functions is an attribute (or an item: `model["init"]`)."""

    def __init__(
        self,
        module: Module,
        text: str,
        path: str,
        constants: Mapping[str, float] | None = None,
        read: ReadFile | None = None,
    ) -> None:
        """Audit and run the emitted text. Errors: audit.AuditError where it is not what a printer emits."""
        self.module = module
        self._path = path
        self._source = Source(text, path, dict(constants or {}), read)
        self._emitted = module.text.splitlines()
        self._text_lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        filename = f"<mgc {printable(path)}>"
        emitted = audit.run(module.text, filename)
        self._namespace, self._function_lines = emitted.namespace, emitted.lines
        linecache.cache[filename] = (len(module.text), None, module.text.splitlines(keepends=True), filename)
        self._functions = {info.name: Function(self, info) for info in module.functions}

    @property
    def functions(self) -> tuple[Function, ...]:
        """The compiled functions, in the order of the file."""
        return tuple(self._functions.values())

    @property
    def parameters(self) -> tuple[ParameterInfo, ...]:
        """The parameters of all functions: dotted names and shapes."""
        return self.module.parameters

    @property
    def source(self) -> str:
        """The emitted Python, whole: a file that runs alone."""
        return self.module.text

    @property
    def free_sizes(self) -> tuple[str, ...]:
        """The sizes that `init` needs as keyword arguments; usually none."""
        return self.module.sizes

    def init(self, seed: int = 0, **sizes: int) -> Params:
        """Fresh parameters by dotted name; `sizes` are those left free by the file (`model.init(n=8)`)."""
        if not self.module.parameters:
            return {}
        expected = self.module.sizes
        if sorted(sizes) != sorted(expected):
            needed = ", ".join(expected) or "none"
            raise DataError(f"init: expected sizes: {needed}; found: {', '.join(sorted(sizes)) or 'none'}")
        return cast("Params", self.run("init_params", (seed,), sizes))

    def run(
        self, emitted_name: str, arguments: Sequence[object], keywords: Mapping[str, object] | None = None
    ) -> object:
        """Call an emitted function on checked arguments; arithmetic errors are told in the model's terms."""
        function = cast("Callable[..., object]", self._namespace[emitted_name])
        try:
            return function(*arguments, **(keywords or {}))
        except failures.CAUGHT as error:
            failure = failures.translated(
                error, self._namespace, self.module, self._emitted, self._text_lines, self._path
            )
            if failure is None:
                raise
            raise failure from error

    def verify(self, functions: Sequence[str] = (), *, time_limit: float = math.inf, seed: int = 0) -> Report:
        """Whether the emitted text is what the model says, and its derivatives; all functions by default.

        time_limit: seconds for each function, after which it is not checked.
        Errors: DataError for a name that the model lacks.
        """
        emitted = [self[name].info.emitted_name for name in functions]
        return verify_model(self.module, self._source, self._namespace, emitted, time_limit, seed)

    def text_of(self, emitted_name: str) -> str:
        """The text of one emitted function."""
        first, last = self._function_lines[emitted_name]
        return "\n".join(self._emitted[first - 1 : last]) + "\n"

    def __getitem__(self, name: str) -> Function:
        try:
            return self._functions[name]
        except KeyError:
            hint = did_you_mean(name, self._functions) or f"it has: {', '.join(self._functions) or 'none'}"
            raise DataError(f"{printable(self._path)} has no function '{printable(name)}'; {hint}") from None

    def __getattr__(self, name: str) -> Function:
        functions: dict[str, Function] = self.__dict__.get("_functions", {})
        if name in functions:
            return functions[name]
        hint = did_you_mean(name, functions)
        raise AttributeError(f"no function or attribute '{name}'{'; ' + hint if hint else ''}", name=name, obj=self)

    def __dir__(self) -> Iterable[str]:
        return [*super().__dir__(), *self._functions]

    def __repr__(self) -> str:
        lines = [f"<Model {printable(self._path)}"]
        lines += [f"  {function.signature}" for function in self.functions]
        if self.parameters:
            shown = ", ".join(name_and_shape(p.name, p.shape) for p in self.parameters[:6])
            more = f", … {len(self.parameters)} in all" if len(self.parameters) > 6 else ""
            lines.append(f"  parameters: {shown}{more}")
        return "\n".join(lines) + ">"


class Function:
    """One compiled function of numbers, lists or anything with `.tolist()`; `params` first if it has any."""

    def __init__(self, model: Model, info: FunctionInfo) -> None:
        self.model = model
        self.info = info
        self.__name__ = info.name
        self.__doc__ = info.docstring

    def __call__(self, *arguments: object, **keywords: object) -> Result:
        """The value: a number, nested lists, or a tuple of them.

        Errors: DataError for arguments that do not fit, ModelError for arithmetic that fails.
        """
        return cast("Result", self.model.run(self.info.emitted_name, self.bind(*arguments, **keywords)))

    def value_and_grad(self, *arguments: object, **keywords: object) -> tuple[float, Gradients]:
        """The value and its derivatives: a tuple in the order of `info.wrt`, or a dict like `params`."""
        name = self._gradient_name("_value_and_grad", "vjp")
        return cast("tuple[float, Gradients]", self.model.run(name, self.bind(*arguments, **keywords)))

    def grad(self, *arguments: object, **keywords: object) -> Gradients:
        """The derivatives alone, as `value_and_grad` gives them."""
        return self.value_and_grad(*arguments, **keywords)[1]

    def vjp(self, *arguments: object, **keywords: object) -> tuple[Result, Gradients]:
        """For array or several results: the value, and the derivatives of sum(adjoint * result).

        The last arguments are the adjoints, one per result, each of its result's shape.
        """
        name = self._gradient_name("_vjp", "value_and_grad")
        count = len(self.info.results)
        if len(arguments) < count:
            raise DataError(f"{self.info.name}.vjp: expected one adjoint per result after the arguments")
        sizes = Sizes()
        bound = bind(self.info, self.model.parameters, arguments[:-count], keywords, sizes)
        names = ["adjoint"] if count == 1 else [f"adjoint {i + 1}" for i in range(count)]
        adjoints = [
            convert(value, shape, "float", label, sizes)
            for value, shape, label in zip(arguments[-count:], self.info.results, names, strict=True)
        ]
        return cast("tuple[Result, Gradients]", self.model.run(name, in_signature_order(self.info, bound, adjoints)))

    def verify(self, *, time_limit: float = math.inf, seed: int = 0) -> Report:
        """Whether the emitted text of this function is what the model says, and its derivatives."""
        return self.model.verify([self.info.name], time_limit=time_limit, seed=seed)

    def bind(self, *arguments: object, **keywords: object) -> list[object]:
        """The arguments, checked and converted, in the order of the emitted function. Errors: DataError."""
        return bind(self.info, self.model.parameters, arguments, keywords, Sizes())

    @property
    def source(self) -> str:
        """The emitted text of the function itself."""
        return self.model.text_of(self.info.emitted_name)

    @property
    def backward_source(self) -> str:
        """The emitted text of the function that computes value and derivatives."""
        return self.model.text_of(self._gradient_name("", ""))

    @property
    def signature(self) -> str:
        """`loss(params, X[n, 2], y[n], alpha=0.0001) -> float`."""
        inputs = ["params"] if self.info.parameters else []
        inputs += [_argument_text(argument) for argument in self.info.arguments]
        results = [f"float{spelled(shape)}" if shape else "float" for shape in self.info.results]
        result = results[0] if len(results) == 1 else f"({', '.join(results)})"
        return f"{self.info.name}({', '.join(inputs)}) -> {result}"

    @property
    def __signature__(self) -> inspect.Signature:
        import inspect  # slow to import, and only editors and help() ask

        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        inputs = [inspect.Parameter("params", kind)] if self.info.parameters else []
        for argument in self.info.arguments:
            default = inspect.Parameter.empty if argument.default is None else argument.default
            inputs.append(inspect.Parameter(argument.name, kind, default=default))
        return inspect.Signature(inputs)

    def __repr__(self) -> str:
        return f"<Function {self.signature}>"

    def _gradient_name(self, suffix: str, other: str) -> str:
        name = self.info.gradient_name
        if name is None:
            raise DataError(
                f"{self.info.name} has no derivative: no float input reaches its result by operations that have one"
            )
        if not name.endswith(suffix):
            many = "several results" if len(self.info.results) > 1 else "one scalar result"
            what = "an array result" if other == "vjp" and len(self.info.results) == 1 else many
            raise DataError(f"{self.info.name} has {what}; use .{other}(...)")
        return name


def initial(function: Function, seed: int, given: Mapping[str, object]) -> Params:
    """Fresh parameters for a function; sizes that the file leaves free are read off the `given` arguments."""
    sizes = Sizes()
    for argument in function.info.arguments:
        if argument.name in given:
            convert(given[argument.name], argument.shape, argument.dtype, argument.name, sizes)
    known = {name: sizes.value(name) for name in function.model.free_sizes}
    return function.model.init(seed, **{name: size for name, size in known.items() if size is not None})


def gradients_by_name(function: Function, gradients: Gradients) -> dict[str, Nested]:
    """Each derivative under the name of its argument or parameter."""
    if isinstance(gradients, dict):
        return gradients
    named: dict[str, Nested] = {}
    for name, gradient in zip(function.info.wrt, gradients, strict=True):
        named |= gradient if isinstance(gradient, dict) else {name: gradient}
    return named


def _argument_text(argument: ArgumentInfo) -> str:
    text = name_and_shape(argument.name, argument.shape)
    text += ": int" if argument.dtype == "int" else ""
    return text if argument.default is None else f"{text}={argument.default!r}"
