"""What each `d<name>` of a derivative's function holds, beside the derivative by what `<name>` holds.

The text is run on a tape, every number that it stores under such a name a step of its own, and what each name holds is
noted where the body of the loop that gives it a value ends. One sweep backwards tells the derivatives by all of them.
"""

from __future__ import annotations

import ast
import copy
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from types import CodeType
from typing import Any

from mpmath import mpf  # type: ignore[import-untyped]  # it carries no types
from msgspec import Struct, field

from mgc.compiler.verify.called.tape import LEAST, ROUNDING, Number, Slope, Tape
from mgc.compiler.verify.text.names import BOOKKEEPING
from mgc.compiler.verify.trace.values import flat

KEPT, DONE = "number kept", "value given"  # no names of a text
Groups = list[list[Any]]  # what one name held, by the loops whose bodies give it
SLACK = 1e-9  # relative, beside what doubles lose


def claims(function: ast.FunctionDef, plain: ast.FunctionDef) -> dict[str, str]:
    """The names that have a `d<name>`, which is no value of the model's own.

    >>> text = "def f(x): h = x*x; return h", "def g(x): h = x*x; dh = 1.0; dx = 2.0*x; return h, (dx,)"
    >>> claims(*(ast.parse(one).body[0] for one in text[::-1]))
    {'h': 'dh', 'x': 'dx'}
    """
    own = {*_stored(plain), *(one.arg for one in plain.args.args)}
    given = [one.arg for one in function.args.args]
    stored = _stored(function)
    found: dict[str, str] = {}
    for name in dict.fromkeys([*stored, *given]):
        for derivative in (f"d{name}", f"d{name}_"):  # `do` is a keyword of C
            if derivative in stored and derivative not in own and derivative not in given:
                found.setdefault(name, derivative)
    return found


def _stored(function: ast.FunctionDef) -> dict[str, int]:
    """The names that statements store to, each with the line of the last."""
    found = {}
    for node in ast.walk(function):
        for target in node.targets if isinstance(node, ast.Assign) else ():
            found[_root(target)] = target.lineno
        if isinstance(node, ast.AugAssign):
            found[_root(node.target)] = node.lineno
    return found


def _root(target: ast.expr) -> str:
    while isinstance(target, ast.Subscript):
        target = target.value
    return target.id if isinstance(target, ast.Name) else ""


class _Noting(ast.NodeTransformer):
    """A function that keeps numbers and notes what names hold, as `Notes` has it."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names
        self.loops = 0

    def visit_Assign(self, node: ast.Assign) -> ast.Assign:
        (target,) = node.targets
        if _root(target) in self.names or isinstance(target, ast.Subscript):
            whole = isinstance(target, ast.Name)
            alias = isinstance(node.value, ast.Name | ast.Subscript if whole else ast.Subscript)
            passed = [ast.Constant(_root(target)), node.value, ast.Constant(whole), ast.Constant(alias)]
            node.value = ast.Call(ast.Name(KEPT, ast.Load()), passed, [])
        return node

    def visit_For(self, node: ast.For) -> ast.For:
        self.loops += 1
        node.body = self._noted(node.body, self.loops)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        node.body = self._noted(node.body, 0)
        return node

    def _noted(self, body: list[ast.stmt], loop: int) -> list[ast.stmt]:
        """A body that ends with a note of each name that is given a value in it."""
        stored = set(_given(body))
        given = [name for name in self.names if name in stored]
        notes = ast.parse("\n".join(f"if D({name!r}, {loop}): N({name!r}, {loop}, {name})" for name in given)).body
        for node in ast.walk(ast.Module(notes, [])):
            if isinstance(node, ast.Name) and node.id in ("D", "N") and isinstance(node.ctx, ast.Load):
                node.id = DONE if node.id == "D" else f"{DONE} too"
        changed = [self.visit(statement) for statement in body]
        last = isinstance(body[-1], ast.Return)
        return [*changed[:-1], *notes, changed[-1]] if last else [*changed, *notes]


def _given(body: Sequence[ast.stmt]) -> Iterator[str]:
    """The names that a body gives a value to, inner loops aside."""
    for node in body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)]):
                yield name
            case ast.If():
                yield from _given([*node.body, *node.orelse])


class Notes(Struct):
    """What names held, in the order in which it was noted, by the loop whose body gives it.

    `rows` are lists that belong to others, `aliases` numbers that have another name, too: their derivative may be all
    that adds up under that.
    """

    held: dict[str, dict[int, list[Any]]] = field(default_factory=dict)
    rows: set[str] = field(default_factory=set)
    aliases: set[str] = field(default_factory=set)
    fresh: set[str] = field(default_factory=set)

    def keep(self, name: str, value: Any, is_whole: bool, is_alias: bool) -> Any:
        """A number as a step of its own; a list of such, where it is a new one."""
        if is_whole:
            self.fresh.add(name)
        if is_alias:
            (self.rows if isinstance(value, list) else self.aliases).add(name)
        return value if is_alias and isinstance(value, list) else _kept(value)

    def is_given(self, name: str, loop: int) -> bool:
        """Whether a name has been given a value since it was noted."""
        given = name in self.fresh
        self.fresh.discard(name)
        return given

    def note(self, name: str, loop: int, value: Any) -> None:
        self.held.setdefault(name, {}).setdefault(loop, []).extend(number for _, number in flat(value))


def _kept(value: Any) -> Any:
    if isinstance(value, list):
        return [_kept(inner) for inner in value]
    return value.tape.note(value.value, value.lost, ((value.place, 1, 0.0),)) if isinstance(value, Number) else value


class Named(Struct, frozen=True):
    """The derivative's function of a text, made to note; its claims, and the lines on which their `d` is stored."""

    name: str
    code: CodeType
    claims: Mapping[str, str]
    lines: Mapping[str, int]

    @classmethod
    def of(cls, function: ast.FunctionDef, plain: ast.FunctionDef) -> Named:
        found = claims(function, plain)
        watched = list(dict.fromkeys([*found, *found.values()]))
        changed = _Noting(watched).visit(copy.deepcopy(function))
        module = ast.fix_missing_locations(ast.Module([changed], []))
        code = compile(module, "<noting>", "exec", dont_inherit=True)
        return cls(function.name, code, found, _stored(function))

    def on(self, space: Mapping[str, Any]) -> tuple[Notes, Any]:
        """The notes, and the function that writes them; `space`: that of the text on tapes."""
        notes = Notes()
        known = {**space, KEPT: notes.keep, DONE: notes.is_given, f"{DONE} too": notes.note}
        exec(self.code, known)  # audited before
        return notes, known[self.name]

    def wrong(self, notes: Notes, tape: Tape, results: Sequence[tuple[Any, Any]]) -> Iterator[tuple[str, Any, Any]]:
        """Each name whose `d` is not the derivative by it, what that holds, and what it should."""
        numbers = {name: notes.held[name] for name in self.claims if name in notes.held and name not in notes.rows}
        flattened = [one for groups in numbers.values() for held in groups.values() for one in held]
        kept = [origin for one in flattened if isinstance(one, Number) for origin in tape.origins(one)]
        slopes = dict(zip((one.place for one in kept), tape.slopes(results, kept), strict=True))
        for name, groups in numbers.items():
            held = notes.held.get(self.claims[name], {})
            if self.claims[name] in notes.rows or not all(isinstance(n, Number) for g in groups.values() for n in g):
                continue
            truths = [[slope for one in group if (slope := slopes[one.place])] for group in groups.values()]
            if all(len(truth) == len(group) for truth, group in zip(truths, groups.values(), strict=True)):
                given = [one for group in groups.values() for one in group] if name in notes.aliases else []
                origins = [origin.place for one in given for origin in tape.origins(one)]
                if len(set(origins)) < len(origins):
                    continue  # an entry that several turns have: no copy tells what of its derivative is of which
                more = [slope for place in origins if (slope := slopes[place])]
                ordered = list(groups) == list(held) == [0] and not BOOKKEEPING.fullmatch(name) and not given
                found = _differing(list(groups.values()), truths, list(held.values()), ordered, more)
                if found is not None:
                    yield name, *found


def _differing(
    values: Groups, truths: list[list[Slope]], held: Groups, ordered: bool, more: list[Slope]
) -> tuple[Any, Any] | None:
    """What is held and no derivative, and what it should be, if that is known; None where nothing is wrong.

    Loops of the backward half may run in another order, hold one number for several that have the same derivative, and
    leave out those that no derivative flows to. `ordered`: both are arrays, of which the places tell.
    """
    if not any(slope.value for truth in truths for slope in truth):
        return None  # the result is computed of something else, as a product is of its factors one by one
    wanted, found = _together(values, truths), [Slope(*_read(number)) for group in held for number in group]
    if len(found) == len(wanted) and ordered:
        wrong = [pair for pair in zip(found, wanted, strict=True) if not _is_close(*pair)]
        return (wrong[0][0].value, wrong[0][1].value) if wrong else None
    others = sorted([*wanted, *_sums(values, truths), *more, Slope(mpf(0), 0.0)], key=_value)
    missed = next((one.value for one in found if not _is_among(one, others)), None)
    return None if missed is None else (missed, wanted[0].value if len(wanted) == 1 else None)


def _together(values: Groups, truths: list[list[Slope]]) -> list[Slope]:
    """The derivatives by each number; by one that several loops compute anew, the sum of those by each copy."""
    same = all(_numbers(group) == _numbers(values[0]) for group in values)
    if not same:
        return [one for group in truths for one in group]
    return [_sum(copies) for copies in zip(*truths, strict=True)]


def _sums(values: Groups, truths: list[list[Slope]]) -> list[Slope]:
    """The derivatives by each number that is computed several times."""
    copies: dict[Any, list[Slope]] = {}
    for group, truth in zip(values, truths, strict=True):
        for number, slope in zip(_numbers(group), truth, strict=True):
            copies.setdefault(number, []).append(slope)
    return [_sum(found) for found in copies.values() if len(found) > 1]


def _sum(slopes: Sequence[Slope]) -> Slope:
    return Slope(sum((one.value for one in slopes), mpf(0)), sum(one.lost for one in slopes))


def _numbers(group: Sequence[Any]) -> list[Any]:
    return [_read(one)[0] for one in group]


def _read(number: Any) -> tuple[Any, float]:
    return (number.value, number.lost) if isinstance(number, Number) else (mpf(number), 0.0)


def _is_among(one: Slope, ordered: Sequence[Slope]) -> bool:
    """Whether a number is one of several. Those beside it are looked at first: as a rule it is one of these."""
    at = bisect_left(ordered, one.value, key=_value)
    return any(_is_close(one, other) for other in (*ordered[max(at - 1, 0) : at + 1], *ordered))


def _value(slope: Slope) -> Any:
    return slope.value


def _is_close(one: Slope, other: Slope) -> bool:
    size = abs(one.value) + abs(other.value)
    return bool(abs(one.value - other.value) <= ROUNDING * (one.lost + other.lost) + SLACK * size + LEAST)
