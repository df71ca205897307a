"""The picture of a graph: every node with its data and gradient, operations, and the order of operands."""

from __future__ import annotations

import re
import sys

import pytest

import mgc
from mgc.micrograd import Value, draw_dot, trace


def graph() -> Value:
    a, b = Value(2.0, label="a"), Value(-3.0, label="b|c")
    product = a * b
    root = product + a
    root.backward()
    return root


def test_trace_finds_every_node_and_edge_in_one_order() -> None:
    root = graph()
    nodes, edges = trace(root)
    assert [node.data for node in nodes] == [-4.0, -6.0, 2.0, -3.0]
    assert [(source.data, target.data) for source, target in edges] == [
        (-6.0, -4.0),
        (2.0, -4.0),
        (2.0, -6.0),
        (-3.0, -6.0),
    ]
    assert root in nodes


def test_nodes_have_label_data_and_gradient() -> None:
    text = draw_dot(graph()).source
    records = re.findall(r'label="\{ (.*?) \}"', text)
    assert records == [
        "data -4.0000 | grad 1.0000",
        "data -6.0000 | grad 1.0000",
        "a | data 2.0000 | grad -2.0000",
        r"b\|c | data -3.0000 | grad 2.0000",
    ]


def test_operations_stand_between_operands_and_result() -> None:
    text = draw_dot(graph()).source
    assert re.findall(r"^\t\"?(\S+?)\"? -> \"?(\S+?)\"?$", text, re.MULTILINE) == [
        ("0+", "0"),
        ("1*", "1"),
        ("1", "0+"),
        ("2", "0+"),
        ("2", "1*"),
        ("3", "1*"),
    ]
    assert "rankdir=LR" in text
    assert draw_dot(graph()).source == text, "the same graph gives the same text"


def test_format_and_direction() -> None:
    dot = draw_dot(graph(), format="png", rankdir="TB")
    assert dot.format == "png"
    assert "rankdir=TB" in dot.source
    with pytest.raises(ValueError, match="rankdir is 'LR'"):
        draw_dot(graph(), rankdir="RL")


def test_without_graphviz_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "graphviz", None)
    with pytest.raises(mgc.DataError, match=re.escape("pip install 'mgc[draw]'")):
        draw_dot(graph())


def test_a_deep_graph_is_traced() -> None:
    total = Value(1.0)
    for _ in range(5_000):
        total = total + 1
    assert len(trace(total)[0]) == 10_001
