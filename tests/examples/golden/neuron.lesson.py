"""neuron.mg, compiled to Python: values and exact derivatives.

d<name> is the derivative of the result with respect to <name>.
"""

from math import tanh


def neuron(x1, x2, w1, w2, b):
    """neuron of neuron.mg, line 5."""
    n = x1 * w1 + x2 * w2 + b  # line 6
    out = tanh(n)  # line 7
    return out


def neuron_value_and_grad(x1, x2, w1, w2, b):
    """neuron of neuron.mg, line 5, and its derivatives.

    Returns (value, grads); grads holds those of x1, x2, w1, w2, b.
    """
    # forward
    n = x1 * w1 + x2 * w2 + b  # line 6
    out = tanh(n)  # line 7
    # backward
    # line 7: return tanh(n)
    dout = 1.0  # the derivative of the result by itself
    dn = dout * (1.0 - out * out)  # d tanh(u)/du = 1 - tanh(u)**2
    # line 6: n = x1*w1 + x2*w2 + b
    dx1 = dn * w1  # d(u*v)/du = v
    dx2 = dn * w2  # d(u*v)/du = v
    dw1 = dn * x1  # d(u*v)/dv = u
    dw2 = dn * x2  # d(u*v)/dv = u
    db = dn  # d(u + v)/dv = 1
    return out, (dx1, dx2, dw1, dw2, db)
