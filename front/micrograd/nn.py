"""micrograd's layers: a `Neuron` of weights and a bias, a `Layer` of neurons, an `MLP` of layers.

>>> import random
>>> random.seed(1337)
>>> model = MLP(2, [2, 1])
>>> model, len(model.parameters())
(MLP of [Layer of [ReLUNeuron(2), ReLUNeuron(2)], Layer of [LinearNeuron(2)]], 9)
>>> model([1.0, -2.0])
Value(data=-0.06849627567110135, grad=0)
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from typing import cast

from mgc.micrograd.engine import Value

Inputs = Value | Iterable[Value | float]


class Module:
    """What has parameters."""

    def zero_grad(self) -> None:
        """Set the gradients of all parameters to 0."""
        for parameter in self.parameters():
            parameter.grad = 0

    def parameters(self) -> list[Value]:
        return []


class Neuron(Module):
    """The weighted sum of `nin` inputs and a bias, through relu where `nonlin`."""

    def __init__(self, nin: int, nonlin: bool = True) -> None:
        self.w = [Value(random.uniform(-1, 1)) for _ in range(nin)]
        self.b = Value(0)
        self.nonlin = nonlin

    def __call__(self, x: Inputs) -> Value:
        """Errors: ValueError where `x` does not have one number for each weight."""
        inputs = [x] if isinstance(x, Value) else list(x)
        if len(inputs) != len(self.w):
            raise ValueError(f"{self} was given {len(inputs)} numbers")
        act = self.b
        for weight, number in zip(self.w, inputs, strict=True):
            act = act + weight * number
        return act.relu() if self.nonlin else act

    def parameters(self) -> list[Value]:
        return [*self.w, self.b]

    def __repr__(self) -> str:
        return f"{'ReLU' if self.nonlin else 'Linear'}Neuron({len(self.w)})"


class Layer(Module):
    """`nout` neurons of the same inputs; `kwargs` are the neurons'."""

    def __init__(self, nin: int, nout: int, **kwargs: bool) -> None:
        self.neurons = [Neuron(nin, **kwargs) for _ in range(nout)]

    def __call__(self, x: Inputs) -> Value | list[Value]:
        """The value of each neuron; of a single one the value itself."""
        inputs = [x] if isinstance(x, Value) else list(x)
        out = [neuron(inputs) for neuron in self.neurons]
        return out[0] if len(out) == 1 else out

    def parameters(self) -> list[Value]:
        return [parameter for neuron in self.neurons for parameter in neuron.parameters()]

    def __repr__(self) -> str:
        return f"Layer of [{', '.join(map(str, self.neurons))}]"


class MLP(Module):
    """A multilayer perceptron: layers of `nouts` neurons each, the last one linear."""

    def __init__(self, nin: int, nouts: Sequence[int]) -> None:
        sizes = [nin, *nouts]
        last = len(nouts) - 1
        self.layers = [Layer(sizes[k], sizes[k + 1], nonlin=k != last) for k in range(len(nouts))]

    def __call__(self, x: Inputs) -> Value | list[Value]:
        for layer in self.layers:
            x = layer(x)
        return cast("Value | list[Value]", x)

    def parameters(self) -> list[Value]:
        return [parameter for layer in self.layers for parameter in layer.parameters()]

    def __repr__(self) -> str:
        return f"MLP of [{', '.join(map(str, self.layers))}]"
