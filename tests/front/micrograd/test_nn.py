"""Layers draw, order and print their parameters as micrograd's do, and refuse inputs of another size."""

from __future__ import annotations

import random

import pytest

from mgc.micrograd import MLP, Layer, Module, Neuron, Value


def test_weights_are_drawn_in_order_and_biases_are_not() -> None:
    random.seed(1337)
    drawn = [random.uniform(-1, 1) for _ in range(6)]
    random.seed(1337)
    neurons = [Neuron(2), Neuron(3, nonlin=False)]
    assert [w.data for neuron in neurons for w in neuron.w] == drawn[:5]
    assert [neuron.b.data for neuron in neurons] == [0, 0]
    assert random.uniform(-1, 1) == drawn[5]


def test_parameters_are_in_the_order_of_layers_neurons_weights_and_bias() -> None:
    model = MLP(2, [3, 1])
    expected = [p for layer in model.layers for neuron in layer.neurons for p in (*neuron.w, neuron.b)]
    assert model.parameters() == expected
    assert len(expected) == 13
    assert Module().parameters() == []


def test_reprs() -> None:
    assert repr(MLP(2, [2, 1])) == "MLP of [Layer of [ReLUNeuron(2), ReLUNeuron(2)], Layer of [LinearNeuron(2)]]"
    assert repr(Layer(3, 1, nonlin=False)) == "Layer of [LinearNeuron(3)]"


def test_a_neuron_is_the_weighted_sum_through_relu() -> None:
    neuron, line = Neuron(2), Neuron(2, nonlin=False)
    for one in (neuron, line):
        for parameter, number in zip(one.parameters(), (2.0, -1.0, 0.5), strict=True):
            parameter.data = number
    assert (line([1.0, 4.0]).data, neuron([1.0, 4.0]).data, neuron([Value(4.0), 1]).data) == (-1.5, 0.0, 7.5)


def test_one_value_is_given_bare() -> None:
    assert isinstance(MLP(2, [2, 1])([1.0, 2.0]), Value)
    assert isinstance(MLP(2, [1, 1])([1.0, 2.0]), Value), "and taken bare by the next layer"
    several = MLP(2, (2, 3))([1.0, 2.0])
    assert isinstance(several, list) and len(several) == 3


def test_zero_grad() -> None:
    model = MLP(2, [2, 1])
    out = model([1.0, 2.0])
    assert isinstance(out, Value)
    out.backward()
    assert model.parameters()[-1].grad == 1
    model.zero_grad()
    assert {parameter.grad for parameter in model.parameters()} == {0}


@pytest.mark.parametrize("inputs", [[1.0], [1.0, 2.0, 3.0], []])
def test_inputs_of_another_size_are_an_error(inputs: list[float]) -> None:
    with pytest.raises(ValueError, match=rf"ReLUNeuron\(2\) was given {len(inputs)} numbers"):
        MLP(2, [2, 1])(inputs)
