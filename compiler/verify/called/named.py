"""What each `d<name>` of a derivative's function holds, beside the derivative by what `<name>` holds.

The text is run on a tape, every number that it stores under such a name a step of its own, and what each name holds is
noted where the body of the loop that gives it a value ends. One sweep backwards tells the derivatives by all of them.
"""

from __future__ import annotations

import ast
import copy
from bisect import bisect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import CodeType
from typing import Any

from mpmath import mpf  # type: ignore[import-untyped]  # it carries no types
from msgspec import Struct, field

from mgc.compiler.verify.called.tape import LEAST, ROUNDING, Number, Slope, Tape, read
from mgc.compiler.verify.text.names import BOOKKEEPING
from mgc.compiler.verify.trace.values import flat

KEPT, NOTED = "number kept", "values noted"  # no names of a text
SLACK = 1e-9  # relative, beside what doubles lose


def claims(function: ast.FunctionDef, plain: ast.FunctionDef) -> dict[str, str]:
    """The names that have a `d<name>`, which is no value of the model's own.

    >>> text = "def f(x): h = x*x; return h", "def g(x): h = x*x; dh = 1.0; dx = 2.0*x; return h, (dx,)"
    >>> claims(*(ast.parse(one).body[0] for one in text[::-1]))
    {'h': 'dh', 'x': 'dx'}
    """
    stored, given = _stored(function), [one.arg for one in function.args.args]
    spared = {*_stored(plain), *(one.arg for one in plain.args.args), *given}
    found: dict[str, str] = {}
    for name in dict.fromkeys([*stored, *given]):
        for derivative in (f"d{name}", f"d{name}_"):  # `do` is a keyword of C
            if derivative in stored and derivative not in spared:
                found.setdefault(name, derivative)
    return found


def _stored(function: ast.FunctionDef) -> dict[str, int]:
    """The names that statements store to, each with the line of the last."""
    found = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign | ast.AugAssign):
            found[_root(node)] = node.lineno
    return found


def _root(node: ast.Assign | ast.AugAssign) -> str:
    """The name that a statement stores to."""
    found = _base(node.targets[0] if isinstance(node, ast.Assign) else node.target)
    return found.id if isinstance(found, ast.Name) else ""


def _base(target: ast.expr) -> ast.expr:
    return _base(target.value) if isinstance(target, ast.Subscript) else target


def _read(function: ast.FunctionDef) -> frozenset[str]:
    """The names that something is computed of, or that are returned."""
    nodes = [*ast.walk(function)]
    entries = [node for node in nodes if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)]
    stored = {id(_base(node)) for node in entries}
    names = (node for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load))
    return frozenset(node.id for node in names if id(node) not in stored)


class _Noting(ast.NodeTransformer):
    """A function that keeps numbers and notes what names hold, as `Notes` has it."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names
        self.loops = 0

    def visit_Assign(self, node: ast.Assign) -> ast.Assign:
        whole = isinstance(node.targets[0], ast.Name)
        if _root(node) in self.names or not whole:
            alias = isinstance(node.value, ast.Name | ast.Subscript if whole else ast.Subscript)
            passed = [ast.Constant(_root(node)), node.value, ast.Constant(whole), ast.Constant(alias)]
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
        """A body that ends with a note of the names that are given a value in it."""
        given = [name for name in self.names if name in set(_given(body))]
        passed = ast.parse(f"[{loop}, {given}, locals()]", mode="eval").body
        assert isinstance(passed, ast.List)
        note = [ast.Expr(ast.Call(ast.Name(NOTED, ast.Load()), passed.elts, []))] if given else []
        changed = [self.visit(statement) for statement in body]
        at = len(body) - isinstance(body[-1], ast.Return)
        return [*changed[:at], *note, *changed[at:]]


def _given(body: Sequence[ast.stmt]) -> Iterator[str]:
    """The names that a body gives a new value to, inner loops aside: `x = x + y` is `x += y`."""
    for node in body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                if not any(isinstance(part, ast.Name) and part.id == name for part in ast.walk(value)):
                    yield name
            case ast.If():
                yield from _given([*node.body, *node.orelse])


class Notes(Struct):
    """What names held, in the order in which it was noted, by the loop whose body gives it.

    `rows` are lists that belong to others, `aliases` numbers that have another name, too: their derivative may be all
    that adds up under that. `fresh` were given a value since they were noted.
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

    def note(self, loop: int, names: Sequence[str], scope: Mapping[str, Any]) -> None:
        for name in self.fresh.intersection(names):
            self.hold(name, loop, scope[name])
        self.fresh.difference_update(names)

    def hold(self, name: str, loop: int, value: Any) -> None:
        self.held.setdefault(name, {}).setdefault(loop, []).extend(number for _, number in flat(value))

    def numbers(self) -> list[Any]:
        return [one for groups in self.held.values() for one in _all(groups.values())]


def _kept(value: Any) -> Any:
    if isinstance(value, list):
        return [_kept(inner) for inner in value]
    return value.tape.note(value.value, value.lost, ((value.place, 1, 0.0),)) if isinstance(value, Number) else value


class Named(Struct, frozen=True):
    """The derivative's function of a text, made to note; its claims, the lines on which their `d` is stored, and
    the names that are read."""

    name: str
    code: CodeType
    claims: Mapping[str, str]
    lines: Mapping[str, int]
    read: frozenset[str]

    @classmethod
    def of(cls, function: ast.FunctionDef, plain: ast.FunctionDef) -> Named:
        found = claims(function, plain)
        changed = _Noting(list({**found, **dict.fromkeys(found.values())})).visit(copy.deepcopy(function))
        module = ast.fix_missing_locations(ast.Module([changed], []))
        return cls(
            function.name,
            compile(module, "<noting>", "exec", dont_inherit=True),
            found,
            _stored(function),
            _read(function),
        )

    def on(self, space: Mapping[str, Any]) -> tuple[Notes, Any]:
        """The notes, and the function that writes them; `space`: that of the text on tapes."""
        notes = Notes()
        known = {**space, KEPT: notes.keep, NOTED: notes.note, "locals": locals}
        exec(self.code, known)  # audited before
        return notes, known[self.name]

    def wrong(self, notes: Notes, tape: Tape, results: Sequence[tuple[Any, Any]]) -> Iterator[tuple[str, Any, Any]]:
        """Each name whose `d` is not the derivative by it, what that holds, and what it should."""
        numbers = {name: list(notes.held[name].values()) for name in self.claims if name in notes.held}
        kept = [
            origin
            for name, groups in numbers.items()
            for one in _all(groups)
            if isinstance(one, Number) and name not in notes.rows
            for origin in tape.origins(one)
        ]
        slopes = dict(zip((one.place for one in kept), tape.slopes(results, kept), strict=True))
        for name, groups in numbers.items():
            held = notes.held.get(self.claims[name], {})
            if {name, self.claims[name]} & notes.rows or not all(isinstance(one, Number) for one in _all(groups)):
                continue
            truths = [[slope for one in group if (slope := slopes[one.place])] for group in groups]
            if [*map(len, truths)] != [*map(len, groups)]:
                continue
            if self.claims[name] in self.read and not any(slope.value for slope in _all(truths)):
                continue  # the result is computed of another copy, and what is made of `d<name>` is seen in the results
            shared = _all(groups) if name in notes.aliases else []
            origins = [origin.place for one in shared for origin in tape.origins(one)]
            if len(set(origins)) < len(origins):
                continue  # an entry that several turns have: no copy tells what of its derivative is of which
            ordered = [*notes.held[name]] == [*held] == [0] and not BOOKKEEPING.fullmatch(name) and not shared
            more = [slope for place in origins if (slope := slopes[place])]
            found = _differing(groups, truths, _all(held.values()), ordered, more)
            if found is not None:
                yield name, *found


def _differing(
    groups: list[list[Any]], truths: list[list[Slope]], held: list[Any], ordered: bool, more: list[Slope]
) -> tuple[Any, Any] | None:
    """What is held and no derivative, and what it should be, if that is known; None where nothing is wrong.

    `groups` of numbers, one for each loop that gives them. Loops of the backward half may run in another order, hold
    one number for several that have the same derivative, and leave out those that no derivative flows to. `ordered`:
    both are arrays, of which the places tell.
    """
    values = [[one.value for one in group] for group in groups]
    computed_anew = all(group == values[0] for group in values)  # of which the derivative is the sum of all copies'
    wanted = list(map(_sum, zip(*truths, strict=True))) if computed_anew else _all(truths)
    found = [Slope(*read(number)) for number in held]
    if len(found) == len(wanted) and ordered:
        pairs = zip(found, wanted, strict=True)
        return next(((one.value, other.value) for one, other in pairs if not _is_close(one, other)), None)
    copies: dict[Any, list[Slope]] = {}
    for number, slope in zip(_all(values), _all(truths), strict=True):
        copies.setdefault(number, []).append(slope)
    beside = [Slope(mpf(0), 0.0)] if len(found) > len(wanted) else []  # in turns that the forward half does not have
    others = sorted([*wanted, *map(_sum, copies.values()), *more, *beside], key=_value)
    missed = next((one.value for one in found if not _is_among(one, others)), None)
    if missed is not None:
        return missed, wanted[0].value if len(wanted) == 1 else None
    if len(found) >= len(wanted) and not more:  # else what the text need not know is left out
        held_too = sorted([*found, Slope(mpf(0), 0.0)], key=_value)
        for of_each in copies.values():
            if not any(_is_among(one, held_too) for one in (_sum(of_each), *of_each)):
                return found[0].value, _sum(of_each).value
    return None


def _all(groups: Iterable[Sequence[Any]]) -> list[Any]:
    return [one for group in groups for one in group]


def _is_among(one: Slope, others: Sequence[Slope]) -> bool:
    """Whether it is one of others, which are sorted: of many, the nearest is asked first."""
    at = bisect(others, one.value, key=_value)
    return any(_is_close(one, other) for near in (others[max(0, at - 1) : at + 1], others) for other in near)


def _value(slope: Slope) -> Any:
    return slope.value


def _sum(slopes: Sequence[Slope]) -> Slope:
    return Slope(sum((one.value for one in slopes), mpf(0)), sum(one.lost for one in slopes))


def _is_close(one: Slope, other: Slope) -> bool:
    size = abs(one.value) + abs(other.value)
    return bool(abs(one.value - other.value) <= ROUNDING * (one.lost + other.lost) + SLACK * size + LEAST)
