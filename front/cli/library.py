"""`mgc compile --target native`: a model -> a shared library, its header, and Python that loads it."""

from __future__ import annotations

import json
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from mgc.cli.options import read_model, reader
from mgc.cli.output import echo_warnings
from mgc.cli.targets import check_target
from mgc.compiler.emit.interface import escape
from mgc.compiler.toolchain.compilers import build, compiler
from mgc.grammar.diagnostics import DataError, printable
from mgc.runtime.files import read_regular
from mgc.runtime.native.description import SYMBOL
from mgc.runtime.native.model import C_FLAGS, c_text

if TYPE_CHECKING:
    from mgc.compiler.module import Module
    from mgc.compiler.options import Options

LARGEST = 2**30  # bytes of a library that is looked at before it is overwritten


def library(file: str, options: Options, output: str | None, force: bool) -> tuple[bytes, dict[str, str]]:
    """NAME.so, and the texts of NAME.h and NAME_native.py by their paths. Errors: DataError, ModelError."""
    if output is None or not output.endswith(".so"):
        raise DataError("a library is called NAME.so: add -o NAME.so; NAME.h and NAME_native.py go with it")
    text, name = read_model(file)
    module, written = c_text(text, name, options, reader(file))
    echo_warnings(module)
    target = Path(output)
    header, python = target.with_suffix(".h"), target.with_name(f"{target.stem}_native.py")
    check_target(output, force, (file,), partial(_no_library, name))
    with tempfile.TemporaryDirectory() as folder:
        build(compiler(), written, Path(folder, "out.so"), C_FLAGS)
        content = Path(folder, "out.so").read_bytes()
    return content, {str(header): str(module.header), str(python): _stub(module, target, name)}


def _stub(module: Module, library: Path, path: str) -> str:
    """Python with the names of emitted Python, which are native functions."""
    said = escape(Path(path).name)
    lines = [
        f'"""{said}, compiled to native code: the functions of {library.name}, which lies beside this file."""',
        "",
        "from pathlib import Path",
        "",
        "import mgc",
        "",
        f"_model = mgc.open_library(Path(__file__).with_name({json.dumps(library.name)}))",
        *([] if module.options.dtype == "float64" else [f'dtype = "{module.options.dtype}"  # of its numbers']),
        *(["init_params = _model.init"] if module.parameters else []),
    ]
    for info in module.functions:
        lines.append(f"{info.emitted_name} = _model[{json.dumps(info.name)}]")
        if info.gradient_name is not None:
            kind = "value_and_grad" if info.results == ((),) else "vjp"
            lines.append(f"{info.gradient_name} = {info.emitted_name}.{kind}")
    return "\n".join([*lines, ""])


def _no_library(model: str, target: Path) -> str | None:
    content = read_regular(target, LARGEST)
    if SYMBOL.encode() in content and json.dumps(model).encode() in content:
        return None
    return f"{printable(str(target))} exists and is no library of this model"
