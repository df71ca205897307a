"""What native functions take and give: numbers, lists, NumPy arrays, `out=`, what is bound, and what is refused."""

from __future__ import annotations

import functools
import gc
import pickle
import threading
import weakref
from collections import OrderedDict, UserDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mgc
from mgc.runtime.native.through_ctypes import ThroughCtypes
from support.native_models import needs_c

pytestmark = needs_c

MODEL = """
const rate = 0.1

model line(x[n]):
    param w[n] = uniform(-1, 1)
    param b = 0
    return w @ x + b

def loss(X[m, n], y[m], scale = 1):
    return scale*mean((line(X[i]) - y[i])**2 for i) + rate*sum(p**2 for p in params)

def neuron(x, w, b):
    return tanh(x*w + b)

def both(x[n], k: int, W[n, m]):
    return x[k]*W[k], x[0]

def shifted(x[n], out):
    return [x[i + 1] - x[i]*out for i in range(n - 1)]

def table(t[n]: int, v[m]):
    return sum(v[t[i]] for i)

def rows(x, n: int):
    return [x*k for k in range(n)]

def wide(X[n, m]):
    return sum(X[i, j] for i, j)
"""


class Subclass(np.ndarray[Any, Any]):
    """An array of another type."""


X, Y = [[1.0, 2.0], [3.0, -1.0], [0.5, 0.5]], [1, -1, 0]


@pytest.fixture(scope="module")
def callers() -> tuple[Any, Any]:
    """The model, called in both ways that there are: by the extension, and through ctypes."""
    model = mgc.loads(MODEL, "calls.mg", target="native")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mgc.runtime.native.model.caller", functools.cache(ThroughCtypes))
        return model, mgc.loads(MODEL, "calls.mg", target="native")


@pytest.fixture(scope="module", params=["extension", "ctypes"])
def native(request: pytest.FixtureRequest, callers: tuple[Any, Any]) -> Any:
    return callers[request.param == "ctypes"]


@pytest.fixture(scope="module")
def python() -> Any:
    return mgc.loads(MODEL, "calls.mg", ieee=True)


def test_lists_give_lists_as_in_python(native: Any, python: Any) -> None:
    params = native.init(3, n=2)
    assert params == python.init(3, n=2)
    assert native.loss(params, X, Y) == python.loss(params, X, Y)
    assert native.loss.value_and_grad(params, X, y=Y, scale=2) == python.loss.value_and_grad(params, X, Y, 2)
    assert native.neuron.grad(1, 2.0, True) == python.neuron.grad(1, 2.0, True)
    assert native.both(*EXAMPLE) == python.both(*EXAMPLE)
    assert native.both.vjp(*EXAMPLE, [1, 2, 3], 4) == python.both.vjp(*EXAMPLE, [1, 2, 3], 4)
    assert native.table([2, 0, 2], [1.0, 2.0, 3.0]) == 7.0


EXAMPLE: tuple[Any, ...] = ([1.0, 2.0], 1, [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


def test_arguments_with_defaults_stand_before_adjoints() -> None:
    text = "def f(x[n], k=2): return k*x"
    one, other = mgc.loads(text, target="native"), mgc.loads(text)
    for given in (([1.0, 2.0], [1.0, 1.0]), ([1.0, 2.0], 3.0, [1.0, 1.0])):
        assert one.f.vjp(*given) == other.f.vjp(*given)
    assert one.code.run("f_vjp", ([1.0, 2.0], [1.0, 1.0], 5.0)) == other.code.run(
        "f_vjp", ([1.0, 2.0], [1.0, 1.0], 5.0)
    )


def test_some_parameters_and_some_arguments() -> None:
    text = "model m(x): \n    param a = 1\n    param b[2] = 2\n    return a*x + b[0]\ndef f(x, y): return m(x)*y\n"
    one, other = (mgc.loads(text, target=target, wrt=["y", "params"]) for target in ("native", "python"))
    params = one.init()
    assert one.f.value_and_grad(params, 2.0, 3.0) == other.f.value_and_grad(params, 2.0, 3.0)


@pytest.mark.parametrize("kind", [np.float32, np.int64, np.int8, bool, ">f8"])
def test_arrays_of_any_kind_give_arrays_of_float64(native: Any, kind: Any) -> None:
    X_, y = np.array(X).astype(kind), np.array(Y).astype(kind)
    params = native.init(3, n=2)
    value, grads = native.loss.value_and_grad({name: np.array(p) for name, p in params.items()}, X_, y)
    wanted = native.loss.value_and_grad(params, X_.tolist(), y.tolist())
    assert (value, grads["line.w"].tolist(), grads["line.b"]) == (wanted[0], wanted[1]["line.w"], wanted[1]["line.b"])
    assert grads["line.w"].dtype == np.float64


def test_arrays_that_are_not_contiguous_are_converted(native: Any) -> None:
    wide = np.arange(12.0).reshape(2, 6)
    whole = native.both(np.array([1.0, 2.0]), 1, wide[:, ::2].copy())
    for strange in (wide[:, ::2], np.asfortranarray(wide[:, ::2]), wide[:, 4::-2][:, ::-1]):
        assert native.both(np.array([1.0, 2.0]), 1, strange)[0].tolist() == whole[0].tolist()


def test_subclasses_of_arrays_are_taken_as_arrays(native: Any, tmp_path: Path) -> None:
    kept = np.memmap(tmp_path / "W", np.float64, "w+", shape=(2, 3))
    kept[:] = EXAMPLE[2]
    assert native.both(EXAMPLE[0], 1, kept)[0].tolist() == [8.0, 10.0, 12.0]
    assert native.both.bind(W=kept)(EXAMPLE[0], 1)[0].tolist() == [8.0, 10.0, 12.0]
    whole = np.memmap(tmp_path / "t", np.int64, "w+", shape=(3,))
    assert native.table(whole, [2.0]) == 6.0
    with pytest.raises(mgc.DataError, match=r"argument 'W': .*, found None at"):
        native.both(EXAMPLE[0], 1, np.ma.masked_greater(np.array(EXAMPLE[2]), 5.0))


def test_an_array_in_gives_arrays_out_and_its_derivative(native: Any) -> None:
    (first, second), (dx, dW) = native.both.vjp(np.array([1.0, 2.0]), 1, EXAMPLE[2], np.ones(3), 1.0)
    assert (type(first), type(second), type(dx), type(dW)) == (np.ndarray, float, np.ndarray, list)


def test_out_is_written_and_returned(native: Any) -> None:
    row = np.zeros(3)
    assert native.both(*EXAMPLE, out=(row, None))[0] is row
    assert row.tolist() == [8.0, 10.0, 12.0]
    params, place = native.init(3, n=2), np.zeros(2)
    _, grads = native.loss.value_and_grad(params, X, Y, out={"line.w": place})
    assert grads["line.w"] is place
    assert place.tolist() == native.loss.grad(params, X, Y)["line.w"]
    _, (dx, _) = native.both.vjp(*EXAMPLE, [1, 2, 3], 4, out=(place, None))
    assert dx is place
    listed = native.rows(2.0, 3, out=row)
    assert listed is row and row.tolist() == [0.0, 2.0, 4.0]


@pytest.mark.parametrize(
    "place",
    [np.zeros(4), np.zeros(3, np.float32), np.zeros(6)[::2], [0.0] * 3, np.frombuffer(bytes(24)), np.zeros((3, 1))],
)
def test_places_that_do_not_fit_are_refused(native: Any, place: Any) -> None:
    with pytest.raises(mgc.DataError, match="out: expected writable, contiguous arrays of float64"):
        native.rows(2.0, 3, out=place)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda m: m.both(*EXAMPLE, out=[np.zeros(3), None]), "out: expected a tuple of 2 places, or None"),
        (lambda m: m.both(*EXAMPLE, out=(np.zeros(3),)), "out: expected a tuple of 2 places, or None"),
        (lambda m: m.neuron.value_and_grad(1, 2, 3, out=np.zeros(3)), "out: expected a tuple of 3 places, or None"),
        (lambda m: m.neuron.value_and_grad(1, 2, 3, out=(1.0, None, None)), "out: expected writable"),
        (
            lambda m: m.loss.value_and_grad(m.init(n=2), X, Y, out=(None,)),
            "out: expected a dictionary for the parameters",
        ),
    ],
)
def test_places_of_another_form_are_refused(native: Any, call: Callable[[Any], object], said: str) -> None:
    with pytest.raises(mgc.DataError, match=said):
        call(native)


def test_places_that_overlap_are_refused(native: Any) -> None:
    x = np.ones(4)
    with pytest.raises(mgc.DataError, match="out: an array overlaps another, or an argument"):
        native.both(x, 0, np.ones((4, 4)), out=(x, None))


def test_out_may_be_an_argument(native: Any, python: Any) -> None:
    assert native.shifted([1, 2, 4], out=3) == python.shifted([1, 2, 4], out=3) == [-1.0, -2.0]


def test_bound_arguments_are_copied_once(native: Any) -> None:
    params, data = native.init(3, n=2), np.array(X)
    wanted = native.loss.value_and_grad(params, X, Y)
    bound = native.loss.bind(X=data, y=Y)
    data[:] = 0.0
    assert bound.value_and_grad({name: np.array(value)[()] for name, value in params.items()})[0] == wanted[0]
    assert bound.value_and_grad({name: np.float32(value) * 0 for name, value in params.items()})[0] != wanted[0]
    assert repr(bound) == "<Bound loss(params)>"
    assert bound.value_and_grad(params) == wanted
    assert bound(params) == wanted[0]
    whole = native.loss.bind(X=X, y=Y, params=params)
    assert whole.value_and_grad() == wanted
    assert native.both.bind(k=1).vjp(EXAMPLE[0], EXAMPLE[2], [1, 2, 3], 4) == native.both.vjp(*EXAMPLE, [1, 2, 3], 4)


def test_what_is_bound_and_converted_at_each_call(native: Any) -> None:
    bound = native.both.bind(k=1)
    found = bound(np.array([1, 2], np.float32), np.array(EXAMPLE[2], np.int16))
    assert found[0].tolist() == [8.0, 10.0, 12.0]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda m: m.neuron(1, 2), "neuron: missing argument: b"),
        (lambda m: m.neuron(1, 2, 3, 4), "at most 3 arguments"),
        (lambda m: m.neuron(1, 2, 3, c=4), "no argument 'c'"),
        (lambda m: m.neuron(1, 2, 3, b=4), "'b' is given twice"),
        (lambda m: m.neuron("1", 2, 3), "argument 'x': expected a number, found '1'"),
        (lambda m: m.neuron(10**400, 2, 3), "an integer that is too large for a double"),
        (lambda m: m.neuron.vjp(1, 2, 3, 1), "has one scalar result"),
        (lambda m: m.both.value_and_grad(*EXAMPLE), "several results; use .vjp"),
        (lambda m: m.both.vjp(*EXAMPLE), "both.vjp: missing: .*adjoint 1"),
        (lambda m: m.both([1.0], 0, EXAMPLE[2]), r"'W': expected shape \[n, m\] = \[1, 3\], found \[2, 3\]"),
        (lambda m: m.both([1.0, 2.0], 0, [[1.0], [1.0, 2.0]]), "a ragged list"),
        (lambda m: m.both([1.0, 2.0], 0.5, EXAMPLE[2]), "'k': expected an integer, found 0.5"),
        (lambda m: m.both([1.0, 2.0], 2**60, EXAMPLE[2]), r"integers up to 2\*\*53"),
        (
            lambda m: m.both(np.ones((2, 1)), 0, EXAMPLE[2]),
            r"'x': expected an array .*, found an array of shape \[2, 1\]",
        ),
        (lambda m: m.both(np.ones(3), 0, np.ones((2, 2))), r"'W': expected shape \[n, m\] = \[3, 2\], found \[2, 2\]"),
        (lambda m: m.both(np.array(["a"]), 0, EXAMPLE[2]), "found an array of <U1"),
        (lambda m: m.table(np.array([0.5]), [1.0]), "expected integers up to"),
        (lambda m: m.loss([1], X, Y), "params must be a dict"),
        (lambda m: m.loss({"line.w": [1.0, 2.0]}, X, Y), "missing parameter: line.b"),
        (lambda m: m.loss({"line.w": [1.0, 2.0], "line.b": 1, "line.c": 1}, X, Y), "unknown parameter 'line.c'"),
        (lambda m: m.loss({"line.w": [1.0], "line.b": 1}, X, Y), "'line.w'|argument 'X'"),
        (lambda m: m.loss.bind(X=X)({}), "loss: expected params, y, found 1 arguments"),
        (lambda m: m.neuron.bind(x=1, w=2)(**{"": 3.0}), "neuron: expected b by position, found =$"),
        (lambda m: m.neuron.bind(x=1, w=2)(b=3.0), "neuron: expected b by position, found b="),
        (lambda m: m.loss.bind(X=X)({}, Y, z=1), "loss: expected params, y by position, found z="),
        (lambda m: m.loss.bind(X=X, y=[1.0]), r"'y': expected shape \[m\] = \[3\], found \[1\]"),
        (lambda m: m.rows.value_and_grad(1.0, 2), "array result; use .vjp"),
    ],
)
def test_what_does_not_fit_is_told(native: Any, call: Callable[[Any], object], said: str) -> None:
    with pytest.raises(mgc.DataError, match=said):
        call(native)


class Parts(UserDict[str, object]):
    """A mapping that is no dictionary."""


def misaligned(count: int) -> Any:
    return np.zeros(8 * count + 8, np.uint8)[1 : 8 * count + 1].view(np.float64)


def overlapping() -> Any:
    whole = np.zeros(3)
    return whole, whole


@pytest.mark.parametrize(
    "call",
    [
        lambda m: m.rows(2.0, 3, out=misaligned(3)),
        lambda m: m.rows(2.0, 3, out=np.zeros(3).view(Subclass)),
        lambda m: m.rows(2.0, 3, out=np.zeros(3, ">f8")),
        lambda m: m.rows(2.0, 0, out=np.zeros(0)),
        lambda m: m.rows(2.0, 2**53),
        lambda m: m.rows(np.float64(2.0), np.int64(3)),
        lambda m: m.both(misaligned(2), 1, np.ones((2, 3))),
        lambda m: m.both(np.ones(3), 1, np.ones((3, 3)), out=overlapping()),
        lambda m: m.both.vjp(np.ones(2), 1, np.ones((2, 3)), np.ones(3), 1.0, out=(None, np.zeros((2, 3)))),
        lambda m: m.both(np.ones(2**20), 0, np.zeros((2**20, 0))),
        lambda m: m.loss.grad(m.init(2, n=2), X, Y, out=Parts()),
        lambda m: m.loss.grad(m.init(2, n=2), X, Y, out=OrderedDict({"line.w": np.zeros(2)})),
        lambda m: m.wide(np.zeros((2**31, 0))),
        lambda m: m.table(np.array([0, 1]), np.ones(2)),
        lambda m: m.table(np.array([0, 1]), np.ones(2).view(Subclass)),
        lambda m: m.table(np.array([0, 1], np.int32), [1, 2]),
        lambda m: m.table(np.array([0, 2]), np.ones(2)),
    ],
)
def test_both_ways_to_call_answer_alike(call: Callable[[Any], object], callers: tuple[Any, Any]) -> None:
    def answer(model: Any) -> str:
        try:
            return repr(call(model))
        except (mgc.DataError, mgc.ModelError, MemoryError) as error:
            return f"{type(error).__name__}: {error}"

    one, other = map(answer, callers)
    assert one == other


def test_integers_are_read_before_the_call(native: Any) -> None:
    t = np.array([0, 1])
    place = t.view(np.float64)
    _, (dv,) = native.table.value_and_grad(t, [3.0, 4.0], out=(place,))
    assert dv is place and dv.tolist() == [1.0, 1.0]


def test_functions_of_many_inputs(native: Any) -> None:
    names = [f"x{k}" for k in range(200)]
    model = mgc.loads(f"def f({', '.join(names)}): return {' + '.join(names)}", target="native")
    value, slopes = model.f.value_and_grad(*range(200))
    assert (value, set(slopes)) == (19900.0, {1.0})


def test_errors_are_those_of_python(native: Any, python: Any) -> None:
    told = []
    for model in (native, python):
        for call in (model.both, lambda *given, model=model: model.both.bind(x=given[0])(*given[1:])):
            with pytest.raises(mgc.ModelError) as found:
                call([1.0, 2.0], 5, EXAMPLE[2])
            told.append(str(found.value))
    assert "calls.mg:16:5: error: index 5 is outside an axis of size 2" in told[0]
    assert len(set(told)) == 1


def test_a_library_without_its_text_tells_the_line(native: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native.native, "_twin", None)
    with pytest.raises(mgc.ModelError, match=r"calls.mg:16:5: error: index out of range"):
        native.both([1.0, 2.0], 5, EXAMPLE[2])


def test_empty_axes(native: Any, python: Any) -> None:
    calls: list[Callable[[Any], object]] = [
        lambda m: m.rows(1.0, 0),
        lambda m: m.shifted([], 1),
        lambda m: m.table([], []),
        lambda m: m.rows(1.0, -3),
    ]
    for call in calls:
        assert call(native) == call(python)
    assert native.shifted(np.zeros(0), 1.0).tolist() == []


def test_texts_are_those_of_c(native: Any) -> None:
    assert native.source.startswith("/* calls.mg, compiled to C99")
    assert "mgc_status neuron(double x, double w, double b, double *restrict out) {" in native.neuron.source
    assert "neuron_value_and_grad(" in native.neuron.backward_source


def test_what_looks_into_emitted_python_looks_into_that_of_the_same_text(native: Any) -> None:
    assert native.neuron.verify().ok
    assert native.neuron.debug(1.0, 2.0, 3.0) is not None
    assert "neuron" in native._repr_html_() and "neuron" in native.neuron._repr_html_()


def test_a_model_is_pickled_as_its_text(native: Any) -> None:
    again = pickle.loads(pickle.dumps(native.both))
    assert again(*EXAMPLE) == native.both(*EXAMPLE)


def test_several_threads_at_once(native: Any) -> None:
    params = native.init(3, n=2)
    big = np.tile(np.array(X), (20_000, 1))
    y = np.tile(np.array(Y, float), 20_000)
    wanted = native.loss.value_and_grad(params, big, y)
    found: list[Any] = []
    threads = [
        threading.Thread(target=lambda: found.append(native.loss.value_and_grad(params, big, y))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [wanted] * 8


def test_a_model_that_nobody_holds_is_freed() -> None:
    model = mgc.loads("def f(x): return x*x", target="native")
    bound, watched = model.f.bind(x=3), weakref.ref(model)
    assert bound.value_and_grad() == (9.0, (6.0,))
    del model, bound
    gc.collect()
    assert watched() is None


def test_a_function_may_be_called_as_one_of_libc() -> None:
    model = mgc.loads(
        "def step(x): return x + 1\ndef advance(x): return 2*x\ndef twalk(x): return 3*x", target="native"
    )
    assert (model.step(1.0), model.advance(1.0), model.twalk(1.0)) == (2.0, 2.0, 3.0)


def test_too_many_inputs_are_left_to_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mgc.runtime.native.model.MOST", 2)
    text = "def f(x, y, z): return x + z"
    with pytest.raises(mgc.DataError, match="f has more than 2 inputs"):
        mgc.loads(text, target="native")
    assert mgc.loads(text, target="auto").f(1, 2, 3) == 4.0
