"""Whether the text of a helper is, for all arguments, the function whose name it bears.

Arms are compared under each combination of signs of their conditions, then on every edge. A logarithm is compared by
the exponential of both sides, which is one-to-one: log(1 + exp(x)) is x + log1p(exp(-x)).
"""

from __future__ import annotations

import ast
import itertools
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import sympy
from mpmath import mp, mpf  # type: ignore[import-untyped]  # it carries no types
from msgspec import Struct
from msgspec.structs import replace

from mgc.compiler.verify import clock
from mgc.compiler.verify.certificate import UNDECIDED
from mgc.compiler.verify.equal.deciding import Residues, on_edge
from mgc.compiler.verify.findings import Row as ReportRow
from mgc.compiler.verify.findings import Status
from mgc.compiler.verify.terms import derivatives, terms
from mgc.compiler.verify.terms.evaluation import DIGITS, Evaluation, NoValue
from mgc.compiler.verify.terms.functions import FUNCTIONS
from mgc.compiler.verify.terms.oracle import MEANINGS
from mgc.compiler.verify.terms.terms import Term
from mgc.compiler.verify.text import forms, reading
from mgc.compiler.verify.text.instances import FAILURES, Shapes
from mgc.compiler.verify.trace.operations import takes
from mgc.compiler.verify.trace.trace import Machine
from mgc.compiler.verify.trace.values import NotRun

CHOICES = ("max", "min")  # run as they are, so that conditions meet conditions


def is_proved(syntax: ast.Module, node: ast.FunctionDef, primitives: Collection[str]) -> bool:
    """Whether the helper's text, run on symbols, is what the table of meanings says; of any number, of one more too."""
    given = [argument.arg for argument in node.args.args]
    several = [[*given, node.args.vararg.arg]] if node.args.vararg else []
    return all(_is_proved_of(syntax, node, primitives, names) for names in [given, *several])


def _is_proved_of(syntax: ast.Module, node: ast.FunctionDef, primitives: Collection[str], names: Sequence[str]) -> bool:
    arguments = [terms.symbol(name) for name in names]
    try:
        meant = _meant(node.name, arguments)
        if meant is None:
            return False
        text = terms.bare(terms.term(Machine(syntax, frozenset(primitives) - {*CHOICES}).call(node.name, arguments)))
        if meant.op == "log":
            text, meant = terms.function("exp", text), terms.function("exp", meant)
        return _is_same(Residues(), text, meant)
    except (NotRun, *UNDECIDED, *FAILURES, RecursionError):
        return False


def _meant(name: str, arguments: Sequence[Term]) -> Term | None:
    meaning = MEANINGS.get(name)
    if meaning is None:
        return None
    if name in CHOICES and len(arguments) > 2:
        rest = terms.symbol("the largest or smallest of the rest")
        of_two, of_the_rest = _meant(name, [arguments[0], rest]), _meant(name, arguments[1:])
        return None if of_two is None or of_the_rest is None else derivatives.substituted(of_two, {rest: of_the_rest})
    return derivatives.from_sympy(meaning(*[sympy.Symbol(str(one.payload), real=True) for one in arguments]))


def _is_same(residues: Residues, a: Term, b: Term) -> bool:
    """Whether two terms are equal everywhere: off the edges of all conditions, and on each of them."""
    settled = residues.settle(a, b)
    for height in dict.fromkeys(heights[0] for heights in settled.edges):
        there = on_edge(residues, height, a, b)
        if there is None or not _is_same(residues, *there):
            return False
    return settled.verdict != "open"


POINTS = (
    0.0, 0.25, -0.25, 0.36, 0.5, -0.5, 0.75, 1.0, -1.0, 1.3, 1.5, -1.6, -1.75, 2.0, -2.2, 2.5, -2.5, 2.7, 3.25, -3.4,
    7.0, -6.5, 12.5, 20.0, -20.25,
)  # fmt: skip  # zero, bounds, the arms of every reduction of an argument
CORNERS = (-2.5, -1.0, 0.0, 0.5, 2.5)  # of which several arguments take every combination: ties, bounds, order
BY_ALGEBRA = frozenset("max min sign clip sigmoid softplus logaddexp xlogy xlog1py sinc".split())  # as they are emitted
AS_WRITTEN = "algebra does not show it, so it is run as it is written"
BESIDE = 2.0**-20  # of a number of the text: how far on both of its sides a point is
SCALE = 0.01  # below it errors are absolute: digamma crosses zero between doubles
MOST_OF_ONE = 12_000_000  # steps that the proof of one helper may take
ULPS = 2.0**8  # a helper made of many operations rounds more than once


class Tried(Struct, frozen=True):
    """The helpers that stand for the function of their name, what is known of each, and a row for each."""

    rows: tuple[ReportRow, ...]

    @property
    def statuses(self) -> dict[str, Status]:
        return {row.variable: row.status for row in self.rows if row.note != AS_WRITTEN}


def tried(syntax: ast.Module, namespace: Mapping[str, Any] | None) -> Tried:
    """Prove each helper of a known name, or try it; one that differs is false, unless it is the model's own."""
    models = {name for s in reading.read(syntax) for name in (s.name, s.derivative)}
    known = [node for node in reading.functions(syntax).values() if node.name in FUNCTIONS and node.name not in models]
    tests = {node.name: row for node in known if (row := _compared(syntax, node, namespace)) is not None}
    rows: list[ReportRow] = []
    for node in known:
        test = tests.get(node.name)
        if test is None:
            continue
        if test.status == "tested" and _is_shown(syntax, node, frozenset(tests) - {node.name}):
            test = replace(test, status="proved", method="algebra")
        elif test.status == "tested" and _needs_no_trust(node):
            test = replace(test, note=AS_WRITTEN)
        rows.append(test)
    return Tried(_resting(syntax, rows))


def _needs_no_trust(node: ast.FunctionDef) -> bool:
    """Whether what is emitted by that name is proved, or nothing is: `math` has it."""
    return node.name in BY_ALGEBRA or (hasattr(math, node.name) and not forms.is_library(node))


def _is_shown(syntax: ast.Module, node: ast.FunctionDef, primitives: frozenset[str]) -> bool:
    """Whether a helper is proved; this is kept, since many files have the same helpers."""
    if forms.refused(syntax, [node.name]):
        return False
    text = _alone(syntax, [node.name, *reading.reached(syntax, [node.name])])
    return _kept(text, node.name, primitives.intersection(reading.reached(syntax, [node.name])))


@lru_cache(1024)
def _kept(text: str, name: str, primitives: frozenset[str]) -> bool:
    syntax = ast.parse(text)
    (node,) = [part for part in syntax.body if isinstance(part, ast.FunctionDef) and part.name == name]
    with clock.uncounted(MOST_OF_ONE):
        return is_proved(syntax, node, primitives)


def _alone(syntax: ast.Module, names: Collection[str]) -> str:
    """The file with no functions but these, no imports that they do not mention, and no docstring."""
    parts = [part for part in syntax.body if not isinstance(part, ast.FunctionDef) or part.name in names]
    mentioned = {node.id for part in parts for node in ast.walk(part) if isinstance(node, ast.Name)}
    left: list[ast.stmt] = []
    for part in parts:
        if isinstance(part, ast.ImportFrom):
            aliases = [alias for alias in part.names if (alias.asname or alias.name) in mentioned]
            left += [ast.ImportFrom(part.module, aliases, part.level)] if aliases else []
        elif not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)):
            left.append(part)
    return ast.unparse(ast.Module(left, []))


def unread(syntax: ast.Module, signatures: Sequence[reading.Signature]) -> list[str]:
    """The functions of the file that no model's function is, has for its derivative, or calls, so that nobody looks."""
    own = [name for s in signatures for name in (s.name, s.derivative) if name]
    run = [node.func.id for part in syntax.body if not isinstance(part, ast.FunctionDef) for node in ast.walk(part)
           if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]  # fmt: skip  # the self-check
    seen = {*own, *run, "init_params", *reading.reached(syntax, [*own, *run, "init_params"])}
    return [name for name in reading.functions(syntax) if name not in seen]


def _resting(syntax: ast.Module, rows: Sequence[ReportRow]) -> tuple[ReportRow, ...]:
    """The rows; what is proved of others that are not is not proved, unless those are."""
    statuses = {row.variable: row.status for row in rows}
    found = []
    for row in rows:
        below = [name for name in reading.reached(syntax, (row.variable,)) if statuses.get(name, "proved") != "proved"]
        if row.status == "proved" and below:
            said = f"{row.method}, given {', '.join(below)}"
            row = replace(row, status="tested", method=said)
        found.append(row)
    return tuple(found)


def _compared(syntax: ast.Module, node: ast.FunctionDef, namespace: Mapping[str, Any] | None) -> ReportRow | None:
    """A row for a helper that agrees with the function of its name; None where it does not, and is the model's own."""
    agreed, most, wrong = 0, 0.0, None
    if not takes(node.name, len(node.args.args)):
        taken = ", ".join(argument.arg for argument in node.args.args)
        wrong = ReportRow(
            node.name, "intermediate", "false", "differs in its arguments", note=f"it takes {taken or 'nothing'}"
        )
    for point in _points(node) if wrong is None else ():
        exact = _exact(node.name, point)
        if exact is None:
            continue
        found = _by_text(syntax, node.name, point) if namespace is None else _by_cpython(namespace[node.name], point)
        if found is None:
            continue
        error = abs(found - exact) / mpf(math.ulp(max(abs(float(exact)), SCALE)))
        if not error <= ULPS:
            where = f"at {', '.join(map(str, point))} it is {mp.nstr(found, 17)}, and {mp.nstr(exact, 17)} is right"
            wrong = ReportRow(node.name, "intermediate", "false", "differs at a point", note=where)
            break
        agreed, most = agreed + 1, max(most, float(error))
    if wrong is not None:
        return None if reading.is_own(node) else wrong
    if not agreed:
        return ReportRow(node.name, "intermediate", "not checked", "no point has a value")
    return ReportRow(node.name, "intermediate", "tested", f"{agreed} points, {DIGITS} digits", ulp=most)


def _points(node: ast.FunctionDef) -> Iterator[tuple[float, ...]]:
    count = len(node.args.args)
    for place in range(len(POINTS)):
        yield tuple(POINTS[(place * (k + 1) + 3 * k) % len(POINTS)] for k in range(count))
    if count > 1:
        yield from itertools.product(CORNERS, repeat=count)
    for number in _numbers(node):
        step = BESIDE * max(1.0, abs(number))
        around = (number - step, number, number + step)
        yield from itertools.product(around if count == 1 else (*around, 2 * number), repeat=count)


def _numbers(node: ast.FunctionDef) -> list[float]:
    """Those that a condition of the text has or a name stands for, and their opposites: not those of a series."""
    found: dict[float, None] = {}
    for part in ast.walk(node):
        if isinstance(part, ast.Compare) or (isinstance(part, ast.Assign) and isinstance(part.value, ast.Constant)):
            for one in ast.walk(part):
                if isinstance(one, ast.Constant) and isinstance(one.value, int | float) and math.isfinite(one.value):
                    found |= {float(one.value): None, -float(one.value): None}
    return list(found)


def misfits(syntax: ast.Module) -> set[str]:
    """The helpers that have the name of a function which takes another number of arguments."""
    nodes = reading.functions(syntax)
    return {name for name, node in nodes.items() if name in FUNCTIONS and not takes(name, len(node.args.args))}


@lru_cache(1 << 16)
def _exact(name: str, point: tuple[float, ...]) -> Any:
    try:
        with clock.uncounted():
            return Evaluation({}).value(terms.function(name, *point))
    except (NoValue, ZeroDivisionError):
        return None


def _by_cpython(function: Any, point: tuple[float, ...]) -> Any:
    try:
        value = function(*point)
        return mpf(value)
    except (ArithmeticError, ValueError, NameError, TypeError, AttributeError):
        return mpf("nan")


def _by_text(syntax: ast.Module, name: str, point: tuple[float, ...]) -> Any:
    """The helper's own text, evaluated to 50 digits; None where it does what only CPython can follow."""
    try:
        value = Machine(syntax).call(name, [terms.constant(x) for x in point])
        with mp.workdps(50):
            return Evaluation({}).value(terms.term(value))
    except (NotRun, NoValue, *FAILURES):
        return None


# --- parameters


def parameter_sizes(syntax: ast.Module) -> tuple[str, ...]:
    """The sizes that `init_params` takes."""
    node = reading.functions(syntax).get("init_params")
    if node is None:
        return ()
    return tuple(a.arg for a in (*node.args.args, *node.args.kwonlyargs) if a.arg != "seed")


def parameter_shapes(syntax: ast.Module, sizes: Mapping[str, int]) -> Shapes:
    """The shapes of the parameters, read off the lists that `init_params` returns. Errors: NotRun."""
    node = reading.functions(syntax).get("init_params")
    if node is None:
        return {}
    returned = node.body[-1]
    if not isinstance(returned, ast.Return) or not isinstance(returned.value, ast.Dict):
        raise NotRun(node.lineno, "init_params does not return a dict")
    found = {}
    for key, value in zip(returned.value.keys, returned.value.values, strict=True):
        if not isinstance(key, ast.Constant):
            raise NotRun(node.lineno, "init_params has a key that is not text")
        found[str(key.value)] = _list_shape(value, sizes)
    return found


def parameter_line(syntax: ast.Module) -> int | None:
    """That of `init_params`, where the text has one."""
    node = reading.functions(syntax).get("init_params")
    return node.lineno if node is not None else None


def _list_shape(node: ast.expr, sizes: Mapping[str, int]) -> tuple[int, ...]:
    match node:
        case ast.ListComp(generators=[ast.comprehension(iter=ast.Call(args=[length]))]):
            return (_length(length, sizes), *_list_shape(node.elt, sizes))
        case ast.BinOp(op=ast.Mult(), left=ast.List(elts=[inner]), right=length):
            return (_length(length, sizes), *_list_shape(inner, sizes))
        case ast.List():
            return (len(node.elts), *(_list_shape(node.elts[0], sizes) if node.elts else ()))
    return ()


def _length(node: ast.expr, sizes: Mapping[str, int]) -> int:
    return reading.size(ast.unparse(node), sizes)
