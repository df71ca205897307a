"""A model as scikit-learn's estimators: `fit` trains its loss, `predict` computes a function of it for each row.

The loss has one matrix, the rows, and one vector, what is to be predicted; `function` has the rows, or one of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from mgc.grammar.diagnostics import DataError
from mgc.runtime.training.predict import takes_rows
from mgc.runtime.training.training import train

if TYPE_CHECKING:
    from mgc.compiler.module import ArgumentInfo
    from mgc.runtime.callable import Function, Model

Array = Any  # NumPy's


class _Estimator(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """What both kinds share. The keywords from `steps` on are those of `train`."""

    def __init__(
        self,
        model: Model,
        loss: str,
        function: str,
        steps: int = 200,
        optimizer: str = "lbfgs",
        lr: float | str = 0.1,
        batch: int | None = None,
        seed: int = 0,
        decay: float = 0.0,
    ) -> None:
        self.model, self.loss, self.function = model, loss, function
        self.steps, self.optimizer, self.lr = steps, optimizer, lr
        self.batch, self.seed, self.decay = batch, seed, decay

    def _trained(self, X: Array, y: Array) -> Self:
        rows, target = (_argument(self.model[self.loss], axes) for axes in (2, 1))
        data = {rows.name: X.tolist(), target.name: y.tolist()}
        how = {name: getattr(self, name) for name in ("steps", "optimizer", "lr", "batch", "seed", "decay")}
        result = train(self.model, self.loss, data, **how)
        self.parameters_, self.n_iter_ = result.parameters, result.steps
        return self

    def _outputs(self, X: Array) -> Array:
        """What the function gives for each row."""
        check_is_fitted(self)
        rows = validate_data(self, X, reset=False, dtype=float).tolist()
        function = self.model[self.function]
        first = [self.parameters_] if function.info.parameters else []
        return numpy.array(function(*first, rows) if takes_rows(function) else [function(*first, row) for row in rows])


class Regressor(RegressorMixin, _Estimator):  # type: ignore[misc]
    """Predicts what the function gives for a row."""

    def fit(self, X: Array, y: Array) -> Self:
        """Train. Errors: DataError and ValueError for data that do not fit."""
        X, y = validate_data(self, X, y, y_numeric=True, dtype=float)
        return self._trained(X, y.astype(float))

    def predict(self, X: Array) -> Array:
        """The function of each row."""
        return self._outputs(X)


class Classifier(ClassifierMixin, _Estimator):  # type: ignore[misc]
    """Predicts the class: the sign of one score for two of them, else the place of the largest score.

    The loss gets -1 and 1 where its vector is of floats, else 0, 1, 2, … in the order of the classes.
    """

    def fit(self, X: Array, y: Array) -> Self:
        """Train. Errors: DataError and ValueError for data that do not fit."""
        X, y = validate_data(self, X, y, dtype=float)
        check_classification_targets(y)
        self.classes_, places = numpy.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(f"Classifier needs two classes or more; the data have one class, {self.classes_[0]}")
        signs = _argument(self.model[self.loss], 1).dtype == "float"
        if signs and len(self.classes_) > 2:
            raise ValueError("Only binary classification is supported: the loss takes -1 and 1, no numbers of classes")
        return self._trained(X, 2.0 * places - 1.0 if signs else places)

    def decision_function(self, X: Array) -> Array:
        """The scores of each row."""
        return self._outputs(X)

    def predict(self, X: Array) -> Array:
        """The class of each row."""
        scores = self._outputs(X)
        places = scores.argmax(axis=1) if scores.ndim == 2 else (scores > 0).astype(int)
        return self.classes_[places]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = _argument(self.model[self.loss], 1).dtype == "int"
        return tags


def _argument(function: Function, axes: int) -> ArgumentInfo:
    found = [argument for argument in function.info.arguments if len(argument.shape) == axes]
    if len(found) != 1:
        kind = "matrix, the rows" if axes == 2 else "vector, what is to be predicted"
        raise DataError(f"{function.signature}: an estimator's loss has one {kind}")
    return found[0]
