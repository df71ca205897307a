"""An element of an array in Python's syntax: `W[i][j]` is the entry i, j of W.

>>> root, indices = root_and_indices(ast.parse("W[i][j - 1]", mode="eval").body)
>>> ast.unparse(root), [ast.unparse(index) for index in indices]
('W', ['i', 'j - 1'])
"""

from __future__ import annotations

import ast


def root_and_indices(node: ast.expr) -> tuple[ast.expr, list[ast.expr]]:
    """What is subscripted, and its indices from the left; of anything else itself, and none."""
    indices: list[ast.expr] = []
    while isinstance(node, ast.Subscript):
        indices.append(node.slice)
        node = node.value
    return node, indices[::-1]


def root_name(node: ast.expr) -> str:
    """The name that an element belongs to: `W` of `W[i][j]`; empty where it is no name's."""
    root, _ = root_and_indices(node)
    return root.id if isinstance(root, ast.Name) else ""
