"""A compiled function among the tensors of PyTorch or the arrays of JAX: its value, and its own derivatives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib import import_module
from typing import Any, cast

from mgc.grammar.diagnostics import DataError
from mgc.runtime.arguments import Params, bind, gradients_by_name, is_one_number
from mgc.runtime.callable import Function
from mgc.runtime.conversion import Nested, Sizes, filled, flat


def _imported(name: str, otherwise: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        raise DataError(otherwise) from None


def torch_function(function: Function) -> Callable[..., Any]:
    """On tensors, or numbers and lists, which have no derivative. Errors: DataError where PyTorch is missing."""
    torch = _imported("torch", "as_torch needs PyTorch: pip install torch")

    def forward(ctx: Any, values: dict[str, object], names: Sequence[str], *tensors: Any) -> Any:
        ctx.values = values | {name: tensor.tolist() for name, tensor in zip(names, tensors, strict=True)}
        ctx.names, ctx.kinds = names, [(tensor.dtype, tensor.device) for tensor in tensors]
        dtype, device = ctx.kinds[0]
        results = function(*_positional(function, ctx.values))
        found = [torch.tensor(one, dtype=dtype, device=device) for one in _several(results)]
        return tuple(found) if isinstance(results, tuple) else found[0]

    def backward(ctx: Any, *adjoints: Any) -> Any:
        pulled = _pulled(function, _positional(function, ctx.values), [one.tolist() for one in adjoints])
        slopes = [
            torch.tensor(pulled[name], dtype=dtype, device=device) if name in pulled else None
            for name, (dtype, device) in zip(ctx.names, ctx.kinds, strict=True)
        ]
        return None, None, *slopes

    once = torch.autograd.function.once_differentiable(backward)  # a second derivative is an error, not left out
    made: Any = type(
        "Call", (torch.autograd.Function,), {"forward": staticmethod(forward), "backward": staticmethod(once)}
    )

    def call(*arguments: object, **keywords: object) -> Any:
        values = _named(function, arguments, keywords)
        tensors = {name: value for name, value in values.items() if isinstance(value, torch.Tensor)}
        return made.apply(values, tuple(tensors), *tensors.values()) if tensors else function(*arguments, **keywords)

    return call


def jax_function(function: Function) -> Callable[..., Any]:
    """On arrays, dicts of them as `params`, and numbers, by position. Errors: DataError where JAX is missing."""
    jax = _imported("jax", "as_jax needs JAX: pip install jax")
    import numpy

    def plain(arguments: Any) -> Any:
        return jax.tree.map(lambda array: numpy.asarray(array).tolist(), arguments)

    def value(*arguments: Any) -> Any:
        results = function(*plain(arguments))
        dtype = jax.dtypes.canonicalize_dtype(float)
        made = tuple(numpy.asarray(one, dtype) for one in _several(results))
        return made if isinstance(results, tuple) else made[0]

    def slopes(arguments: Any, adjoints: Any) -> Any:
        several = adjoints if isinstance(adjoints, tuple) else (adjoints,)
        pulled = _pulled(function, list(plain(arguments)), [numpy.asarray(one).tolist() for one in several])
        dtype = jax.dtypes.canonicalize_dtype(float)
        own = {name: numpy.asarray(slope, dtype) for name, slope in pulled.items()}
        given = _named(function, arguments, {})
        zeros = {name: numpy.zeros(numpy.shape(cast("Any", array)), dtype) for name, array in given.items()}
        return tuple(_positional(function, zeros | own)[: len(arguments)])

    def primal(*arguments: Any) -> Any:
        zeros = jax.tree.map(lambda array: numpy.zeros(numpy.shape(array), int).tolist(), arguments)
        sizes = Sizes()
        bind(function.info, function.model.parameters, zeros, {}, sizes)
        results = [_shaped(jax, [cast("int", sizes.value(size)) for size in shape]) for shape in function.info.results]
        return jax.pure_callback(value, results[0] if len(results) == 1 else tuple(results), *arguments)

    def forward(*arguments: Any) -> Any:
        return primal(*arguments), arguments

    def backward(arguments: Any, adjoints: Any) -> Any:
        wanted = jax.tree.map(lambda array: _shaped(jax, numpy.shape(array)), arguments)
        found = jax.pure_callback(slopes, wanted, arguments, adjoints)
        return jax.tree.map(partial(_cotangent, jax), found, arguments)

    made = jax.custom_vjp(primal)
    made.defvjp(forward, backward)
    return cast("Callable[..., Any]", made)


def _shaped(jax: Any, shape: Sequence[int]) -> Any:
    return jax.ShapeDtypeStruct(tuple(shape), jax.dtypes.canonicalize_dtype(float))


def _cotangent(jax: Any, slope: Any, array: Any) -> Any:
    """The derivative by an array, which JAX wants as zeros of a type of its own for an array of integers."""
    import numpy

    is_float = jax.numpy.issubdtype(jax.numpy.result_type(array), jax.numpy.floating)
    return slope if is_float else numpy.zeros(numpy.shape(array), jax.dtypes.float0)


def _several(results: object) -> tuple[object, ...]:
    return results if isinstance(results, tuple) else (results,)


def _pulled(function: Function, arguments: Sequence[object], adjoints: Sequence[Nested]) -> dict[str, Nested]:
    """The derivatives of sum(adjoint * result), by name."""
    if not is_one_number(function.info):
        return gradients_by_name(function.info, function.vjp(*arguments, *adjoints)[1])
    gradients = gradients_by_name(function.info, function.value_and_grad(*arguments)[1])
    scale = cast("float", adjoints[0])
    return {name: filled(slope, (scale * number for number in flat(slope))) for name, slope in gradients.items()}


def _named(function: Function, arguments: Sequence[object], keywords: Mapping[str, object]) -> dict[str, object]:
    """What is given, by the names of arguments and parameters."""
    own = arguments[1:] if function.info.parameters else arguments
    named = dict(zip((argument.name for argument in function.info.arguments), own, strict=False))
    first = cast("Params", arguments[0]) if function.info.parameters else {}
    return {**first, **named, **keywords}


def _positional(function: Function, values: Mapping[str, object]) -> list[object]:
    """What is given, in the order of the function; the parameters as a dict."""
    names = [argument.name for argument in function.info.arguments]
    params = {name: value for name, value in values.items() if name not in names}
    first = [params] if function.info.parameters else []
    defaults = {argument.name: argument.default for argument in function.info.arguments}
    return [*first, *(values.get(name, defaults[name]) for name in names)]
