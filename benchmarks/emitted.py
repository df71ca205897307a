"""Emitted code as a person uses it: a model file -> the Python that mgc writes, imported from a file."""

from __future__ import annotations

import importlib.util
import itertools
import tempfile
from pathlib import Path
from types import ModuleType

from mgc.compiler.options import Options
from mgc.compiler.pipeline import compile_source

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"

_numbers = itertools.count()


def import_example(name: str, options: Options) -> ModuleType:
    """The module that `examples/NAME.mg` compiles to."""
    path = EXAMPLES / f"{name}.mg"
    return import_text(compile_source(path.read_text(encoding="utf-8"), str(path), options).text)


def import_text(text: str) -> ModuleType:
    """The module with this source text."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"emitted_{next(_numbers)}.py"
        path.write_text(text, encoding="utf-8")
        spec = importlib.util.spec_from_file_location(path.stem, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module
