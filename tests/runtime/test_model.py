"""Models and functions as a person holds them: calls, derivatives, sources, and what a mistake looks like."""

from __future__ import annotations

import inspect
import math
import os
import pickle
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import mgc
from mgc import DataError, Model, ModelError
from support.fit_model import MODEL, NEURON, NEURON_GRADIENTS, PARAMETERS, ROWS, loss_by_hand


@pytest.fixture(scope="module")
def model() -> Model:
    return mgc.loads(MODEL, "fit.mg")


def test_neuron_of_the_lecture(model: Model) -> None:
    value, gradients = model.neuron.value_and_grad(*NEURON)
    assert value == pytest.approx(0.7071067811865477, rel=1e-14)
    assert gradients == pytest.approx(NEURON_GRADIENTS, rel=1e-13)
    assert model.neuron(*NEURON) == value
    assert model.neuron.grad(*NEURON) == gradients


def test_keywords_and_integers_and_arrays(model: Model) -> None:
    numpy = pytest.importorskip("numpy")
    assert model.neuron(2, 0, -3, b=NEURON[4], w2=1) == model.neuron(*NEURON)
    assert model.loss(PARAMETERS, numpy.array(ROWS["X"]), y=numpy.array(ROWS["y"])) == model.loss(
        PARAMETERS, ROWS["X"], ROWS["y"]
    )


def test_long_doubles_are_numbers() -> None:
    function = mgc.loads("def f(x[n], y, k: int): return x[k]*y", "f.mg").f
    assert function(np.array([1, 2], np.longdouble), np.longdouble(2.5), np.longdouble(1)) == 5.0
    with pytest.raises(DataError, match="expected a number, found a clongdouble"):
        function([1], np.clongdouble(1), 0)


def test_parameters_come_first_and_gradients_are_a_dict(model: Model) -> None:
    value, gradients = model.loss.value_and_grad(PARAMETERS, ROWS["X"], ROWS["y"])
    expected, expected_gradients = loss_by_hand()
    assert value == pytest.approx(expected, rel=1e-14)
    assert isinstance(gradients, dict)
    assert gradients["fit.w"] == pytest.approx(expected_gradients["fit.w"])
    assert gradients["fit.b"] == pytest.approx(expected_gradients["fit.b"])


def test_adjoints_come_before_arguments_with_defaults() -> None:
    function = mgc.loads("def f(x, a = 2): return a*x, a + x", "f.mg").f
    assert function.vjp(3.0, 5.0, 1.0, 0.0) == ((15.0, 8.0), (5.0, 3.0))
    assert function.vjp(3.0, 1.0, 0.0) == ((6.0, 5.0), (2.0, 3.0))


def test_array_result_has_a_vjp(model: Model) -> None:
    value, gradients = model.logs.vjp([1.0, 2.0], [1.0, 10.0])
    assert value == pytest.approx([0.0, 0.6931471805599453])
    assert gradients == ([1.0, 5.0],)


def test_fresh_parameters_follow_the_seed(model: Model) -> None:
    assert model.init() == model.init(seed=0) != model.init(seed=1)
    assert list(model.init()) == [parameter.name for parameter in model.parameters] == ["fit.w", "fit.b"]


def test_what_a_model_shows(model: Model) -> None:
    assert "loss(params, X[n, 2], y[n]) -> float" in repr(model)
    assert "fit.b[2]" in repr(model)
    assert repr(model.neuron) == "<Function neuron(x1, x2, w1, w2, b) -> float>"
    assert repr(model.logs) == "<Function logs(x[n]) -> float[n]>"
    assert model.neuron.__name__ == "neuron"
    assert "A neuron." in (model.neuron.__doc__ or "")
    assert str(inspect.signature(model.loss)) == "(params, X, y)"
    assert {"neuron", "logs", "loss", "init", "source"} <= set(dir(model))
    assert model["loss"] is model.loss


def test_sources_are_parts_of_the_whole(model: Model) -> None:
    for function in (model.neuron, model.logs, model.loss):
        assert function.source in model.source
        assert function.backward_source in model.source
        assert function.source.startswith(f"def {function.info.emitted_name}(")
        assert function.backward_source.startswith(f"def {function.info.gradient_name}(")
        assert "return" in function.backward_source.splitlines()[-1] or ")" in function.backward_source


CALLS: dict[str, Callable[[Model], object]] = {
    "argument 'x1': expected a number, found 'a'": lambda m: m.neuron("a", 0, 0, 0, 0),
    "neuron: missing arguments: w1, w2, b": lambda m: m.neuron(1, 2),
    "loss: missing argument: y[n]": lambda m: m.loss(PARAMETERS, [[1, 2]]),
    "expected at most 5 arguments (x1, x2, w1, w2, b), found 6": lambda m: m.neuron(1, 2, 3, 4, 5, 6),
    "neuron: no argument 'w3'; it takes x1, x2, w1, w2, b": lambda m: m.neuron(1, 2, 3, 4, w3=5),
    "neuron: argument 'x1' is given twice": lambda m: m.neuron(1, 2, 3, 4, x1=5),
    "argument 'y': expected shape [n] = [1], found [2]": lambda m: m.loss(PARAMETERS, [[1, 2]], [3, 4]),
    "argument 'X': expected shape [n, 2] = [1, 2], found [1, 3]": lambda m: m.loss(PARAMETERS, [[1, 2, 3]], [3]),
    "missing parameter: fit.b": lambda m: m.loss({"fit.w": 1}, [[1, 2]], [3]),
    "unknown parameter 'fit.c'; did you mean": lambda m: m.loss({**PARAMETERS, "fit.c": 1}, [[1, 2]], [3]),
    "parameter 'fit.b': expected shape [2], found [1]": lambda m: m.loss({"fit.w": 1, "fit.b": [1]}, [[1, 2]], [3]),
    "params must be a dict": lambda m: m.loss([1], [[1, 2]], [3]),
    "logs has an array result; use .vjp(...)": lambda m: m.logs.value_and_grad([1.0]),
    "neuron has one scalar result; use .value_and_grad(...)": lambda m: m.neuron.vjp(1, 2, 3, 4, 5, 1),
    "argument 'adjoint': expected shape [n] = [2], found [1]": lambda m: m.logs.vjp([1.0, 2.0], [1.0]),
    "has no function 'lost'; did you mean 'loss'?": lambda m: m["lost"],
    "init: expected sizes: none; found: n": lambda m: m.init(n=3),
}


@pytest.mark.parametrize(("message", "call"), CALLS.items(), ids=range(len(CALLS)))
def test_mistakes_in_a_call(model: Model, message: str, call: Callable[[Model], object]) -> None:
    with pytest.raises(DataError, match=re.escape(message)):
        call(model)


def test_unknown_attribute(model: Model) -> None:
    with pytest.raises(AttributeError, match="did you mean 'loss'"):
        _ = model.lost
    assert not hasattr(model, "_repr_png_")


def test_arithmetic_is_told_in_the_models_terms(model: Model) -> None:
    with pytest.raises(ModelError) as caught:
        model.logs([1.0, 0.0])
    [diagnostic] = caught.value.diagnostics
    assert diagnostic.path == "fit.mg"
    assert diagnostic.message.startswith("outside the domain in `")
    assert diagnostic.span.line == 8
    assert diagnostic.message.endswith("where x[i] = 0.0, i = 1")
    assert diagnostic.hint is not None
    assert "--ieee" in diagnostic.hint
    assert isinstance(caught.value.__cause__, ValueError)


def test_arithmetic_names_the_line(model: Model) -> None:
    ratio = mgc.loads("def ratio(a, b):\n    c = a + 1\n    return c/b\n", "ratio.mg").ratio
    with pytest.raises(ModelError, match="division by zero") as caught:
        ratio(1.0, 0.0)
    [diagnostic] = caught.value.diagnostics
    assert diagnostic.span.line == 3
    assert diagnostic.message == "division by zero in `c / b` where c = 2.0, b = 0.0"
    with pytest.raises(ModelError, match="too large"):
        mgc.loads("def big(x): return exp(x)", "big.mg").big(1000.0)


def test_an_index_out_of_range_names_the_line() -> None:
    pick = mgc.loads("def pick(x[n], i: int):\n    y = x[i]\n    return y*y\n", "pick.mg").pick
    assert pick([2.0, 3.0], 1) == 9.0
    for index in (2, -1):
        with pytest.raises(ModelError, match=f"index {index} is outside") as caught:
            pick([2.0, 3.0], index)
        assert caught.value.diagnostics[0].span.line == 2


@pytest.mark.parametrize("of", ["argmax(v)", "argmin(v)", "argmax(v[i] for i in range(k, n))"])
def test_an_argmax_of_nothing_names_the_line(of: str) -> None:
    model = mgc.loads(f"def f(x[m], v[n], k: int):\n    return x[0] + {of}\n", "f.mg")
    for given, place in (([], 0), ([1.0, 2.0], 2)):
        if given == [] or "range" in of:
            with pytest.raises(ModelError, match=r"f\.mg:2:5: error: argmax or argmin of nothing"):
                model.f.value_and_grad([1.0], given, place)


def test_a_mistake_in_the_model() -> None:
    with pytest.raises(ModelError, match=r"bad\.mg:1:"):
        mgc.loads("def bad(x): return z\n", "bad.mg")


def test_load_reads_a_file(tmp_path: Path) -> None:
    path = tmp_path / "fit.mg"
    path.write_text(MODEL)
    assert mgc.load(path).source == mgc.loads(MODEL, str(path)).source
    with pytest.raises(DataError, match="cannot read"):
        mgc.load(tmp_path / "missing.mg")
    with pytest.raises(DataError, match="it is a directory"):
        mgc.load(tmp_path)


def test_a_file_imports_what_lies_beside_it(tmp_path: Path) -> None:
    main = tmp_path / "main.mg"
    main.write_text('import "part.mg"\ndef f(x): return twice(x)\n')
    with pytest.raises(ModelError, match=r"main\.mg:1:.*cannot read 'part\.mg': No such file"):
        mgc.load(main)
    (tmp_path / "part.mg").write_text("def twice(x): return 2*x\n")
    assert mgc.load(main).f(3.0) == 6.0
    with pytest.raises(ModelError, match="cannot import"):
        mgc.loads(main.read_text(), str(main))


def test_an_import_follows_no_link_out_of_the_folder(tmp_path: Path) -> None:
    folder, outside = tmp_path / "models", tmp_path / "models of others"
    folder.mkdir()
    outside.mkdir()
    main, secret = folder / "main.mg", outside / "part.mg"
    secret.write_text("def twice(x): return 2*x\n")
    (folder / "other").symlink_to(outside)
    (folder / "link.mg").symlink_to(secret)
    for name in ("link.mg", "other/part.mg"):
        main.write_text(f'import "{name}"\ndef f(x): return twice(x)\n')
        with pytest.raises(ModelError, match=f"main.mg:1:1: error: cannot read '{name}': it is a link that leads out"):
            mgc.load(main)
    (folder / "link.mg").unlink()
    (folder / "part.mg").write_text(secret.read_text())
    (folder / "link.mg").symlink_to("part.mg")
    main.write_text('import "link.mg"\ndef f(x): return twice(x)\n')
    (tmp_path / "linked").symlink_to(folder)
    assert mgc.load(tmp_path / "linked/main.mg").f(3.0) == 6.0


def test_what_is_imported_is_read_though_nothing_calls_it(tmp_path: Path) -> None:
    main = tmp_path / "main.mg"
    main.write_text('import "part.mg"\ndef f(x): return twice(x)\n')
    (tmp_path / "part.mg").write_text("def twice(x): return 2*x\ndef broken(x): return x + y\n")
    with pytest.raises(ModelError, match=r"part\.mg:2:27: error: unknown name 'y'"):
        mgc.load(main)
    assert mgc.load(main, functions=["f"]).f(3.0) == 6.0  # only what is asked for is read


def test_an_index_that_is_outside_is_told_with_what_it_was_read_from() -> None:
    function = mgc.loads("def f(t[n]: int, v[3]): return sum(v[t[i]]**2 for i)", "f.mg").f
    with pytest.raises(ModelError) as raised:
        function([0, 1, 7, 2], [1, 2, 3])
    assert raised.value.diagnostics[0].message == "index 7 is outside an axis of size 3 where t[i] = 7, i = 2"


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_const_is_a_finite_number(value: float) -> None:
    with pytest.raises(ModelError, match=r"^f.mg: error: --set gives 'dt' the value -?(nan|inf); a const is a finite"):
        mgc.loads("const dt = 1\ndef f(x): return dt*x", "f.mg", set={"dt": value})


def test_a_path_may_be_bytes(tmp_path: Path) -> None:
    path = tmp_path / "f.mg"
    path.write_text("def f(x): return x*x")
    assert mgc.load(os.fsencode(path)).path == str(path)
    with pytest.raises(mgc.DataError, match=r"cannot read gone\.mg"):
        mgc.load(b"gone.mg")


@pytest.mark.parametrize("wrt", ["a.w", "x", ["b.v", "x"]])
def test_wrt_names_what_some_function_has(wrt: str) -> None:
    two = "model a(x[2]):\n    param w[2] = 1\n    return x @ w\nmodel b(y):\n    param v = 1\n    return v*y\n"
    assert {info.name: info.wrt for info in mgc.loads(two, wrt=wrt).module.functions}["b"] == ("params",)
    with pytest.raises(ModelError, match="no function has a float argument or parameter 'q'"):
        mgc.loads(two, wrt=["x", "q"])


def test_a_text_is_no_number() -> None:
    with pytest.raises(TypeError, match="loads takes the text of a model, str or bytes, not int; a path is for load"):
        mgc.loads(3)  # type: ignore[arg-type]  # the mistake


def test_an_array_without_rows_keeps_its_sizes() -> None:
    model = mgc.loads("def f(X[n, d], w[d]): return sum(X @ w) + n + d")
    assert model.f(np.zeros((0, 3)), np.ones(3)) == 3.0
    with pytest.raises(DataError, match=r"'w': expected shape \[d\] = \[3\], found \[2\] \(d = 3 from argument 'X'\)"):
        model.f(np.zeros((0, 3)), np.ones(2))


def test_c_is_emitted_and_not_run() -> None:
    with pytest.raises(DataError, match="mgc compile --target c"):
        mgc.loads(MODEL, target="c")  # type: ignore[arg-type]  # no type checker sees it


def test_version_is_the_packages() -> None:
    project = Path(__file__).parents[2] / "pyproject.toml"
    assert tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"] == mgc.__version__


@pytest.mark.parametrize("name", mgc.__all__)
def test_public_names(name: str) -> None:
    assert getattr(mgc, name) is not None
    assert name in dir(mgc)


def test_import_brings_nothing_along() -> None:
    program = "import mgc, sys; print(*sorted({m.partition('.')[0] for m in sys.modules}))"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not {"sympy", "numpy", "rich", "click", "lark", "ast"} & set(run.stdout.split())


MISSING: dict[str, Callable[[Model], object]] = {
    "logs.vjp: missing: adjoint[n]; an adjoint for each result comes": lambda m: m.logs.vjp([1.0, 2.0]),
    "logs.vjp: missing: x[n], adjoint[n]; an adjoint": lambda m: m.logs.vjp(),
    "logs: no argument 'adjoint'; it takes x": lambda m: m.logs.vjp([1.0], adjoint=[1.0]),
    "loss: params must be a dict by parameter name, as model.init() gives, and comes first; found a list of 1": (
        lambda m: m.loss([[1, 2]], [3])
    ),
    "loss: missing arguments: params, X[n, 2], y[n]": lambda m: m.loss(),
}


@pytest.mark.parametrize(("message", "call"), MISSING.items(), ids=range(len(MISSING)))
def test_what_is_missing_is_named(model: Model, message: str, call: Callable[[Model], object]) -> None:
    with pytest.raises(DataError, match=re.escape(message)):
        call(model)


def test_any_name_may_be_a_keyword() -> None:
    function = mgc.loads("def f(self, e, lambda): return self*e - lambda", "f.mg").f
    assert function(e=3, self=2, **{"lambda": 1}) == 5.0
    assert function.value_and_grad(e=3, self=2, **{"lambda": 1}) == (5.0, (3.0, 2.0, -1.0))


def test_booleans_are_numbers() -> None:
    assert mgc.loads("def f(y[n], k: int): return sum(y)*k", "f.mg").f([True, False, True], True) == 2.0


def test_a_definition_may_be_called_as_a_derivative_is() -> None:
    pair = mgc.loads("def f_value_and_grad(x): return 3*x\n\ndef f(x): return x**2", "f.mg")
    assert pair.f.value_and_grad(3) == (9.0, (6.0,))
    assert pair.f_value_and_grad.value_and_grad(3) == (9.0, (3.0,))


def test_each_function_has_sizes_of_its_own() -> None:
    text = (
        "model score(x[n]):\n    param w[n] = 1\n    return w @ x\n\ndef loss(X[n, m]): return sum(score(X[i]) for i)"
    )
    model = mgc.loads(text, "f.mg")
    params = model.init(n=2)
    assert model.score(params, [1, 2]) == 3.0
    assert model.loss(params, [[1, 2], [3, 4], [5, 6]]) == 21.0
    with pytest.raises(DataError, match=re.escape("argument 'X': expected shape [n, m] = [1, 2], found [1, 3]")):
        model.loss(params, [[1, 2, 3]])


def test_a_model_is_pickled_as_its_text(tmp_path: Path) -> None:
    (tmp_path / "half.mg").write_text("const half = 0.5\n")
    (tmp_path / "f.mg").write_text('import "half.mg"\nconst c = 1\ndef f(x): return c*half*x**2\n')
    model = mgc.load(tmp_path / "f.mg", set={"c": 4}, accurate=True)
    dumped = pickle.dumps((model, model.f))
    assert b"def f(x)" in dumped
    assert b"f_value_and_grad" not in dumped
    (tmp_path / "half.mg").unlink()
    again, function = pickle.loads(dumped)
    assert again.source == model.source
    assert function.value_and_grad(3) == model.f.value_and_grad(3) == (18.0, (12.0,))
    assert function.model is again


def test_an_unknown_option_is_named() -> None:
    with pytest.raises(TypeError, match="no option 'iee'; did you mean 'ieee'"):
        mgc.loads("def f(x): return x", iee=True)  # type: ignore[call-arg]


def test_a_slip_is_warned_of_at_the_caller() -> None:
    with pytest.warns(mgc.ModelWarning, match="'e' is the number") as caught:
        model = mgc.loads("def f(a, b, c):\n    d = e + c\n    return d*a*b", "f.mg")
    assert caught[0].filename == __file__
    assert len(model.module.warnings) == 1


def test_derivatives_come_in_the_order_in_which_they_are_asked_for() -> None:
    text = "model m(x):\n    param a = 2\n    return a*x\n\ndef f(x, y): return m(x)*y\n"
    params = {"m.a": 3.0}
    assert mgc.loads(text, wrt=["y", "params"]).f.grad(params, 5.0, 7.0) == (15.0, {"m.a": 35.0})
    assert mgc.loads(text, wrt=["params", "x"]).f.grad(params, 5.0, 7.0) == ({"m.a": 35.0}, 21.0)


@pytest.mark.parametrize("name", ["init", "run", "draw", "source", "verify", "code", "text"])
def test_a_function_that_an_attribute_of_models_hides_is_warned_of(name: str) -> None:
    with pytest.warns(mgc.ModelWarning, match=rf"function '{name}': .* it is model\['{name}'\]") as caught:
        model = mgc.loads(f"def {name}(x): return x*x", "f.mg")
    assert caught[0].filename == __file__
    assert model[name](3.0) == 9.0


def test_a_negative_seed_is_refused() -> None:
    model = mgc.loads("model f(x):\n    param w = uniform(-1, 1)\n    return w*x", "f.mg")
    with pytest.raises(DataError, match="init: a seed is 0 or more, not -1"):
        model.init(seed=-1)
