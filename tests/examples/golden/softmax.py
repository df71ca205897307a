"""softmax.mg, compiled to Python: values and exact derivatives."""

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
    largest = -inf
    for i in range(k):
        z_sum = 0.0
        W_i = W[i]
        for j in range(d):
            z_sum += W_i[j] * x[j]  # line 7
        z[i] = z_sum + b[i]
        if z[i] > largest or z[i] != z[i]:  # line 8
            largest = z[i]
    others = 0.0
    for i in range(k):
        weight = exp(z[i] - largest)
        others += weight - 1.0 if i == label else weight
    place = element(label, k)
    return log1p(others) - (z[place] - largest)


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
    largest = -inf
    for i in range(k):
        z_sum = 0.0
        W_i = W[i]
        for j in range(d):
            z_sum += W_i[j] * x[j]  # line 7
        z[i] = z_sum + b[i]
        if z[i] > largest or z[i] != z[i]:  # line 8
            largest = z[i]
    weight = [0.0] * k
    others = 0.0
    for i in range(k):
        weight[i] = exp(z[i] - largest)
        others += weight[i] - 1.0 if i == label else weight[i]
    place = element(label, k)
    out = log1p(others) - (z[place] - largest)
    # backward: d<name> is the derivative of the result with respect to <name>
    # line 8: return cross_entropy(z, label)
    dothers = 1.0 / (1.0 + others)
    db = [0.0] * k
    for i in range(k):
        # line 7: z = W @ x + b
        db[i] += dothers * weight[i]
    db[place] += -1.0
    dx = [0.0] * d
    dW = [[0.0] * d for _ in range(k)]
    for i in range(k):
        W_i = W[i]
        dW_i = dW[i]
        for j in range(d):
            dx[j] += db[i] * W_i[j]
            dW_i[j] = db[i] * x[j]
    return out, (dx, dW, db)
