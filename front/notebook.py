"""`%load_ext mgc` in a notebook: a cell that begins with `%%mg NAME` is a model."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from typing import Protocol

from mgc.grammar.diagnostics import DataError, ModelError
from mgc.runtime.load import loads
from mgc.runtime.model import Model


class Shell(Protocol):
    """IPython's shell, as far as it is used."""

    user_ns: dict[str, object]

    def register_magic_function(self, func: Callable[..., object], magic_kind: str, magic_name: str) -> None: ...


def load_ipython_extension(shell: Shell) -> None:
    """Give the shell `%%mg NAME`, which compiles its cell and binds the model to NAME, to `model` without one."""

    def mg(line: str, cell: str) -> Model | None:
        words = shlex.split(line) or ["model"]
        if len(words) != 1 or not words[0].isidentifier():
            raise DataError(f"%%mg takes one name, as in %%mg model; found {line!r}")
        try:
            model = loads(cell, words[0])
        except ModelError as error:  # the message has the line and a caret; a traceback would hide it
            print(error)
            return None
        shell.user_ns[words[0]] = model
        return model

    shell.register_magic_function(mg, "cell", "mg")
