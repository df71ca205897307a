"""A traced function with the branches that it took: compiled, it raises where its arguments take another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

from msgspec import Struct

from mgc.grammar.diagnostics import DataError
from mgc.runtime.conversion import Nested, flat
from mgc.runtime.model import Model

if TYPE_CHECKING:
    from mgc.compiler.options import Options


class Branch(Struct, frozen=True):
    """What a comparison gave while the function was traced, and the line of Python that made it."""

    outcome: bool
    where: str


class TracedModel(Model):
    """A model of a function, `name`, and where it has branches of `name_branches`: for each comparison 1 or 0."""

    def __init__(self, text: str, name: str, branches: Sequence[Branch], options: Options) -> None:
        """branches: in the order of the results of `name_branches`. Errors: ModelError."""
        from mgc.compiler.pipeline import compile_source

        super().__init__(compile_source(text, f"<{name}>", options, None), text, f"<{name}>", options)
        self._made = text, name, tuple(branches), options

    def __reduce__(self) -> tuple[object, ...]:
        return TracedModel, self._made

    def run(
        self, emitted_name: str, arguments: Sequence[object], keywords: Mapping[str, object] | None = None
    ) -> object:
        """As `Model.run`. Errors: DataError where the traced function would take a branch that it did not take."""
        self.check_branches(emitted_name, arguments)
        return super().run(emitted_name, arguments, keywords)

    def check_branches(self, emitted_name: str, arguments: Sequence[object]) -> None:
        """Errors: DataError, as `run`."""
        _, name, branches, _ = self._made
        info = self[name].info
        if branches and emitted_name in (info.emitted_name, info.gradient_name):
            found = super().run(self[f"{name}_branches"].info.emitted_name, arguments[: len(info.arguments)])
            _check(name, branches, cast("Nested | tuple[Nested, ...]", found))


def _check(name: str, branches: Sequence[Branch], found: Nested | tuple[Nested, ...]) -> None:
    results = found if isinstance(found, tuple) else (found,)
    outcomes = (outcome for result in results for outcome in flat(result))
    for branch, outcome in zip(branches, outcomes, strict=True):
        if bool(outcome) != branch.outcome:
            was = f"a comparison was {branch.outcome} where {name} was traced, and is {not branch.outcome} here"
            raise DataError(f"{branch.where}: {was}; trace it with arguments that take this branch")
