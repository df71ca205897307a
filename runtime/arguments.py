"""What a caller passes -> the arguments of an emitted function: matched to names, checked, converted, in its order.

f(x[n], rate=0.1), called as f([1, 2])  ->  [[1.0, 2.0], 0.1]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from mgc.grammar.diagnostics import DataError, did_you_mean, printable
from mgc.grammar.lexer import latin
from mgc.runtime.conversion import DType, Nested, Shape, Sizes, convert, shortened, spelled

if TYPE_CHECKING:
    from mgc.compiler.module import ArgumentInfo, FunctionInfo, ParameterInfo

Params = dict[str, Nested]
Gradients = tuple[Nested | Params, ...] | Params
Result = Nested | tuple[Nested, ...]
Convert = Callable[[object, Shape, DType, str, Sizes, str], Nested]


class Open:
    """The place of an argument that is not given yet."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


def bind(
    info: FunctionInfo,
    declared: Sequence[ParameterInfo],
    arguments: Sequence[object],
    keywords: Mapping[str, object],
    sizes: Sizes,
    converted: Convert = convert,
) -> list[object]:
    """The arguments in the order of the emitted function, `params` first if it has any. Errors: DataError.

    `converted` checks and converts one of them, as `conversion.convert` does.
    """
    given = _matched(info, arguments, keywords)
    missing = [name for name in _required(info) if name not in given]
    if missing:
        raise DataError(f"{info.name}: missing argument{'s' * (len(missing) > 1)}: {_shown(info, missing)}")
    return _converted(info, declared, given, sizes, converted)


def bind_some(
    info: FunctionInfo,
    declared: Sequence[ParameterInfo],
    given: Mapping[str, object],
    converted: Convert = convert,
) -> list[object]:
    """As `bind`, with `Open` for each argument that is not given and has no default. Errors: DataError."""
    return _converted(info, declared, _matched(info, (), given), Sizes(), converted)


def with_adjoints(
    info: FunctionInfo, arguments: Sequence[object], keywords: Mapping[str, object]
) -> tuple[Sequence[object], Sequence[object]]:
    """The positional arguments of a `.vjp`, parted: the function's own, and one adjoint for each result."""
    _matched(info, (), keywords)
    wanted = [name for name in _required(info) if name not in keywords]
    adjoints = [name_and_shape(*one) for one in zip(adjoint_names(info), info.results, strict=True)]
    if len(arguments) < len(wanted) + len(adjoints):
        if info.parameters and arguments:
            _matched(info, arguments[:1], keywords)  # says so where params are forgotten
        missing = [*[_shown(info, [name]) for name in wanted], *adjoints][len(arguments) :]
        raise DataError(
            f"{info.name}.vjp: missing: {', '.join(missing)}; an adjoint for each result comes after the arguments"
        )
    return arguments[: -len(adjoints)], arguments[-len(adjoints) :]


def sizes_of(info: FunctionInfo, bound: Sequence[object]) -> dict[str, int]:
    """The named sizes that checked arguments show."""
    sizes = Sizes()
    for argument, value in zip(info.arguments, bound[bool(info.parameters) :], strict=True):
        convert(value, argument.shape, argument.dtype, argument.name, sizes)
    return {name: size for name, (size, _) in sizes.bound.items()}


def adjoint_names(info: FunctionInfo) -> list[str]:
    """How messages call what the derivatives of each result are multiplied by."""
    count = len(info.results)
    return ["adjoint"] if count == 1 else [f"adjoint {i + 1}" for i in range(count)]


def in_signature_order(info: FunctionInfo, bound: Sequence[object], adjoints: Sequence[object]) -> list[object]:
    """Arguments of a `_vjp`: adjoints have no default, so they come before the arguments that have one."""
    head = len(bound) - len(info.arguments)  # params, where there are any
    pairs = list(zip(info.arguments, bound[head:], strict=True))
    required = [value for argument, value in pairs if argument.default is None]
    return [*bound[:head], *required, *adjoints, *(value for argument, value in pairs if argument.default is not None)]


def gradients_by_name(info: FunctionInfo, gradients: Gradients) -> dict[str, Nested]:
    """Each derivative under the name of its argument or parameter."""
    if isinstance(gradients, dict):
        return gradients
    named: dict[str, Nested] = {}
    for name, gradient in zip(info.wrt, gradients, strict=True):
        named |= gradient if isinstance(gradient, dict) else {name: gradient}
    return named


def is_one_number(info: FunctionInfo) -> bool:
    """Whether the result is one number: such a function has a `.value_and_grad`, any other a `.vjp`."""
    return info.results == ((),)


def derivative_name(info: FunctionInfo, asked: Literal["value_and_grad", "vjp", ""] = "") -> str:
    """The emitted function of the derivative, if it is the kind that is asked for. Errors: DataError."""
    if info.gradient_name is None:
        raise DataError(f"{info.name} has no derivative: no float input reaches its result by operations that have one")
    has = "value_and_grad" if is_one_number(info) else "vjp"
    if asked not in ("", has):
        many = "one scalar result" if is_one_number(info) else "several results"
        raise DataError(f"{info.name} has {many if len(info.results) > 1 or has != 'vjp' else 'an array result'}; "
                        f"use .{has}(...)")  # fmt: skip
    return info.gradient_name


def checked_params(
    params: Mapping[str, object],
    declared: Sequence[ParameterInfo],
    own: Mapping[str, Shape] | None = None,
    sizes: Sizes | None = None,
    converted: Convert = convert,
) -> Params:
    """The parameters as plain nested lists of their declared shapes; those that a function needs in its `own` sizes.

    Errors: DataError (names, shapes).
    """
    shapes = {parameter.name: parameter.shape for parameter in declared}
    own = shapes if own is None else own
    unknown = [name for name in params if name not in shapes]
    if unknown:
        hint = did_you_mean(str(unknown[0]), shapes)
        raise DataError(f"unknown parameter {printable(repr(unknown[0]))}{'; ' + hint if hint else ''}")
    missing = [name for name in own if name not in params]
    if missing:
        raise DataError(f"missing parameter{'s' * (len(missing) > 1)}: {', '.join(missing)}")
    sizes, elsewhere = Sizes() if sizes is None else sizes, Sizes()
    return {
        name: converted(value, own[name], "float", name, sizes, "parameter")
        if name in own
        else converted(value, shapes[name], "float", name, elsewhere, "parameter")
        for name, value in params.items()
    }


def name_and_shape(name: str, shape: Shape) -> str:
    return f"{name}{spelled(shape)}" if shape else name


def _order(info: FunctionInfo) -> list[str]:
    names = [argument.name for argument in info.arguments]
    return ["params", *names] if info.parameters else names


def _required(info: FunctionInfo) -> list[str]:
    defaulted = {argument.name for argument in info.arguments if argument.default is not None}
    return [name for name in _order(info) if name not in defaulted]


def _shown(info: FunctionInfo, names: Sequence[str]) -> str:
    shapes = {argument.name: argument.shape for argument in info.arguments}
    return ", ".join(name_and_shape(name, shapes.get(name, ())) for name in names)


def _converted(
    info: FunctionInfo,
    declared: Sequence[ParameterInfo],
    given: Mapping[str, object],
    sizes: Sizes,
    converted: Convert,
) -> list[object]:
    found: list[object] = []
    if info.parameters:
        params = given.get("params", Open("params"))
        own = dict(zip(info.parameters, info.parameter_shapes, strict=True))
        found.append(checked_params(params, declared, own, sizes, converted) if isinstance(params, Mapping) else params)
    for argument in info.arguments:
        if argument.name in given:
            found.append(
                converted(given[argument.name], argument.shape, argument.dtype, argument.name, sizes, "argument")
            )
        else:
            found.append(Open(argument.name) if argument.default is None else _default(argument))
    return found


def _default(argument: ArgumentInfo) -> float | int:
    assert argument.default is not None
    return int(argument.default) if argument.dtype == "int" else float(argument.default)


def _matched(info: FunctionInfo, arguments: Sequence[object], keywords: Mapping[str, object]) -> dict[str, object]:
    """Positional and keyword arguments by name. Errors: DataError (unknown and repeated ones, params forgotten)."""
    order = _order(info)
    if len(arguments) > len(order):
        expected = f"({', '.join(order)})"
        raise DataError(f"{info.name}: expected at most {len(order)} arguments {expected}, found {len(arguments)}")
    given = dict(zip(order, arguments, strict=False))
    for said, value in keywords.items():
        name = latin(said) if said not in order else said
        if name in given:
            raise DataError(f"{info.name}: argument '{name}' is given twice")
        if name not in order:
            hint = did_you_mean(name, order) or f"it takes {', '.join(order) or 'none'}"
            raise DataError(f"{info.name}: no argument '{printable(name)}'; {hint}")
        given[name] = value
    if info.parameters and not isinstance(given.get("params", {}), Mapping):
        raise _no_params(info, given["params"])
    return given


def _no_params(info: FunctionInfo, found: object) -> DataError:
    return DataError(
        f"{info.name}: params must be a dict by parameter name, as model.init() gives, "
        f"and comes first; found {shortened(found)}"
    )
