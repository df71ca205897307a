"""A function -> the lines of the model that it comes from as equations, each with its derivatives.

>>> import mgc
>>> [given, line] = equations(mgc.loads("def f(x): return 2*x", style="lesson").f)
>>> len(line.adjoints), line.adjoints[1].made[1]
(2, ['mfrac', ['mrow', ['mo', '∂'], ['mi', 'out']], ['mrow', ['mo', '∂'], ['mi', 'x']]])
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from msgspec import Struct

from mgc.grammar import tree
from mgc.grammar.parser import parse
from mgc.runtime.arguments import is_one_number
from mgc.runtime.explain import mathematics
from mgc.runtime.explain.code import Code, code
from mgc.runtime.explain.graph import local_names
from mgc.runtime.explain.mathematics import Condition, Derivatives, MathML, Read, Reduction
from mgc.runtime.model import Function
from mgc.runtime.see.steps import Step, names, steps
from mgc.runtime.subscripts import root_and_indices


class Adjoint(Struct, frozen=True):
    """A statement of emitted text as an equation, and its rule, if it is of the backward pass and has one."""

    line: int
    made: MathML
    rule: MathML | None


class Equation(Struct, frozen=True):
    """What a line of the model says, and what its derivatives are; `parts` define the names that these made up."""

    line: int
    made: MathML
    parts: tuple[Adjoint, ...]
    adjoints: tuple[Adjoint, ...]


def equations(function: Function) -> tuple[Equation, ...]:
    """The lines of the model that a function comes from as mathematics, each with its derivatives."""
    text = code(function)
    told = steps(function.model, text.name)
    return tuple(_Equations(function, text, told, derivatives(function, text, told)).all())


def derivatives(function: Function, text: Code, told: Sequence[Step]) -> Derivatives:
    """What the derivatives are of: the result, or L where that is no one number."""
    by = {step.statement.name: step.statement.by for step in told if step.statement.by is not None}
    of = text.results[0] if len(text.results) == 1 and is_one_number(function.info) else "L"
    renamed = {one.emitted_name: (one.name, ()) for one in function.info.arguments if one.emitted_name != one.name}
    return Derivatives(by, of, {**text.rows, **renamed}, dict(_reads(told, _own(function, text, told))))


def _own(function: Function, text: Code, told: Sequence[Step]) -> set[str]:
    """The names that the model has for values: inputs, results, and what its lines set, perhaps with a number."""
    declared = parse(function.model.model_text, function.model.path).declarations
    assigned = [node for node in tree.walk(declared) if isinstance(node, tree.Assign)]
    named = {(node.span.line, target.identifier) for node in assigned for target in node.targets}
    own = {*local_names(function, text).values(), *text.results}
    for said in (step.statement for step in told):
        bare = said.name.rstrip("0123456789").rstrip("_")
        if said.origin.span and {(said.origin.span.line, said.name), (said.origin.span.line, bare)} & named:
            own.add(said.name)
    return own


def _reads(told: Sequence[Step], own: set[str]) -> Iterator[tuple[str, Read]]:
    """The names that only stand for an entry that is read, or for its place: `w_2[i] = w[2 * i + 1]`."""
    forward = [step for step in told if not step.is_backward and not step.statement.starts]
    count = [step.statement.name for step in forward if not _is_sought(step)]
    for step in forward:
        name = step.statement.name
        if name in own or count.count(name) != 1 or _is_sought(step) or not isinstance(step.node, ast.Assign):
            continue
        match step.node.value:
            case ast.Call(ast.Name("element"), [entry, *_]) | (ast.Name() as entry) | (ast.Subscript() as entry):
                found = mathematics.read(ast.unparse(entry))
                if found is not None:
                    yield name, Read(_indices(step.target), found)


def _is_sought(step: Step) -> bool:
    """Whether it is the search for the largest or the smallest: `if z[i] > z_max: z_max = z[i]`."""
    return step.code.startswith("if ")


def _indices(target: ast.expr) -> tuple[str, ...]:
    """`a[i][j]` -> ("i", "j")."""
    return tuple(ast.unparse(index) for index in root_and_indices(target)[1])


class _Equations(Struct, frozen=True):
    function: Function
    text: Code
    told: Sequence[Step]
    named: Derivatives

    def all(self) -> Iterator[Equation]:
        """In the order of the model's lines; a name that was made up is defined at the first that has it."""
        backward: dict[int, list[Step]] = {}
        for step in self.told:
            if step.is_backward and not step.statement.starts and (line := self.line(step)) is not None:
                backward.setdefault(line, []).append(step)
        known = _own(self.function, self.text, self.told)
        for line, made, is_statement in self.lines():
            told = backward.pop(line, []) if is_statement else []
            parts = self.parts(told, known, line if is_statement else 0)
            known |= {step.statement.name for step in parts}
            yield Equation(line, made, tuple(self.adjoints(parts)), tuple(self.adjoints(told)))

    def line(self, step: Step) -> int | None:
        """The line of the model that a statement is of; where none is told, the one of what it hands on."""
        if step.statement.origin.span is not None:
            return step.statement.origin.span.line
        handed = {self.named.by.get(name) for name in names(step.node.value)}
        model = self.function.model
        assigned = [node for node in tree.walk(parse(model.model_text, model.path).declarations) if _sets(node, handed)]
        return next((node.span.line for node in assigned if isinstance(node, tree.Assign)), None)

    def lines(self) -> Iterator[tuple[int, MathML, bool]]:
        """What the lines of the model say that something of the function comes from, and whether they compute it."""
        used = {line for one in self.text.lines for line in one.sources}
        model, info = self.function.model, self.function.info
        for declared in parse(model.model_text, model.path).declarations:
            if not isinstance(declared, tree.Function):
                continue
            if declared.span.line == info.span.line:
                yield declared.span.line, mathematics.arguments(declared), False
            inside = any(declared.span.line <= line <= declared.body[-1].span.end_line for line in used)
            for node in tree.walk(declared.body):
                is_used = isinstance(node, tree.Assign | tree.Return) and node.span.line in used
                if is_used or (isinstance(node, tree.Param) and inside):
                    assert isinstance(node, tree.Assign | tree.Return | tree.Param)
                    made = mathematics.statement(node, declared.name)
                    if made is not None:
                        yield node.span.line, made, True

    def parts(self, told: Sequence[Step], known: set[str], line: int) -> list[Step]:
        """The forward statements that define what statements speak of, and so on, in the order of the text; of what
        the line of the model only calls, that which it gives, too."""
        forward = [step for step in self.told if not step.is_backward and not step.statement.starts]
        wanted = {name for step in told for name in self.mentioned(step)} - known
        found: list[Step] = []
        for step in reversed(forward):
            name = step.statement.name
            is_wanted = name in wanted or _is_called(step, line)
            if is_wanted and name not in self.named.reads:
                found.insert(0, step)
            if is_wanted:
                wanted |= set(self.mentioned(step)) - known
        return found

    def mentioned(self, step: Step) -> Iterator[str]:
        """The names in a statement, with that which a derivative is by."""
        for name in (*names(step.node), *[name for header in step.around for name in header.reads]):
            yield self.named.by.get(name, name)

    def adjoints(self, told: Sequence[Step]) -> Iterator[Adjoint]:
        for step in told:
            made = mathematics.emitted(
                ast.unparse(step.target), self.sign(step), ast.unparse(step.node.value), self.reduction(step),
                list(_conditions(step)), self.named,
            )  # fmt: skip  # one call, in two lines
            if made is not None:
                made = [*made, ["mtext", ", held constant"]] if step.statement.origin.is_held else made
                yield Adjoint(step.line, made, mathematics.rule(step.statement.rule) if step.is_backward else None)

    def reduction(self, step: Step) -> Reduction:
        """The indices that a statement sums over, or of which it seeks the largest."""
        if not isinstance(step.node, ast.AugAssign) and not _is_sought(step):
            return "∑", ()
        started = {one.statement.name: one.loops for one in self.told if one.statement.starts}
        outside = {*started.get(step.statement.name, ()), *names(step.target)}
        sign = "∑" if not _is_sought(step) else "max" if ">" in step.code else "min"
        return sign, tuple(index for index in step.loops if index not in outside)

    def sign(self, step: Step) -> str:
        """`=`, too, for the one statement that fills a value of the forward pass."""
        filling = [one for one in self.told if one.statement.name == step.statement.name and not one.statement.starts]
        if not isinstance(step.node, ast.AugAssign) or (not step.is_backward and len(filling) == 1):
            return "="
        return "−=" if isinstance(step.node.op, ast.Sub) else "+="


def _is_called(step: Step, line: int) -> bool:
    """Whether a statement is of what a line of the model calls, which the line itself does not spell out."""
    place = step.statement.origin
    return place.span is not None and place.span.line == line and any(call.span.line == line for call in place.calls)


def _sets(node: object, wanted: set[str | None]) -> bool:
    return isinstance(node, tree.Assign) and any(target.identifier in wanted for target in node.targets)


def _conditions(step: Step) -> Iterator[Condition]:
    """What the branches around a statement ask."""
    for header in step.around:
        if header.condition:
            word, _, test = header.condition.partition(" ")
            yield word, test
