"""What runtime modules ask of a compiled function and of its model, both of which are made above them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from mgc.runtime.see import subject

if TYPE_CHECKING:
    from mgc.compiler.module import FunctionInfo, Module
    from mgc.runtime.arguments import Gradients, Params, Result


Rule = tuple[int, float, float, float, float, float]  # of an optimiser, as `native/step.h` has it


class Model(subject.Model, Protocol):
    """`runtime.model.Model`, as far as it is trained."""

    @property
    def functions(self) -> Sequence[Function]: ...

    @property
    def free_sizes(self) -> tuple[str, ...]: ...

    def init(self, seed: int = 0, **sizes: int) -> Params: ...

    def python(self) -> Module: ...

    def tell(self, emitted_name: str, arguments: Sequence[object]) -> None: ...

    def packed(self, arguments: Sequence[object]) -> Sequence[object]: ...

    def descent(self, loss: FunctionInfo, parameters: Params) -> Descent | None: ...

    def __getitem__(self, name: str) -> Function: ...


class Descent(Protocol):
    """Steps of an optimiser, several in a call: `runtime.native.descent`."""

    def __call__(
        self, rule: Rule, groups: Sequence[Params], columns: Sequence[object], rates: Sequence[float], before: int
    ) -> tuple[list[float], list[Params]]: ...


class Function(subject.Function, Protocol):
    """`runtime.model.Function`, as far as it is called."""

    @property
    def model(self) -> Model: ...

    def __call__(self, /, *arguments: object, **keywords: object) -> Result: ...

    def value_and_grad(self, /, *arguments: object, **keywords: object) -> tuple[float, Gradients]: ...

    def vjp(self, /, *arguments: object, **keywords: object) -> tuple[Result, Gradients]: ...
