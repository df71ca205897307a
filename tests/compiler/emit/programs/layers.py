"""layers.mg, compiled to Python: values and exact derivatives.

d<name> is the derivative of the result with respect to <name>.
"""

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
        x_exp = exp(x)
    return 1.0 / (1.0 + exp(-x)) if x >= 0.0 else x_exp / (1.0 + x_exp)


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
    check_shape("net.dense1.W", W1, 3, 2)
    check_shape("net.dense1.b", b1, 3)
    check_shape("net.dense2.W", W2, 4, 3)
    check_shape("net.dense2.b", b2, 4)
    check_shape("x", x, 2)
    h = [0.0] * 3
    for i in range(3):
        h_sum = 0.0
        W1_i = W1[i]
        for j in range(2):
            h_sum += W1_i[j] * x[j]  # line 9
        h[i] = tanh(h_sum + b1[i])
    dense2_sum = 0.0
    for i in range(4):
        W2_h_sum = 0.0
        W2_i = W2[i]
        for j in range(3):
            W2_h_sum += W2_i[j] * h[j]
        dense2 = tanh(W2_h_sum + b2[i])
        dense2_sum += dense2  # line 14
    return scale * dense2_sum


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
    check_shape("net.dense1.W", W1, 3, 2)
    check_shape("net.dense1.b", b1, 3)
    check_shape("net.dense2.W", W2, 4, 3)
    check_shape("net.dense2.b", b2, 4)
    check_shape("x", x, 2)
    # forward
    h = [0.0] * 3
    for i in range(3):
        h_sum = 0.0
        W1_i = W1[i]
        for j in range(2):
            h_sum += W1_i[j] * x[j]  # line 9
        h[i] = tanh(h_sum + b1[i])
    dense2_sum = 0.0
    db2 = [0.0] * 4
    dh = [0.0] * 3
    dW2 = [[0.0] * 3 for _ in range(4)]
    for i in range(4):
        # forward
        W2_h_sum = 0.0
        W2_i = W2[i]
        for j in range(3):
            W2_h_sum += W2_i[j] * h[j]  # line 9
        dense2 = tanh(W2_h_sum + b2[i])
        dense2_sum += dense2  # line 14
        # backward
        # line 9: return tanh(W @ x + b)
        db2[i] = scale * (1.0 - dense2 * dense2)
        dW2_i = dW2[i]
        for j in range(3):
            dh[j] += db2[i] * W2_i[j]
            dW2_i[j] = db2[i] * h[j]
    out = scale * dense2_sum  # line 14
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
        "scale": dense2_sum,
    }
    return out, grads


def tied(params, x):
    """tied of layers.mg, line 16.

    x: [2] of float
    """
    shared = params["shared"]
    check_shape("shared", shared, 3, 2)
    check_shape("x", x, 2)
    h = [0.0] * 3
    for i in range(3):
        h_total = 0.0
        shared_i = shared[i]
        for j in range(2):
            h_total += shared_i[j] * x[j]  # line 17
        h[i] = h_total
    out = 0.0
    for i in range(2):
        shared_h_sum = 0.0
        for j in range(3):
            shared_h_sum += shared[j][i] * h[j]  # line 18
        out += shared_h_sum
    return out


def tied_value_and_grad(params, x):
    """tied of layers.mg, line 16, and its derivatives.

    x: [2] of float

    Returns (value, grads); grads is a dict like params.
    """
    shared = params["shared"]
    check_shape("shared", shared, 3, 2)
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
        shared_h_sum = 0.0
        for j in range(3):
            shared_h_sum += shared[j][i] * h[j]  # line 18
        out += shared_h_sum
    # backward
    dh = [0.0] * 3
    for i in range(2):
        for j in range(3):
            dh[j] += shared[j][i]
    dshared = [[0.0] * 2 for _ in range(3)]
    for i in range(2):
        for j in range(3):
            dshared[j][i] += h[j]
    for i in range(3):
        dshared_i = dshared[i]
        for j in range(2):
            # line 17: h = shared @ x
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
    check_shape("ready.mlp1.linear1.W", W1, 3, 4)
    check_shape("ready.mlp1.linear1.b", b1, 3)
    check_shape("ready.mlp1.linear2.W", W2, 2, 3)
    check_shape("ready.mlp1.linear2.b", b2, 2)
    check_shape("ready.layernorm1.gain", gain1, 2)
    check_shape("ready.layernorm1.bias", bias1, 2)
    check_shape("x", x, 4)
    h = [0.0] * 3
    for i in range(3):
        linear1_sum = 0.0
        W1_i = W1[i]
        for j in range(4):
            linear1_sum += W1_i[j] * x[j]  # line 21
        linear1 = linear1_sum + b1[i]
        h[i] = 0.0 if linear1 <= 0.0 else linear1
    layernorm_x = [0.0] * 2
    layernorm_x_sum = 0.0
    for i in range(2):
        W2_h_sum = 0.0
        W2_i = W2[i]
        for j in range(3):
            W2_h_sum += W2_i[j] * h[j]
        layernorm_x[i] = W2_h_sum + b2[i]
        layernorm_x_sum += layernorm_x[i]
    x_centred_ratio = layernorm_x_sum / 2.0
    x_centred = [0.0] * 2
    x_centred_squared_sum = 0.0
    for i in range(2):
        x_centred[i] = layernorm_x[i] - x_centred_ratio
        x_centred_squared_sum += x_centred[i] ** 2
    x_spread = sqrt(x_centred_squared_sum / 2.0 + 1e-05)
    y = [0.0] * 2
    for i in range(2):
        y[i] = gain1[i] * x_centred[i] / x_spread + bias1[i]
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
    check_shape("ready.mlp1.linear1.W", W1, 3, 4)
    check_shape("ready.mlp1.linear1.b", b1, 3)
    check_shape("ready.mlp1.linear2.W", W2, 2, 3)
    check_shape("ready.mlp1.linear2.b", b2, 2)
    check_shape("ready.layernorm1.gain", gain1, 2)
    check_shape("ready.layernorm1.bias", bias1, 2)
    check_shape("x", x, 4)
    # forward
    h = [0.0] * 3
    for i in range(3):
        linear1_sum = 0.0
        W1_i = W1[i]
        for j in range(4):
            linear1_sum += W1_i[j] * x[j]  # line 21
        linear1 = linear1_sum + b1[i]
        h[i] = 0.0 if linear1 <= 0.0 else linear1
    layernorm_x = [0.0] * 2
    layernorm_x_sum = 0.0
    for i in range(2):
        W2_h_sum = 0.0
        W2_i = W2[i]
        for j in range(3):
            W2_h_sum += W2_i[j] * h[j]
        layernorm_x[i] = W2_h_sum + b2[i]
        layernorm_x_sum += layernorm_x[i]
    x_centred_ratio = layernorm_x_sum / 2.0
    x_centred = [0.0] * 2
    x_centred_squared_sum = 0.0
    for i in range(2):
        x_centred[i] = layernorm_x[i] - x_centred_ratio
        x_centred_squared_sum += x_centred[i] ** 2
    x_spread = sqrt(x_centred_squared_sum / 2.0 + 1e-05)
    y_ratio = [0.0] * 2
    y = [0.0] * 2
    for i in range(2):
        y_ratio[i] = gain1[i] * x_centred[i] / x_spread
        y[i] = y_ratio[i] + bias1[i]
    y_softplus = softplus(y[1])  # line 22
    out = y[0] * y_softplus
    # backward
    # line 21: y = layernorm(mlp[3, 2](x))
    dy = [y_softplus, y[0] * sigmoid(y[1])]
    slope_2 = [0.0] * 2
    dx_spread = 0.0
    dgain1 = [0.0] * 2
    for i in range(2):
        slope_2[i] = dy[i] / x_spread
        dx_spread -= dy[i] * (y_ratio[i] / x_spread)
        dgain1[i] = slope_2[i] * x_centred[i]
    slope = dx_spread * (0.5 / x_spread)
    dx_centred = [0.0] * 2
    dx_centred_ratio = 0.0
    for i in range(2):
        dx_centred[i] = slope_2[i] * gain1[i] + slope * x_centred[i]
        dx_centred_ratio -= dx_centred[i]
    dlayernorm_x_sum = 0.5 * dx_centred_ratio
    db2 = [0.0] * 2
    dh = [0.0] * 3
    dW2 = [[0.0] * 3 for _ in range(2)]
    for i in range(2):
        db2[i] = dx_centred[i] + dlayernorm_x_sum
        W2_i = W2[i]
        dW2_i = dW2[i]
        for j in range(3):
            dh[j] += db2[i] * W2_i[j]
            dW2_i[j] = db2[i] * h[j]
    dW1 = [[0.0] * 4 for _ in range(3)]
    db1 = [0.0] * 3
    for i in range(3):
        dW1_i = dW1[i]
        if h[i] > 0.0:
            for j in range(4):
                dW1_i[j] = dh[i] * x[j]
            db1[i] = dh[i]
    grads = {
        "ready.mlp1.linear1.W": dW1,
        "ready.mlp1.linear1.b": db1,
        "ready.mlp1.linear2.W": dW2,
        "ready.mlp1.linear2.b": db2,
        "ready.layernorm1.gain": dgain1,
        "ready.layernorm1.bias": dy,
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
    check_shape("net.dense1.W", W1, 3, 2)
    check_shape("net.dense1.b", b1, 3)
    check_shape("net.dense2.W", W2, 4, 3)
    check_shape("net.dense2.b", b2, 4)
    check_shape("X", X, n, 2)
    check_shape("y", y, n)
    out_difference_squared_sum = 0.0
    for i in range(n):
        h = [0.0] * 3
        X_i = X[i]
        for j in range(3):
            h_sum = 0.0
            W1_j = W1[j]
            for k in range(2):
                h_sum += W1_j[k] * X_i[k]  # line 9
            h[j] = tanh(h_sum + b1[j])
        dense2_sum = 0.0
        for j in range(4):
            W2_h_sum = 0.0
            W2_j = W2[j]
            for k in range(3):
                W2_h_sum += W2_j[k] * h[k]
            dense2 = tanh(W2_h_sum + b2[j])
            dense2_sum += dense2  # line 14
        out_difference = scale * dense2_sum - y[i]  # line 25
        out_difference_squared_sum += out_difference * out_difference
    W1_squared_sum = 0.0
    b1_squared_sum = 0.0
    for j in range(3):
        W1_j = W1[j]
        for k in range(2):
            W1_squared_sum += W1_j[k] ** 2
        b1_squared_sum += b1[j] ** 2
    W2_squared_sum = 0.0
    b2_squared_sum = 0.0
    for j in range(4):
        W2_j = W2[j]
        for k in range(3):
            W2_squared_sum += W2_j[k] ** 2
        b2_squared_sum += b2[j] ** 2
    return out_difference_squared_sum / n + decay * (
        W1_squared_sum
        + b1_squared_sum
        + W2_squared_sum
        + b2_squared_sum
        + scale * scale
    )


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
    check_shape("net.dense1.W", W1, 3, 2)
    check_shape("net.dense1.b", b1, 3)
    check_shape("net.dense2.W", W2, 4, 3)
    check_shape("net.dense2.b", b2, 4)
    check_shape("X", X, n, 2)
    check_shape("y", y, n)
    # forward
    # line 25: return mean((net(X[i]) - y[i])**2 for i) + decay*sum(p**2 for p in par...
    two_over_n = 2.0 / n
    out_difference_squared_sum = 0.0
    part_of_dscale = 0.0
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
        dense2 = [0.0] * 4
        dense2_sum = 0.0
        for j in range(4):
            W2_h_sum = 0.0
            W2_j = W2[j]
            for k in range(3):
                W2_h_sum += W2_j[k] * h[k]
            dense2[j] = tanh(W2_h_sum + b2[j])
            dense2_sum += dense2[j]  # line 14
        out_difference = scale * dense2_sum - y[i]  # line 25
        out_difference_squared_sum += out_difference * out_difference
        # backward
        # line 25: return mean((net(X[i]) - y[i])**2 for i) + decay*sum(p**2 for p in...
        dout_difference = two_over_n * out_difference
        # line 14: return scale*sum(h)
        part_of_dscale += dout_difference * dense2_sum
        ddense2 = dout_difference * scale
        dh = [0.0] * 3
        for j in range(4):
            # line 9: return tanh(W @ x + b)
            dW2_h_sum = ddense2 * (1.0 - dense2[j] ** 2)
            W2_j = W2[j]
            dW2_j = dW2[j]
            for k in range(3):
                dh[k] += dW2_h_sum * W2_j[k]
                dW2_j[k] += dW2_h_sum * h[k]
            db2[j] += dW2_h_sum
        for j in range(3):
            dh_sum = dh[j] * (1.0 - h[j] ** 2)
            dW1_j = dW1[j]
            for k in range(2):
                dW1_j[k] += dh_sum * X_i[k]
            db1[j] += dh_sum
    W1_squared_sum = 0.0
    b1_squared_sum = 0.0
    for j in range(3):
        W1_j = W1[j]
        for k in range(2):
            W1_squared_sum += W1_j[k] ** 2  # line 25
        b1_squared_sum += b1[j] ** 2
    W2_squared_sum = 0.0
    b2_squared_sum = 0.0
    for j in range(4):
        W2_j = W2[j]
        for k in range(3):
            W2_squared_sum += W2_j[k] ** 2
        b2_squared_sum += b2[j] ** 2
    out = out_difference_squared_sum / n + decay * (
        W1_squared_sum
        + b1_squared_sum
        + W2_squared_sum
        + b2_squared_sum
        + scale * scale
    )
    # backward
    # line 25: return mean((net(X[i]) - y[i])**2 for i) + decay*sum(p**2 for p in par...
    two_decay = 2.0 * decay
    for j in range(3):
        dW1_j = dW1[j]
        W1_j = W1[j]
        for k in range(2):
            dW1_j[k] += two_decay * W1_j[k]
        db1[j] += two_decay * b1[j]
    for j in range(4):
        dW2_j = dW2[j]
        W2_j = W2[j]
        for k in range(3):
            dW2_j[k] += two_decay * W2_j[k]
        db2[j] += two_decay * b2[j]
    dscale = two_decay * scale + part_of_dscale
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
    check_shape("shared", shared, 3, 2)
    check_shape("net.dense1.W", W1, 3, 2)
    check_shape("net.dense1.b", b1, 3)
    check_shape("net.dense2.W", W2, 4, 3)
    check_shape("net.dense2.b", b2, 4)
    check_shape("x", x, 2)
    shared_abs_max = -inf
    for i in range(3):
        shared_i = shared[i]
        for j in range(2):
            shared_abs = abs(shared_i[j])  # line 28
            if shared_abs > shared_abs_max or shared_abs != shared_abs:
                shared_abs_max = shared_abs
    W1_abs_max = -inf
    for i in range(3):
        W1_i = W1[i]
        for j in range(2):
            W1_abs = abs(W1_i[j])
            if W1_abs > W1_abs_max or W1_abs != W1_abs:
                W1_abs_max = W1_abs
    b1_abs_max = -inf
    for i in range(3):
        b1_abs = abs(b1[i])
        if b1_abs > b1_abs_max or b1_abs != b1_abs:
            b1_abs_max = b1_abs
    W2_abs_max = -inf
    for i in range(4):
        W2_i = W2[i]
        for j in range(3):
            W2_abs = abs(W2_i[j])
            if W2_abs > W2_abs_max or W2_abs != W2_abs:
                W2_abs_max = W2_abs
    b2_abs_max = -inf
    for i in range(4):
        b2_abs = abs(b2[i])
        if b2_abs > b2_abs_max or b2_abs != b2_abs:
            b2_abs_max = b2_abs
    h = [0.0] * 3
    for i in range(3):
        h_total = 0.0
        shared_i = shared[i]
        for j in range(2):
            h_total += shared_i[j] * x[j]  # line 17
        h[i] = h_total
    tied = 0.0
    for i in range(2):
        tied_sum = 0.0
        for j in range(3):
            tied_sum += shared[j][i] * h[j]  # line 18
        tied += tied_sum
    net_h = [0.0] * 3
    for i in range(3):
        net_h_sum = 0.0
        W1_i = W1[i]
        for j in range(2):
            net_h_sum += W1_i[j] * x[j]  # line 9
        net_h[i] = tanh(net_h_sum + b1[i])
    dense2_sum = 0.0
    for i in range(4):
        W2_net_h_sum = 0.0
        W2_i = W2[i]
        for j in range(3):
            W2_net_h_sum += W2_i[j] * net_h[j]
        dense2 = tanh(W2_net_h_sum + b2[i])
        dense2_sum += dense2  # line 14
    return (
        max(
            max(
                max(max(max(shared_abs_max, W1_abs_max), b1_abs_max), W2_abs_max),
                b2_abs_max,
            ),
            abs(scale),
        )
        + tied
        + scale * dense2_sum
    )


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
    check_shape("shared", shared, 3, 2)
    check_shape("net.dense1.W", W1, 3, 2)
    check_shape("net.dense1.b", b1, 3)
    check_shape("net.dense2.W", W2, 4, 3)
    check_shape("net.dense2.b", b2, 4)
    check_shape("x", x, 2)
    # forward
    shared_abs = [[0.0] * 2 for _ in range(3)]
    shared_abs_max = -inf
    for i in range(3):
        shared_abs_i = shared_abs[i]
        shared_i = shared[i]
        for j in range(2):
            shared_abs_i[j] = abs(shared_i[j])  # line 28
            if shared_abs_i[j] > shared_abs_max or shared_abs_i[j] != shared_abs_i[j]:
                shared_abs_max = shared_abs_i[j]
    W1_abs = [[0.0] * 2 for _ in range(3)]
    W1_abs_max = -inf
    for i in range(3):
        W1_abs_i = W1_abs[i]
        W1_i = W1[i]
        for j in range(2):
            W1_abs_i[j] = abs(W1_i[j])
            if W1_abs_i[j] > W1_abs_max or W1_abs_i[j] != W1_abs_i[j]:
                W1_abs_max = W1_abs_i[j]
    out_max = max(shared_abs_max, W1_abs_max)
    b1_abs = [0.0] * 3
    b1_abs_max = -inf
    for i in range(3):
        b1_abs[i] = abs(b1[i])
        if b1_abs[i] > b1_abs_max or b1_abs[i] != b1_abs[i]:
            b1_abs_max = b1_abs[i]
    out_max_2 = max(out_max, b1_abs_max)
    W2_abs = [[0.0] * 3 for _ in range(4)]
    W2_abs_max = -inf
    for i in range(4):
        W2_abs_i = W2_abs[i]
        W2_i = W2[i]
        for j in range(3):
            W2_abs_i[j] = abs(W2_i[j])
            if W2_abs_i[j] > W2_abs_max or W2_abs_i[j] != W2_abs_i[j]:
                W2_abs_max = W2_abs_i[j]
    out_max_3 = max(out_max_2, W2_abs_max)
    b2_abs = [0.0] * 4
    b2_abs_max = -inf
    for i in range(4):
        b2_abs[i] = abs(b2[i])
        if b2_abs[i] > b2_abs_max or b2_abs[i] != b2_abs[i]:
            b2_abs_max = b2_abs[i]
    out_max_4 = max(out_max_3, b2_abs_max)
    scale_abs = abs(scale)
    h = [0.0] * 3
    for i in range(3):
        h_total = 0.0
        shared_i = shared[i]
        for j in range(2):
            h_total += shared_i[j] * x[j]  # line 17
        h[i] = h_total
    tied = 0.0
    for i in range(2):
        tied_sum = 0.0
        for j in range(3):
            tied_sum += shared[j][i] * h[j]  # line 18
        tied += tied_sum
    net_h = [0.0] * 3
    for i in range(3):
        net_h_sum = 0.0
        W1_i = W1[i]
        for j in range(2):
            net_h_sum += W1_i[j] * x[j]  # line 9
        net_h[i] = tanh(net_h_sum + b1[i])
    dense2_sum = 0.0
    dnet_h = [0.0] * 3
    dW2 = [[0.0] * 3 for _ in range(4)]
    db2 = [0.0] * 4
    for i in range(4):
        # forward
        W2_net_h_sum = 0.0
        W2_i = W2[i]
        for j in range(3):
            W2_net_h_sum += W2_i[j] * net_h[j]  # line 9
        dense2 = tanh(W2_net_h_sum + b2[i])
        dense2_sum += dense2  # line 14
        # backward
        # line 9: return tanh(W @ x + b)
        dW2_net_h_sum = scale * (1.0 - dense2 * dense2)
        dW2_i = dW2[i]
        for j in range(3):
            dnet_h[j] += dW2_net_h_sum * W2_i[j]
            dW2_i[j] += dW2_net_h_sum * net_h[j]
        db2[i] += dW2_net_h_sum
    out = max(out_max_4, scale_abs) + tied + scale * dense2_sum  # line 28
    # backward
    dW1 = [[0.0] * 2 for _ in range(3)]
    db1 = [0.0] * 3
    for i in range(3):
        # line 9: return tanh(W @ x + b)
        dnet_h_sum = dnet_h[i] * (1.0 - net_h[i] ** 2)
        dW1_i = dW1[i]
        for j in range(2):
            dW1_i[j] += dnet_h_sum * x[j]
        db1[i] += dnet_h_sum
    dh = [0.0] * 3
    for i in range(2):
        for j in range(3):
            dh[j] += shared[j][i]
    # line 28: return max(abs(p) for p in params) + tied(x) + net(x)
    slope = 0.5 if out_max_4 == scale_abs else 0.0
    dout_max_4 = 1.0 if out_max_4 > scale_abs else slope
    slope_2 = 0.5 * dout_max_4 if out_max_3 == b2_abs_max else 0.0
    dout_max_3 = dout_max_4 if out_max_3 > b2_abs_max else slope_2
    db2_abs_max = dout_max_4 if b2_abs_max > out_max_3 else slope_2
    ties = 0.0
    for i in range(4):
        if b2_abs[i] == b2_abs_max:
            ties += 1.0
    slope_3 = 0.5 * dout_max_3 if out_max_2 == W2_abs_max else 0.0
    dout_max_2 = dout_max_3 if out_max_2 > W2_abs_max else slope_3
    dW2_abs_max = dout_max_3 if W2_abs_max > out_max_2 else slope_3
    ties2 = 0.0
    for i in range(4):
        W2_abs_i = W2_abs[i]
        for j in range(3):
            if W2_abs_i[j] == W2_abs_max:
                ties2 += 1.0
    slope_4 = 0.5 * dout_max_2 if out_max == b1_abs_max else 0.0
    dout_max = dout_max_2 if out_max > b1_abs_max else slope_4
    db1_abs_max = dout_max_2 if b1_abs_max > out_max else slope_4
    ties_2 = 0.0
    for i in range(3):
        if b1_abs[i] == b1_abs_max:
            ties_2 += 1.0
    slope_5 = 0.5 * dout_max if shared_abs_max == W1_abs_max else 0.0
    dshared_abs_max = dout_max if shared_abs_max > W1_abs_max else slope_5
    dW1_abs_max = dout_max if W1_abs_max > shared_abs_max else slope_5
    ties_3 = 0.0
    for i in range(3):
        W1_abs_i = W1_abs[i]
        for j in range(2):
            if W1_abs_i[j] == W1_abs_max:
                ties_3 += 1.0
    ties_4 = 0.0
    for i in range(3):
        shared_abs_i = shared_abs[i]
        for j in range(2):
            if shared_abs_i[j] == shared_abs_max:
                ties_4 += 1.0
    dshared = [[0.0] * 2 for _ in range(3)]
    for i in range(2):
        for j in range(3):
            dshared[j][i] += h[j]
    for i in range(3):
        dshared_i = dshared[i]
        for j in range(2):
            # line 17: h = shared @ x
            dshared_i[j] += dh[i] * x[j]
    for i in range(3):
        shared_abs_i = shared_abs[i]
        dshared_i = dshared[i]
        shared_i = shared[i]
        for j in range(2):
            if shared_abs_i[j] == shared_abs_max:
                # line 28: return max(abs(p) for p in params) + tied(x) + net(x)
                dshared_i[j] += dshared_abs_max / ties_4 * sign(shared_i[j])
    for i in range(3):
        W1_abs_i = W1_abs[i]
        dW1_i = dW1[i]
        W1_i = W1[i]
        for j in range(2):
            if W1_abs_i[j] == W1_abs_max:
                dW1_i[j] += dW1_abs_max / ties_3 * sign(W1_i[j])
    for i in range(3):
        if b1_abs[i] == b1_abs_max:
            db1[i] += db1_abs_max / ties_2 * sign(b1[i])
    for i in range(4):
        W2_abs_i = W2_abs[i]
        dW2_i = dW2[i]
        W2_i = W2[i]
        for j in range(3):
            if W2_abs_i[j] == W2_abs_max:
                dW2_i[j] += dW2_abs_max / ties2 * sign(W2_i[j])
    for i in range(4):
        if b2_abs[i] == b2_abs_max:
            db2[i] += db2_abs_max / ties * sign(b2[i])
    dscale = dense2_sum + (1.0 if scale_abs > out_max_4 else slope) * sign(scale)
    grads = {
        "shared": dshared,
        "net.dense1.W": dW1,
        "net.dense1.b": db1,
        "net.dense2.W": dW2,
        "net.dense2.b": db2,
        "scale": dscale,
    }
    return out, grads
