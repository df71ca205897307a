"""A native library that runs: its functions by their emitted names, each a callable of the extension (`caller.c`).

A callable takes what `Function` takes, checks it, and returns what emitted Python returns. What it does not take at
once comes here, through `conversion`, with the messages of emitted Python.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, cast

from msgspec import Struct

from mgc.compiler.module import Entry, FunctionInfo, Module
from mgc.compiler.options import Precision
from mgc.grammar.diagnostics import DataError, Diagnostic, ModelError, printable
from mgc.grammar.tree import Span
from mgc.runtime import audit
from mgc.runtime.arguments import Open, Params, adjoint_names, bind, with_adjoints
from mgc.runtime.conversion import Sizes, listed
from mgc.runtime.native.arrays import fitting
from mgc.runtime.native.caller import Caller

if TYPE_CHECKING:
    from mgc.runtime.model import Model

MESSAGES = {1: "index out of range", 2: "division by zero", 3: "an integer does not fit 64 bits"}
REQUIRED = 4  # the status of arguments that are not as the model requires
KINDS: Mapping[Precision, str] = {"float64": "d", "float32": "f"}  # as buffers, `array` and `struct` call them
Native = Callable[..., object]


class Called(Struct, frozen=True):
    """One entry of a library: what is known of it, of its function, and where its inputs come from."""

    entry: Entry
    info: FunctionInfo
    number: int

    @property
    def is_derivative(self) -> bool:
        return self.entry.name == self.info.gradient_name

    def place(self, role: str) -> list[int]:
        """The inputs of a role, in order."""
        return [place for place, one in enumerate(self.entry.inputs) if one.role == role]

    def arguments(self) -> list[tuple[str, int]]:
        """The arguments as a caller orders them, and which inputs they are."""
        at = {self.entry.inputs[place].name: place for place in self.place("argument")}
        return [(sys.intern(argument.name), at[argument.name]) for argument in self.info.arguments]

    def in_order(self, bound: Sequence[object], adjoints: Sequence[object]) -> list[object]:
        """The inputs: `bound` has the parameters first, where there are any, and then the arguments."""
        found: list[object] = [None] * len(self.entry.inputs)
        for place in self.place("parameter"):
            name = self.entry.inputs[place].name
            found[place] = cast("Params", bound[0])[name] if isinstance(bound[0], Mapping) else bound[0]
        for (_, place), value in zip(self.arguments(), bound[bool(self.info.parameters) :], strict=True):
            found[place] = value
        for place, value in zip(self.place("adjoint"), adjoints, strict=True):
            found[place] = value
        return found

    def as_emitted(self, inputs: Sequence[object]) -> list[object]:
        """Inputs as the emitted Python takes them: parameters in a dictionary."""
        parameters = {self.entry.inputs[place].name: inputs[place] for place in self.place("parameter")}
        others = [value for value, one in zip(inputs, self.entry.inputs, strict=True) if one.role != "parameter"]
        return [parameters, *others] if parameters else others


class NativeCode:
    """The functions of one library."""

    def __init__(
        self, module: Module, caller: Caller, handle: int, source: str, path: str, twin: Callable[[], Model] | None
    ) -> None:
        """`source` and `path` are the model's; `twin` makes emitted Python of it, which says more of what fails."""
        self._module, self._caller, self._handle, self._path = module, caller, handle, path
        self._source = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self._twin = twin
        self.fitting = partial(fitting, real=module.options.dtype)
        self._declared = frozenset(parameter.name for parameter in module.parameters)
        infos = {name: info for info in module.functions for name in (info.emitted_name, info.gradient_name)}
        self._called = {entry.name: Called(entry, infos[entry.name], at) for at, entry in enumerate(module.entries)}
        self._functions = {name: self._function(called, None) for name, called in self._called.items()}
        self._start: dict[str, object] = {}

    def function(self, name: str) -> Native:
        """The callable of an emitted name."""
        return self._functions[name]

    def bound(self, name: str, fixed: Sequence[object]) -> Native:
        """The callable with some of its arguments fixed; `Open` stands where each call passes one."""
        called = self._called[name]
        adjoints = [Open(said) for said in adjoint_names(called.info)] if called.place("adjoint") else []
        return self._function(called, called.in_order(fixed, adjoints), fixed)

    def descending(self, name: str, parameters: Params) -> Native | None:
        """What takes steps by a derivative (`descend` in `caller.c`).

        None through ctypes, and where the parameters are not those of the function, in order, or it is not by all.
        """
        called = self._called[name]
        own = called.place("parameter")
        names = [called.entry.inputs[place].name for place in own]
        if names != list(parameters) or own != sorted(called.entry.gradients):
            return None
        open_names = [Open(argument.name) for argument in called.info.arguments]
        function = self._function(called, called.in_order([parameters, *open_names], ()), [parameters, *open_names])
        return getattr(function, "descend", None)

    def run(self, name: str, arguments: Sequence[object], keywords: Mapping[str, object] | None = None) -> object:
        """Call a function on checked arguments, in the order of the emitted Python. Errors: ModelError, DataError."""
        if name == "init_params":
            return cast("Native", self._initial()[name])(*arguments, **(keywords or {}))
        called = self._called[name]
        if called.place("adjoint"):
            return self._functions[name](*_as_called(called.info, arguments))
        return self._functions[name](*arguments)

    def _initial(self) -> dict[str, object]:
        if not self._start:
            self._start = audit.run(self._module.init, f"<mgc {self._path}>").namespace
        return self._start

    def _function(self, called: Called, held: list[object] | None, fixed: Sequence[object] = ()) -> Native:
        entry, info = called.entry, called.info
        is_open = [held is None or isinstance(value, Open) for value in held or entry.inputs]
        order = [one for one in called.arguments() if is_open[one[1]]]
        defaults = {argument.name: _default(argument.default, argument.dtype) for argument in info.arguments}
        groups, at = _groups(called)
        return self._caller.function(
            self._handle,
            called.number,
            entry.loops,
            len(entry.places) - len(entry.gradients),
            "".join("i" if one.dtype == "int" else KINDS[self._module.options.dtype] for one in entry.inputs).encode(),
            bytes([one.axes for one in entry.inputs]),
            bytes(entry.places),
            tuple([tuple([index for pair in shown for index in pair]) for shown in entry.sizes]),
            tuple([entry.inputs[place].name for place in called.place("parameter")]),
            self._declared,
            tuple([name for name, _ in order]) if held is None else (),  # what is bound is called by position
            _numbers([place for _, place in order]),
            _numbers(called.place("adjoint")),
            tuple([defaults.get(one.name) if one.role == "argument" else None for one in entry.inputs]),
            _numbers(entry.gradients),
            _numbers(at),
            groups,
            None if held is None else tuple([None if isinstance(value, Open) else value for value in held]),
            self._checked(called) if held is None else self._filled(called, fixed),
            self._failing(called, held),
            DataError,
            KINDS[self._module.options.dtype].encode(),
        )

    def _checked(self, called: Called) -> Callable[..., tuple[object, ...]]:
        """What makes inputs that fit, of arguments that do not at once. Errors: DataError."""
        info, takes_out = called.info, any(argument.name == "out" for argument in called.info.arguments)

        def checked(*arguments: object, **keywords: object) -> tuple[object, ...]:
            if not takes_out:
                keywords.pop("out", None)
            seeds: Sequence[object] = ()
            if called.place("adjoint"):
                arguments, seeds = (tuple(part) for part in with_adjoints(info, arguments, keywords))
            sizes = Sizes()
            bound = bind(info, self._module.parameters, arguments, keywords, sizes, self.fitting)
            adjoints = [
                self.fitting(value, shape, "float", label, sizes)
                for value, shape, label in zip(
                    seeds, info.results if seeds else (), adjoint_names(info) if seeds else (), strict=True
                )
            ]
            return tuple(called.in_order(bound, adjoints))

        return checked

    def _filled(self, called: Called, fixed: Sequence[object]) -> Callable[..., tuple[object, ...]]:
        """The same for a function of which some arguments are fixed."""
        checked = self._checked(called)
        open_names = [value.name for value in fixed if isinstance(value, Open)]
        seeds = adjoint_names(called.info) if called.place("adjoint") else []

        def filled(*arguments: object, **keywords: object) -> tuple[object, ...]:
            named = [f"{printable(name)}=" for name in keywords if name != "out"]
            if named or len(arguments) != len(open_names) + len(seeds):
                wanted = ", ".join([*open_names, *seeds]) or "nothing"
                given = f"by position, found {', '.join(named)}" if named else f"found {len(arguments)} arguments"
                raise DataError(f"{called.info.name}: expected {wanted}{' ' if named else ', '}{given}")
            rest = iter(arguments)
            return checked(*[next(rest) if isinstance(value, Open) else value for value in fixed], *rest)

        return filled

    def _failing(self, called: Called, held: Sequence[object] | None) -> Callable[[int, int, Sequence[object]], None]:
        """What raises an error for a status and the inputs: what emitted Python says, which knows names and values."""

        def failing(line: int, error: int, inputs: Sequence[object]) -> None:
            if self._twin is not None:
                whole = [one if one is not None else kept for one, kept in zip(inputs, held or inputs, strict=True)]
                self._twin().run(called.entry.name, called.as_emitted([listed(one) for one in whole]))
            self._failed(called.info, line, error)

        return failing

    def _failed(self, info: FunctionInfo, line: int, error: int) -> None:
        """Raise what a status says. Errors: ModelError; DataError for arguments that are not as required."""
        if error == REQUIRED:
            said = " and ".join([text for place, text in info.required if place == line])
            file = PurePosixPath(self._path).name
            raise DataError(printable(f"{info.name} of {file}, line {line}: requires {said}"))
        source = self._source[line - 1] if 0 < line <= len(self._source) else ""
        column = len(source) - len(source.lstrip()) + 1
        span = Span(line, column, line, max(column + 1, len(source.split("#")[0].rstrip()) + 1))
        raise ModelError(Diagnostic(MESSAGES[error], self._path, source, span))


def _as_called(info: FunctionInfo, arguments: Sequence[object]) -> list[object]:
    """Arguments of an emitted `_vjp` in the order of a call: those with defaults stand before the adjoints."""
    optional = sum(argument.default is not None for argument in info.arguments)
    end = len(arguments) - optional
    required, adjoints = arguments[: end - len(info.results)], arguments[end - len(info.results) : end]
    given = iter((*required[bool(info.parameters) :],))
    rest = iter(arguments[end:])
    ordered = [next(given if argument.default is None else rest) for argument in info.arguments]
    return [*required[: bool(info.parameters)], *ordered, *adjoints]


def _default(value: float | None, dtype: str) -> float | int | None:
    return value if value is None else int(value) if dtype == "int" else float(value)


def _numbers(values: Sequence[int]) -> bytes:
    """Numbers as C has them in an array of Py_ssize_t."""
    return struct.pack(f"{len(values)}n", *values)


def _groups(called: Called) -> tuple[int, tuple[int, ...]]:
    """How many derivatives a tuple of them has (-1: they are a dictionary), and the place of each in it."""
    wrt = called.info.wrt
    inputs = [called.entry.inputs[place] for place in called.entry.gradients]
    at = tuple([wrt.index("params" if one.role == "parameter" else one.name) for one in inputs])
    return -1 if wrt == ("params",) else len(wrt), at
