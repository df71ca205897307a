"""Which graph is legal after which stage: an executable table that the pipeline checks between its stages.

A row says after which stages nodes of an operation are legal, and what holds of each, as sentences with their tests.
A violation is a mistake of the compiler, not of a model.

>>> from mgc.compiler.graph.builder import Builder
>>> build = Builder()
>>> graph = Graph(build, "f", (), (build.make("neg", (build.make("zero"),)),))
>>> check(graph, "derive")
>>> check(graph, "share")
Traceback (most recent call last):
...
mgc.compiler.graph.spec.Violation: f after share, %0 zero: it is legal after derive only
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Literal

from msgspec import Struct

from mgc.compiler.graph import sizes
from mgc.compiler.graph.graph import Graph, topological_order
from mgc.compiler.graph.nodes import (
    COMPARISONS,
    EXTREMA,
    LOGIC,
    MAX_WEIGHT,
    SOURCES,
    AxisName,
    Node,
    ScatterLayout,
    axes_of,
    contributions,
    dtype_of,
    rank,
)
from mgc.compiler.language import library

Stage = Literal["lower", "derive", "share"]
Law = Callable[[Node], bool]
GraphLaw = Callable[[Graph, Sequence[Node]], bool]

_ANYWHERE: tuple[Stage, ...] = ("lower", "derive", "share")
_INT, _BOOL, _NUMBER = frozenset({"int"}), frozenset({"bool"}), frozenset({"int", "float"})


class Violation(AssertionError):
    """A graph that is not legal where it stands."""


class Kind(Struct, frozen=True):
    """A row of the table: the stages after which a node may be in a graph, and what holds of it."""

    stages: tuple[Stage, ...]
    laws: Mapping[str, Law]


def check(graph: Graph, stage: Stage) -> None:
    """Refuse what must not be in a graph after a stage. Errors: Violation, which names node, rule and stage."""
    nodes = topological_order([*graph.roots(), *[given.node for given in graph.inputs]])
    for number, node in enumerate(nodes):
        for law in _broken(node, stage):
            line = f" of line {node.origin.span.line}" if node.origin.span is not None else ""
            raise Violation(f"{graph.name} after {stage}, %{number} {node.op}{line}: {law}")
    for law, holds in OF_A_GRAPH.items():
        if not holds(graph, nodes):
            raise Violation(f"{graph.name} after {stage}: {law}")


def checked(graph: Graph, stage: Stage) -> Graph:
    """The graph, which is checked where the environment says MGC_CHECK=1. Errors: Violation."""
    if os.environ.get("MGC_CHECK") == "1":
        check(graph, stage)
    return graph


def kind_of(op: str) -> Kind | None:
    """The row of an operation; None for what is none."""
    if op.startswith("op:"):
        return OWN
    return KINDS.get(op) or (_scalar(op) if library.operation(op) and op not in library.RULES_ONLY else None)


def _broken(node: Node, stage: Stage) -> Iterator[str]:
    """The sentences that do not hold of a node; after the first, others may make no sense."""
    kind = kind_of(node.op)
    if kind is None:
        yield "it is no operation of graphs, of ops.mg or of a model"
        return
    if stage not in kind.stages:
        yield f"it is legal after {' and '.join(kind.stages)} only"
    for laws in (kind.laws, OF_ANY_NODE):
        yield from (law for law, holds in laws.items() if not holds(node))


def _takes(*dtypes: frozenset[str]) -> Law:
    return lambda node: (
        len(node.args) == len(dtypes) and all(a.dtype in dtype for a, dtype in zip(node.args, dtypes, strict=True))
    )


def _are_numbers(node: Node) -> bool:
    return all(argument.dtype in _NUMBER for argument in node.args)


def _is_checked(node: Node) -> bool:
    return node.args[0].dtype in _NUMBER and all(index.op == "bound" for index in node.args[1:])


def _is_of_several(node: Node) -> bool:
    return len(node.args) > 1 and _are_numbers(node)


def _closes_over_axes(node: Node) -> bool:
    axes = node.args[1:]
    return bool(axes) and len(set(axes)) == len(axes) and all(axis.op == "index" for axis in axes)


def _is_indexed(read: Node) -> bool:
    source = read.args[0]
    return len(read.args) == 1 + rank(source) and (len(read.args) > 1 or source.op == "scatter")


def _is_laid_out(scatter: Node) -> bool:
    layout = scatter.attribute
    if not isinstance(layout, ScatterLayout):
        return False
    added = len(scatter.args) - layout.rank - layout.free
    return added > 0 and added % (layout.rank + 1) == 0


def _sizes_are_integers(scatter: Node) -> bool:
    assert isinstance(scatter.attribute, ScatterLayout)
    places = [index for _, indices in contributions(scatter) for index in indices]
    return all(part.dtype == "int" for part in (*scatter.args[: scatter.attribute.rank], *places))


def _is_free_in_axes(scatter: Node) -> bool:
    assert isinstance(scatter.attribute, ScatterLayout)
    rank, free, _ = scatter.attribute
    return all(axis.op == "index" for axis in scatter.args[rank : rank + free])


def _is_full(pack: Node) -> bool:
    shape = pack.attribute
    known = [size for size in shape if isinstance(size, int)] if isinstance(shape, tuple) else []
    return bool(known) and math.prod(known) == len(pack.args)


def _arms_are_alike(select: Node) -> bool:
    return len(select.args) == 3 and (select.args[1].dtype == "bool") == (select.args[2].dtype == "bool")


def _compares(node: Node) -> bool:
    return _takes(_NUMBER, _NUMBER)(node) or (node.op in ("eq", "ne") and _takes(_BOOL, _BOOL)(node))


_NOTHING: Mapping[str, Law] = {"it has no arguments": lambda node: not node.args}
_INTEGERS: Mapping[str, Law] = {"its arguments are two integers": _takes(_INT, _INT)}
_AXES: Mapping[str, Law] = {"after its body stand axes, each once": _closes_over_axes}
_COMPARED: Mapping[str, Law] = {"it compares two numbers, or two conditions for equality": _compares}
_TYPES = {"float": float, "int": int, "bool": bool}

KINDS: Mapping[str, Kind] = {
    "const": Kind(
        _ANYWHERE,
        {**_NOTHING, "it is a number of its dtype": lambda node: type(node.attribute) is _TYPES[node.dtype]},
    ),
    "zero": Kind(("derive",), _NOTHING),
    "size": Kind(_ANYWHERE, {**_NOTHING, "it is an integer": lambda node: node.dtype == "int"}),
    "index": Kind(
        _ANYWHERE,
        {**_INTEGERS, "it is named as an axis": lambda node: isinstance(node.attribute, AxisName)},
    ),
    "input": Kind(
        _ANYWHERE,
        {
            "its sizes are integers without axes": lambda node: all(s.dtype == "int" and not s.axes for s in node.args),
            "it is a number, or made of numbers": lambda node: node.dtype in _NUMBER,
        },
    ),
    "read": Kind(
        _ANYWHERE,
        {
            "it reads an array": lambda node: bool(node.args) and node.args[0].op in SOURCES,
            "it has an index for each axis": _is_indexed,
            "its indices are integers": lambda node: all(index.dtype == "int" for index in node.args[1:]),
        },
    ),
    "array": Kind(
        _ANYWHERE,
        {
            **_AXES,
            "its axes begin at 0 or later": lambda node: all(sizes.nonnegative(axis.args[0]) for axis in node.args[1:]),
            "it is made of numbers": lambda node: node.args[0].dtype in _NUMBER,
        },
    ),
    "pack": Kind(
        _ANYWHERE,
        {"it has an element for each place": _is_full, "it is made of numbers": _are_numbers},
    ),
    "scatter": Kind(
        ("derive", "share"),
        {
            "its arguments are as its layout says": _is_laid_out,
            "its sizes and places are integers": _sizes_are_integers,
            "it is free in axes": _is_free_in_axes,
            "it adds numbers": lambda node: all(value.dtype in _NUMBER for value, _ in contributions(node)),
        },
    ),
    "reduce": Kind(
        _ANYWHERE,
        {
            **_AXES,
            "it is a sum, a product or an extremum": lambda node: node.attribute in ("sum", "prod", "max", "min"),
            "it is of numbers": lambda node: node.args[0].dtype in _NUMBER,
        },
    ),
    "total": Kind(("derive", "share"), {"it is of two numbers or more": _is_of_several}),
    "select": Kind(
        _ANYWHERE,
        {
            "its arms are two numbers or two conditions": _arms_are_alike,
            "it tests a condition": lambda node: node.args[0].dtype == "bool",
        },
    ),
    "bound": Kind(_ANYWHERE, _INTEGERS),
    "checked": Kind(_ANYWHERE, {"it is a number, and indices that are checked": _is_checked}),
    "exactdiv": Kind(_ANYWHERE, _INTEGERS),
    "floordiv": Kind(_ANYWHERE, {"it is of two numbers": _takes(_NUMBER, _NUMBER)}),
    "detach": Kind(("lower", "derive"), {"it is of a number": _takes(_NUMBER)}),
    "not": Kind(_ANYWHERE, {"it is of a condition": _takes(_BOOL)}),
    **dict.fromkeys(LOGIC - {"not"}, Kind(_ANYWHERE, {"it is of two conditions": _takes(_BOOL, _BOOL)})),
    **dict.fromkeys(EXTREMA, Kind(_ANYWHERE, {"it is of two numbers or more": _is_of_several})),
    **dict.fromkeys(COMPARISONS, Kind(_ANYWHERE, _COMPARED)),
}
OWN = Kind(_ANYWHERE, {"it is of numbers": _are_numbers})


@cache
def _scalar(op: str) -> Kind:
    """The row of an operation of the table in `ops.mg`, which has so many arguments."""
    row = library.operation(op)
    assert row is not None
    return Kind(_ANYWHERE, {"it is of as many numbers as its row says": _takes(*[_NUMBER] * len(row.arguments))})


_WITH_ATTRIBUTE = frozenset("const size index input pack scatter reduce".split())
_OF_ITS_OWN_DTYPE = frozenset("const size index input".split())


def _has_its_dtype(node: Node) -> bool:
    if node.op in _OF_ITS_OWN_DTYPE:
        return True
    if node.op in ("pack", "reduce") and node.dtype == "int":
        values = node.args if node.op == "pack" else node.args[:1]
        return all(value.dtype == "int" for value in values)
    return node.dtype == ("float" if node.op in ("pack", "reduce") else dtype_of(node.op, node.args))


def _follows_its_primal(node: Node) -> bool:
    primal = node.origin.primal
    return primal is None or (node.origin.section == "backward" and primal.serial < node.serial)


OF_ANY_NODE: Mapping[str, Law] = {
    "it was made after its arguments": lambda node: all(argument.serial < node.serial for argument in node.args),
    "its axes are those of its arguments, but what it closes over": lambda node: node.axes == axes_of(node),
    "its dtype follows from its arguments": _has_its_dtype,
    "it has an attribute only if its kind has": lambda node: node.op in _WITH_ATTRIBUTE or node.attribute is None,
    "it weighs what its tree does": lambda node: node.weight == min(MAX_WEIGHT, 1 + sum(a.weight for a in node.args)),
    "it follows the primal whose adjoint it hands on": _follows_its_primal,
}


def _rank(node: Node) -> int:
    return rank(node) if node.op in SOURCES else 0


def _inputs_are_known(graph: Graph, nodes: Sequence[Node]) -> bool:
    found = [node for node in nodes if node.op == "input"]
    return {*found} == {given.node for given in graph.inputs} and len(found) == len(graph.inputs)


def _begins_at_0(graph: Graph, nodes: Sequence[Node]) -> bool:
    arrays = [root for root in graph.roots() if root.op == "array"]
    return all(axis.args[0].attribute == 0 for array in arrays for axis in array.args[1:])


def _is_shared(graph: Graph, nodes: Sequence[Node]) -> bool:
    return len({(node.op, node.args, node.dtype, repr(node.attribute)) for node in nodes}) == len(nodes)


OF_A_GRAPH: Mapping[str, GraphLaw] = {
    "its inputs are those that it reads, each once": _inputs_are_known,
    "equal nodes are one": _is_shared,
    "its results are numbers and arrays of them": lambda graph, _: all(
        root.dtype in _NUMBER and not root.axes for root in graph.roots()
    ),
    "an array that is a result begins at 0": _begins_at_0,
    "a derivative has the axes of what it is by": lambda graph, _: all(
        adjoint is None or _rank(adjoint) == len(given.sizes) for given, adjoint in graph.gradients
    ),
}
