"""softmax.mg, compiled to Python: values and exact derivatives.

d<name> is the derivative of the result with respect to <name>.
"""

from math import exp, inf, log1p


def check_shape(name, array, *sizes):
    """Raise ValueError unless the nested list has these sizes."""
    if len(array) != sizes[0]:
        raise ValueError(f"{name} has {len(array)} entries where {sizes[0]} are needed")
    if len(sizes) > 1:
        for row in array:
            check_shape(f"a row of {name}", row, *sizes[1:])


def element(index, size):
    """The index, once it is known to lie in 0 <= index < size."""
    if 0 <= index < size:
        return index
    raise IndexError(f"index {index} is outside an axis of size {size}")


def loss(x, label, W, b):
    """loss of softmax.mg, line 6.

    x: [d] of float
    label: int
    W: [k, d] of float
    b: [k] of float
    """
    d = len(x)
    k = len(W)
    check_shape("x", x, d)
    check_shape("W", W, k, d)
    check_shape("b", b, k)
    z = [0.0] * k
    z_max = -inf
    for i in range(k):
        z_sum = 0.0
        W_i = W[i]
        for j in range(d):
            z_sum += W_i[j] * x[j]  # line 7
        z[i] = z_sum + b[i]
        if z[i] > z_max or z[i] != z[i]:  # line 8
            z_max = z[i]
    z_others = 0.0
    for i in range(k):
        z_exp = exp(z[i] - z_max)
        z_others += z_exp - 1.0 if i == label else z_exp
    place = element(label, k)
    return log1p(z_others) - (z[place] - z_max)


def loss_value_and_grad(x, label, W, b):
    """loss of softmax.mg, line 6, and its derivatives.

    x: [d] of float
    label: int
    W: [k, d] of float
    b: [k] of float

    Returns (value, grads); grads holds those of x, W, b.
    """
    d = len(x)
    k = len(W)
    check_shape("x", x, d)
    check_shape("W", W, k, d)
    check_shape("b", b, k)
    # forward
    z = [0.0] * k
    z_max = -inf
    for i in range(k):
        z_sum = 0.0
        W_i = W[i]
        for j in range(d):
            z_sum += W_i[j] * x[j]  # line 7
        z[i] = z_sum + b[i]
        if z[i] > z_max or z[i] != z[i]:  # line 8
            z_max = z[i]
    z_exp = [0.0] * k
    z_others = 0.0
    for i in range(k):
        z_exp[i] = exp(z[i] - z_max)
        z_others += z_exp[i] - 1.0 if i == label else z_exp[i]
    place = element(label, k)
    out = log1p(z_others) - (z[place] - z_max)
    # backward
    # line 8: return cross_entropy(z, label)
    dz_others = 1.0 / (1.0 + z_others)
    dz = [0.0] * k
    for i in range(k):
        dz[i] += dz_others * z_exp[i]
    dz[place] -= 1.0
    dx = [0.0] * d
    dW = [[0.0] * d for _ in range(k)]
    for i in range(k):
        W_i = W[i]
        dW_i = dW[i]
        for j in range(d):
            dx[j] += dz[i] * W_i[j]
            dW_i[j] = dz[i] * x[j]
    return out, (dx, dW, dz)
