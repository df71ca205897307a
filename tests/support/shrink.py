"""A program that disagrees -> a smaller one that disagrees alike, and where it does.

>>> text = "def f(x, y):\\n    z = y + 1\\n    return x % 2 * 3\\n"
>>> print(smallest(text, lambda smaller: "%" in smaller), end="")
def f():
    return x%2
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from mgc.grammar import tree
from mgc.grammar.parser import parse
from mgc.grammar.spelling import format_expression
from support.trial import Disagreement, compiled, disagreements, libraries

HERE = tree.Span(1, 1, 1, 1)
TRIES = 1_500
_AS_THEY_ARE = ("span", "targets", "sizes", "keywords")
EXPRESSION = tree.Expression.__args__


def shrunk(text: str, one: Disagreement) -> tuple[str, Disagreement]:
    """The smallest program that was found to disagree in this way on this target, at a point of `one`'s."""
    last = one

    def alike(smaller: str) -> bool:
        nonlocal last
        found = again(smaller, one)
        last = found or last
        return found is not None

    return smallest(text, alike), last


def again(text: str, one: Disagreement) -> Disagreement | None:
    """The disagreement of the same kind, where this text has it."""
    try:
        case = compiled(text, [] if one.point is None else [one.point], (one.target,))
        if case is None or isinstance(case, Disagreement):
            return case if case is not None and (case.kind, case.what[:8]) == (one.kind, one.what[:8]) else None
        library = libraries([case])[0] if "c" in case.modules else None
        return next((d for d in disagreements(case, library) if d.kind == one.kind), None)
    except Exception:
        return None


def smallest(text: str, alike: Callable[[str], bool]) -> str:
    """Greedily smaller, as long as it is alike."""
    file = parse(text, "random.mg")
    tries = 0
    current = _spelt(file)
    if not alike(current):
        return text
    going = True
    while going and tries < TRIES:
        going = False
        for smaller in _smaller(file):
            tries += 1
            spelt = _spelt(smaller)
            if len(spelt) < len(current) and alike(spelt):
                file, current, going = smaller, spelt, True
                break
            if tries >= TRIES:
                break
    return current


def _smaller(part: Any) -> Iterator[Any]:
    """The same tree with one part less or simpler, the largest steps first."""
    if isinstance(part, tree.File | tree.Function):
        name = "declarations" if isinstance(part, tree.File) else "body"
        parts = getattr(part, name)
        for k in range(len(parts) - (name == "body")):
            yield replace(part, **{name: parts[:k] + parts[k + 1 :]})
    if isinstance(part, tree.Function):
        for k in range(len(part.arguments)):
            yield replace(part, arguments=part.arguments[:k] + part.arguments[k + 1 :])
    if isinstance(part, tree.Return) and len(part.values) > 1:
        for k in range(len(part.values)):
            yield replace(part, values=part.values[:k] + part.values[k + 1 :])
    if isinstance(part, tree.Clause) and part.conditions:
        yield replace(part, conditions=())
    if isinstance(part, tree.Reduction | tree.Comprehension) and len(part.clauses) > 1:
        for k in range(len(part.clauses)):
            yield replace(part, clauses=part.clauses[:k] + part.clauses[k + 1 :])
    if isinstance(part, tree.Clause) and len(part.names) > 1:
        for k in range(len(part.names)):
            yield replace(part, names=part.names[:k] + part.names[k + 1 :])
    if isinstance(part, tree.ArrayLiteral) and len(part.elements) > 1:
        yield replace(part, elements=part.elements[:-1])
    if isinstance(part, EXPRESSION):
        yield from _instead(part)
    for name in part.__struct_fields__ if isinstance(part, Struct) else ():
        if name in _AS_THEY_ARE or isinstance(part, tree.Param | tree.Op):
            continue
        inner = getattr(part, name)
        if isinstance(inner, tuple) and not isinstance(part, tree.Argument):
            for k, one in enumerate(inner):
                for other in _smaller(one):
                    yield replace(part, **{name: (*inner[:k], other, *inner[k + 1 :])})
        elif isinstance(inner, Struct):
            for other in _smaller(inner):
                yield replace(part, **{name: other})


def _instead(part: Any) -> Iterator[Any]:
    """What may stand for an expression: one of its own parts, or a number."""
    if isinstance(part, tree.Name | tree.Number):
        if isinstance(part, tree.Name):
            yield tree.Number(1, HERE)
        return
    for name in part.__struct_fields__:
        inner = getattr(part, name)
        for one in inner if isinstance(inner, tuple) else (inner,):
            if isinstance(one, EXPRESSION):
                yield one
    yield tree.Number(1, HERE)
    yield tree.Number(2, HERE)


# --- spelling


def _spelt(file: tree.File) -> str:
    return "\n".join(_declaration(declaration) for declaration in file.declarations)


def _declaration(one: Any) -> str:
    match one:
        case tree.Function():
            sizes = f"[{', '.join(('*' if s.variadic else '') + s.name for s in one.sizes)}]" if one.sizes else ""
            head = f"{one.kind} {one.name}{sizes}({', '.join(map(_argument, one.arguments))}):\n"
            return head + "".join(_statement(statement, "    ") for statement in one.body)
        case tree.Op():
            rules = "; ".join(f"d{d.argument} = {format_expression(d.rule)}" for d in one.derivatives)
            head = f"op {one.name}({', '.join(a.identifier for a in one.arguments)}): {rules}\n"
            return head + "".join(_statement(statement, "    ") for statement in one.body)
        case tree.Const():
            return f"const {one.name} = {format_expression(one.value)}\n"
    return _statement(one, "")


def _argument(one: tree.Argument) -> str:
    text = one.name + (f"[{', '.join(map(format_expression, one.dimensions))}]" if one.dimensions else "")
    return text + (": int" if one.dtype == "int" else "")


def _statement(one: Any, indent: str) -> str:
    match one:
        case tree.Return():
            return f"{indent}return {', '.join(map(format_expression, one.values))}\n"
        case tree.Assign():
            return f"{indent}{', '.join(t.identifier for t in one.targets)} = {format_expression(one.value)}\n"
        case tree.For():
            head = f"{indent}for {one.names[0].identifier} in {format_expression(one.iterable)}:\n"
            return head + "".join(_statement(inner, indent + "    ") for inner in one.body)
    dimensions = f"[{', '.join(map(format_expression, one.dimensions))}]" if one.dimensions else ""
    return f"{indent}param {one.name}{dimensions} = {format_expression(one.initialiser)}\n"
