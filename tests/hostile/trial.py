"""One attempt to compile a hostile model: bytes -> modules or a located message, and nothing else whatever happens."""

from __future__ import annotations

import importlib

from hostile.guard import watched
from mgc.compiler.language import library
from mgc.compiler.module import Module
from mgc.compiler.options import Options
from mgc.compiler.pipeline import compile_source
from mgc.grammar.diagnostics import ModelError
from mgc.runtime import audit
from support.counted import limited

LATE = ("fractions", "mgc.grammar.spelling", "encodings.unicode_escape")
WARM = """
model net(x[2]):
    return layernorm(mlp[3, 2](x))[0]
def f(x[n], l[n*(n-1)/2], k: int, c = 2):
    "A docstring."
    a = max(x) if c > 0 else logsumexp(x)
    return a*x[k] + sum(gamma(x[i])*x[j]**c for i, j if i != j) + sinc(c) + floor(c) % 3
"""


def warm_up() -> None:
    """Load every table and module that compiling loads when it first needs it."""
    for module in LATE:
        importlib.import_module(module)
    for name in [*library.names("ops.mg"), *library.names("prelude.mg")]:
        library.lookup(name)
    for options in (Options(), Options(target="c"), Options(ieee=True), Options(unroll=4)):
        compile_source(WARM, "warm.mg", options)
    for wrong in ("def f(x): return y", "def f(x) return", b"\xff", "def f(x): return \x01"):
        try:
            compile_source(wrong, "warm.mg")
        except ModelError as problem:
            str(problem)


CALLS, A_CHARACTER = 10_000_000, 1_000  # of functions in one attempt: some ten times what is needed


def attempt(model: bytes) -> Module | ModelError:
    """The Python module, or the message; compiling to C gives the same verdict."""
    with limited(CALLS + A_CHARACTER * len(model)), watched() as events:
        first = _compiled(model, Options())
        second = _compiled(model, Options(target="c"))
    assert events == [], events
    assert isinstance(first, Module) == isinstance(second, Module), (first, second)
    if isinstance(first, Module):
        audit.audit(first.text)
    else:
        check_message(first)
    return first


def _compiled(model: bytes, options: Options) -> Module | ModelError:
    try:
        return compile_source(model, "model.mg", options)
    except ModelError as problem:
        str(problem)
        return problem


def check_message(problem: ModelError) -> None:
    """Every message has a place, and nothing in it can drive a terminal or fill a screen."""
    text = str(problem)
    assert len(text) < 20_000
    assert all(character.isprintable() or character == "\n" for character in text)
    for diagnostic in problem.diagnostics:
        assert diagnostic.span.line >= 1
        assert diagnostic.span.column >= 1
