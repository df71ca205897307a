"""The operators of the language by their signs, and the signs of operations.

>>> OPERATIONS["//"], BINARY["mul"], COMPARE["le"]
('floordiv', '*', '<=')
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Sign = Literal["+", "-", "*", "/", "**", "//", "%"]
Link = Literal["<", "<=", ">", ">=", "==", "!="]

BINARY: Mapping[str, Sign] = {
    "add": "+", "sub": "-", "mul": "*", "div": "/", "pow": "**", "floordiv": "//", "mod": "%",
}  # fmt: skip
COMPARE: Mapping[str, Link] = {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!="}
OPERATIONS: Mapping[str, str] = {sign: op for op, sign in (*BINARY.items(), *COMPARE.items())}
