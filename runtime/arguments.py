"""What a caller passes -> the arguments of an emitted function: matched to names, checked, converted, in its order.

f(x[n], rate=0.1), called as f([1, 2])  ->  [[1.0, 2.0], 0.1]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from mgc.grammar.diagnostics import DataError, did_you_mean, printable
from mgc.runtime.conversion import Nested, Shape, Sizes, convert, spelled

if TYPE_CHECKING:
    from mgc.compiler.module import ArgumentInfo, FunctionInfo, ParameterInfo

Params = dict[str, Nested]


def bind(
    info: FunctionInfo,
    declared: Sequence[ParameterInfo],
    arguments: Sequence[object],
    keywords: Mapping[str, object],
    sizes: Sizes,
) -> list[object]:
    """The arguments in the order of the emitted function, `params` first if it has any. Errors: DataError."""
    given = _matched(info, arguments, keywords)
    bound: list[object] = []
    if info.parameters:
        params = given["params"]
        if not isinstance(params, Mapping):
            raise DataError(f"{info.name}: params must be a dict by parameter name, as model.init() gives")
        bound.append(checked_params(params, declared, info.parameters, sizes))
    for argument in info.arguments:
        if argument.name in given:
            bound.append(convert(given[argument.name], argument.shape, argument.dtype, argument.name, sizes))
        else:
            bound.append(_default(argument))
    return bound


def in_signature_order(info: FunctionInfo, bound: Sequence[object], adjoints: Sequence[object]) -> list[object]:
    """Arguments of a `_vjp`: adjoints have no default, so they come before the arguments that have one."""
    head = len(bound) - len(info.arguments)  # params, where there are any
    pairs = list(zip(info.arguments, bound[head:], strict=True))
    required = [value for argument, value in pairs if argument.default is None]
    return [*bound[:head], *required, *adjoints, *(value for argument, value in pairs if argument.default is not None)]


def checked_params(
    params: Mapping[str, object],
    declared: Sequence[ParameterInfo],
    needed: Sequence[str] | None = None,
    sizes: Sizes | None = None,
) -> Params:
    """The parameters as plain nested lists of their declared shapes. Errors: DataError (names, shapes)."""
    shapes = {parameter.name: parameter.shape for parameter in declared}
    missing = [name for name in (shapes if needed is None else needed) if name not in params]
    unknown = [name for name in params if name not in shapes]
    if unknown:
        hint = did_you_mean(str(unknown[0]), shapes)
        raise DataError(f"unknown parameter {printable(repr(unknown[0]))}{'; ' + hint if hint else ''}")
    if missing:
        raise DataError(f"missing parameter{'s' * (len(missing) > 1)}: {', '.join(missing)}")
    sizes = Sizes() if sizes is None else sizes
    return {name: convert(params[name], shapes[name], "float", name, sizes, "parameter") for name in params}


def name_and_shape(name: str, shape: Shape) -> str:
    return f"{name}{spelled(shape)}" if shape else name


def _default(argument: ArgumentInfo) -> float | int:
    assert argument.default is not None
    return int(argument.default) if argument.dtype == "int" else float(argument.default)


def _matched(info: FunctionInfo, arguments: Sequence[object], keywords: Mapping[str, object]) -> dict[str, object]:
    """Positional and keyword arguments by name. Errors: DataError (missing, unknown and repeated ones)."""
    names = [argument.name for argument in info.arguments]
    order = ["params", *names] if info.parameters else names
    if len(arguments) > len(order):
        expected = f"({', '.join(order)})"
        raise DataError(f"{info.name}: expected at most {len(order)} arguments {expected}, found {len(arguments)}")
    given = dict(zip(order, arguments, strict=False))
    for name, value in keywords.items():
        if name in given:
            raise DataError(f"{info.name}: argument '{name}' is given twice")
        if name not in order:
            hint = did_you_mean(name, order) or f"it takes {', '.join(order) or 'none'}"
            raise DataError(f"{info.name}: no argument '{printable(name)}'; {hint}")
        given[name] = value
    defaulted = {argument.name for argument in info.arguments if argument.default is not None}
    missing = [name for name in order if name not in given and name not in defaulted]
    if missing:
        shapes = {argument.name: argument.shape for argument in info.arguments}
        shown = ", ".join(name_and_shape(name, shapes.get(name, ())) for name in missing)
        raise DataError(f"{info.name}: missing argument{'s' * (len(missing) > 1)}: {shown}")
    return given
