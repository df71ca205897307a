"""Models and functions -> what a notebook shows of them, as HTML.

>>> import mgc
>>> "<summary>the derivative" in function_html(mgc.loads("def f(x): return x*x").f)
True
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mgc.runtime.see.subject import Function, Model

_STYLE = "text-align:left;overflow-x:auto"


def model_html(model: Model) -> str:
    """A model: its text, and the signatures of its functions with their derivatives to open."""
    parts = [f"<p><b>{html.escape(model.path)}</b></p>", _code(model.model_text)]
    parts += [function_html(function) for function in model.functions]
    if model.parameters:
        rows = "".join(f"<tr><td>{html.escape(p.name)}</td><td>{_shape(p.shape)}</td></tr>" for p in model.parameters)
        parts.append(f"<table><thead><tr><th>parameter</th><th>shape</th></tr></thead><tbody>{rows}</tbody></table>")
    return "".join(parts)


def function_html(function: Function) -> str:
    """A function: its signature, and to open, the emitted code of its value and of its derivative."""
    function = function.model.emitted[function.info.name]
    parts = [f"<p><code>{html.escape(function.signature)}</code></p>", _folded("the value", function.source)]
    if function.info.gradient_name is not None:
        parts.append(_folded("the derivative", function.backward_source))
    return "".join(parts)


def _folded(summary: str, code: str) -> str:
    return f"<details><summary>{summary}</summary>{_code(code)}</details>"


def _code(text: str) -> str:
    return f'<pre style="{_STYLE}">{html.escape(text.strip(chr(10)))}</pre>'


def _shape(shape: tuple[str, ...]) -> str:
    return html.escape(f"[{', '.join(shape)}]") if shape else "a number"
