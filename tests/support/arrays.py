"""Nested lists of numbers: those of the evaluator of syntax trees.

>>> flat([[1, 2], (3,)])
[1, 2, 3]
"""

from __future__ import annotations

from mgc.compiler.verify.reference.arrays import Array, Misfit, flat

__all__ = ["Array", "Misfit", "flat"]
