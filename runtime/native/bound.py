"""A native function of which some arguments are fixed: checked, converted and copied once."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from mgc.runtime.arguments import Open, derivative_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mgc.compiler.module import FunctionInfo
    from mgc.runtime.arguments import Gradients, Result
    from mgc.runtime.native.code import NativeCode


class NativeBound:
    """What `bind` of a native function gives. The arguments left open are passed by position."""

    def __init__(self, code: NativeCode, info: FunctionInfo, fixed: Sequence[object]) -> None:
        """`fixed`: the arguments in order, `Open` where each call passes one."""
        self._info, self._fixed = info, fixed
        self._value = code.bound(info.emitted_name, fixed)
        if info.gradient_name is not None:
            derivative = code.bound(info.gradient_name, fixed)
            vars(self)["value_and_grad" if info.results == ((),) else "vjp"] = derivative

    def __call__(self, *arguments: object, **places: object) -> Result:
        """The value. Errors: DataError for arguments that do not fit, ModelError for arithmetic that fails."""
        return cast("Result", self._value(*arguments, **places))

    def value_and_grad(self, *arguments: object, **places: object) -> tuple[float, Gradients]:
        """The value and its derivatives; an attribute stands for this where the function has it. Errors: DataError."""
        raise AssertionError(derivative_name(self._info, "value_and_grad"))

    def vjp(self, *arguments: object, **places: object) -> tuple[Result, Gradients]:
        """The value and its derivatives, the adjoints last; an attribute stands for this, too. Errors: DataError."""
        raise AssertionError(derivative_name(self._info, "vjp"))

    def __repr__(self) -> str:
        return f"<Bound {self._info.name}({', '.join(one.name for one in self._fixed if isinstance(one, Open))})>"
