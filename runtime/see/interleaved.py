"""A model and its emitted derivative as one text: under each line of the model its code, then its adjoint lines.

>>> import mgc
>>> f = mgc.loads("def f(x, w):\\n    n = x*w\\n    return tanh(n)\\n", style="lesson").f
>>> print(interleaved(f))
   1 | def f(x, w):
   2 |     n = x*w
     →     n = x * w
     ←     dx = dn * w  # d(u*v)/du = v
     ←     dw = dn * x  # d(u*v)/dv = u
   3 |     return tanh(n)
     →     out = tanh(n)
     ←     dout = 1.0  # the derivative of the result by itself
     ←     dn = dout * (1.0 - out * out)  # d tanh(u)/du = 1 - tanh(u)**2
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from mgc.grammar.diagnostics import printable
from mgc.runtime.see.steps import Header, Step, lines_of_model, steps

if TYPE_CHECKING:
    from mgc.runtime.see.subject import Function

INDENT = "    "


def interleaved(function: Function) -> str:
    """The lines of the model that a function comes from, each with what it became (→) and its derivative (←)."""
    info = function.info
    told = steps(function.model, info.gradient_name or info.emitted_name)
    of_line: dict[int, list[Step]] = {}
    for step, line in zip(told, lines_of_model(told), strict=True):
        of_line.setdefault(line or info.span.line, []).append(step)
    shown: list[str] = []
    for block in _blocks(function.model.model_text.splitlines()):
        if any(number in of_line for number, _ in block):
            shown += [""] if shown else []
            shown += [line for number, text in block for line in _told(number, text, of_line.get(number, ()))]
    return "\n".join(shown)


def _blocks(source: Sequence[str]) -> Iterator[list[tuple[int, str]]]:
    """The declarations of a file: numbered lines from one that is not indented on, without what is empty."""
    block: list[tuple[int, str]] = []
    for number, line in enumerate(source, 1):
        if block and line[:1].strip():
            yield block
            block = []
        if line.strip():
            block.append((number, printable(line)))
    yield block


def _told(number: int, text: str, told: Sequence[Step]) -> Iterator[str]:
    yield f"{number:4} | {text}"
    for sign, half in (("→", [s for s in told if not s.is_backward]), ("←", [s for s in told if s.is_backward])):
        for line in _code(half):
            yield f"     {sign}     {line}"


def _code(told: Sequence[Step]) -> Iterator[str]:
    """The statements under the loops and branches around them, said once for those that follow each other."""
    open_: tuple[Header, ...] = ()
    for step in told:
        same = next((n for n, pair in enumerate(zip(open_, step.around, strict=False)) if pair[0] != pair[1]), None)
        depth = min(len(open_), len(step.around)) if same is None else same
        for extra, header in enumerate(step.around[depth:], depth):
            yield INDENT * extra + header.text
        open_ = step.around
        yield from textwrap.indent(_with_rule(step), INDENT * len(open_)).splitlines()


def _with_rule(step: Step) -> str:
    rule = step.statement.rule
    if not rule:
        return step.code
    return f"# {rule}\n{step.code}" if "\n" in step.code else f"{step.code}  # {rule}"
