"""Estimators: scikit-learn's own checks, and what a model may be."""

from __future__ import annotations

import sys
import warnings
from typing import Any

import pytest

import mgc
from mgc import DataError

LINE = """
model line(x[d]):
    param w[d] = uniform(-0.1, 0.1)
    param b = 0
    return sum(w[j]*x[j] for j) + b

def lines(X[n, d]): return [line(X[i]) for i]
def squared(X[n, d], y[n]): return mean((line(X[i]) - y[i])**2 for i)
def logistic(X[n, d], y[n]): return mean(softplus(-y[i]*line(X[i])) for i)
def flat(x): return x
"""
KINDS = {"squared": False, "logistic": True}


def estimator(loss: str, predict: str = "line", **how: Any) -> Any:
    return mgc.loads(LINE).as_estimator(loss=loss, predict=predict, classifier=KINDS.get(loss, False), **how)


@pytest.mark.slow
@pytest.mark.parametrize("loss", KINDS)
def test_scikit_learns_own_checks_pass(loss: str) -> None:
    checks = pytest.importorskip("sklearn.utils.estimator_checks")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = checks.check_estimator(estimator(loss), on_fail=None)
    assert len(found) > 45
    assert [one["check_name"] for one in found if one["status"] == "failed"] == []


@pytest.mark.parametrize("predict", ["line", "lines"])
def test_a_line_is_found(predict: str) -> None:
    pytest.importorskip("sklearn")
    X = [[0.0, 1.0], [1.0, 0.0], [2.0, 1.0], [3.0, 5.0]]
    fitted = estimator("squared", predict).fit(X, [2 * a - b + 0.5 for a, b in X])
    assert fitted.predict([[1.0, 1.0], [10.0, 0.0]]) == pytest.approx([1.5, 20.5], abs=1e-3)
    assert fitted.parameters_["line.w"] == pytest.approx([2.0, -1.0], abs=1e-3)


def test_classes_have_their_names() -> None:
    pytest.importorskip("sklearn")
    fitted = estimator("logistic", optimizer="adam", steps=50).fit([[0.0], [1.0], [4.0], [5.0]], ["a", "a", "b", "b"])
    assert fitted.predict([[-1.0], [9.0]]).tolist() == ["a", "b"]
    with pytest.raises(ValueError, match="Only binary classification is supported"):
        estimator("logistic").fit([[0.0], [1.0], [4.0]], ["a", "b", "c"])


def test_what_is_no_estimator_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("sklearn")
    with pytest.raises(DataError, match="no function 'lost'"):
        estimator("lost")
    with pytest.raises(DataError, match="an estimator's loss has one matrix, the rows"):
        estimator("flat").fit([[1.0], [2.0]], [1.0, 2.0])
    monkeypatch.delitem(sys.modules, "mgc.runtime.estimator", raising=False)
    monkeypatch.setitem(sys.modules, "sklearn.base", None)
    monkeypatch.delattr("mgc.runtime.estimator", raising=False)
    with pytest.raises(DataError, match="an estimator needs scikit-learn"):
        estimator("squared")
