"""What a model means, straight from its syntax tree: tree and numbers -> numbers, with nothing of the compiler.

Arrays are flat tuples with a shape. Nothing raises where a real function has no value: it is nan or inf there.

>>> from mgc.grammar.parser import parse
>>> run(parse("def f(x[n]): return sum(x[i]**2 for i) / n", "f.mg"), "f", {"x": [1.0, 3.0]})
5.0
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from arrays import (
    Array,
    Misfit,
    Result,
    Scalar,
    Value,
    elementwise,
    flat,
    from_lists,
    matmul,
    shape_of,
    stack,
    to_lists,
    transpose,
)
from mgc.grammar import tree
from real_functions import ARITHMETIC, COMPARE, FUNCTIONS, VECTORS, WHOLE

Meaning = Value | list[int] | tuple[Value, ...]  # a list is a list of sizes, a tuple several results


@dataclass(slots=True)
class Frame:
    names: dict[str, Meaning]
    path: str | None
    calls: dict[str, int] = field(default_factory=dict)

    def inner(self, **more: Meaning) -> Frame:
        return Frame({**self.names, **more}, self.path, self.calls)


@dataclass(frozen=True, slots=True)
class Machine:
    declared: Mapping[str, tree.Declaration]
    params: Mapping[str, Result]
    overrides: Mapping[str, float]


def run(
    file: tree.File,
    name: str,
    arguments: Mapping[str, Result],
    params: Mapping[str, Result] | None = None,
    constants: Mapping[str, float] | None = None,
) -> Result:
    """The results of a function, numbers and nested lists, at arguments by name."""
    declared = {d.name: d for d in file.declarations if not isinstance(d, tree.Import)}
    machine = Machine(declared, params or {}, constants or {})
    function = cast(tree.Function, declared[name])
    values: dict[str, Value] = {}
    for argument in function.arguments:
        if argument.name in arguments:
            given = arguments[argument.name]
            values[argument.name] = from_lists(given, len(argument.dimensions))
    result = _call(machine, function, [], [], values, Frame({}, None))
    return tuple(to_lists(part) for part in result) if isinstance(result, tuple) else to_lists(result)


# --- definitions


def _call(
    machine: Machine,
    function: tree.Function,
    sizes: list[int],
    positional: list[Value],
    keywords: Mapping[str, Value],
    caller: Frame,
) -> Meaning:
    path = None
    if function.kind == "model":
        path = function.name
    elif function.kind == "layer":
        caller.calls[function.name] = caller.calls.get(function.name, 0) + 1
        path = f"{caller.path}.{function.name}{caller.calls[function.name]}"
    given = {**dict(zip([a.name for a in function.arguments], positional, strict=False)), **keywords}
    for argument in function.arguments:
        if argument.name not in given:
            assert argument.default is not None
            given[argument.name] = _value(machine, Frame({}, None), argument.default)
    lifted = [a.name for a in function.arguments if not a.dimensions and isinstance(given[a.name], Array)]
    frame = Frame({}, path)
    if lifted:
        whole = {**given}

        def at_element(*elements: Scalar) -> Scalar:
            arguments = {**whole, **dict(zip(lifted, elements, strict=True))}
            return cast(Scalar, _call(machine, function, sizes, [], arguments, Frame({}, None)))

        return elementwise(at_element, *[given[name] for name in lifted])
    rest = list(sizes)
    for size in function.sizes:
        frame.names[size.name] = rest if size.variadic else rest.pop(0)
    for argument in function.arguments:
        for dimension, extent in zip(argument.dimensions, shape_of(given[argument.name]), strict=True):
            name = dimension.identifier if isinstance(dimension, tree.Name) else None
            if name and name not in frame.names and not isinstance(machine.declared.get(name), tree.Const):
                frame.names[name] = extent
    for argument in function.arguments:
        wanted = tuple(integer(machine, frame, dimension) for dimension in argument.dimensions)
        if wanted != shape_of(given[argument.name]):
            raise Misfit(f"{argument.name}: {wanted} wanted, {shape_of(given[argument.name])} given")
        frame.names[argument.name] = given[argument.name]
    return _body(machine, frame, function.body)


def _body(machine: Machine, frame: Frame, statements: tuple[tree.Statement, ...]) -> Meaning:
    for statement in statements:
        match statement:
            case tree.Assign():
                meaning = _meaning(machine, frame, statement.value)
                parts = meaning if len(statement.targets) > 1 else (meaning,)
                frame.names.update((t.identifier, p) for t, p in zip(statement.targets, cast(Any, parts), strict=True))
            case tree.Param():
                frame.names[statement.name] = _parameter(machine, frame, statement)
            case tree.For():
                for size in cast(list[int], _meaning(machine, frame, statement.iterable)):
                    frame.names[statement.names[0].identifier] = size
                    _body(machine, frame, statement.body)
            case tree.Return():
                if len(statement.values) == 1:
                    return _meaning(machine, frame, statement.values[0])
                return tuple(_value(machine, frame, value) for value in statement.values)
    return 0.0


def _parameter(machine: Machine, frame: Frame, declaration: tree.Param) -> Value:
    name = f"{frame.path}.{declaration.name}" if frame.path else declaration.name
    value = from_lists(machine.params[name], len(declaration.dimensions))
    wanted = tuple(integer(machine, frame, dimension) for dimension in declaration.dimensions)
    if wanted != shape_of(value):
        raise Misfit(name)
    return value


# --- expressions


def _value(machine: Machine, frame: Frame, expression: tree.Expression) -> Value:
    meaning = _meaning(machine, frame, expression)
    assert not isinstance(meaning, list | tuple)
    return meaning


def integer(machine: Machine, frame: Frame, expression: tree.Expression) -> int:
    value = _value(machine, frame, expression)
    assert not isinstance(value, Array)
    assert value == int(value), "an exact division leaves a rest"
    return int(value)


def _meaning(machine: Machine, frame: Frame, expression: tree.Expression) -> Meaning:
    match expression:
        case tree.Number(value=value):
            return value
        case tree.Name(identifier=name):
            return _name(machine, frame, name)
        case tree.Unary(operator="not"):
            return elementwise(lambda a: not a, _value(machine, frame, expression.operand))
        case tree.Unary(operator=sign):
            operand = _value(machine, frame, expression.operand)
            return operand if sign == "+" else elementwise(lambda a: -a, operand)
        case tree.Binary():
            left, right = _value(machine, frame, expression.left), _value(machine, frame, expression.right)
            if expression.operator == "@":
                return matmul(cast(Array, left), cast(Array, right))
            return elementwise(ARITHMETIC[expression.operator], left, right)
        case tree.Comparison():
            operands = [_value(machine, frame, operand) for operand in expression.operands]
            links = [
                elementwise(COMPARE[operator], a, b)
                for operator, (a, b) in zip(expression.operators, itertools.pairwise(operands), strict=True)
            ]
            result = links[0]
            for link in links[1:]:
                result = elementwise(lambda a, b: a and b, result, link)
            return result
        case tree.Logical(operator=operator):
            left, right = _value(machine, frame, expression.left), _value(machine, frame, expression.right)
            both = (lambda a, b: a and b) if operator == "and" else (lambda a, b: a or b)
            return elementwise(both, left, right)
        case tree.Conditional():
            return _conditional(machine, frame, expression)
        case tree.Call():
            return _function(machine, frame, expression)
        case tree.Reduction():
            return _reduction(machine, frame, expression)
        case tree.Comprehension():
            return _comprehension(machine, frame, expression)
        case tree.Index():
            return _index(machine, frame, expression)
        case tree.Transpose():
            return transpose(cast(Array, _value(machine, frame, expression.base)))
        case tree.ArrayLiteral():
            return stack([_value(machine, frame, element) for element in expression.elements])


def _name(machine: Machine, frame: Frame, name: str) -> Meaning:
    if name in frame.names:
        return frame.names[name]
    declared = machine.declared.get(name)
    if isinstance(declared, tree.Const):
        return machine.overrides.get(name, _value(machine, Frame({}, None), declared.value))
    if isinstance(declared, tree.Param):
        return _parameter(machine, Frame({}, None), declared)
    return {"pi": math.pi, "e": math.e, "inf": math.inf, "nan": math.nan}[name]


def _conditional(machine: Machine, frame: Frame, expression: tree.Conditional) -> Value:
    condition = _value(machine, frame, expression.condition)
    arms = expression.value, expression.otherwise
    if isinstance(condition, Array):
        values = [_value(machine, frame, arm) for arm in arms]
        return elementwise(lambda c, a, b: a if c else b, condition, *values)
    taken, left = arms if condition else arms[::-1]
    value = _value(machine, frame, taken)
    try:  # the arm that is left gives the result its shape, where it has one
        return elementwise(lambda a, _: a, value, _value(machine, frame, left))
    except Misfit:
        return value


def _function(machine: Machine, frame: Frame, call: tree.Call) -> Meaning:
    arguments = [_value(machine, frame, argument) for argument in call.arguments]
    keywords = {name: _value(machine, frame, value) for name, value in call.keywords}
    sizes: list[int] = []
    for size in call.sizes or ():
        meaning = _meaning(machine, frame, size)
        sizes += meaning if isinstance(meaning, list) else [int(cast(int, meaning))]
    declared = machine.declared.get(call.function)
    if isinstance(declared, tree.Function):
        return _call(machine, declared, sizes, arguments, keywords, frame)
    if isinstance(declared, tree.Op):
        names = [argument.identifier for argument in declared.arguments]

        def body(*elements: Scalar) -> Scalar:
            inner = Frame(dict(zip(names, elements, strict=True)), None)
            return cast(Scalar, _body(machine, inner, declared.body))

        return elementwise(body, *arguments)
    if call.function in _LAYERS:
        layer = cast(tree.Function, _LAYERS[call.function])
        return _call(Machine({**_LAYERS, **machine.declared}, machine.params, {}), layer, sizes, arguments, {}, frame)
    if call.function in WHOLE and len(arguments) == 1:
        return WHOLE[call.function]([cast(float, x) for x in cast(Array, arguments[0]).flat])
    if call.function in VECTORS:
        return VECTORS[call.function](*arguments, **keywords)
    if call.function == "detach":
        return arguments[0]
    return elementwise(FUNCTIONS[call.function], *arguments, *keywords.values())


def _reduction(machine: Machine, frame: Frame, tree_: tree.Reduction) -> Value:
    if tree_.function not in WHOLE:
        array = _comprehension(machine, frame, tree.Comprehension(tree_.body, tree_.clauses, tree_.span))
        call = tree.Call(tree_.function, None, (tree.Name("the array", tree_.span),), (), tree_.span)
        return cast(Value, _function(machine, frame.inner(**{"the array": array}), call))
    iterable = tree_.clauses[0].iterable
    if isinstance(iterable, tree.Name) and iterable.identifier == "params":
        name = tree_.clauses[0].names[0]
        bodies = [_value(machine, frame.inner(**{name: p}), tree_.body) for p in flat(dict(machine.params))]
    else:
        bodies = [_value(machine, inner, tree_.body) for inner in _turns(machine, frame, tree_.clauses, tree_.body)]
    if bodies and isinstance(bodies[0], Array):
        return elementwise(lambda *elements: WHOLE[tree_.function](list(elements)), *bodies)
    return WHOLE[tree_.function]([cast(float, body) for body in bodies])


def _comprehension(machine: Machine, frame: Frame, tree_: tree.Comprehension) -> Value:
    names = [name for clause in tree_.clauses for name in clause.names]
    inner_frames = list(_turns(machine, frame, tree_.clauses, tree_.body))
    if not inner_frames:
        raise Misfit("an empty comprehension: its inner shape is not known here")
    bodies = [_value(machine, inner, tree_.body) for inner in inner_frames]
    shape = []
    for name in names:
        places = [cast(int, inner.names[name]) for inner in inner_frames]
        shape.append(max(places) - min(places) + 1)
    rest = shape_of(bodies[0])
    parts = tuple(x for body in bodies for x in (body.flat if isinstance(body, Array) else (body,)))
    return Array((*shape, *rest), parts)


def _turns(machine: Machine, frame: Frame, clauses: tuple[tree.Clause, ...], body: tree.Expression) -> Iterator[Frame]:
    """A frame for every value of the clauses' indices, the last one running fastest."""
    if not clauses:
        yield frame
        return
    clause, *rest = clauses
    ranges: list[range] = []
    for name in clause.names:
        if clause.iterable is None:
            conditions = [c for one in clauses for c in one.conditions]
            sizes = {size for part in (body, *conditions) for size in _indexed(frame, name, part)}
            if len(sizes) != 1:
                raise Misfit(f"{name} runs over {sizes}")
            ranges.append(range(sizes.pop()))
        else:
            call = cast(tree.Call, clause.iterable)
            ranges.append(range(*[integer(machine, frame, end) for end in call.arguments]))
    for places in itertools.product(*ranges):
        inner = frame.inner(**dict(zip(clause.names, places, strict=True)))
        if all(_value(machine, inner, condition) for condition in clause.conditions):
            yield from _turns(machine, inner, tuple(rest), body)


def _indexed(frame: Frame, name: str, part: object) -> Iterator[int]:
    """The sizes of the axes of named arrays that `name` alone indexes."""
    if isinstance(part, tree.Index):
        base, skipped = part.base, 0
        while isinstance(base, tree.Index):
            skipped += len(base.items)
            base = base.base
        array = frame.names.get(base.identifier) if isinstance(base, tree.Name) else None
        if isinstance(array, Array):
            for item, size in zip(part.items, array.shape[skipped:], strict=False):
                if isinstance(item, tree.Name) and item.identifier == name:
                    yield size
    if isinstance(part, tree.Reduction | tree.Comprehension) and any(name in c.names for c in part.clauses):
        return
    if isinstance(part, tuple):
        for inner in part:
            yield from _indexed(frame, name, inner)
        return
    for slot in getattr(part, "__slots__", ()):
        if slot != "span":
            yield from _indexed(frame, name, getattr(part, slot))


def _index(machine: Machine, frame: Frame, tree_: tree.Index) -> Meaning:
    base = _meaning(machine, frame, tree_.base)
    if isinstance(base, list):
        item = tree_.items[0]
        if isinstance(item, tree.Slice):
            bounds = [None if b is None else integer(machine, frame, b) for b in (item.start, item.stop, item.step)]
            return base[slice(*bounds)]
        return base[integer(machine, frame, item)]
    return _element(machine, frame, cast(Array, base), tree_.items)


def _element(machine: Machine, frame: Frame, base: Array, items: tuple[tree.Expression | tree.Slice, ...]) -> Value:
    if not items:
        return base
    first, *rest = items
    if isinstance(first, tree.Slice):
        bounds = [None if b is None else integer(machine, frame, b) for b in (first.start, first.stop, first.step)]
        places = range(base.shape[0])[slice(*bounds)]
        rows = [base.row(place) for place in places]
        inner = [_element(machine, frame, cast(Array, row), tuple(rest)) if rest else row for row in rows]
        if not inner:
            return Array((0, *base.shape[1:]), ())
        return stack(inner)
    place = integer(machine, frame, first)
    if place < 0 and isinstance(first, tree.Unary):
        place += base.shape[0]
    if not 0 <= place < base.shape[0]:
        raise Misfit(f"index {place} of {base.shape[0]}")
    row = base.row(place)
    return _element(machine, frame, cast(Array, row), tuple(rest)) if rest else row


def _layers() -> dict[str, tree.Declaration]:
    from mgc.grammar.parser import parse

    text = """
layer linear[m](x[n]):
    param W[m, n] = zeros()
    param b[m] = 0
    return W @ x + b

layer mlp[*widths](x[n]):
    for m in widths[:-1]:
        x = relu(linear[m](x))
    return linear[widths[-1]](x)

layer layernorm(x[n]):
    param gain[n] = 1
    param bias[n] = 0
    centred = x - mean(x)
    return gain * centred / sqrt(mean(centred**2) + 1e-5) + bias
"""
    return {d.name: d for d in parse(text, "layers.mg").declarations if isinstance(d, tree.Function)}


_LAYERS = _layers()
