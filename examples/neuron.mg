# mgc eval examples/neuron.mg neuron x1=2 x2=0 w1=-3 w2=1 b=6.8813735870195432
#
# The first neuron everyone differentiates by hand.

def neuron(x1, x2, w1, w2, b):
    n = x1*w1 + x2*w2 + b
    return tanh(n)
