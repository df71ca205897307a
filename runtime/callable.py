"""What modules below `runtime.model` ask of a compiled function and of its model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from mgc.compiler.module import FunctionInfo, ParameterInfo
    from mgc.runtime.arguments import Gradients, Result


class Model(Protocol):
    """`runtime.model.Model`, as far as it is asked."""

    @property
    def source(self) -> str: ...

    @property
    def parameters(self) -> Sequence[ParameterInfo]: ...


class Function(Protocol):
    """`runtime.model.Function`, as far as it is called."""

    @property
    def info(self) -> FunctionInfo: ...

    @property
    def model(self) -> Model: ...

    def checked(self, /, *arguments: object, **keywords: object) -> list[object]: ...

    def __call__(self, /, *arguments: object, **keywords: object) -> Result: ...

    def value_and_grad(self, /, *arguments: object, **keywords: object) -> tuple[float, Gradients]: ...

    def vjp(self, /, *arguments: object, **keywords: object) -> tuple[Result, Gradients]: ...
