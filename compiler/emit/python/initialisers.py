"""`param W[m, n] = uniform(-1, 1)`: the initial values of a module's parameters, as Python."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from mgc.compiler.emit.interface import spelt_sizes
from mgc.compiler.emit.python.layout import WIDTH
from mgc.compiler.emit.python.operators import target as python_target
from mgc.compiler.emit.spelling import Scope
from mgc.compiler.lower.initialisers import are_random, start
from mgc.compiler.lower.scope import Parameter
from mgc.compiler.schedule.freeze import closed

_DRAWN = {"uniform": "rng.uniform({0}, {1})", "normal": "rng.gauss({0}, {1})"}
_TEXT = {**_DRAWN, "zeros": "0.0"}


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
        lines += _entry(parameter.name, *_array(parameter, scope))
    return [*lines, "    }"], scope


def _entry(name: str, row: str, loops: Sequence[str]) -> list[str]:
    """The lines of one parameter: an array of arrays is broken before its outermost loop, where it is too long."""
    *inner, last = accumulate(loops, lambda text, loop: f"[{text} {loop}]", initial=row)
    line = f'        "{name}": {last},'
    if len(line) <= WIDTH or not loops:
        return [line]
    body = [f"            {inner[-1]} {loops[-1]}"]
    if len(body[0]) > WIDTH:
        body = [f"            {inner[-1]}", f"            {loops[-1]}"]
    return [f'        "{name}": [', *body, "        ],"]


def _array(parameter: Parameter, scope: Scope) -> tuple[str, list[str]]:
    """Its rows, or the number that it is, and the loops over them, from the innermost on."""
    element = _element(parameter, scope)
    sizes = [scope.write(closed(size)) for size in parameter.node.args]
    if not sizes:
        return element, []
    row = f"[{element}] * {sizes[-1] if sizes[-1].isalnum() else f'({sizes[-1]})'}"
    if start(parameter)[0] in _DRAWN:
        row = f"[{element} for _ in range({sizes[-1]})]"
    return row, [f"for _ in range({size})" for size in reversed(sizes[:-1])]


def _element(parameter: Parameter, scope: Scope) -> str:
    """One element's initial value: a draw, or an expression of sizes."""
    kind, numbers = start(parameter)
    form = "{0}" if kind is None else _TEXT[kind]
    return form.format(*[scope.write(closed(number)) for number in numbers])
