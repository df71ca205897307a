"""micrograd's `Value` and layers, with the derivatives of `ops.mg`, and without micrograd's traps.

>>> a, b = Value(2.0, label="a"), Value(3.0, label="b")
>>> product = a * b
>>> product.backward()
>>> a.grad, round(numerical_gradient(lambda: a * b, [a])[0], 6)
(3.0, 3.0)
"""

from __future__ import annotations

from mgc.micrograd.draw import draw_dot, trace
from mgc.micrograd.engine import Value
from mgc.micrograd.nn import MLP, Layer, Module, Neuron
from mgc.micrograd.numerical import numerical_gradient

__all__ = ["MLP", "Layer", "Module", "Neuron", "Value", "draw_dot", "numerical_gradient", "trace"]
