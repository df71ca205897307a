"""A name of a function -> how its derivative comes about: what reads it, the chain rule, the rules, the emitted lines.

d<name> is the derivative of the result by <name>, as in emitted code, and ∂r/∂x that of a statement's r by its x alone.

>>> import mgc
>>> f = mgc.loads("def f(x[n]):\\n    s = sum(x[i]**2 for i)\\n    return s*x[0]\\n", style="lesson").f
>>> print(derivation(f, "s"))
s is set by
    s += x[i] ** 2                line 2
and read by
    out = s * x[first]            line 3
so that, by the chain rule,
    ds = dout · ∂out/∂s
<BLANKLINE>
ds: dout · ∂out/∂s, for which the rule is
    d(u*v)/du = v
in the emitted code
    ds = dout * x[first]          line 3
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from mgc.grammar.diagnostics import DataError, did_you_mean, printable
from mgc.runtime.see.steps import Step, lines_of_model, names, parameters, steps, syntax
from mgc.runtime.subscripts import root_name

if TYPE_CHECKING:
    from mgc.runtime.see.subject import Function

_COLUMN = 28


class Term(Struct, frozen=True):
    """What one statement adds to a derivative: `dx[j]`, the indices that it sums over, and what it hands on, by what.

    `above` are the derivatives that it multiplies, each with the value that it is by, as they are written, `parts` the
    statements in between.
    """

    step: Step
    target: str
    over: tuple[str, ...]
    above: Mapping[str, str]
    parts: tuple[Step, ...]

    @property
    def product(self) -> str:
        """`dz[i] · ∂z[i]/∂x[j]`."""
        by = self.target.removeprefix("d")
        total = f"Σ_{''.join(self.over)} " if self.over else ""
        return " + ".join(f"{total}d{value} · ∂{value}/∂{by}" for value in self.above.values())

    @property
    def conditions(self) -> str:
        """`if x > 0.0, unless y > 0.0`: in which branches its statements stand."""
        headers = dict.fromkeys(header for step in (*self.parts, self.step) for header in step.around)
        return ", ".join(dict.fromkeys(header.condition for header in headers if header.condition))


def derivation(function: Function, asked: str) -> str:
    """The derivation of d<asked> as text. Errors: DataError for a name that the emitted lesson has not."""
    info = function.info
    if info.gradient_name is None:
        raise DataError(f"{info.name} has no derivative")
    told = steps(function.model, info.gradient_name)
    name = _known(function, told, asked)
    lines = dict(zip([step.line for step in told], lines_of_model(told), strict=True))
    terms = list(_backward(function, told).terms(name))
    shown = [*_readers(told, lines, name), *_chain(terms, name)]
    for term in terms:
        shown += ["", *_told(term, lines)]
    return "\n".join(shown)


def _known(function: Function, told: Sequence[Step], asked: str) -> str:
    """The emitted name that is meant: `W1`, where `score.linear1.W` or `dW1` is asked for, too."""
    backward = [step.statement for step in told if step.is_backward]
    named = {said.name: said.by for said in backward}
    known = {by for said in backward for by in (said.by, *said.also_by) if by is not None}
    dotted = {full: short for short, full in parameters(function.model, function.info.gradient_name or "").items()}
    name = named.get(asked) or dotted.get(asked) or asked
    name = next((a.emitted_name for a in function.info.arguments if a.name == name), name)
    if name in known:
        return name
    where = f"{function.info.name}: no derivative by '{printable(asked)}' is stored"
    hint = did_you_mean(asked, known) or f"by: {', '.join(sorted(known))}"
    raise DataError(f"{where}; {hint}")


class _Backward(Struct, frozen=True):
    """The backward pass: its statements, and what each name in it is the derivative by; () for a part of one."""

    told: Sequence[Step]
    by: Mapping[str, tuple[str, ...]]

    def terms(self, name: str) -> Iterator[Term]:
        """The statements that add to the derivative by a name."""
        started: dict[str, tuple[str, ...]] = {}
        for step in self.told:
            if step.statement.starts:
                started[step.statement.name] = step.loops
            elif step.is_backward and name in self.by[step.statement.name]:
                loops = started.get(step.statement.name, step.loops)
                over = tuple(index for index in step.loops if index not in {*loops, *names(step.target)})
                above, parts = self.above(step)
                target = ast.unparse(step.target).replace(step.statement.name, f"d{name}", 1)
                yield Term(step, target, over, {one: self.value(one, name) for one in above}, tuple(parts))

    def above(self, step: Step) -> tuple[list[str], list[Step]]:
        """The derivatives that a statement multiplies, and the statements of their parts, seen through."""
        above: list[str] = []
        parts: list[Step] = []
        for part in ast.walk(step.node.value):
            base = root_name(part) if isinstance(part, ast.expr) else ""
            if base not in self.by:
                continue
            if self.by[base]:
                above.append(ast.unparse(part))
                continue
            for other in self.told:
                if other.statement.name == base and not other.statement.starts and other is not step:
                    inner, behind = self.above(other)
                    above += inner
                    parts += [*behind, other]
        whole = [one for one in above if not any(other.startswith(f"{one}[") for other in above)]
        return list(dict.fromkeys(whole)), parts

    def value(self, derivative: str, name: str) -> str:
        """`z[i]` for `dz[i]`: of several values with that derivative the one that reads the name."""
        base, bracket, indices = derivative.partition("[")
        reading = [said.name for step in self.told if name in (said := step.statement).reads and not step.is_backward]
        chosen = next((value for value in self.by[base] if value in reading), self.by[base][0])
        return f"{chosen}{bracket}{indices}"


def _backward(function: Function, told: Sequence[Step]) -> _Backward:
    arguments = syntax(function.model, function.info.gradient_name or "").args.args
    own = {"params", *[argument.emitted_name for argument in function.info.arguments]}
    by: dict[str, tuple[str, ...]] = {
        given.arg: (given.arg.removeprefix("d"),) for given in arguments if given.arg not in own
    }
    for said in (step.statement for step in told if step.is_backward):
        by[said.name] = (said.by, *said.also_by) if said.by is not None else ()
    return _Backward(told, by)


def _readers(told: Sequence[Step], lines: Mapping[int, int | None], name: str) -> Iterator[str]:
    forward = [step for step in told if not step.is_backward and not step.statement.starts]
    setting = [step for step in forward if step.statement.name == name]
    reading = [step for step in forward if name in step.statement.reads and step.statement.name != name]
    if setting:
        yield f"{name} is set by"
        yield from _listed(setting, lines)
    held = [step for step in reading if step.statement.origin.is_held]
    passing = [step for step in reading if step not in held]
    if passing:
        yield "and read by" if setting else f"{name} is given, and read by"
        yield from _listed(passing, lines)
    if held:
        yield "and, held constant (detach: no derivative passes here), by"
        yield from _listed(held, lines)


def _chain(terms: Sequence[Term], name: str) -> Iterator[str]:
    products = [(term.product, term.conditions) for term in terms if term.above]
    if products:
        alone = len({term.target for term in terms}) == 1
        yield "so that, by the chain rule," if alone else "so that, by the chain rule, each at its indices,"
        if not alone:
            yield from (f"    {term.target} has {term.product}  {term.conditions}".rstrip() for term in terms)
        elif any(conditions for _, conditions in products):
            heads = [f"{terms[0].target} =", *[" " * len(terms[0].target) + " +"] * (len(products) - 1)]
            lines = zip(heads, products, strict=True)
            yield from (f"    {head} {product}  {conditions}".rstrip() for head, (product, conditions) in lines)
        else:
            yield f"    {terms[0].target} = {' + '.join(product for product, _ in products)}"
    else:
        yield f"{name} is the result itself"


def _told(term: Term, lines: Mapping[int, int | None]) -> Iterator[str]:
    told = [*term.parts, term.step]
    rules = list(dict.fromkeys(step.statement.rule for step in told if step.statement.rule))
    product = f"{term.target}: {term.product}" if term.above else term.target
    yield product + (f", for which the rule{'s are' if rules[1:] else ' is'}" if rules else "")
    yield from (f"    {rule}" for rule in rules)
    for stored, value in term.above.items():
        if stored != f"d{value}":
            yield f"where d{value} is the same as {stored}"
    yield "in the emitted code" + (f", {term.conditions}" if term.conditions else "")
    yield from _listed(told, lines)


def _listed(told: Sequence[Step], lines: Mapping[int, int | None]) -> Iterator[str]:
    codes = [" ".join(step.code.split()) for step in told]
    column = max(_COLUMN, max(map(len, codes)))
    for step, code in zip(told, codes, strict=True):
        line = lines[step.line]
        yield f"    {code:<{column}}  line {line}" if line else f"    {code}"
