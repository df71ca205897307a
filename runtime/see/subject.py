"""What is seen: what these modules ask of a compiled function and of its model, which know how to show themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from mgc.compiler.module import FunctionInfo, Module, ParameterInfo
    from mgc.compiler.options import Style
    from mgc.runtime.code import Code


class Model(Protocol):
    """`runtime.model.Model`, as far as it is seen."""

    @property
    def module(self) -> Module: ...

    @property
    def code(self) -> Code: ...

    @property
    def source(self) -> str: ...

    @property
    def emitted(self) -> Model: ...

    @property
    def path(self) -> str: ...

    @property
    def model_text(self) -> str: ...

    @property
    def functions(self) -> Sequence[Function]: ...

    @property
    def parameters(self) -> Sequence[ParameterInfo]: ...

    def run(
        self, emitted_name: str, arguments: Sequence[object], keywords: Mapping[str, object] | None = None
    ) -> object: ...

    def check_branches(self, emitted_name: str, arguments: Sequence[object]) -> None: ...

    def retold(self, style: Style, functions: tuple[str, ...], each_number: bool = False) -> Model: ...

    def __getitem__(self, name: str) -> Function: ...


class Function(Protocol):
    """`runtime.model.Function`, as far as it is seen."""

    @property
    def info(self) -> FunctionInfo: ...

    @property
    def model(self) -> Model: ...

    @property
    def signature(self) -> str: ...

    @property
    def source(self) -> str: ...

    @property
    def backward_source(self) -> str: ...

    def checked(self, /, *arguments: object, **keywords: object) -> list[object]: ...
