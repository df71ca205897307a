"""A function at a point -> what each statement of its emitted text sets there, in the order in which it happens.

The text that runs is the audited one with a call after each statement; it keeps its lines, so debuggers find them.

>>> import mgc
>>> f = mgc.loads("def f(x, w):\\n    n = x*w\\n    return tanh(n)\\n", style="lesson").f
>>> for one in events_of(f, f.checked(2.0, 0.0)):
...     print(one.step.code, one.value)
n = x * w 0.0
out = tanh(n) 0.0
dout = 1.0 1.0
dn = dout * (1.0 - out * out) 1.0
dx = dn * w 0.0
dw = dn * x 2.0
"""

from __future__ import annotations

import ast
import copy
import math
from collections.abc import Callable, Sequence
from itertools import count
from typing import TYPE_CHECKING, cast

from msgspec import Struct

from mgc.grammar.diagnostics import DataError
from mgc.runtime import audit
from mgc.runtime.arguments import in_signature_order
from mgc.runtime.conversion import Nested, ones_like
from mgc.runtime.see.steps import Step, steps
from mgc.runtime.subscripts import root_and_indices

if TYPE_CHECKING:
    from mgc.runtime.see.subject import Function

MOST = 1_000_000  # statements of a run that are kept
_TOLD, _TURN = "told to mgc", "a turn of a loop"  # the names of what is called: no emitted name has spaces


class Event(Struct, frozen=True):
    """A statement that was executed: in which turn of the loops around it, at which element, and what it set.

    Where it starts an array, the value is the array that is filled afterwards.
    """

    step: Step
    turn: tuple[int, ...]
    element: tuple[int, ...]
    value: Nested

    @property
    def written(self) -> str:
        """What is set, with the indices that it has here: `dz[3]`."""
        root, _ = root_and_indices(self.step.target)
        return f"{ast.unparse(root)}{''.join(f'[{index}]' for index in self.element)}"


Visit = Callable[[Event], None]


def events_of(function: Function, bound: Sequence[object]) -> list[Event]:
    """What a run of value and derivatives sets. `bound`: the arguments as `Function.checked` gives them.

    Errors: ModelError for arithmetic that fails, DataError for a run of more than a million statements.
    """
    events: list[Event] = []

    def keep(event: Event) -> None:
        if len(events) == MOST:
            raise DataError(f"{function.info.name} executes more than {MOST:,} statements here: take smaller arguments")
        events.append(event)

    run(function, bound, keep)
    return events


class TooMany(DataError):
    """A run of more statements than are waited for."""


def run(function: Function, bound: Sequence[object], visit: Visit, most: float = math.inf) -> object:
    """Value and derivatives, or the value where it has none; `visit` is told each statement.

    most: so many statements and turns of loops are waited for. Errors: ModelError, DataError, TooMany.
    """
    info = function.info
    function.model.check_branches(info.emitted_name, bound)
    arguments = derivative_arguments(function, bound, most)
    return _run(function, info.gradient_name or info.emitted_name, arguments, visit, most)


def value(function: Function, bound: Sequence[object], most: float) -> object:
    """The value alone, as `run` gives it. Errors: ModelError, DataError, TooMany."""
    return _run(function, function.info.emitted_name, bound, lambda event: None, most)


def _run(function: Function, name: str, arguments: Sequence[object], visit: Visit, most: float) -> object:
    code = function.model.code
    told = {step.line: step for step in steps(function.model, name)}
    executed = count(1)

    def turn() -> None:
        if next(executed) > most:
            raise TooMany(f"{function.info.name} takes more than {most:,} steps here: take smaller arguments or loops")

    def tell(line: int, turns: tuple[int, ...], element: tuple[int, ...], value: Nested) -> None:
        turn()
        visit(Event(told[line], turns, element, value))

    namespace = audit.execute(_telling(function.model.source, name, told), code.filename, {_TOLD: tell, _TURN: turn})
    return code.run_in(namespace, name, arguments)


def derivative_arguments(function: Function, bound: Sequence[object], most: float = math.inf) -> Sequence[object]:
    """The arguments of the derivative: results that are several or arrays are differentiated as their sum."""
    info = function.info
    if info.gradient_name is None or info.results == ((),):
        return bound
    given = function.model.run(info.emitted_name, bound) if most == math.inf else value(function, bound, most)
    found = cast("Nested | tuple[Nested, ...]", given)
    ones = [ones_like(part) for part in (found if isinstance(found, tuple) else (found,))]
    return in_signature_order(info, bound, ones)


def _telling(text: str, name: str, told: dict[int, Step]) -> ast.Module:
    """The audited text with a call after each statement of one function."""
    tree = audit.audit(text)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            node.body = _told_block(node.body, told)
    return ast.fix_missing_locations(tree)


def _told_block(body: Sequence[ast.stmt], told: dict[int, Step]) -> list[ast.stmt]:
    found: list[ast.stmt] = []
    for node in body:
        found.append(node)
        if node.lineno in told:
            found.append(_call(told[node.lineno], node))
        elif isinstance(node, ast.For | ast.If):
            node.body = _told_block(node.body, told)
            node.orelse = _told_block(node.orelse, told)
            if isinstance(node, ast.For):
                node.body.insert(0, ast.copy_location(ast.Expr(ast.Call(ast.Name(_TURN, ast.Load()), [], [])), node))
    return found


def _call(step: Step, node: ast.stmt) -> ast.stmt:
    """`told(line, (i, j), (k,), z[k])`."""
    target = copy.deepcopy(step.target)
    _, indices = root_and_indices(copy.deepcopy(target))
    turn = [ast.Name(name, ast.Load()) for name in step.loops]
    target.ctx = ast.Load()  # type: ignore[attr-defined]  # a name or a subscript
    arguments = [ast.Constant(step.line), ast.Tuple([*turn], ast.Load()), ast.Tuple(indices, ast.Load()), target]
    return ast.copy_location(ast.Expr(ast.Call(ast.Name(_TOLD, ast.Load()), arguments, [])), node)
