"""No name of the author's collides with a word of Python or C, with a helper or with a name that mgc makes up."""

from __future__ import annotations

import keyword
import random
import re

import pytest

from mgc.compiler.names import words
from mgc.compiler.options import Options
from mgc.compiler.pipeline import compile_source
from mgc.grammar.diagnostics import ModelError
from mgc.runtime import audit
from support import emitted
from support.quick import in_turn

PLACES = {
    "argument": "def wanted({0}, two):\n    {0}_2 = {0}*two\n    return {0}_2*{0} + exp({0})\n",
    "local": "def wanted(one, two):\n    {0} = one*two\n    d{0} = {0}*one\n    return {0}*d{0}*two\n",
    "definition": "def {0}(one): return one*one\n\ndef wanted(one, two): return {0}(one)*two\n",
    "index": "def wanted(one, two): return sum(one**({0} + 1)*two for {0} in range(3))\n",
    "constant": "const {0} = 1.5\ndef wanted(one, two): return {0}*one*two\n",
    "size": "def inner(v[{0}]): return sum(v[i]*{0} for i)\n\ndef wanted(one, two): return inner([one, two, 1])\n",
    "operation": "op {0}(v): dv = 2*v\n    return v*v\n\ndef wanted(one, two): return {0}(one)*{0}(two)\n",
}
MADE_UP = "out dout t dt t_2 out_2 total out_total d place element params grads rng forward backward x_2 i j".split()
WORDS = sorted({*words.reserved(), *MADE_UP})


def compiled(place: str, word: str) -> emitted.Emitted | None:
    try:
        return emitted.emit(PLACES[place].replace("{0}", word))
    except ModelError:
        return None


def numbers(module: emitted.Emitted) -> list[object]:
    info = module.info("wanted")
    return [module.names[name](0.7, 1.3) for name in (info.emitted_name, str(info.gradient_name))]


SAMPLES = {f"every fourth from {first}": WORDS[first::4] for first in range(4)}


@pytest.mark.parametrize(("place", "words"), in_turn({place: place for place in PLACES}, SAMPLES))
def test_a_word_of_the_target_is_a_name_like_any_other(place: str, words: list[str]) -> None:
    plain = compiled(place, "plain")
    assert plain is not None
    wanted, accepted = numbers(plain), 0
    for word in words:
        module = compiled(place, word)
        if module is not None:
            audit.audit(module.module.text)
            assert numbers(module) == wanted, (word, module.module.text)
            accepted += 1
    assert accepted > len(words) / 3, "most reserved words of other languages are good names here"


def test_python_words_are_re_spelt() -> None:
    text = compile_source("def f(lambda, class):\n    del = lambda*class\n    return del**2", "f.mg").text
    used = set(re.findall(r"[A-Za-z_]\w*", re.sub(r'""".*?"""|#.*', "", text, flags=re.DOTALL)))
    assert not used & {"lambda", "class", "del"}
    assert {"lambda_", "class_", "del_"} <= used


@pytest.mark.parametrize("word", ["for", "def", "if", "else", "and", "or", "not", "in", "return", "import"])
def test_words_of_the_language_are_refused(word: str) -> None:
    with pytest.raises(ModelError):
        compile_source(f"def f({word}): return {word}", "f.mg")


COLLISIONS = [
    "def f(x, dx, x_, d_x): return x*dx*x_*d_x",
    "def f(out, dout, out_2): return out*dout*out_2 + sin(out*dout)",
    "def f(t, dt, t_2, t_3): return exp(t*dt) + exp(t*dt)*t_2*t_3",
    "def f(class, class_, class_2): return class*class_*class_2",
    "def f(i, j, k, v[n]): return sum(v[p]*v[q]*i*j*k for p, q)",
    "def f(n, v[n_]): return n*sum(v)*n_",
    "def f(x, n_sum): return sum(x*i*n_sum for i in range(3)) + max(x, n_sum)",
    "def f(x, f_value_and_grad, g): return x*f_value_and_grad*g\ndef f_vjp(x): return x*x\ndef f_2(f): return f**3",
    "def f_value_and_grad(x): return x**3\ndef f(x): return f_value_and_grad(x)*x",
    "def check_shape(v[n]): return sum(v*v)\ndef init_params(x): return x*x",
    "def exp_x(x): return exp(x)\ndef f(exp_x): return exp(exp_x)*exp_x",
    "def f(h): return sin(h)\ndef g(dh, h):\n    h_2 = h*dh\n    h = h_2*h\n    dh_2 = h*h\n    return dh_2*dh",
    "op double(x): dx = 2\n    return x + x\ndef f(double): return double*double",
    (
        "op helper(x): dx = 2*x\n    t = x*x\n    return t\n"
        "def f(x, t): return helper(x)*t\ndef helper_2(x): return helper(x)"
    ),
]


@pytest.mark.parametrize("text", COLLISIONS)
@pytest.mark.parametrize("options", [Options(), Options(ieee=True)], ids=["plain", "ieee"])
def test_names_that_mgc_would_have_chosen(text: str, options: Options) -> None:
    emitted.check(emitted.emit(text, options=options), random.Random(1), low=0.2)


def test_every_keyword_is_reserved() -> None:
    assert {*keyword.kwlist, *keyword.softkwlist} <= words.reserved()


def test_results_are_called_alike_in_a_c_function_and_in_its_derivative() -> None:
    text = compile_source("def f(x, y): return sin(x)*y, cos(x)*y", "f.mg", Options(target="c")).text
    assert text.count("double *restrict out_1, double *restrict out_2") == 2


def test_a_row_has_one_name_in_all_loops() -> None:
    text = compile_source("def f(W[m, n], x[n]): return sum(tanh(W @ x)) + sum(W[i, j]**2 for i, j)", "f.mg").text
    assert text.count(" W_i = W[i]\n") > 2
    assert "W_i_2" not in text


def test_a_loop_of_one_turn_is_none() -> None:
    text = compile_source("def f(W[1, n], b[1], x[n]): return norm(W @ x + b) + sum(W) + sum(b)", "f.mg").text
    assert not re.search(r"for \w+ in range\(1\):", text)


def test_a_word_of_c_with_any_number_gets_other_names() -> None:
    text = "def f(mgc_y):\n    mgc_y = mgc_y*2\n    mgc_y = sin(mgc_y)\n    return mgc_y*mgc_(mgc_y)\n\n"
    source = compile_source(text + "def mgc_(mgc_x): return exp(mgc_x**2)*mgc_x**2", "f.mg").text
    assert "a_mgc_y_2 = mgc_y_ * 2.0" in source
