# Write a model here: its derivatives appear beside it.

def neuron(x1, x2, w1, w2, b):
    n = x1*w1 + x2*w2 + b
    return tanh(n)
