"""layers.mg, compiled to Python: values and exact derivatives."""

import math
from math import exp, inf, log1p, sqrt, tanh
from random import Random


def check_shape(name, array, *sizes):
    """Raise ValueError unless the nested list has these sizes."""
    if len(array) != sizes[0]:
        raise ValueError(f"{name} has {len(array)} entries where {sizes[0]} are needed")
    if len(sizes) > 1:
        for row in array:
            check_shape(f"a row of {name}", row, *sizes[1:])


def softplus(x):
    return (0.0 if x <= 0.0 else x) + log1p(exp(-abs(x)))


def sigmoid(x):
    if not x >= 0.0:
        exp_x = exp(x)
    return 1.0 / (1.0 + exp(-x)) if x >= 0.0 else exp_x / (1.0 + exp_x)


def max(x, y, *more):
    """The largest one; nan if any is, the first of equals (so of 0.0 and -0.0)."""
    largest = x if x >= y or math.isnan(x) else y
    for z in more:
        largest = largest if largest >= z or math.isnan(largest) else z
    return largest


def sign(x):
    """-1, 0 or 1; nan stays."""
    return 1.0 if x > 0.0 else -1.0 if x < 0.0 else 0.0 if x == 0.0 else x


def init_params(seed=0):
    """The initial parameters by name, drawn with the seed."""
    rng = Random(seed)
    return {
        "net.dense1.W": [[rng.uniform(-1.0, 1.0) for _ in range(2)] for _ in range(3)],
        "net.dense1.b": [0.0] * 3,
        "net.dense2.W": [[rng.uniform(-1.0, 1.0) for _ in range(3)] for _ in range(4)],
        "net.dense2.b": [0.0] * 4,
        "scale": 0.5,
        "shared": [[rng.gauss(0.0, 1.0) for _ in range(2)] for _ in range(3)],
        "ready.mlp1.linear1.W": [
            [rng.uniform(-0.5, 0.5) for _ in range(4)] for _ in range(3)
        ],
        "ready.mlp1.linear1.b": [0.0] * 3,
        "ready.mlp1.linear2.W": [
            [rng.uniform(-0.5773502691896258, 0.5773502691896258) for _ in range(3)]
            for _ in range(2)
        ],
        "ready.mlp1.linear2.b": [0.0] * 2,
        "ready.layernorm1.gain": [1.0] * 2,
        "ready.layernorm1.bias": [0.0] * 2,
    }


def net(params, x):
    """net of layers.mg, line 11.

    x: [2] of float
    """
    W1 = params["net.dense1.W"]
    b1 = params["net.dense1.b"]
    W2 = params["net.dense2.W"]
    b2 = params["net.dense2.b"]
    scale = params["scale"]
    check_shape("x", x, 2)
    h = [0.0] * 3
    for i in range(3):
        h_sum = 0.0
        W1_i = W1[i]
        for j in range(2):
            h_sum += W1_i[j] * x[j]  # line 9
        h[i] = tanh(h_sum + b1[i])
    out_sum = 0.0
    for i in range(4):
        h_sum_2 = 0.0
        W2_i = W2[i]
        for j in range(3):
            h_sum_2 += W2_i[j] * h[j]
        h_2 = tanh(h_sum_2 + b2[i])
        out_sum += h_2  # line 14
    return scale * out_sum


def net_value_and_grad(params, x):
    """net of layers.mg, line 11, and its derivatives.

    x: [2] of float

    Returns (value, grads); grads is a dict like params.
    """
    W1 = params["net.dense1.W"]
    b1 = params["net.dense1.b"]
    W2 = params["net.dense2.W"]
    b2 = params["net.dense2.b"]
    scale = params["scale"]
    check_shape("x", x, 2)
    # forward
    h = [0.0] * 3
    for i in range(3):
        h_sum = 0.0
        W1_i = W1[i]
        for j in range(2):
            h_sum += W1_i[j] * x[j]  # line 9
        h[i] = tanh(h_sum + b1[i])
    out_sum = 0.0
    db2 = [0.0] * 4
    dh = [0.0] * 3
    dW2 = [[0.0] * 3 for _ in range(4)]
    for i in range(4):
        # forward
        h_sum_2 = 0.0
        W2_i = W2[i]
        for j in range(3):
            h_sum_2 += W2_i[j] * h[j]  # line 9
        h_2 = tanh(h_sum_2 + b2[i])
        out_sum += h_2  # line 14
        # backward: d<name> is the derivative of the result with respect to <name>
        # line 9: return tanh(W @ x + b)
        db2[i] = scale * (1.0 - h_2 * h_2)
        dW2_i = dW2[i]
        for j in range(3):
            dh[j] += db2[i] * W2_i[j]
            dW2_i[j] = db2[i] * h[j]
    out = scale * out_sum  # line 14
    # backward
    db1 = [0.0] * 3
    dW1 = [[0.0] * 2 for _ in range(3)]
    for i in range(3):
        # line 9: return tanh(W @ x + b)
        db1[i] = dh[i] * (1.0 - h[i] ** 2)
        dW1_i = dW1[i]
        for j in range(2):
            dW1_i[j] = db1[i] * x[j]
    grads = {
        "net.dense1.W": dW1,
        "net.dense1.b": db1,
        "net.dense2.W": dW2,
        "net.dense2.b": db2,
        "scale": out_sum,
    }
    return out, grads


def tied(params, x):
    """tied of layers.mg, line 16.

    x: [2] of float
    """
    shared = params["shared"]
    check_shape("x", x, 2)
    h = [0.0] * 3
    for i in range(3):
        h_total = 0.0
        shared_i = shared[i]
        for j in range(2):
            h_total += shared_i[j] * x[j]  # line 17
        h[i] = h_total
    out_sum_2 = 0.0
    for i in range(2):
        out_sum = 0.0
        for j in range(3):
            out_sum += shared[j][i] * h[j]  # line 18
        out_sum_2 += out_sum
    return out_sum_2


def tied_value_and_grad(params, x):
    """tied of layers.mg, line 16, and its derivatives.

    x: [2] of float

    Returns (value, grads); grads is a dict like params.
    """
    shared = params["shared"]
    check_shape("x", x, 2)
    # forward
    h = [0.0] * 3
    for i in range(3):
        h_total = 0.0
        shared_i = shared[i]
        for j in range(2):
            h_total += shared_i[j] * x[j]  # line 17
        h[i] = h_total
    out = 0.0
    for i in range(2):
        out_sum = 0.0
        for j in range(3):
            out_sum += shared[j][i] * h[j]  # line 18
        out += out_sum
    # backward: d<name> is the derivative of the result with respect to <name>
    dh = [0.0] * 3
    for i in range(2):
        for j in range(3):
            # line 18: return sum(shared.T @ h)
            dh[j] += shared[j][i]
    dshared = [[0.0] * 2 for _ in range(3)]
    for i in range(2):
        for j in range(3):
            dshared[j][i] += h[j]
    for i in range(3):
        dshared_i = dshared[i]
        for j in range(2):
            dshared_i[j] += dh[i] * x[j]
    grads = {
        "shared": dshared,
    }
    return out, grads


def ready(params, x):
    """ready of layers.mg, line 20.

    x: [4] of float
    """
    W1 = params["ready.mlp1.linear1.W"]
    b1 = params["ready.mlp1.linear1.b"]
    W2 = params["ready.mlp1.linear2.W"]
    b2 = params["ready.mlp1.linear2.b"]
    gain1 = params["ready.layernorm1.gain"]
    bias1 = params["ready.layernorm1.bias"]
    check_shape("x", x, 4)
    x_2 = [0.0] * 3
    for i in range(3):
        x_sum = 0.0
        W1_i = W1[i]
        for j in range(4):
            x_sum += W1_i[j] * x[j]  # line 21
        x_in = x_sum + b1[i]
        x_2[i] = 0.0 if x_in <= 0.0 else x_in
    x_3 = [0.0] * 2
    centred_sum_2 = 0.0
    for i in range(2):
        centred_sum = 0.0
        W2_i = W2[i]
        for j in range(3):
            centred_sum += W2_i[j] * x_2[j]
        x_3[i] = centred_sum + b2[i]
        centred_sum_2 += x_3[i]
    centred_ratio = centred_sum_2 / 2.0
    centred = [0.0] * 2
    spread_sum = 0.0
    for i in range(2):
        centred[i] = x_3[i] - centred_ratio
        spread_sum += centred[i] ** 2
    spread = sqrt(spread_sum / 2.0 + 1e-05)
    y = [0.0] * 2
    for i in range(2):
        y[i] = gain1[i] * centred[i] / spread + bias1[i]
    return y[0] * softplus(y[1])


def ready_value_and_grad(params, x):
    """ready of layers.mg, line 20, and its derivatives.

    x: [4] of float

    Returns (value, grads); grads is a dict like params.
    """
    W1 = params["ready.mlp1.linear1.W"]
    b1 = params["ready.mlp1.linear1.b"]
    W2 = params["ready.mlp1.linear2.W"]
    b2 = params["ready.mlp1.linear2.b"]
    gain1 = params["ready.layernorm1.gain"]
    bias1 = params["ready.layernorm1.bias"]
    check_shape("x", x, 4)
    # forward
    x_2 = [0.0] * 3
    for i in range(3):
        x_sum = 0.0
        W1_i = W1[i]
        for j in range(4):
            x_sum += W1_i[j] * x[j]  # line 21
        x_in = x_sum + b1[i]
        x_2[i] = 0.0 if x_in <= 0.0 else x_in
    x_3 = [0.0] * 2
    centred_sum_2 = 0.0
    for i in range(2):
        centred_sum = 0.0
        W2_i = W2[i]
        for j in range(3):
            centred_sum += W2_i[j] * x_2[j]
        x_3[i] = centred_sum + b2[i]
        centred_sum_2 += x_3[i]
    centred_ratio = centred_sum_2 / 2.0
    centred = [0.0] * 2
    spread_sum = 0.0
    for i in range(2):
        centred[i] = x_3[i] - centred_ratio
        spread_sum += centred[i] ** 2
    spread = sqrt(spread_sum / 2.0 + 1e-05)
    y_ratio = [0.0] * 2
    y = [0.0] * 2
    for i in range(2):
        y_ratio[i] = gain1[i] * centred[i] / spread
        y[i] = y_ratio[i] + bias1[i]
    out_softplus = softplus(y[1])  # line 22
    out = y[0] * out_softplus
    # backward: d<name> is the derivative of the result with respect to <name>
    # line 21: y = layernorm(mlp[3, 2](x))
    dbias1 = [out_softplus, y[0] * sigmoid(y[1])]
    dy_product = [0.0] * 2
    dspread = 0.0
    dgain1 = [0.0] * 2
    for i in range(2):
        dy_product[i] = dbias1[i] / spread
        dspread += dbias1[i] * (-y_ratio[i] / spread)
        dgain1[i] = dy_product[i] * centred[i]
    dspread_sum = dspread * (0.5 / spread) * 0.5
    dcentred = [0.0] * 2
    dcentred_ratio = 0.0
    for i in range(2):
        dcentred[i] = dy_product[i] * gain1[i] + dspread_sum * (2.0 * centred[i])
        dcentred_ratio += -dcentred[i]
    dcentred_sum_2 = dcentred_ratio * 0.5
    db2 = [0.0] * 2
    dx_2 = [0.0] * 3
    dW2 = [[0.0] * 3 for _ in range(2)]
    for i in range(2):
        db2[i] = dcentred[i] + dcentred_sum_2
        W2_i = W2[i]
        dW2_i = dW2[i]
        for j in range(3):
            dx_2[j] += db2[i] * W2_i[j]
            dW2_i[j] = db2[i] * x_2[j]
    dW1 = [[0.0] * 4 for _ in range(3)]
    db1 = [0.0] * 3
    for i in range(3):
        dW1_i = dW1[i]
        for j in range(4):
            dW1_i[j] = dx_2[i] * x[j] if x_2[i] > 0.0 else 0.0
        db1[i] = dx_2[i] if x_2[i] > 0.0 else 0.0
    grads = {
        "ready.mlp1.linear1.W": dW1,
        "ready.mlp1.linear1.b": db1,
        "ready.mlp1.linear2.W": dW2,
        "ready.mlp1.linear2.b": db2,
        "ready.layernorm1.gain": dgain1,
        "ready.layernorm1.bias": dbias1,
    }
    return out, grads


def loss(params, X, y, decay=0.01):
    """loss of layers.mg, line 24.

    X: [n, 2] of float
    y: [n] of float
    """
    W1 = params["net.dense1.W"]
    b1 = params["net.dense1.b"]
    W2 = params["net.dense2.W"]
    b2 = params["net.dense2.b"]
    scale = params["scale"]
    n = len(X)
    check_shape("X", X, n, 2)
    check_shape("y", y, n)
    out_sum_2 = 0.0
    for i in range(n):
        h = [0.0] * 3
        X_i = X[i]
        for j in range(3):
            h_sum = 0.0
            W1_j = W1[j]
            for k in range(2):
                h_sum += W1_j[k] * X_i[k]  # line 9
            h[j] = tanh(h_sum + b1[j])
        out_sum = 0.0
        for j in range(4):
            h_sum_2 = 0.0
            W2_j = W2[j]
            for k in range(3):
                h_sum_2 += W2_j[k] * h[k]
            h_2 = tanh(h_sum_2 + b2[j])
            out_sum += h_2  # line 14
        out_difference = scale * out_sum - y[i]  # line 25
        out_sum_2 += out_difference * out_difference
    out_sum_3 = 0.0
    for j in range(3):
        W1_j = W1[j]
        for k in range(2):
            out_sum_3 += W1_j[k] ** 2
    out_sum_4 = 0.0
    for j in range(3):
        out_sum_4 += b1[j] ** 2
    out_sum_5 = 0.0
    for j in range(4):
        W2_j = W2[j]
        for k in range(3):
            out_sum_5 += W2_j[k] ** 2
    out_sum_6 = 0.0
    for j in range(4):
        out_sum_6 += b2[j] ** 2
    out_sum_7 = out_sum_3 + out_sum_4 + out_sum_5 + out_sum_6 + scale * scale
    return out_sum_2 / n + decay * out_sum_7


def loss_value_and_grad(params, X, y, decay=0.01):
    """loss of layers.mg, line 24, and its derivatives.

    X: [n, 2] of float
    y: [n] of float

    Returns (value, grads); grads is a dict like params.
    """
    W1 = params["net.dense1.W"]
    b1 = params["net.dense1.b"]
    W2 = params["net.dense2.W"]
    b2 = params["net.dense2.b"]
    scale = params["scale"]
    n = len(X)
    check_shape("X", X, n, 2)
    check_shape("y", y, n)
    # forward
    # line 25: return mean((net(X[i]) - y[i])**2 for i) + decay*sum(p**2 for p i...
    dout_sum_2 = 1.0 / n
    out_sum_2 = 0.0
    t = 0.0
    dW1 = [[0.0] * 2 for _ in range(3)]
    db1 = [0.0] * 3
    dW2 = [[0.0] * 3 for _ in range(4)]
    db2 = [0.0] * 4
    for i in range(n):
        # forward
        h = [0.0] * 3
        X_i = X[i]
        for j in range(3):
            h_sum = 0.0
            W1_j = W1[j]
            for k in range(2):
                h_sum += W1_j[k] * X_i[k]  # line 9
            h[j] = tanh(h_sum + b1[j])
        h_2 = [0.0] * 4
        out_sum = 0.0
        for j in range(4):
            h_sum_2 = 0.0
            W2_j = W2[j]
            for k in range(3):
                h_sum_2 += W2_j[k] * h[k]
            h_2[j] = tanh(h_sum_2 + b2[j])
            out_sum += h_2[j]  # line 14
        out_difference = scale * out_sum - y[i]  # line 25
        out_sum_2 += out_difference * out_difference
        # backward: d<name> is the derivative of the result with respect to <name>
        # line 25: return mean((net(X[i]) - y[i])**2 for i) + decay*sum(p**2 for p i...
        dout_difference = dout_sum_2 * (2.0 * out_difference)
        # line 14: return scale*sum(h)
        t += dout_difference * out_sum
        dh_2 = dout_difference * scale
        dh = [0.0] * 3
        for j in range(4):
            # line 9: return tanh(W @ x + b)
            dh_sum_2 = dh_2 * (1.0 - h_2[j] ** 2)
            W2_j = W2[j]
            dW2_j = dW2[j]
            for k in range(3):
                dh[k] += dh_sum_2 * W2_j[k]
                dW2_j[k] += dh_sum_2 * h[k]
            db2[j] += dh_sum_2
        for j in range(3):
            dh_sum = dh[j] * (1.0 - h[j] ** 2)
            dW1_j = dW1[j]
            for k in range(2):
                dW1_j[k] += dh_sum * X_i[k]
            db1[j] += dh_sum
    out_sum_3 = 0.0
    for j in range(3):
        W1_j = W1[j]
        for k in range(2):
            out_sum_3 += W1_j[k] ** 2  # line 25
    out_sum_4 = 0.0
    for j in range(3):
        out_sum_4 += b1[j] ** 2
    out_sum_5 = 0.0
    for j in range(4):
        W2_j = W2[j]
        for k in range(3):
            out_sum_5 += W2_j[k] ** 2
    out_sum_6 = 0.0
    for j in range(4):
        out_sum_6 += b2[j] ** 2
    out_sum_7 = out_sum_3 + out_sum_4 + out_sum_5 + out_sum_6 + scale * scale
    out = out_sum_2 / n + decay * out_sum_7
    # backward
    for j in range(3):
        dW1_j = dW1[j]
        W1_j = W1[j]
        for k in range(2):
            dW1_j[k] += decay * (2.0 * W1_j[k])
    for j in range(3):
        db1[j] += decay * (2.0 * b1[j])
    for j in range(4):
        dW2_j = dW2[j]
        W2_j = W2[j]
        for k in range(3):
            dW2_j[k] += decay * (2.0 * W2_j[k])
    for j in range(4):
        db2[j] += decay * (2.0 * b2[j])
    dscale = decay * (2.0 * scale) + t
    grads = {
        "net.dense1.W": dW1,
        "net.dense1.b": db1,
        "net.dense2.W": dW2,
        "net.dense2.b": db2,
        "scale": dscale,
    }
    return out, grads


def biggest(params, x):
    """biggest of layers.mg, line 27.

    x: [2] of float
    """
    shared = params["shared"]
    W1 = params["net.dense1.W"]
    b1 = params["net.dense1.b"]
    W2 = params["net.dense2.W"]
    b2 = params["net.dense2.b"]
    scale = params["scale"]
    check_shape("x", x, 2)
    out_max = -inf
    for i in range(3):
        shared_i = shared[i]
        for j in range(2):
            out_abs = abs(shared_i[j])  # line 28
            if out_abs > out_max or out_abs != out_abs:
                out_max = out_abs
    out_max_2 = -inf
    for i in range(3):
        W1_i = W1[i]
        for j in range(2):
            out_abs_2 = abs(W1_i[j])
            if out_abs_2 > out_max_2 or out_abs_2 != out_abs_2:
                out_max_2 = out_abs_2
    out_max_3 = -inf
    for i in range(3):
        out_abs_3 = abs(b1[i])
        if out_abs_3 > out_max_3 or out_abs_3 != out_abs_3:
            out_max_3 = out_abs_3
    out_max_4 = -inf
    for i in range(4):
        W2_i = W2[i]
        for j in range(3):
            out_abs_4 = abs(W2_i[j])
            if out_abs_4 > out_max_4 or out_abs_4 != out_abs_4:
                out_max_4 = out_abs_4
    out_max_5 = -inf
    for i in range(4):
        out_abs_5 = abs(b2[i])
        if out_abs_5 > out_max_5 or out_abs_5 != out_abs_5:
            out_max_5 = out_abs_5
    out_max_6 = max(max(max(max(out_max, out_max_2), out_max_3), out_max_4), out_max_5)
    h = [0.0] * 3
    for i in range(3):
        h_total = 0.0
        shared_i = shared[i]
        for j in range(2):
            h_total += shared_i[j] * x[j]  # line 17
        h[i] = h_total
    out_sum_2 = 0.0
    for i in range(2):
        out_sum = 0.0
        for j in range(3):
            out_sum += shared[j][i] * h[j]  # line 18
        out_sum_2 += out_sum
    h_2 = [0.0] * 3
    for i in range(3):
        h_sum = 0.0
        W1_i = W1[i]
        for j in range(2):
            h_sum += W1_i[j] * x[j]  # line 9
        h_2[i] = tanh(h_sum + b1[i])
    out_sum_3 = 0.0
    for i in range(4):
        h_sum_2 = 0.0
        W2_i = W2[i]
        for j in range(3):
            h_sum_2 += W2_i[j] * h_2[j]
        h_3 = tanh(h_sum_2 + b2[i])
        out_sum_3 += h_3  # line 14
    return max(out_max_6, abs(scale)) + out_sum_2 + scale * out_sum_3


def biggest_value_and_grad(params, x):
    """biggest of layers.mg, line 27, and its derivatives.

    x: [2] of float

    Returns (value, grads); grads is a dict like params.
    """
    shared = params["shared"]
    W1 = params["net.dense1.W"]
    b1 = params["net.dense1.b"]
    W2 = params["net.dense2.W"]
    b2 = params["net.dense2.b"]
    scale = params["scale"]
    check_shape("x", x, 2)
    # forward
    out_abs = [[0.0] * 2 for _ in range(3)]
    out_max = -inf
    for i in range(3):
        out_abs_i = out_abs[i]
        shared_i = shared[i]
        for j in range(2):
            out_abs_i[j] = abs(shared_i[j])  # line 28
            if out_abs_i[j] > out_max or out_abs_i[j] != out_abs_i[j]:
                out_max = out_abs_i[j]
    out_abs_2 = [[0.0] * 2 for _ in range(3)]
    out_max_2 = -inf
    for i in range(3):
        out_abs_2_i = out_abs_2[i]
        W1_i = W1[i]
        for j in range(2):
            out_abs_2_i[j] = abs(W1_i[j])
            if out_abs_2_i[j] > out_max_2 or out_abs_2_i[j] != out_abs_2_i[j]:
                out_max_2 = out_abs_2_i[j]
    out_max_3 = max(out_max, out_max_2)
    out_abs_3 = [0.0] * 3
    out_max_4 = -inf
    for i in range(3):
        out_abs_3[i] = abs(b1[i])
        if out_abs_3[i] > out_max_4 or out_abs_3[i] != out_abs_3[i]:
            out_max_4 = out_abs_3[i]
    out_max_5 = max(out_max_3, out_max_4)
    out_abs_4 = [[0.0] * 3 for _ in range(4)]
    out_max_6 = -inf
    for i in range(4):
        out_abs_4_i = out_abs_4[i]
        W2_i = W2[i]
        for j in range(3):
            out_abs_4_i[j] = abs(W2_i[j])
            if out_abs_4_i[j] > out_max_6 or out_abs_4_i[j] != out_abs_4_i[j]:
                out_max_6 = out_abs_4_i[j]
    out_max_7 = max(out_max_5, out_max_6)
    out_abs_5 = [0.0] * 4
    out_max_8 = -inf
    for i in range(4):
        out_abs_5[i] = abs(b2[i])
        if out_abs_5[i] > out_max_8 or out_abs_5[i] != out_abs_5[i]:
            out_max_8 = out_abs_5[i]
    out_max_9 = max(out_max_7, out_max_8)
    abs_scale = abs(scale)
    h = [0.0] * 3
    for i in range(3):
        h_total = 0.0
        shared_i = shared[i]
        for j in range(2):
            h_total += shared_i[j] * x[j]  # line 17
        h[i] = h_total
    out_sum_2 = 0.0
    for i in range(2):
        out_sum = 0.0
        for j in range(3):
            out_sum += shared[j][i] * h[j]  # line 18
        out_sum_2 += out_sum
    h_2 = [0.0] * 3
    for i in range(3):
        h_sum = 0.0
        W1_i = W1[i]
        for j in range(2):
            h_sum += W1_i[j] * x[j]  # line 9
        h_2[i] = tanh(h_sum + b1[i])
    out_sum_3 = 0.0
    dh_2 = [0.0] * 3
    dW2 = [[0.0] * 3 for _ in range(4)]
    db2 = [0.0] * 4
    for i in range(4):
        # forward
        h_sum_2 = 0.0
        W2_i = W2[i]
        for j in range(3):
            h_sum_2 += W2_i[j] * h_2[j]  # line 9
        h_3 = tanh(h_sum_2 + b2[i])
        out_sum_3 += h_3  # line 14
        # backward: d<name> is the derivative of the result with respect to <name>
        # line 9: return tanh(W @ x + b)
        dh_sum_2 = scale * (1.0 - h_3 * h_3)
        dW2_i = dW2[i]
        for j in range(3):
            dh_2[j] += dh_sum_2 * W2_i[j]
            dW2_i[j] += dh_sum_2 * h_2[j]
        db2[i] += dh_sum_2
    out = max(out_max_9, abs_scale) + out_sum_2 + scale * out_sum_3  # line 28
    # backward
    dW1 = [[0.0] * 2 for _ in range(3)]
    db1 = [0.0] * 3
    for i in range(3):
        # line 9: return tanh(W @ x + b)
        dh_sum = dh_2[i] * (1.0 - h_2[i] ** 2)
        dW1_i = dW1[i]
        for j in range(2):
            dW1_i[j] += dh_sum * x[j]
        db1[i] += dh_sum
    dh = [0.0] * 3
    for i in range(2):
        for j in range(3):
            # line 18: return sum(shared.T @ h)
            dh[j] += shared[j][i]
    # line 28: return max(abs(p) for p in params) + tied(x) + net(x)
    t = 0.5 if out_max_9 == abs_scale else 0.0
    dout_max_9 = 1.0 if out_max_9 > abs_scale else t
    t_2 = (1.0 if abs_scale > out_max_9 else t) * sign(scale)
    t_3 = dout_max_9 * 0.5 if out_max_7 == out_max_8 else 0.0
    dout_max_7 = dout_max_9 if out_max_7 > out_max_8 else t_3
    dout_max_8 = dout_max_9 if out_max_8 > out_max_7 else t_3
    ties = 0.0
    for i in range(4):
        if out_abs_5[i] == out_max_8:
            ties += 1.0
    for i in range(4):
        if out_abs_5[i] == out_max_8:
            dout_in = dout_max_8 / ties * sign(b2[i])
            db2[i] += dout_in
    t_4 = dout_max_7 * 0.5 if out_max_5 == out_max_6 else 0.0
    dout_max_5 = dout_max_7 if out_max_5 > out_max_6 else t_4
    dout_max_6 = dout_max_7 if out_max_6 > out_max_5 else t_4
    t_5 = [[0.0] * 3 for _ in range(4)]
    ties_2 = 0.0
    for i in range(4):
        t_5_i = t_5[i]
        out_abs_4_i = out_abs_4[i]
        for j in range(3):
            t_5_i[j] = out_abs_4_i[j] == out_max_6
            if t_5_i[j]:
                ties_2 += 1.0
    t_6 = dout_max_5 * 0.5 if out_max_3 == out_max_4 else 0.0
    dout_max_3 = dout_max_5 if out_max_3 > out_max_4 else t_6
    dout_max_4 = dout_max_5 if out_max_4 > out_max_3 else t_6
    ties_3 = 0.0
    for i in range(3):
        if out_abs_3[i] == out_max_4:
            ties_3 += 1.0
    for i in range(3):
        if out_abs_3[i] == out_max_4:
            dout_in_2 = dout_max_4 / ties_3 * sign(b1[i])
            db1[i] += dout_in_2
    t_7 = dout_max_3 * 0.5 if out_max == out_max_2 else 0.0
    dout_max = dout_max_3 if out_max > out_max_2 else t_7
    dout_max_2 = dout_max_3 if out_max_2 > out_max else t_7
    t_8 = [[0.0] * 2 for _ in range(3)]
    ties_4 = 0.0
    for i in range(3):
        t_8_i = t_8[i]
        out_abs_2_i = out_abs_2[i]
        for j in range(2):
            t_8_i[j] = out_abs_2_i[j] == out_max_2
            if t_8_i[j]:
                ties_4 += 1.0
    t_9 = [[0.0] * 2 for _ in range(3)]
    ties_5 = 0.0
    for i in range(3):
        t_9_i = t_9[i]
        out_abs_i = out_abs[i]
        for j in range(2):
            t_9_i[j] = out_abs_i[j] == out_max
            if t_9_i[j]:
                ties_5 += 1.0
    dshared = [[0.0] * 2 for _ in range(3)]
    for i in range(2):
        for j in range(3):
            dshared[j][i] += h[j]
    for i in range(3):
        dshared_i = dshared[i]
        for j in range(2):
            dshared_i[j] += dh[i] * x[j]
    for i in range(3):
        t_9_i = t_9[i]
        dshared_i = dshared[i]
        shared_i = shared[i]
        for j in range(2):
            if t_9_i[j]:
                dshared_i[j] += dout_max / ties_5 * sign(shared_i[j])
    for i in range(3):
        t_8_i = t_8[i]
        dW1_i = dW1[i]
        W1_i = W1[i]
        for j in range(2):
            if t_8_i[j]:
                dW1_i[j] += dout_max_2 / ties_4 * sign(W1_i[j])
    for i in range(4):
        t_5_i = t_5[i]
        dW2_i = dW2[i]
        W2_i = W2[i]
        for j in range(3):
            if t_5_i[j]:
                dW2_i[j] += dout_max_6 / ties_2 * sign(W2_i[j])
    dscale = out_sum_3 + t_2
    grads = {
        "shared": dshared,
        "net.dense1.W": dW1,
        "net.dense1.b": db1,
        "net.dense2.W": dW2,
        "net.dense2.b": db2,
        "scale": dscale,
    }
    return out, grads
