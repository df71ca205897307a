"""A check of what is required -> the Python that raises, and tells the entry and its value.

>>> from mgc.compiler.schedule.loopnest import Apply, Load, LoopIndex, Number, Size, Variable
>>> x = Variable(0, "argument", "float", (Size("n"),), said=("x",))
>>> condition = Apply("gt", (Load(x, (LoopIndex(2),)), Number(0.0, "float")), "bool")
>>> scope = Scope(target(False), {0: "x"}, {2: "i"}, {"n": "n"})
>>> check = Require(3, condition, "x > 0", Span(3, 5, 3, 18))
>>> for extra, code in failing(check, "f of f.mg", scope, 2):
...     print("    " * extra + text(code))
raise ValueError(f"f of f.mg, line 3: requires x > 0, and x[{i}] is {x[i]}")
"""

from __future__ import annotations

from collections.abc import Iterator

from mgc.compiler.emit.interface import escape
from mgc.compiler.emit.python.layout import WIDTH, Lines
from mgc.compiler.emit.python.operators import target
from mgc.compiler.emit.spelling import Scope
from mgc.compiler.emit.tokens import INDENT, Token, text
from mgc.compiler.schedule.loopnest import Apply, Expression, Load, LoopIndex, Require, Size, parts
from mgc.grammar.tree import Span

LONGEST = 60  # characters of a condition that are told
MOST = 4  # values that are told

__all__ = ["Span", "failing", "target", "text"]  # what the example needs


def failing(item: Require, place: str, scope: Scope, depth: int) -> Lines:
    """The statement that raises, as it stands at that depth. `place`: `f of f.mg`."""
    head, said = f"{_quoted(place)}, line {item.span.line}: requires ", _quoted(item.said)
    values = "".join([f"{{}} {name} is {{{value}}}" for name, value in _values(item.condition, scope)])
    for joint in (", and", *[","] * MOST):
        values = values.replace("{}", joint, 1)
    room = WIDTH - len(INDENT) * depth
    alone = (Token(f"raise ValueError({_string(head + said + values)})"),)
    if len(text(alone)) <= room:
        return [(0, alone)]
    choices = [[head + said + values], [head + said, values], [head, said, values]]
    fitting = [one for one in choices if all(len(INDENT) + len(_string(piece)) <= room for piece in one)]
    pieces = [(1, (Token(_string(piece)),)) for piece in [*fitting, choices[-1]][0] if piece]
    return [(0, (Token("raise ValueError("),)), *pieces, (0, (Token(")"),))]


def _string(said: str) -> str:
    return f'f"{said}"' if "{" in said else f'"{said}"'


def _quoted(said: str) -> str:
    """Text that may stand in a string, with values in braces or without; its own braces are none."""
    shown = escape(said).replace("{", "(").replace("}", ")")
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 3]}..."


def _values(condition: Expression, scope: Scope) -> Iterator[tuple[str, str]]:
    """What the condition speaks of, `x[{i}]`, with the code of its value: what can be read whether it holds or not."""
    told: dict[str, str] = {}
    for part in _certain(condition):
        told |= _told(part, scope)
    for part in parts([condition]):
        if not isinstance(part, Load) or all(isinstance(index, LoopIndex) for index in part.indices):
            told |= _told(part, scope)
    yield from list(told.items())[:MOST]


def _certain(condition: Expression) -> Iterator[Expression]:
    """What is computed of a condition that does not hold, in any case: of `or` then both sides."""
    stack: list[tuple[Expression, bool | None]] = [(condition, False)]
    while stack:
        part, holds = stack.pop()
        yield part
        match part:
            case Apply(op="not", args=(inner,)):
                stack.append((inner, None if holds is None else not holds))
            case Apply(op="and" | "or", args=(first, second)):
                decides = part.op == "and"  # both sides were asked where one that decides would make it otherwise
                stack += [(second, holds), (first, holds)] if holds is decides else [(first, None)]
            case Apply(op="select", args=(asked, *_)):
                stack.append((asked, None))
            case Apply(args=args):
                stack += [(one, None) for one in args[::-1]]


def _told(part: Expression, scope: Scope) -> dict[str, str]:
    if isinstance(part, Size):
        return {part.name: scope.write(part)}
    if not isinstance(part, Load) or not part.variable.is_input or len(part.indices) < len(part.variable.sizes):
        return {}
    at = ", ".join([f"{{{scope.write(index)}}}" for index in part.indices])
    name = part.variable.said[0]
    return {f"{name}[{at}]" if at else name: scope.write(part)}
