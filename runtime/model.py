"""Compiled text -> what a person calls: `Model` holds the compiled functions, `Function` checks and runs one."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, cast

from msgspec.structs import replace

from mgc.grammar.diagnostics import DataError, did_you_mean, printable
from mgc.runtime import arguments
from mgc.runtime.arguments import (
    Gradients,
    Open,
    Params,
    Result,
    adjoint_names,
    bind,
    bind_some,
    derivative_name,
    in_signature_order,
    is_one_number,
    name_and_shape,
    with_adjoints,
)
from mgc.runtime.bound import Bound
from mgc.runtime.conversion import Nested, Sizes, convert, spelled
from mgc.runtime.foreign import ForeignFunction, ForeignModel
from mgc.runtime.see.seen import SeenFunction, SeenModel

if TYPE_CHECKING:
    import inspect

    from mgc.compiler.language.program import ReadFile
    from mgc.compiler.module import ArgumentInfo, FunctionInfo, Module, ParameterInfo
    from mgc.compiler.options import Options, Style, Target
    from mgc.compiler.verify.report.report import Report
    from mgc.runtime.callable import Descent
    from mgc.runtime.verification import Source


def compiled(text: str | bytes, path: str, options: Options, read: ReadFile | None) -> Model:
    """The model of a text; `read` brings the files that it imports. Errors: ModelError, DataError."""
    from mgc.compiler.pipeline import compile_source  # the parser is loaded when first needed

    if options.target != "python":
        target = options.target
        raise DataError(f"target {target!r} does not run in the library; `mgc compile --target c` emits its text")
    if options.dtype != "float64":
        raise DataError(f"dtype {options.dtype!r} is for target 'native': Python's floats are float64")
    module = compile_source(text, path, options, read)
    return Model(module, text.decode("utf-8-sig") if isinstance(text, bytes) else text, path, options, read)


class Model(SeenModel, ForeignModel):
    """A compiled model file: each of its functions is an attribute (or an item: `model["init"]`)."""

    runs_as = "Python"  # in words, for people

    def __init__(
        self, module: Module, text: str, path: str, options: Options | None = None, read: ReadFile | None = None
    ) -> None:
        """Audit and run the emitted text. Errors: audit.AuditError where it is not what a printer emits."""
        from mgc.runtime.code import Code  # native code has no need of it

        self.module = module
        self._text, self._path, self._options, self._read = text, path, options, read
        self.code = Code(module, text, path)
        self._have(Function(self, info) for info in module.functions)

    def _have(self, functions: Iterable[Function]) -> None:
        """Have these functions, as attributes too, which are found at once where `__getattr__` takes a while."""
        self._functions = {function.info.name: function for function in functions}
        for name, function in self._functions.items():
            if not hasattr(type(self), name):
                vars(self).setdefault(name, function)

    def __reduce__(self) -> tuple[object, ...]:
        """A model is pickled as its text and its options, and compiled where it is read back: no code travels."""
        return compiled, (self._text, self._path, self._chosen, self._read)

    @property
    def functions(self) -> tuple[Function, ...]:
        """The compiled functions, in the order of the file."""
        return tuple(self._functions.values())

    @property
    def parameters(self) -> tuple[ParameterInfo, ...]:
        """The parameters of all functions: dotted names and shapes."""
        return self.module.parameters

    @property
    def text(self) -> str:
        """The model itself, as it was read."""
        return self._text

    @property
    def source(self) -> str:
        """The emitted Python, whole: a file that runs alone."""
        return self.module.text

    @property
    def emitted(self) -> Model:
        """The model that is emitted Python, for all that looks into its text: this one."""
        return self

    def retold(self, style: Style, functions: tuple[str, ...], each_number: bool = False) -> Model:
        """The same functions in another style; see `Options.each_number`."""
        options = replace(self._chosen, style=style, functions=functions, each_number=each_number)
        return compiled(self._text, self._path, options, self._read)

    @property
    def _chosen(self) -> Options:
        """The options that it was compiled with."""
        from mgc.compiler.options import DEFAULTS

        return self._options or DEFAULTS

    @property
    def path(self) -> str:
        """The name of the model file, as messages have it."""
        return self._path

    @property
    def model_text(self) -> str:
        """The text of the model file."""
        return self._text.replace("\r\n", "\n").replace("\r", "\n")

    @property
    def free_sizes(self) -> tuple[str, ...]:
        """The sizes that `init` needs as keyword arguments; usually none."""
        return self.module.sizes

    def init(self, seed: int = 0, **sizes: int) -> Params:
        """Fresh parameters by dotted name; `sizes` are those left free by the file (`model.init(n=8)`).

        Errors: DataError for other sizes, and for a negative seed, which Python takes for the positive one.
        """
        if seed < 0:
            raise DataError(f"init: a seed is 0 or more, not {seed}")
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
        return self.code.run(emitted_name, arguments, keywords)

    def python(self) -> Module:
        """The module that is emitted Python."""
        return self.module

    def tell(self, emitted_name: str, arguments: Sequence[object]) -> None:
        """Raise what emitted Python raises for these arguments, where that says more than a result that is not finite.

        Errors: ModelError, DataError.
        """

    def check_branches(self, emitted_name: str, arguments: Sequence[object]) -> None:
        """Raise where a traced function would take a branch that it did not take; a model's own text has them all.

        Errors: DataError.
        """

    def packed(self, arguments: Sequence[object]) -> Sequence[object]:
        """Checked arguments as `run` takes them fastest, again and again."""
        return arguments

    def descent(self, loss: FunctionInfo, parameters: Params) -> Descent | None:
        """What takes several steps of training in one call, where there is such a thing (`runtime.native.descent`)."""
        return None

    def verify(
        self,
        functions: str | Sequence[str] = (),
        *,
        time_limit: float = math.inf,
        seed: int = 0,
        target: Target = "python",
    ) -> Report:
        """Whether the emitted text is what the model says, and its derivatives; all functions by default.

        time_limit: seconds for each function, after which it is not checked.
        target: "c" emits the Python that computes as C does, verifies that, and compares the C with it, compiled.
        Errors: DataError for a name that the model lacks, another target, or a limit that is not above 0.
        """
        from mgc.compiler.options import TARGETS

        if target not in TARGETS:
            raise DataError(f"there is no target {target!r} to verify; targets: {', '.join(TARGETS)}")
        model, native = self, None
        if target == "c":
            from mgc.compiler.pipeline import compile_source  # the parser is loaded when first needed

            options = self._chosen
            native = compile_source(self._text, self._path, replace(options, target=target, ieee=False), self._read)
            model = compiled(self._text, self._path, replace(options, ieee=True), self._read)
        from mgc.runtime.verification import verify_model

        names = [functions] if isinstance(functions, str) else functions
        emitted = [self[name].info.emitted_name for name in names]
        return verify_model(model.module, self.origin, model.code.namespace, emitted, time_limit, seed, native)

    @property
    def origin(self) -> Source:
        """Where it comes from."""
        from mgc.runtime.verification import Source

        return Source(self._text, self._path, dict(self._options.constants) if self._options else {}, self._read)

    def text_of(self, emitted_name: str) -> str:
        """The text of one emitted function."""
        return self.code.text_of(emitted_name)

    def __getitem__(self, name: str) -> Function:
        try:
            return self._functions[name]
        except KeyError:
            hint = did_you_mean(name, self._functions) or f"it has: {', '.join(self._functions) or 'none'}"
            raise DataError(f"{printable(self._path)} has no function '{printable(name)}'; {hint}") from None

    def __getattr__(self, name: str) -> Function:
        hint = did_you_mean(name, vars(self).get("_functions", {}))
        raise AttributeError(f"no function or attribute '{name}'{'; ' + hint if hint else ''}", name=name, obj=self)

    def __repr__(self) -> str:
        lines = [f"<Model {printable(self._path)}"]
        lines += [f"  {function.signature}" for function in self.functions]
        if self.parameters:
            shown = ", ".join(name_and_shape(p.name, p.shape) for p in self.parameters[:6])
            more = f", … {len(self.parameters)} in all" if len(self.parameters) > 6 else ""
            lines.append(f"  parameters: {shown}{more}")
        return "\n".join(lines) + ">"


class Function(SeenFunction, ForeignFunction):
    """One compiled function of numbers, lists or anything with `.tolist()`; `params` first if it has any."""

    def __init__(self, model: Model, info: FunctionInfo) -> None:
        self.model = model
        self.info = info
        self.__name__ = info.name
        self.__doc__ = info.docstring

    def __reduce__(self) -> tuple[object, ...]:
        return operator.getitem, (self.model, self.info.name)

    def __call__(self, /, *arguments: object, **keywords: object) -> Result:
        """The value: a number, nested lists, or a tuple of them.

        Errors: DataError for arguments that do not fit, ModelError for arithmetic that fails.
        """
        return cast("Result", self.model.run(self.info.emitted_name, self.checked(*arguments, **keywords)))

    def value_and_grad(self, /, *arguments: object, **keywords: object) -> tuple[float, Gradients]:
        """The value and its derivatives: a tuple in the order of `info.wrt`, or a dict like `params`."""
        name = derivative_name(self.info, "value_and_grad")
        return cast("tuple[float, Gradients]", self.model.run(name, self.checked(*arguments, **keywords)))

    def grad(self, /, *arguments: object, **keywords: object) -> Gradients:
        """The derivatives alone, as `value_and_grad` gives them."""
        return self.value_and_grad(*arguments, **keywords)[1]

    def vjp(self, /, *arguments: object, **keywords: object) -> tuple[Result, Gradients]:
        """For array or several results: the value, and the derivatives of sum(adjoint * result).

        The last arguments are the adjoints, one per result, each of its result's shape.
        """
        name = derivative_name(self.info, "vjp")
        inputs, seeds = with_adjoints(self.info, arguments, keywords)
        sizes = Sizes()
        bound = bind(self.info, self.model.parameters, inputs, keywords, sizes)
        adjoints = [
            convert(value, shape, "float", label, sizes)
            for value, shape, label in zip(seeds, self.info.results, adjoint_names(self.info), strict=True)
        ]
        return cast("tuple[Result, Gradients]", self.model.run(name, in_signature_order(self.info, bound, adjoints)))

    def verify(self, *, time_limit: float = math.inf, seed: int = 0) -> Report:
        """Whether the emitted text of this function is what the model says, and its derivatives."""
        return self.model.verify([self.info.name], time_limit=time_limit, seed=seed)

    def bind(self, /, *unnamed: object, **arguments: object) -> Bound:
        """The function with these arguments (data, `params`) fixed: checked and converted once. Errors: DataError.

        What is not named here is passed at each call by position, and taken as it is:
        `loss = model.loss.bind(X=X, y=y)`, then `loss.value_and_grad(params)`.
        """
        if unnamed:
            names = [argument.name for argument in self.info.arguments] or ["params"]
            raise DataError(
                f"{self.info.name}.bind: arguments are given by name: {self.info.name}.bind({names[0]}=...)"
            )
        places = bind_some(self.info, self.model.parameters, arguments)
        adjoints = [] if is_one_number(self.info) else [Open(name) for name in adjoint_names(self.info)]
        derivative = in_signature_order(self.info, places, adjoints)
        return Bound(self.model.run, self.info, self.model.parameters, places, derivative)

    def checked(self, /, *arguments: object, **keywords: object) -> list[object]:
        """The arguments, checked and converted, in the order of the emitted function. Errors: DataError."""
        return bind(self.info, self.model.parameters, arguments, keywords, Sizes())

    def to_mg(self) -> str:
        """The text of the model that the function stands in."""
        return self.model.text

    @property
    def source(self) -> str:
        """The emitted text of the function itself."""
        return self.model.text_of(self.info.emitted_name)

    @property
    def backward_source(self) -> str:
        """The emitted text of the function that computes value and derivatives."""
        return self.model.text_of(derivative_name(self.info))

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


def gradients_by_name(function: Function, gradients: Gradients) -> dict[str, Nested]:
    """Each derivative under the name of its argument or parameter."""
    return arguments.gradients_by_name(function.info, gradients)


def _argument_text(argument: ArgumentInfo) -> str:
    text = name_and_shape(argument.name, argument.shape)
    text += ": int" if argument.dtype == "int" else ""
    return text if argument.default is None else f"{text}={argument.default!r}"
