"""Definitions compiled for one target and ready to call: .mg text -> name -> (value and derivatives).

A `Compiled` calls its functions alike on every target: `value(name, at)` and `value_and_grad(name, at)`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mgc.compiler.pipeline import Options, compile_source


@dataclass(frozen=True, slots=True)
class Compiled:
    value: Callable[[str, tuple[Any, ...]], Any]
    value_and_grad: Callable[[str, tuple[Any, ...]], tuple[Any, Any]]
    parameters: Callable[[int], dict[str, Any]]


def python(text: str, *, ieee: bool = False, accurate: bool = False) -> Compiled:
    module = compile_source(text, "numbers.mg", Options(ieee=ieee, accurate=accurate))
    names: dict[str, Any] = {}
    exec(compile(module.text, "emitted.py", "exec"), names)  # the emitted file of our own text
    infos = {info.name: info for info in module.functions}
    return Compiled(
        lambda name, at: names[infos[name].emitted_name](*at),
        lambda name, at: names[str(infos[name].gradient_name)](*at),
        lambda seed: names["init_params"](seed=seed),
    )


def c(text: str, *, accurate: bool = False) -> Compiled:
    raise NotImplementedError
