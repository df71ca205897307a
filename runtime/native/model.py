"""Model files -> native models: what was built before is loaded, else the text is compiled to C and that is built.

A native model has the functions of `runtime.model`, with infinities and NaN as `--ieee` has them. Where an argument is
a NumPy array, its derivative is one, and so are the results; `out=` names arrays to write to.
"""

from __future__ import annotations

import functools
import hashlib
import importlib
import json
import math
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from msgspec.structs import replace

from mgc.compiler.toolchain.compilers import NoNative, build, compiler
from mgc.grammar.diagnostics import DataError, printable
from mgc.runtime.arguments import Gradients, Params, Result, bind_some, derivative_name
from mgc.runtime.conversion import listed
from mgc.runtime.model import Function, Model, compiled
from mgc.runtime.native import arrays, cache, description
from mgc.runtime.native.bound import NativeBound
from mgc.runtime.native.caller import caller
from mgc.runtime.native.code import NativeCode

if TYPE_CHECKING:
    from mgc.compiler.language.program import ReadFile
    from mgc.compiler.module import FunctionInfo, Module
    from mgc.compiler.options import Options, Style, Target
    from mgc.compiler.verify.report.report import Report
    from mgc.runtime.code import Code
    from mgc.runtime.native.descent import Descent

Import = tuple[str, str]  # the importing file, and what its import says
C_FLAGS = ("-std=c99",)
MOST = 1000  # inputs, and places for results: a pointer to each lies on the stack
PACKAGES = ("mgc.grammar", "mgc.compiler", "mgc.runtime.native")


def native_model(text: str | bytes, path: str, options: Options, read: ReadFile | None) -> NativeModel:
    """The model of a text, built where it was not before. Errors: ModelError; NoNative where none can be built."""
    said = re.sub(r"[^A-Za-z0-9_]", "_", Path(path).stem)[:40]
    key = f"{said}-{_digest((_version(), text, path, repr(options), compiler().identity()))}"
    library = cache.find(_name(key, _imports(key), read)) or _built(key, text, path, options, read)
    handle, about = _opened(library)
    source = text.decode("utf-8-sig", errors="replace") if isinstance(text, bytes) else text
    return NativeModel(about.module, handle, source, path, options, read)


def open_library(path: str | os.PathLike[str]) -> NativeModel:
    """The model in a library that `mgc compile --target native` wrote: it runs as machine code, so trust it as such.

    Errors: DataError for a file that is none.
    """
    handle, said = _opened(Path(path).resolve())
    return NativeModel(said.module, handle, "", said.path, None, None)


def c_text(text: str | bytes, path: str, options: Options, read: ReadFile | None) -> tuple[Module, str]:
    """The module, and the C of a library that says what is in it. Errors: ModelError, NoNative (too many inputs)."""
    from mgc.compiler.pipeline import compile_source  # slow to import, and what was built before has no need of it

    module = compile_source(text, path, replace(options, target="c", entries=True, lanes=True), read)
    for entry in module.entries:
        if max(len(entry.inputs), len(entry.places)) > MOST:
            raise NoNative(f"{entry.name} has more than {MOST} inputs: native code takes no more")
    return module, module.text + description.written(module, path)


class NativeModel(Model):
    """A model whose functions are machine code. What looks into emitted Python looks into that of the same text."""

    def __init__(
        self, module: Module, handle: int, text: str, path: str, options: Options | None, read: ReadFile | None
    ) -> None:
        """`options`: None for a library without the model's text, which no Python is emitted for."""
        self.module = module
        self._text, self._path, self._options, self._read = text, path, options, read
        twin = None if options is None else functools.cache(lambda: self._emitted(ieee=True))
        self.native = NativeCode(module, caller(), handle, text, path, twin)
        self._have(NativeFunction(self, info) for info in module.functions)

    def __reduce__(self) -> tuple[object, ...]:
        if self._options is None:
            raise TypeError("a model from a library is not pickled: open the library where it is needed")
        return native_model, (self._text, self._path, self._options, self._read)

    @property
    def runs_as(self) -> str:  # type: ignore[override]
        single = "" if self.module.options.dtype == "float64" else f" in {self.module.options.dtype}"
        return f"native code{single}, built by {compiler().name}"

    @property
    def source(self) -> str:
        """The emitted C, whole. Errors: DataError for a model from a library, which has no texts."""
        self._texts()
        return c_text(self._text, self._path, self._chosen, self._read)[0].text

    @functools.cached_property
    def emitted(self) -> Model:
        """The same model as emitted Python. Errors: DataError for a model from a library."""
        return self._emitted(self._chosen.ieee)

    @functools.cached_property
    def code(self) -> Code:  # type: ignore[override]
        return self.emitted.code

    def run(
        self, emitted_name: str, arguments: Sequence[object], keywords: Mapping[str, object] | None = None
    ) -> object:
        return self.native.run(emitted_name, arguments, keywords)

    def text_of(self, emitted_name: str) -> str:
        """The text of one emitted C function."""
        blocks = self.source.split("\n\n")
        return next(block for block in blocks if f" {emitted_name}(" in block.partition("{")[0]) + "\n"

    def python(self) -> Module:
        return self.emitted.module

    def tell(self, emitted_name: str, arguments: Sequence[object]) -> None:
        found = self.emitted.run(emitted_name, [listed(argument) for argument in arguments])
        value = found[0] if isinstance(found, tuple) else found
        if self.module.options.dtype != "float64" and isinstance(value, float) and math.isfinite(value):
            raise DataError(
                f"a number is too large for {self.module.options.dtype}; in float64 the value is {value:.6g}"
            )

    def packed(self, arguments: Sequence[object]) -> Sequence[object]:
        """As NumPy arrays, where NumPy is installed."""
        return [arrays.packed(argument, self.module.options.dtype) for argument in arguments]

    def descent(self, loss: FunctionInfo, parameters: Params) -> Descent | None:
        """What takes several steps in one call; None where Python is to take each."""
        call = self.native.descending(str(loss.gradient_name), parameters)
        try:
            from mgc.runtime.native.descent import Descent  # which needs NumPy
        except ImportError:
            return None
        return None if call is None else Descent(call, parameters, self.module.options.dtype)

    def retold(self, style: Style, functions: tuple[str, ...], each_number: bool = False) -> Model:
        return self.emitted.retold(style, functions, each_number)

    def verify(
        self,
        functions: str | Sequence[str] = (),
        *,
        time_limit: float = math.inf,
        seed: int = 0,
        target: Target = "c",
    ) -> Report:
        """What emitted Python is held to, and the C beside it; see `Model.verify`. Errors: DataError for float32."""
        if target == "c" and self.module.options.dtype != "float64":
            raise DataError(
                "verify holds C to Python's numbers, which are float64: it is for a model without dtype='float32' "
                "(target='python' verifies what both are made from)"
            )
        emitted = self._emitted(self._chosen.ieee, lanes=True)
        return emitted.verify(functions, time_limit=time_limit, seed=seed, target=target)

    def _emitted(self, ieee: bool, lanes: bool = False) -> Model:
        self._texts()
        options = replace(self._chosen, target="python", dtype="float64", entries=False, ieee=ieee, lanes=lanes)
        return compiled(self._text, self._path, options, self._read)

    def _texts(self) -> None:
        if self._options is None:
            raise DataError(f"{printable(self._path)} was opened as a library, which has no texts")


class NativeFunction(Function):
    """A function that is machine code; `value_and_grad` or `vjp` is an attribute, which is called at once."""

    model: NativeModel

    def __init__(self, model: NativeModel, info: FunctionInfo) -> None:
        super().__init__(model, info)
        self._value = model.native.function(info.emitted_name)
        if info.gradient_name is not None:
            derivative = model.native.function(info.gradient_name)
            vars(self)["value_and_grad" if info.results == ((),) else "vjp"] = derivative

    def __call__(self, /, *arguments: object, **keywords: object) -> Result:
        """The value; see `Function`. `out`: where array results go. Errors: DataError, ModelError."""
        return cast("Result", self._value(*arguments, **keywords))

    def value_and_grad(self, /, *arguments: object, **keywords: object) -> tuple[float, Gradients]:
        """What a function without it says: an attribute stands for this where there is one. Errors: DataError."""
        raise AssertionError(derivative_name(self.info, "value_and_grad"))

    def vjp(self, /, *arguments: object, **keywords: object) -> tuple[Result, Gradients]:
        """What a function without it says: an attribute stands for this where there is one. Errors: DataError."""
        raise AssertionError(derivative_name(self.info, "vjp"))

    def bind(  # type: ignore[override]  # it has the methods of a Bound
        self, /, *unnamed: object, **arguments: object
    ) -> NativeBound:
        """The function with these arguments fixed: checked, converted and copied once. Errors: DataError."""
        if unnamed:
            super().bind(*unnamed)  # which says so
        fixed = [
            arrays.copied(one)
            for one in bind_some(self.info, self.model.parameters, arguments, self.model.native.fitting)
        ]
        return NativeBound(self.model.native, self.info, fixed)


def _opened(library: Path) -> tuple[int, description.Description]:
    """Its handle, and what it says of itself. Errors: NoNative."""
    try:
        handle = caller().library(str(library))
        return handle, description.read(caller().text(handle))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NoNative(f"cannot load {printable(str(library))}: {printable(str(error))}") from None


def _built(key: str, text: str | bytes, path: str, options: Options, read: ReadFile | None) -> Path:
    """The library, compiled and built; the cache learns what the model imports. Errors: ModelError, NoNative."""
    imports: list[Import] = []

    def reading(importer: str, name: str) -> tuple[str, bytes]:
        assert read is not None
        found = read(importer, name)
        imports.append((importer, name))
        return found

    _, written = c_text(text, path, options, None if read is None else reading)
    if imports:
        cache.written(f"{key}.json", lambda out: _write(out, imports))
    name = _name(key, imports, read)
    return cache.kept(name, lambda out: build(compiler(), written, out, C_FLAGS))


def _write(out: Path, imports: Sequence[Import]) -> None:
    out.write_text(json.dumps(imports), "utf-8")


def _imports(key: str) -> list[Import]:
    """What a model imported when it was built last."""
    found = cache.find(f"{key}.json")
    return [] if found is None else [(importer, name) for importer, name in json.loads(cache.content(found))]


def _name(key: str, imports: Sequence[Import], read: ReadFile | None) -> str:
    """The name of a library in the cache, by all that decides what is in it."""
    try:
        found = [read(*one) for one in imports] if read is not None else []
    except OSError:
        return f"{key}-absent.so"  # there is none: that a file is missing is told where it is imported
    return f"{key}{f'-{_digest(found)[:16]}' if imports else ''}.so"


def _digest(said: object) -> str:
    return hashlib.sha256(repr(said).encode("utf-8", "surrogatepass")).hexdigest()


def _version() -> list[tuple[str, int, int]]:
    """What tells this mgc from another, an edited one too: every file that decides what is built."""
    found, folders = [], [importlib.import_module(package).__path__[0] for package in PACKAGES]
    for folder in folders:  # grows while it is walked
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir():
                    folders += [entry.path] if entry.name != "__pycache__" else []
                else:
                    state = entry.stat()
                    found.append((entry.name, state.st_size, state.st_mtime_ns))
    return sorted(found)
