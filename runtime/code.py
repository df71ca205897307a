"""Emitted text that runs: its functions by name, and their failures told in the model's terms."""

from __future__ import annotations

import linecache
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, cast

from mgc.grammar.diagnostics import printable
from mgc.runtime import audit, failures

if TYPE_CHECKING:
    from mgc.compiler.module import Module


class Code:
    """The emitted functions of one module, audited and executed."""

    def __init__(self, module: Module, source: str, path: str) -> None:
        """`source` and `path` are the model's. Errors: audit.AuditError where the text is not what a printer emits."""
        self._module, self._path = module, path
        self._emitted = module.text.splitlines()
        self._source = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self.filename = filename = f"<mgc {printable(path)}>"
        ran = audit.run(module.text, filename)
        self.namespace, self.lines = ran.namespace, ran.lines  # of each function the first and the last line
        linecache.cache[filename] = (len(module.text), None, module.text.splitlines(keepends=True), filename)

    def run(self, name: str, arguments: Sequence[object], keywords: Mapping[str, object] | None = None) -> object:
        """Call a function on checked arguments. Errors: ModelError and DataError, for arithmetic that fails."""
        return self.run_in(self.namespace, name, arguments, keywords)

    def run_in(
        self,
        namespace: dict[str, object],
        name: str,
        arguments: Sequence[object],
        keywords: Mapping[str, object] | None = None,
    ) -> object:
        """As `run`, in the names of another execution of the same lines."""
        function = cast("Callable[..., object]", namespace[name])
        try:
            return function(*arguments, **(keywords or {}))
        except failures.CAUGHT as error:
            told = failures.translated(error, namespace, self._module, self._emitted, self._source, self._path)
            if told is None:
                raise
            raise told from error

    def text_of(self, name: str) -> str:
        """The text of one function."""
        first, last = self.lines[name]
        return "\n".join(self._emitted[first - 1 : last]) + "\n"
