"""Names: syntax tree -> what is assigned, declared or built in."""

from __future__ import annotations

import math
from typing import NoReturn

from mgc.compiler.graph import algebra
from mgc.compiler.graph.nodes import Node
from mgc.compiler.language import library
from mgc.compiler.lower.arrays import Value
from mgc.compiler.lower.core import value
from mgc.compiler.lower.parameters import parameter
from mgc.compiler.lower.scope import Context, Frame, Meaning, Steps, done, fail
from mgc.grammar import vocabulary
from mgc.grammar.diagnostics import did_you_mean
from mgc.grammar.tree import Assign, Const, Name, Param

INDICES = "ijk"  # what is most likely meant as an index, and not as `pi`
_CONSTANTS = {"pi": math.pi, "e": math.e, "inf": math.inf, "nan": math.nan}


def lookup(context: Context, frame: Frame, tree: Name) -> Steps[Meaning]:
    """The meaning of a name as it was assigned, declared or built in."""
    name = tree.identifier
    for scope in (frame.names, frame.sizes):
        if name in scope:
            return scope[name]
    found = context.program.find(name, frame.file)
    if found is not None and isinstance(found.declaration, Const):
        inner = Frame(found.file, type(frame.names)(), {}, site=frame.at(tree.span))
        return (yield from _constant(context, inner, found.declaration, tree))
    if found is not None and isinstance(found.declaration, Param):
        inner = Frame(found.file, type(frame.names)(), {}, path="", site=frame.at(tree.span))
        return (yield from done(parameter(context, inner, found.declaration)))
    if name == "ieee" and found is None:
        return Value(context.build.boolean(context.ieee))
    if name in _CONSTANTS:
        return Value(context.build.number(_CONSTANTS[name]))
    _refuse(context, frame, tree, found)


def _constant(context: Context, frame: Frame, declared: Const, reader: Name) -> Steps[Meaning]:
    """What `const` declares, computed once. `frame`: the file's, in which it is declared."""
    override = context.program.overrides.get(reader.identifier)
    if override is not None:
        return Value(_literal(context, override))
    key = ("const", reader.identifier)
    if key not in context.results:
        context.results[key] = ()  # a constant that needs itself finds this
        constant = yield from done(value(context, frame, declared.value))
        if algebra.number(constant.node) is None:
            fail(frame, declared.value.span, f"const {reader.identifier} is not a number known at compile time",
                 "it is made of numbers and other constants; an array is an argument")  # fmt: skip
        context.results[key] = constant
    if context.results[key] == ():
        fail(frame, reader.span, f"const '{reader.identifier}' is defined by itself")
    return context.results[key]


def _refuse(context: Context, frame: Frame, tree: Name, found: library.Declared | None) -> NoReturn:
    """A name that has no value here, with what was probably meant."""
    name = tree.identifier
    if found is not None:
        kind = _kind(found)
        article = "an" if kind[0] in "aeiou" else "a"
        fail(frame, tree.span, f"'{name}' is {article} {kind}, not a value", f"call it: {name}(...)")
    if name == "params":
        fail(frame, tree.span, "'params' stands only after 'in'", "write sum(p**2 for p in params)")
    known = [*frame.names, *frame.sizes, *context.program.declared, *_CONSTANTS]
    hint = vocabulary.NAMES.get(name) or _assigned_below(context, tree)
    if name in INDICES:
        hint = hint or f"an index is made by a clause: `for {name}`, or `for {name} in range(n)`"
    hint = hint or did_you_mean(name, known)
    hint = hint or f"make it an argument, or declare it: `param {name} = 0`, `const {name} = 1`"
    fail(frame, tree.span, f"unknown name '{name}'", hint)


def _assigned_below(context: Context, tree: Name) -> str | None:
    """Where the definition that is being read gives the name a value, too late for this reader."""
    function = context.active[-1] if context.active else None
    if function is not None and any(one.span.line == tree.span.line for one in function.requirements):
        return "`require` speaks of arguments, sizes, constants and parameters of the file, before anything is computed"
    for statement in function.body if function is not None else ():
        targets = statement.targets if isinstance(statement, Assign) else ()
        if any(target.identifier == tree.identifier for target in targets) and statement.span.line > tree.span.line:
            return f"it is assigned in line {statement.span.line}: move that line up"
    return None


def _kind(found: library.Declared) -> str:
    return getattr(found.declaration, "kind", "operation")


def _literal(context: Context, number: float) -> Node:
    if float(number).is_integer() and abs(number) < 2**53:
        return context.build.integer(int(number))
    return context.build.number(number)
