"""`param W[m, n] = uniform(-1, 1)`: the initial values of a module's parameters, as Python."""

from __future__ import annotations

from collections.abc import Sequence

from mgc.compiler.emit.interface import spelt_sizes
from mgc.compiler.emit.python.layout import WIDTH
from mgc.compiler.emit.python.operators import target as python_target
from mgc.compiler.emit.spelling import Scope
from mgc.compiler.lower.initialisers import are_random, start
from mgc.compiler.lower.scope import Parameter
from mgc.compiler.schedule.freeze import closed

_TEXT = {"uniform": "rng.uniform({0}, {1})", "normal": "rng.gauss({0}, {1})", "zeros": "0.0"}


def init_params(found: Sequence[Parameter], size_names: Sequence[str]) -> tuple[list[str], Scope]:
    """The lines of `init_params`, and what they use. Errors: ModelError."""
    scope = Scope(python_target(False), sizes=spelt_sizes(found))
    arguments = ", ".join(["seed=0", *(["*", *size_names] if size_names else [])])
    random = are_random(found)
    drawn = "drawn with the seed" if random else "which no seed changes"
    lines = [f"def init_params({arguments}):", f'    """The initial parameters by name, {drawn}."""']
    if random:
        lines.append("    rng = Random(seed)")
    lines.append("    return {")
    for parameter in found:
        lines += _entry(parameter.name, _array(parameter, scope))
    return [*lines, "    }"], scope


def _entry(name: str, text: str) -> list[str]:
    line = f'        "{name}": {text},'
    if len(line) <= WIDTH or not text.startswith("[["):
        return [line]
    inner, run = text[1:-1].rsplit("] for ", 1)
    body = [f"            {inner}] for {run}"]
    if len(body[0]) > WIDTH:
        body = [f"            {inner}]", f"            for {run}"]
    return [f'        "{name}": [', *body, "        ],"]


def _array(parameter: Parameter, scope: Scope) -> str:
    element = _element(parameter, scope)
    sizes = [scope.write(closed(size)) for size in parameter.node.args]
    if not sizes:
        return element
    if "rng." in element:
        text = f"[{element} for _ in range({sizes[-1]})]"
    else:
        text = f"[{element}] * {sizes[-1] if sizes[-1].isalnum() else f'({sizes[-1]})'}"
    for size in reversed(sizes[:-1]):
        text = f"[{text} for _ in range({size})]"
    return text


def _element(parameter: Parameter, scope: Scope) -> str:
    """One element's initial value: a draw, or an expression of sizes."""
    kind, numbers = start(parameter)
    form = "{0}" if kind is None else _TEXT[kind]
    return form.format(*[scope.write(closed(number)) for number in numbers])
