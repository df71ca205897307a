"""What a function is in other libraries; each is imported when it is asked for.

>>> import mgc
>>> bowl = mgc.loads("def f(x[n]): return sum((x[i] - i)**2 for i)").f
>>> objective = bowl.objective(x=[5, 5])
>>> objective.start, objective([5.0, 5.0])
([5.0, 5.0], (41.0, [10.0, 8.0]))
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from mgc.grammar.diagnostics import DataError

if TYPE_CHECKING:
    from mgc.runtime.callable import Function, Model
    from mgc.runtime.compare import Comparison
    from mgc.runtime.objective import Objective


class ForeignModel:
    """The part of `Model` that other libraries see."""

    def as_estimator(self: Model, /, *, loss: str, predict: str, classifier: bool = False, **how: Any) -> Any:
        """A regressor or classifier of scikit-learn's: it trains `loss`, and predicts the function `predict` of a row.

        The loss has one matrix, the rows, and one vector: numbers to predict, or classes as -1 and 1, or as 0, 1, 2, …
        where it is declared `int`. how: steps, optimizer (lbfgs by default), lr, batch, seed, decay, as of `train`.
        Errors: DataError where scikit-learn is not installed, or no such functions.
        """
        try:
            from mgc.runtime import estimator
        except ImportError:
            raise DataError("an estimator needs scikit-learn: pip install scikit-learn") from None
        for name in (loss, predict):
            _ = self[name]
        kind = estimator.Classifier if classifier else estimator.Regressor
        return kind(self, loss, predict, **how)


class ForeignFunction:
    """The part of `Function` that other libraries see."""

    def compare(self: Function, /, *arguments: object, libraries: Sequence[str] = ("numpy",)) -> Comparison:
        """Values and derivatives here and through torch, jax or numpy, side by side, with the differences in ulp.

        Array and several results are compared in the derivatives of their sum. Errors: DataError.
        """
        from mgc.runtime.compare import compare

        return compare(self, arguments, libraries)

    def objective(self: Function, /, **arguments: object) -> Objective:
        """The value and gradient of one vector of numbers, as optimisers want it: what is differentiated by, in a row.

        `o = model.loss.objective(params=params, X=X, y=y)`, `r = scipy.optimize.minimize(o, o.start, jac=True)`, and
        `o.arguments(r.x)`. All arguments are given; those that it differentiates by are where it starts.
        Errors: DataError.
        """
        from mgc.runtime.objective import Objective

        return Objective(self, arguments)

    def as_torch(self: Function) -> Callable[..., Any]:
        """The function of PyTorch's tensors, whose autograd takes its derivatives. Errors: DataError without it."""
        from mgc.runtime.tensors import torch_function

        return torch_function(self)

    def as_jax(self: Function) -> Callable[..., Any]:
        """The function of JAX's arrays, under `grad` and `jit`. Errors: DataError where JAX is not installed."""
        from mgc.runtime.tensors import jax_function

        return jax_function(self)
