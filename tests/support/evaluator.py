"""What a model means as numbers, straight from its syntax tree: of a branch only the arm that is taken, of an array
only the entries that are read. Shares the parser with the compiler, and nothing else.

Values are Python's, exceptions included; derivatives are carried forward (duals.py).

>>> from mgc.grammar.parser import parse
>>> run(parse("def f(x[n]): return sum(x[i]**2 for i) / n", "f.mg"), "f", {"x": [1.0, 3.0]}).flat()
[Dual(value=5.0, slopes={('x', 0): 1.0, ('x', 1): 3.0})]
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from mgc.grammar import tree
from support.duals import DEFAULTS, PLAIN, Operations, Scalar, chain, slopes, value
from support.values import Array, Frame, Later, Machine, Place, Unfit, applied, elementwise, given_array, of, ragged
from support.vectors import FOLDS, LAYERS, VECTORS, fold, product

_BINARY = {"+": "add", "-": "sub", "*": "mul", "/": "div", "//": "floordiv", "%": "mod", "**": "pow"}
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}
FAILURES = (ArithmeticError, ValueError, IndexError)
_CONSTANTS = {"pi": math.pi, "e": math.e, "inf": math.inf, "nan": math.nan}


def run(
    file: tree.File,
    name: str,
    arguments: Mapping[str, Any],
    params: Mapping[str, Any] | None = None,
    operations: Operations = PLAIN,
    machine: Machine | None = None,
) -> Any:
    """The result of a function, an Array or a tuple of them; float arguments carry slopes by (name, place in it).

    Errors: what Python's arithmetic raises, IndexError, Unfit; ValueError where what it requires does not hold.
    """
    machine = machine or Machine({getattr(d, "name", ""): d for d in file.declarations}, params or {}, operations)
    function = machine.declared[name]
    assert isinstance(function, tree.Function)
    sizes = _told_sizes(machine, function, arguments)
    given = {
        a.name: given_array(
            machine, a.name, arguments[a.name], a.dtype, [int(meaning(sizes, d).plain()) for d in a.dimensions]
        )
        for a in function.arguments
    }
    _check(machine, function, given)
    return call(machine, function, given, path=name if function.kind == "model" else None)


def _told_sizes(machine: Machine, function: tree.Function, arguments: Mapping[str, Any]) -> Frame:
    """The named sizes, each from whatever array has it: one of no rows does not say how long they are."""
    frame = Frame(machine, {})
    for argument in function.arguments:
        row = arguments[argument.name]
        for dimension in argument.dimensions:
            if (
                isinstance(row, list)
                and isinstance(dimension, tree.Name)
                and not _is_const(frame, dimension.identifier)
            ):
                frame = frame.having(**{dimension.identifier: of(len(row))})
            row = row[0] if row else None
    return frame


# --- definitions


def call(machine: Machine, function: tree.Function, given: Mapping[str, Any], path: str | None = None,
         sizes: Mapping[str, Any] | None = None) -> Any:  # fmt: skip
    """The result of a definition at its arguments, Arrays or Laters of them."""
    frame = Frame(machine, {}, path).having(**(sizes or {}))
    if path is not None:
        frame.calls.update(_layer_calls(frame, function))
    return _named(machine, _body(_entered(frame, function, given), function.body))


def _check(machine: Machine, function: tree.Function, given: Mapping[str, Any]) -> None:
    """What a function requires when it is called from outside."""
    frame = _entered(Frame(machine, {}), function, given)
    for requirement in function.requirements:
        if not all(value(holds) for holds in meaning(frame, requirement.condition).flat()):
            raise ValueError("what is required does not hold")


def _entered(frame: Frame, function: tree.Function, given: Mapping[str, Any]) -> Frame:
    """The frame with the arguments, and the sizes that they tell."""
    machine = frame.machine
    for argument in function.arguments:
        array = Later(_argument, machine, given[argument.name])
        for axis, dimension in enumerate(argument.dimensions):
            if isinstance(dimension, tree.Name) and not _is_const(frame, dimension.identifier):
                size = Later(_size, array, axis)
                if dimension.identifier not in frame.names:
                    frame = frame.having(**{dimension.identifier: size})
        frame = frame.having(**{argument.name: array})
    return frame


def _argument(machine: Machine, given: Array | Later) -> Any:
    return _named(machine, given.get() if isinstance(given, Later) else given)


def _is_const(frame: Frame, name: str) -> bool:
    return isinstance(frame.machine.declared.get(name), tree.Const)


def _size(array: Array | Later, axis: int) -> Array:
    return of((array.get() if isinstance(array, Later) else array).shape[axis])


def _body(frame: Frame, body: Sequence[tree.Statement]) -> Any:
    for statement in body:
        match statement:
            case tree.Return(values=[one]):
                return meaning(frame, one)
            case tree.Return(values=several):
                return tuple(meaning(frame, one) for one in several)
            case tree.Assign(targets=[target], value=assigned):
                frame = frame.having(**{target.identifier: Later(_assigned, frame, assigned)})
            case tree.Assign(targets=targets, value=assigned):
                parts = Later(_assigned, frame, assigned)
                frame = frame.having(**{t.identifier: Later(_part, parts, k) for k, t in enumerate(targets)})
            case tree.Param():
                frame = frame.having(**{statement.name: Later(_parameter, frame, statement)})
            case tree.For():
                for turn, size in enumerate(meaning(frame, statement.iterable)):
                    inner = frame.having(**{statement.names[0].identifier: of(size), "for": of(turn)})
                    frame = _body(inner, statement.body).having(**{"for": of(0)})
    return frame


def _assigned(frame: Frame, part: tree.Expression) -> Any:
    found = meaning(frame, part)
    if frame.machine.whole:
        for array in found if isinstance(found, tuple) else (found,):
            for place in array.places() if isinstance(array, Array) else ():
                with suppress(*FAILURES):
                    array[place]
    return _named(frame.machine, found)


def _named(machine: Machine, found: Any) -> Any:
    """What has a name, or is a literal: where it is strict, all of its entries are computed for the first one read."""
    if isinstance(found, tuple):
        return tuple(_named(machine, one) for one in found)
    if not machine.strict or not isinstance(found, Array) or not found.shape:
        return found
    return _strict(found, Later(found.flat))


def _strict(found: Array, everything: Later) -> Array:
    def entry(place: Place) -> Scalar:
        everything.get()
        return found[place]

    row = found.row
    return Array(found.shape, entry, row and (lambda k: _strict(row(k), everything)))


def _part(parts: Later, k: int) -> Any:
    return parts.get()[k]


def _parameter(frame: Frame, declaration: tree.Param) -> Array:
    name = f"{frame.path}.{declaration.name}" if frame.path else declaration.name
    return given_array(frame.machine, name, frame.machine.params[name])


def _layer_calls(frame: Frame, function: tree.Function) -> dict[Any, str]:
    """The dotted path of each layer's call: they are numbered as they are written."""
    counts: dict[str, int] = {}
    paths: dict[Any, str] = {}

    def visit(part: Any, turn: int) -> None:
        if isinstance(part, tree.Call):
            declared = frame.machine.declared.get(part.function)
            if part.function in LAYERS or (isinstance(declared, tree.Function) and declared.kind == "layer"):
                counts[part.function] = counts.get(part.function, 0) + 1
                joint = "_" if part.function[-1] in "0123456789_" else ""
                paths[part.span, turn] = f"{frame.path}.{part.function}{joint}{counts[part.function]}"
        for slot in getattr(part, "__struct_fields__", ()):
            inner = getattr(part, slot)
            for one in inner if isinstance(inner, tuple) and slot != "span" else (inner,):
                visit(one, turn)

    for statement in function.body:
        turns = len(meaning(frame, statement.iterable)) if isinstance(statement, tree.For) else 1
        for turn in range(turns):
            visit(statement, turn)
    return paths


# --- expressions


def meaning(frame: Frame, part: Any) -> Any:
    """An Array, a tuple of them for a call of several results, or a list of sizes."""
    match part:
        case tree.Number():
            exact = part.value if isinstance(part.value, int) else float(part.value)
            return of(exact)
        case tree.Name():
            return _name(frame, part.identifier)
        case tree.Unary(operator="not"):
            return elementwise(lambda a: not a(), meaning(frame, part.operand))
        case tree.Unary(operator="+"):
            return meaning(frame, part.operand)
        case tree.Unary():
            return applied(frame, "neg", meaning(frame, part.operand))
        case tree.Binary(operator="@"):
            return product(frame, meaning(frame, part.left), meaning(frame, part.right))
        case tree.Binary():
            return applied(frame, _BINARY[part.operator], meaning(frame, part.left), meaning(frame, part.right))
        case tree.Comparison():
            return elementwise(
                lambda *all_: _chained(part.operators, all_), *(meaning(frame, o) for o in part.operands)
            )
        case tree.Logical():
            both = part.operator == "and"
            operands = _later(frame, part.left), _later(frame, part.right)
            return elementwise(lambda a, b: _holds(frame, b if _holds(frame, a) is both else a), *operands)
        case tree.Conditional():
            return _conditional(frame, part)
        case tree.Transpose():
            base = meaning(frame, part.base)
            return Array(base.shape[::-1], lambda place: base[place[::-1]])
        case tree.ArrayLiteral():
            rows = [meaning(frame, element) for element in part.elements]
            if any(row.shape != rows[0].shape for row in rows):
                raise Unfit("rows of several shapes")
            literal = Array((len(rows), *rows[0].shape), lambda place: _of_one_kind(rows[place[0]][place[1:]], rows))
            return _named(frame.machine, literal)
        case tree.Index():
            return _index(frame, part)
        case tree.Comprehension():
            return _comprehension(frame, part)
        case tree.Reduction():
            return _reduction(frame, part)
        case tree.Call():
            return _call(frame, part)
    raise Unfit(f"{type(part).__name__}")


def _of_one_kind(number: Scalar, rows: Sequence[Array]) -> Scalar:
    """An element of an array literal: a float where another one is."""
    return float(number) if type(number) is int and any(map(_has_floats, rows)) else number


def _has_floats(row: Array) -> bool:
    for place in row.places():
        with suppress(*FAILURES):
            if isinstance(value(row[place]), float):
                return True
    return False


def _name(frame: Frame, name: str) -> Any:
    if name in frame.names:
        return frame.names[name].get()
    declared = frame.machine.declared.get(name)
    if isinstance(declared, tree.Const):
        return meaning(Frame(frame.machine, {}), declared.value)
    if isinstance(declared, tree.Param):
        return _parameter(Frame(frame.machine, {}), declared)
    return of(float(_CONSTANTS[name]))


def _later(frame: Frame, part: Any) -> Array:
    """An array whose shape is asked for only where it has one that can be told: (), where it fails."""
    found = Later(lambda: meaning(frame, part))
    try:
        shape = found.get().shape
    except FAILURES:
        return Array((), lambda place: meaning(frame, part)[place])
    return Array(shape, lambda place: found.get()[place])


def _chained(operators: Sequence[str], operands: Sequence[Callable[[], Scalar]]) -> bool:
    pairs = itertools.pairwise(operands)
    return all(_COMPARE[sign](value(a()), value(b())) for sign, (a, b) in zip(operators, pairs, strict=True))


def _conditional(frame: Frame, part: tree.Conditional) -> Any:
    arms = part.value, part.otherwise
    condition = _later(frame, part.condition)
    if not condition.shape and _is_static(frame, part.condition):
        return meaning(frame, arms[0] if condition.plain() else arms[1])
    then, otherwise = (_later(frame, arm) for arm in arms)
    return elementwise(lambda c, a, b: a() if _holds(frame, c) else b(), condition, then, otherwise)


def _holds(frame: Frame, condition: Callable[[], Any]) -> bool:
    """Whether a condition holds; where it has no value, what the machine assumes."""
    try:
        return bool(condition())
    except FAILURES:
        if frame.machine.assumed is None:
            raise
        return frame.machine.assumed


def _is_static(frame: Frame, part: Any) -> bool:
    """Whether literals and constants alone decide."""
    match part:
        case tree.Name(identifier=name):
            return name not in frame.names and (name in _CONSTANTS or _is_const(frame, name))
        case tree.Unary():
            return _is_static(frame, part.operand)
        case tree.Binary():
            return _is_static(frame, part.left) and _is_static(frame, part.right)
        case tree.Comparison():
            return all(_is_static(frame, operand) for operand in part.operands)
    return isinstance(part, tree.Number)


# --- indices


def _index(frame: Frame, part: tree.Index) -> Any:
    base = meaning(frame, part.base)
    if isinstance(base, list):
        item = part.items[0]
        if isinstance(item, tree.Slice):
            ends = [None if end is None else meaning(frame, end).plain() for end in (item.start, item.stop, item.step)]
            return base[slice(*ends)]
        return of(base[meaning(frame, item).plain()])
    return _taken(frame, base, part.items)


def _taken(frame: Frame, base: Array, items: Sequence[Any]) -> Array:
    """The entry, the row or the slice of an array."""
    if base.row is not None:
        row = _picked(frame, items[0], base.shape[0])
        if isinstance(row, range):
            raise Unfit("a slice of rows that differ in length")
        return _taken(frame, base.row(row.get()), items[1:]) if items[1:] else base.row(row.get())
    if len(items) > len(base.shape):
        base.flat()  # where the array itself fails, that is the error
        raise Unfit(f"{len(items)} indices of {base.shape}")
    picked = [_picked(frame, item, size) for item, size in zip(items, base.shape, strict=False)]
    kept = tuple(len(found) for found in picked if isinstance(found, range))

    def entry(place: Place) -> Scalar:
        left = list(place)
        full = [found[left.pop(0)] if isinstance(found, range) else found.get() for found in picked]
        return base[(*full, *left)]

    return Array((*kept, *base.shape[len(picked) :]), entry)


def _picked(frame: Frame, item: Any, size: int) -> Later | range:
    if not isinstance(item, tree.Slice):
        return Later(lambda: _inside(_place(frame, item, size), size))
    start = 0 if item.start is None else _place(frame, item.start, size)
    stop = size if item.stop is None else _place(frame, item.stop, size)
    if not 0 <= start <= stop <= size:
        if not size:
            return range(0)  # of nothing there is nothing, and no entry to be asked for its index
        raise IndexError(f"a slice from {start} to {stop} of {size}")
    return range(start, stop, 1 if item.step is None else int(meaning(frame, item.step).plain()))


def _inside(place: int, size: int) -> int:
    if not 0 <= place < size:
        raise IndexError(f"index {place} of {size}")
    return place


def _place(frame: Frame, item: Any, size: int) -> int:
    """Counted from the end where it is negative as it is written."""
    place = meaning(frame.of_indices(), item).plain()
    if place != int(place):
        raise Unfit(f"index {place}")
    return int(place) + (size if place < 0 and _is_static(frame, item) else 0)


def _turns(frame: Frame, clauses: Sequence[tree.Clause], body: Any) -> Iterator[tuple[Frame, Place]]:
    """A frame for each turn of the clauses whose conditions hold, with the indices."""
    if not clauses:
        yield frame, ()
        return
    clause, *rest = clauses
    ranges = [_range(frame, clause, name, (body, *rest, clause)) for name in clause.names]
    for at in itertools.product(*ranges):
        inner = frame.having(**{name: of(k) for name, k in zip(clause.names, at, strict=True)})
        if all(_holds(inner, _later(inner, condition).plain) for condition in clause.conditions):
            for innermost, inner_at in _turns(inner, rest, body):
                yield innermost, at + inner_at


def _range(frame: Frame, clause: tree.Clause, name: str, trees: Sequence[Any]) -> range:
    if clause.iterable is None:
        return range(next(_indexed(frame, name, trees)))
    assert isinstance(clause.iterable, tree.Call)
    ends = [meaning(frame.of_indices(), end).plain() for end in clause.iterable.arguments]
    if any(end != int(end) for end in ends):
        raise Unfit(f"a range to {ends}")
    return range(*map(int, ends))


def _indexed(frame: Frame, name: str, trees: Sequence[Any]) -> Iterator[int]:
    """The sizes of the axes of named arrays that an index alone indexes."""
    for part in trees:
        if isinstance(part, tree.Index):
            base: Any = part.base
            skipped = 0
            while isinstance(base, tree.Index):
                base, skipped = base.base, skipped + len(base.items)
            if isinstance(base, tree.Name):
                for axis, item in enumerate(part.items):
                    if isinstance(item, tree.Name) and item.identifier == name:
                        yield _name(frame, base.identifier).shape[skipped + axis]
        bound = [n for clause in getattr(part, "clauses", ()) for n in clause.names]
        if name not in bound:
            inner = [getattr(part, slot) for slot in getattr(part, "__struct_fields__", ()) if slot != "span"]
            yield from _indexed(frame, name, [x for one in inner for x in (one if isinstance(one, tuple) else (one,))])


def _comprehension(frame: Frame, part: tree.Comprehension) -> Array:
    ranges, inner = [], frame
    for order, clause in enumerate(part.clauses):
        for name in clause.names:
            ranges.append((name, _range(inner, clause, name, (part.body, *part.clauses[order + 1 :]))))
            inner = inner.having(**{name: of(0)})
    rows: dict[Place, Array] = {}

    def row(at: Place) -> Array:
        if at not in rows:
            places = {name: of(range_[k]) for (name, range_), k in zip(ranges, at, strict=True)}
            rows[at] = meaning(frame.having(**places), part.body)
        return rows[at]

    outer = tuple(len(range_) for _, range_ in ranges)
    if len(ranges) == 1 and _is_ragged(part):
        return ragged(outer[0], lambda k: row((k,)))
    inner_shape = row((0,) * len(ranges)).shape if all(outer) else meaning(inner, part.body).shape
    return Array((*outer, *inner_shape), lambda place: row(place[: len(ranges)])[place[len(ranges) :]])


def _is_ragged(part: Any) -> bool:
    """Whether how long a row is depends on which row it is."""
    names: list[str] = []
    while isinstance(part, tree.Comprehension):
        if any(_mentions(clause.iterable, name) for clause in part.clauses for name in names):
            return True
        names += [name for clause in part.clauses for name in clause.names]
        part = part.body
    return False


def _mentions(part: Any, name: str) -> bool:
    if isinstance(part, tree.Name):
        return part.identifier == name
    slots = [getattr(part, slot) for slot in getattr(part, "__struct_fields__", ()) if slot != "span"]
    return any(_mentions(one, name) for inner in slots for one in (inner if isinstance(inner, tuple) else (inner,)))


def _shape(frame: Frame, part: Any) -> Place:
    """The shape of what is reduced, of which there may be nothing."""
    try:
        return tuple(meaning(frame, part).shape)
    except (ArithmeticError, ValueError, IndexError):
        return ()


# --- reductions


def _reduction(frame: Frame, part: tree.Reduction) -> Any:
    iterable = part.clauses[0].iterable
    if isinstance(iterable, tree.Name) and iterable.identifier == "params":
        return _over_parameters(frame, part)
    if part.function not in FOLDS:
        made = tree.Comprehension(part.body, part.clauses, part.span)
        return _called(frame, part.function, [meaning(frame, made)], {}, part)
    names = {name: of(0) for clause in part.clauses for name in clause.names}
    turns = Later(lambda: [(meaning(inner, part.body), at) for inner, at in _turns(frame, part.clauses, part.body)])

    def entry(place: Place) -> Scalar:
        found = fold(frame.machine, part.function, [row[place] for row, _ in turns.get()])
        return turns.get()[found][1][0] if part.function in ("argmax", "argmin") else found

    return Array(_shape(frame.having(**names), part.body), entry)


def _over_parameters(frame: Frame, part: tree.Reduction) -> Array:
    name = part.clauses[0].names[0]
    numbers = [
        n for key in frame.machine.params for n in given_array(frame.machine, key, frame.machine.params[key]).flat()
    ]
    terms = [meaning(frame.having(**{name: of(number)}), part.body).number() for number in numbers]
    return of(fold(frame.machine, part.function, terms))


def _extremum(frame: Frame, kind: str, parts: Sequence[Any], operands: Sequence[Array]) -> Array:
    """Of several arguments: a tie of one with a number as written gives it slope 0, and ties are else shared."""

    def chosen(*all_: Callable[[], Scalar]) -> Scalar:
        numbers = [a() for a in all_]
        extreme = (max if kind == "max" else min)(value(n) for n in numbers)
        tied = [(part, n) for part, n in zip(parts, numbers, strict=True) if value(n) == extreme]
        flowing = [n for _, n in tied if slopes(n)]
        if flowing and len(flowing) < len(tied):
            if not any(isinstance(part, tree.Number) for part, _ in tied):
                frame.machine.doubts.append("a tie with what carries no slope")
            return extreme
        share = float(1) / len(tied)
        return chain(extreme, [(n, lambda: share) for n in flowing])

    return elementwise(chosen, *operands)


# --- calls


def _call(frame: Frame, part: tree.Call) -> Any:
    name = part.function
    keywords = {key: _later(frame, given) for key, given in part.keywords}
    given = [_later(frame, argument) for argument in part.arguments]
    if name in ("max", "min") and len(given) > 1:
        return _extremum(frame, name, part.arguments, given)
    return _called(frame, name, given, keywords, part)


def _called(frame: Frame, name: str, given: Sequence[Array], keywords: Mapping[str, Array], part: Any) -> Any:
    machine = frame.machine
    declared = machine.declared.get(name)
    if name in FOLDS:
        (array,) = given
        return Array((), lambda _: fold(machine, name, array.flat()))
    if name == "detach":
        return elementwise(lambda a: value(a()), *given)
    if isinstance(declared, tree.Op):
        return elementwise(lambda *all_: _operation(machine, declared, [a() for a in all_]), *given)
    if isinstance(declared, tree.Function):
        return _definition(frame, declared, given, keywords, part)
    if name in VECTORS:
        return VECTORS[name](machine, *given)
    if name in LAYERS:
        return LAYERS[name](frame, frame.calls[part.span, _turn(frame)], _sizes(frame, part), *given)
    if name in DEFAULTS:
        (last,) = keywords.values() if keywords else given[1:] or [of(float(DEFAULTS[name]))]
        given = [given[0], last]
    return applied(frame, name, *given, *(keywords.values() if name not in DEFAULTS else ()))


def _turn(frame: Frame) -> int:
    return int(frame.names["for"].get().plain()) if "for" in frame.names else 0


def _sizes(frame: Frame, part: tree.Call) -> list[int]:
    found = [meaning(frame, size) for size in part.sizes or ()]
    return [n for size in found for n in (size if isinstance(size, list) else [int(size.plain())])]


def _entry(array: Array, place: Place) -> Array:
    return of(array[place[len(place) - len(array.shape) :]])


def _operation(machine: Machine, declared: tree.Op, operands: Sequence[Scalar]) -> Scalar:
    """A model's own operation: its body's value, and the slopes that it declares."""
    frame = Frame(machine, {}).having(
        **{argument.identifier: of(value(n)) for argument, n in zip(declared.arguments, operands, strict=True)}
    )
    rules = {d.argument: d.rule for d in declared.derivatives if not d.accurate}
    return chain(
        value(_body(frame, declared.body).number()),
        [
            (operand, partial(_rule, frame, rules[argument.identifier]))
            for argument, operand in zip(declared.arguments, operands, strict=True)
        ],
    )


def _rule(frame: Frame, rule: tree.Expression) -> Any:
    return value(meaning(frame, rule).number())


def _definition(
    frame: Frame, function: tree.Function, given: Sequence[Array], keywords: Mapping[str, Array], part: Any
) -> Any:
    bound = {**dict(zip([a.name for a in function.arguments], given, strict=False)), **keywords}
    for argument in function.arguments:
        if argument.name not in bound and argument.default is not None:
            bound[argument.name] = meaning(Frame(frame.machine, {}), argument.default)
    path = {"model": function.name, "layer": ""}.get(function.kind)
    sizes: dict[str, Any] = {}
    if path == "":
        path = frame.calls[part.span, _turn(frame)]
        numbers = _sizes(frame, part)
        for size in function.sizes:
            sizes[size.name] = numbers if size.variadic else of(numbers.pop(0))
    lifted = [a.name for a in function.arguments if not a.dimensions and bound[a.name].shape]
    if not lifted:
        return call(frame.machine, function, bound, path, sizes)
    axes = max((bound[name].shape for name in lifted), key=len)

    def at(place: Place) -> Any:
        """The definition at one place of the arrays that were given for numbers."""
        here = {n: Later(_entry, bound[n], place) for n in lifted}
        return call(frame.machine, function, {**bound, **here}, path, sizes)

    known: dict[Place, Any] = {}

    def part_at(place: Place, k: int | None) -> Any:
        if place not in known:
            known[place] = at(place)
        return known[place] if k is None else known[place][k]

    def whole(k: int | None) -> Array:
        inner = (first if k is None else first[k]).shape
        return Array((*axes, *inner), lambda place: part_at(place[: len(axes)], k)[place[len(axes) :]])

    try:
        first = part_at((0,) * len(axes), None)
    except FAILURES:
        if all(axes):
            raise
        first = of(0)  # of nothing there is no first one
    return tuple(whole(k) for k in range(len(first))) if isinstance(first, tuple) else whole(None)
