"""What a native library says of itself: what compiling gave -> JSON text inside the library, and back.

The library is then one file, and a cached one is called without a look at the model's text.
"""

from __future__ import annotations

import json
from typing import Any

from msgspec import Struct, to_builtins
from msgspec.structs import replace

from mgc.compiler.module import ArgumentInfo, Entry, FunctionInfo, InputInfo, Module, ParameterInfo
from mgc.compiler.options import DEFAULTS
from mgc.grammar.diagnostics import Diagnostic, Note
from mgc.grammar.tree import Span

SYMBOL = "mgc_about"
WIDTH = 100  # characters of a piece of a C string


class Description(Struct, frozen=True):
    """A module without its texts, and the file that it came from."""

    module: Module
    path: str


def written(module: Module, path: str) -> str:
    """The C that holds the description."""
    parts = {name: to_builtins(getattr(module, name)) for name in ("functions", "parameters", "entries", "warnings")}
    said = {"path": path, "sizes": module.sizes, "init": module.init, "dtype": module.options.dtype}
    text = json.dumps(said | parts, separators=(",", ":"))
    pieces = [text[start : start + WIDTH] for start in range(0, len(text), WIDTH)]
    return f"\nconst char {SYMBOL}[] =\n" + "\n".join([f'    "{_escaped(piece)}"' for piece in pieces]) + ";\n"


def read(text: str) -> Description:
    """The description that a library holds."""
    said = json.loads(text)
    module = Module(
        "",
        tuple([_function(one) for one in said["functions"]]),
        tuple([ParameterInfo(one["name"], tuple(one["shape"])) for one in said["parameters"]]),
        tuple(said["sizes"]),
        (),
        tuple([_diagnostic(one) for one in said["warnings"]]),
        entries=tuple([_entry(one) for one in said["entries"]]),
        init=said["init"],
        options=replace(DEFAULTS, target="c", dtype=said["dtype"]),
    )
    return Description(module, said["path"])


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("?", "\\?")


def _function(said: dict[str, Any]) -> FunctionInfo:
    arguments = tuple([ArgumentInfo(**{**one, "shape": tuple(one["shape"])}) for one in said["arguments"]])
    shapes = {name: tuple(map(tuple, said[name])) for name in ("results", "parameter_shapes")}
    names = {name: tuple(said[name]) for name in ("parameters", "wrt")}
    more = {"arguments": arguments, "span": Span(*said["span"]), "required": tuple(map(tuple, said["required"]))}
    return FunctionInfo(**{**said, **shapes, **names, **more})


def _entry(said: dict[str, Any]) -> Entry:
    return Entry(
        said["name"],
        tuple([InputInfo(**one) for one in said["inputs"]]),
        tuple([tuple([(place, axis) for place, axis in shown]) for shown in said["sizes"]]),
        tuple(said["places"]),
        tuple(said["gradients"]),
        said["loops"],
    )


def _diagnostic(said: dict[str, Any]) -> Diagnostic:
    notes = tuple([Note(**{**note, "span": Span(*note["span"])}) for note in said["notes"]])
    return Diagnostic(**{**said, "span": Span(*said["span"]), "notes": notes})
