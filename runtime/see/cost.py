"""A function at a point -> what a run of its emitted text costs: operations forward and backward, and what is stored.

Each sum, difference, product, quotient, power and call of a function of floats counts one; signs, comparisons, copies
and the arithmetic of indices count nothing.

>>> import mgc
>>> f = mgc.loads("def f(x, w):\\n    n = x*w\\n    return tanh(n)\\n").f
>>> found = cost(f, f.checked(2.0, 0.5))
>>> found.value.total(), found.forward.total(), dict(found.backward)
(2, 2, {'*': 3, '-': 1})
>>> [(kept.name, kept.reader.code) for kept in found.kept]
[('out', 'dn = 1.0 - out * out')]
"""

from __future__ import annotations

import ast
import textwrap
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from mgc.compiler.text_table import plain_table
from mgc.runtime import audit
from mgc.runtime.arguments import sizes_of
from mgc.runtime.conversion import Nested, flat
from mgc.runtime.see.events import derivative_arguments, run
from mgc.runtime.see.steps import Step, names, steps, syntax

if TYPE_CHECKING:
    from mgc.runtime.see.subject import Function

SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**", ast.Mod: "%", ast.FloorDiv: "//"}
FREE = frozenset("max min range len float int element check_shape".split())  # what no arithmetic of floats is
_COUNTED = "counted by mgc"


class Kept(Struct, frozen=True):
    """A value of the forward pass that the backward pass reads: how many numbers, and the first statement that does."""

    name: str
    numbers: int
    reader: Step


class Cost(Struct, frozen=True):
    """Operations of the value alone, and of value and derivatives: forward, backward. None where there are none.

    `temporaries` are the numbers held under each name that is neither kept nor returned.
    """

    value: Counter[str]
    forward: Counter[str]
    backward: Counter[str]
    kept: tuple[Kept, ...]
    temporaries: Mapping[str, int]


def report(function: Function, bound: Sequence[object]) -> str:
    """The cost at a point as text, under the sizes there. Errors: as `cost`."""
    found = cost(function, bound)
    counts = (found.value, found.forward, found.backward)
    kinds = sorted({kind for counted in counts for kind in counted}, key=lambda kind: (kind.isidentifier(), kind))
    rows = [(kind, *[str(counted[kind]) for counted in counts]) for kind in kinds]
    rows.append(("in all", *[str(counted.total()) for counted in counts]))
    sizes = ", ".join(f"{name} = {size}" for name, size in sorted(sizes_of(function.info, bound).items()))
    style = function.model.module.options.style
    lines = [function.info.name + (f" at {sizes}" if sizes else "") + f", the code in the style {style}", ""]
    lines.append(plain_table(("operations", "value alone", "forward", "backward"), rows, frozenset({1, 2, 3})))
    both = found.forward.total() + found.backward.total()
    if function.info.gradient_name is not None:
        lines.append(f"value and derivatives take {both / max(1, found.value.total()):.2f} times the value alone")
        lines += ["", *_storage(found)]
    return "\n".join(lines)


def _storage(found: Cost) -> list[str]:
    if not found.kept:
        lines = ["the backward pass reads no value of the forward pass"]
    else:
        rows = [(kept.name, str(kept.numbers), " ".join(kept.reader.code.split())) for kept in found.kept]
        heading = ("kept for the backward pass", "numbers", "because of")
        rows.append(("in all", str(sum(kept.numbers for kept in found.kept)), ""))
        lines = [plain_table(heading, rows, frozenset({1}))]
    if found.temporaries:
        held = ", ".join(f"{name} ({count})" if count > 1 else name for name, count in found.temporaries.items())
        lines += ["", *textwrap.wrap(f"temporaries ({sum(found.temporaries.values())} in all): {held}", 110)]
    return lines


def cost(function: Function, bound: Sequence[object]) -> Cost:
    """What a run costs. Errors: ModelError for arithmetic that fails here."""
    info = function.info
    value = _operations(function, info.emitted_name, bound)
    if info.gradient_name is None:
        return Cost(value["forward"], Counter(), Counter(), (), {})
    both = _operations(function, info.gradient_name, derivative_arguments(function, bound))
    numbers = _numbers(function, bound)
    told = steps(function.model, info.gradient_name)
    kept = tuple(Kept(name, numbers.get(name, 0), reader) for name, reader in _kept(told).items())
    last = syntax(function.model, info.gradient_name).body[-2:]  # `grads = ...`, where it stands alone, and `return`
    returned = {name for node in last if not _is_step(node, told) for name in names(node)}
    others = {name: count for name, count in numbers.items() if name not in {*returned, *[k.name for k in kept]}}
    return Cost(value["forward"], both["forward"], both["backward"], kept, others)


def _is_step(node: ast.stmt, told: Sequence[Step]) -> bool:
    return any(step.line == node.lineno for step in told) or isinstance(node, ast.For | ast.If)


def _kept(told: Sequence[Step]) -> dict[str, Step]:
    """The values of the forward pass that statements and branches of the backward pass read, each with the first."""
    forward = {step.statement.name for step in told if not step.is_backward}
    kept: dict[str, Step] = {}
    for step in told:
        if step.is_backward:
            for name in (*step.statement.reads, *[name for header in step.around for name in header.reads]):
                if name in forward:
                    kept.setdefault(name, step)
    return kept


def _numbers(function: Function, bound: Sequence[object]) -> dict[str, int]:
    """How many numbers are held at once under each name that is set."""
    found: dict[str, int] = {}

    def count(step: Step, value: Nested) -> None:
        name = step.statement.name
        found[name] = max(found.get(name, 0), sum(1 for _ in flat(value)))

    run(function, bound, lambda event: count(event.step, event.value))
    return found


def _operations(function: Function, name: str, arguments: Sequence[object]) -> dict[str, Counter[str]]:
    """The operations that one emitted function executes, by the pass that they belong to."""
    code = function.model.code
    told = {step.line: step.statement.section for step in steps(function.model, name)}
    found: dict[str, Counter[str]] = {"forward": Counter(), "backward": Counter()}

    def count(section: str, operation: str, result: object) -> object:
        found[section][operation] += isinstance(result, float)
        return result

    tree = audit.audit(function.model.source)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            _Counting(lambda line: told.get(line, "forward")).visit(node)
    namespace = audit.execute(ast.fix_missing_locations(tree), code.filename, {_COUNTED: count})
    code.run_in(namespace, name, arguments)
    return {half: +counted for half, counted in found.items()}


class _Counting(ast.NodeTransformer):
    """`a + b` as `counted("forward", "+", a + b)`, and so for all operations outside of indices."""

    def __init__(self, section: Callable[[int], str]) -> None:
        self.section, self.here = section, "forward"

    def visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, ast.stmt) and not isinstance(node, ast.FunctionDef):
            self.here = self.section(node.lineno)
        found: ast.AST = super().visit(node)
        return found

    def visit_If(self, node: ast.If) -> ast.stmt:
        self.here = self.section((node.body or node.orelse)[0].lineno)  # a branch is of the pass that it leads to
        self.generic_visit(node)
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        if isinstance(node.left, ast.List | ast.ListComp):
            return node  # an array of zeros
        self.generic_visit(node)
        return self.counted(SIGNS[type(node.op)], node)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.stmt:
        self.generic_visit(node)
        node.value = self.counted(SIGNS[type(node.op)], node.value)
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        name = ast.unparse(node.func).removeprefix("math.")
        if name in FREE:
            return node
        self.generic_visit(node)
        return self.counted(name, node)

    def counted(self, operation: str, node: ast.expr) -> ast.expr:
        arguments = [ast.Constant(self.here), ast.Constant(operation), node]
        return ast.Call(ast.Name(_COUNTED, ast.Load()), arguments, [])
