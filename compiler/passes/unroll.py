"""Graph -> graph with small loops written out."""

from __future__ import annotations

import functools
import math

from mgc.compiler.graph import algebra
from mgc.compiler.graph.builder import Builder, TooLarge
from mgc.compiler.graph.graph import Graph, topological_order
from mgc.compiler.graph.loops import length
from mgc.compiler.graph.nodes import Node
from mgc.compiler.graph.substitution import substitute
from mgc.compiler.passes.rebuild import copy, rebuild

MAX_UNROLLED = 100_000  # terms that one sum may be written out to


def unroll(graph: Graph, limit: int) -> Graph:
    """Loops of a known length up to `limit` written out, as long as every array that they read allows it."""
    order = topological_order(graph.roots())
    short = {node: axes for node in order if node.op in ("reduce", "array") and (axes := _unrollable(node, limit))}
    if not short:
        return graph

    def rewrite(build: Builder, node: Node, args: tuple[Node, ...]) -> Node:
        axes = [new for old, new in zip(node.args[1:], args[1:], strict=True) if old in short.get(node, ())]
        if node.op == "reduce" and axes:
            return _unrolled_reduction(build, node, args, axes)
        if node.op == "array" and axes:
            elements = tuple(substitute(build, args[0], point) for point in _points(build, axes))
            return build.make("pack", elements, tuple(int(length(axis)) for axis in axes), node.dtype)
        return copy(build, node, args)

    return unroll(rebuild(graph, rewrite), limit)  # a range that depended on a loop now written out may be known


def _unrollable(node: Node, limit: int) -> tuple[Node, ...]:
    """The axes of a sum or product that are short; those of an array, or an extremum, whose ties share, if all are."""
    short = tuple(axis for axis in node.args[1:] if length(axis) <= limit)
    return short if node.attribute in ("sum", "prod") or len(short) == len(node.args) - 1 else ()


def _points(build: Builder, axes: list[Node]) -> list[dict[Node, Node]]:
    """Every value of the axes, the last one running fastest."""
    if math.prod(int(length(axis)) for axis in axes) > MAX_UNROLLED:
        raise TooLarge
    points: list[dict[Node, Node]] = [{}]
    for axis in axes:
        start, stop = axis.args[0].attribute, axis.args[1].attribute
        assert isinstance(start, int) and isinstance(stop, int)
        points = [{**point, axis: build.integer(place)} for point in points for place in range(start, stop)]
    return points


def _unrolled_reduction(build: Builder, node: Node, args: tuple[Node, ...], axes: list[Node]) -> Node:
    rest = [axis for axis in args[1:] if axis not in axes]
    kind = str(node.attribute)
    inner = build.make("reduce", (args[0], *rest), kind, node.dtype) if rest else args[0]
    terms = [substitute(build, inner, point) for point in _points(build, axes)]
    if not terms:
        if node.dtype == "int" and kind in ("sum", "prod"):
            return build.integer({"sum": 0, "prod": 1}[kind])
        return build.number({"sum": 0.0, "prod": 1.0, "max": float("-inf"), "min": float("inf")}[kind])
    if kind in ("max", "min") and len(terms) > 1:
        return algebra.apply(build, None, tuple(terms), kind)
    return functools.reduce(lambda left, right: _combined(build, kind, left, right), terms)


def _combined(build: Builder, kind: str, left: Node, right: Node) -> Node:
    return algebra.apply(build, None, (left, right), {"sum": "add", "prod": "mul"}.get(kind, kind))
