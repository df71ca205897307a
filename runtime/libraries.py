"""The derivative of a function of numbers, by PyTorch, JAX or NumPy: (function, point) -> its values and its gradient.

Each library has the functions of Python's `math` under names of its own, and a way to a derivative that shares nothing
with the compiler's: a tape, a trace, or differences in numbers of more digits.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

from msgspec import Struct

from mgc.grammar.diagnostics import DataError

Outcome = tuple[list[float], list[float]]  # the values, and the derivatives of their sum
Many = Callable[[Sequence[Any]], Sequence[Any]]  # several numbers of a library -> several

_SAME = [name for name in dir(math) if callable(getattr(math, name))]  # and has in a library, where it has it, too
_WEIGHTS = ((1, 45 / 60), (2, -9 / 60), (3, 1 / 60))  # of central differences of order six (Fornberg 1988)


class Library(Struct, frozen=True):
    """functions: those of `math`, by name. derivative: of what is built from them, at a point."""

    functions: Callable[[], Mapping[str, Callable[..., Any]]]
    derivative: Callable[[Many, Sequence[float]], Outcome]


def library(name: str) -> Library:
    """Errors: DataError for an unknown name, and where the library is not installed."""
    if name not in LIBRARIES:
        raise DataError(f"there is no comparison with '{name}'; there are {', '.join(LIBRARIES)}")
    try:
        import_module(name)
    except ImportError:
        raise DataError(f"comparing with {name} needs it installed: pip install {name}") from None
    return LIBRARIES[name]


def _torch_functions() -> Mapping[str, Callable[..., Any]]:
    import torch

    def of(function: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *numbers: function(*[torch.as_tensor(number, dtype=torch.float64) for number in numbers])

    found = {name: of(getattr(torch, name)) for name in _SAME if hasattr(torch, name)}
    return found | {"fabs": of(torch.abs), "remainder": _remainder, "fma": _fma}


def _torch_derivative(function: Many, point: Sequence[float]) -> Outcome:
    import torch

    inputs = [torch.tensor(number, dtype=torch.float64, requires_grad=True) for number in point]
    values = [torch.as_tensor(value, dtype=torch.float64) for value in function(inputs)]
    total = sum(values) + 0.0 * inputs[0]  # has a derivative where no value has one
    slopes = torch.autograd.grad(total, inputs, allow_unused=True)
    return [value.item() for value in values], [0.0 if slope is None else slope.item() for slope in slopes]


def _jax_functions() -> Mapping[str, Callable[..., Any]]:
    import jax

    found = {name: getattr(jax.numpy, name) for name in _SAME if hasattr(jax.numpy, name)}
    special = jax.scipy.special
    own = {"erf": special.erf, "erfc": special.erfc, "lgamma": special.gammaln, "gamma": special.gamma}
    return found | own | {"fabs": jax.numpy.abs, "remainder": _remainder, "fma": _fma}


def _jax_derivative(function: Many, point: Sequence[float]) -> Outcome:
    import jax

    def total(inputs: Sequence[Any]) -> Any:
        values = [jax.numpy.asarray(value, dtype=float) for value in function(inputs)]
        return sum(values), values

    with jax.enable_x64(True):
        (_, values), slopes = jax.value_and_grad(total, has_aux=True)([jax.numpy.asarray(float(x)) for x in point])
        return [float(value) for value in values], [float(slope) for slope in slopes]


def _numpy_functions() -> Mapping[str, Callable[..., Any]]:
    import numpy

    found = {name: getattr(numpy, name) for name in _SAME if hasattr(numpy, name)}
    renamed = {"pow": numpy.power, "fabs": numpy.abs, "remainder": _remainder, "fma": _fma}
    inverse = {name: getattr(numpy, name.replace("a", "arc", 1)) for name in _SAME if name[:3] in ("aco", "asi", "ata")}
    return found | inverse | renamed


def _numpy_derivative(function: Many, point: Sequence[float]) -> Outcome:
    """Central differences of order six in long doubles, 18 digits where the machine has them."""
    import numpy

    wide = numpy.longdouble
    step = float(numpy.finfo(wide).eps) ** (1 / 6)  # its sixth power, of truncation, is that of rounding
    inputs = [wide(number) for number in point]

    def moved(place: int, by: Any) -> Any:
        return sum(function([*inputs[:place], inputs[place] + by, *inputs[place + 1 :]]))

    slopes = []
    for place, number in enumerate(inputs):
        size = wide(step * max(1.0, abs(float(number))))
        differences = [wide(w) * (moved(place, k * size) - moved(place, -k * size)) for k, w in _WEIGHTS]
        slopes.append(float(sum(differences) / size))
    return [float(value) for value in function(inputs)], slopes


def _remainder(x: Any, y: Any) -> Any:
    """IEEE 754's: with the whole quotient nearest to x / y."""
    return x - y * (x / y).round()


def _fma(x: Any, y: Any, z: Any) -> Any:
    """Rounded twice: the libraries have none that rounds once."""
    return x * y + z


LIBRARIES = {
    "torch": Library(_torch_functions, _torch_derivative),
    "jax": Library(_jax_functions, _jax_derivative),
    "numpy": Library(_numpy_functions, _numpy_derivative),
}
