"""digits.mg, compiled to Python: values and exact derivatives."""

from math import exp, inf, log1p
from random import Random


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


def init_params(seed=0):
    """The initial parameters by name, drawn with the seed."""
    rng = Random(seed)
    return {
        "logits.mlp1.linear1.W": [
            [rng.uniform(-0.125, 0.125) for _ in range(64)] for _ in range(32)
        ],
        "logits.mlp1.linear1.b": [0.0] * 32,
        "logits.mlp1.linear2.W": [
            [rng.uniform(-0.17677669529663687, 0.17677669529663687) for _ in range(32)]
            for _ in range(10)
        ],
        "logits.mlp1.linear2.b": [0.0] * 10,
    }


def logits(params, x):
    """logits of digits.mg, line 6.

    x: [64] of float
    """
    W1 = params["logits.mlp1.linear1.W"]
    b1 = params["logits.mlp1.linear1.b"]
    W2 = params["logits.mlp1.linear2.W"]
    b2 = params["logits.mlp1.linear2.b"]
    check_shape("x", x, 64)
    x_2 = [0.0] * 32
    for i in range(32):
        x_sum = 0.0
        W1_i = W1[i]
        for j in range(64):
            x_sum += W1_i[j] * x[j]  # line 7
        x_in = x_sum + b1[i]
        x_2[i] = 0.0 if x_in <= 0.0 else x_in
    out_values = [0.0] * 10
    for i in range(10):
        out_sum = 0.0
        W2_i = W2[i]
        for j in range(32):
            out_sum += W2_i[j] * x_2[j]
        out_values[i] = out_sum + b2[i]
    return out_values


def logits_vjp(params, x, dout):
    """logits of digits.mg, line 6, and its vector-Jacobian product.

    x: [64] of float
    dout: [10] of float

    Returns (value, grads); grads is a dict like params.
    """
    W1 = params["logits.mlp1.linear1.W"]
    b1 = params["logits.mlp1.linear1.b"]
    W2 = params["logits.mlp1.linear2.W"]
    b2 = params["logits.mlp1.linear2.b"]
    check_shape("x", x, 64)
    check_shape("dout", dout, 10)
    # forward
    x_2 = [0.0] * 32
    for i in range(32):
        x_sum = 0.0
        W1_i = W1[i]
        for j in range(64):
            x_sum += W1_i[j] * x[j]  # line 7
        x_in = x_sum + b1[i]
        x_2[i] = 0.0 if x_in <= 0.0 else x_in
    out = [0.0] * 10
    for i in range(10):
        out_sum = 0.0
        W2_i = W2[i]
        for j in range(32):
            out_sum += W2_i[j] * x_2[j]
        out[i] = out_sum + b2[i]
    # backward: d<name> is the derivative of the result with respect to <name>
    db2 = [0.0] * 10
    dx_2 = [0.0] * 32
    for i in range(10):
        # line 7: return mlp[32, 10](x)
        db2[i] = dout[i]
        dout_i = dout[i]
        W2_i = W2[i]
        for j in range(32):
            dx_2[j] += dout_i * W2_i[j]
    dW1 = [[0.0] * 64 for _ in range(32)]
    db1 = [0.0] * 32
    for i in range(32):
        dW1_i = dW1[i]
        for j in range(64):
            dW1_i[j] = dx_2[i] * x[j] if x_2[i] > 0.0 else 0.0
        db1[i] = dx_2[i] if x_2[i] > 0.0 else 0.0
    dW2 = [[0.0] * 32 for _ in range(10)]
    for i in range(10):
        dW2_i = dW2[i]
        dout_i = dout[i]
        for j in range(32):
            dW2_i[j] = dout_i * x_2[j]
    grads = {
        "logits.mlp1.linear1.W": dW1,
        "logits.mlp1.linear1.b": db1,
        "logits.mlp1.linear2.W": dW2,
        "logits.mlp1.linear2.b": db2,
    }
    return out, grads


def loss(params, X, label):
    """Mean cross-entropy of softmax(logits) with the labels 0 to 9 (digits.mg, line 9).

    X: [n, 64] of float
    label: [n] of int
    """
    W1 = params["logits.mlp1.linear1.W"]
    b1 = params["logits.mlp1.linear1.b"]
    W2 = params["logits.mlp1.linear2.W"]
    b2 = params["logits.mlp1.linear2.b"]
    n = len(X)
    check_shape("X", X, n, 64)
    check_shape("label", label, n)
    out_sum = 0.0
    for i in range(n):
        x = [0.0] * 32
        X_i = X[i]
        for j in range(32):
            x_sum = 0.0
            W1_j = W1[j]
            for k in range(64):
                x_sum += W1_j[k] * X_i[k]  # line 7
            x_in = x_sum + b1[j]
            x[j] = 0.0 if x_in <= 0.0 else x_in
        logits = [0.0] * 10
        largest = -inf
        for j in range(10):
            weight_sum = 0.0
            W2_j = W2[j]
            for k in range(32):
                weight_sum += W2_j[k] * x[k]
            logits[j] = weight_sum + b2[j]
            if logits[j] > largest or logits[j] != logits[j]:  # line 11
                largest = logits[j]
        others = 0.0
        label_i = label[i]
        for j in range(10):
            weight = exp(logits[j] - largest)
            others += weight - 1.0 if j == label_i else weight
        place = element(label_i, 10)
        out_sum += log1p(others) - (logits[place] - largest)
    return out_sum / n


def loss_value_and_grad(params, X, label):
    """Mean cross-entropy of softmax(logits) with the labels 0 to 9 (digits.mg, line 9), and its derivatives.

    X: [n, 64] of float
    label: [n] of int

    Returns (value, grads); grads is a dict like params.
    """
    W1 = params["logits.mlp1.linear1.W"]
    b1 = params["logits.mlp1.linear1.b"]
    W2 = params["logits.mlp1.linear2.W"]
    b2 = params["logits.mlp1.linear2.b"]
    n = len(X)
    check_shape("X", X, n, 64)
    check_shape("label", label, n)
    # line 11: return mean(cross_entropy(logits(X[i]), label[i]) for i)
    dout_sum = 1.0 / n
    dout_difference = -dout_sum
    out_sum = 0.0
    dW1 = [[0.0] * 64 for _ in range(32)]
    db1 = [0.0] * 32
    dW2 = [[0.0] * 32 for _ in range(10)]
    db2 = [0.0] * 10
    for i in range(n):
        # forward
        x = [0.0] * 32
        X_i = X[i]
        for j in range(32):
            x_sum = 0.0
            W1_j = W1[j]
            for k in range(64):
                x_sum += W1_j[k] * X_i[k]  # line 7
            x_in = x_sum + b1[j]
            x[j] = 0.0 if x_in <= 0.0 else x_in
        logits = [0.0] * 10
        largest = -inf
        for j in range(10):
            weight_sum = 0.0
            W2_j = W2[j]
            for k in range(32):
                weight_sum += W2_j[k] * x[k]
            logits[j] = weight_sum + b2[j]
            if logits[j] > largest or logits[j] != logits[j]:  # line 11
                largest = logits[j]
        weight = [0.0] * 10
        others = 0.0
        label_i = label[i]
        for j in range(10):
            weight[j] = exp(logits[j] - largest)
            others += weight[j] - 1.0 if j == label_i else weight[j]
        place = element(label_i, 10)
        out_sum += log1p(others) - (logits[place] - largest)
        # backward: d<name> is the derivative of the result with respect to <name>
        # line 11: return mean(cross_entropy(logits(X[i]), label[i]) for i)
        dothers = dout_sum / (1.0 + others)
        dlogits = [0.0] * 10
        for j in range(10):
            # line 7: return mlp[32, 10](x)
            dlogits[j] += dothers * weight[j]
        dlogits[place] += dout_difference
        dx = [0.0] * 32
        for j in range(10):
            W2_j = W2[j]
            dW2_j = dW2[j]
            for k in range(32):
                dx[k] += dlogits[j] * W2_j[k]
                dW2_j[k] += dlogits[j] * x[k]
            db2[j] += dlogits[j]
        for j in range(32):
            dW1_j = dW1[j]
            if x[j] > 0.0:
                for k in range(64):
                    dW1_j[k] += dx[j] * X_i[k]
                db1[j] += dx[j]
    out = out_sum / n  # line 11
    grads = {
        "logits.mlp1.linear1.W": dW1,
        "logits.mlp1.linear1.b": db1,
        "logits.mlp1.linear2.W": dW2,
        "logits.mlp1.linear2.b": db2,
    }
    return out, grads


def accuracy(params, X, label):
    """Share of the images whose largest logit is that of their label (digits.mg, line 13).

    X: [n, 64] of float
    label: [n] of int
    """
    W1 = params["logits.mlp1.linear1.W"]
    b1 = params["logits.mlp1.linear1.b"]
    W2 = params["logits.mlp1.linear2.W"]
    b2 = params["logits.mlp1.linear2.b"]
    n = len(X)
    check_shape("X", X, n, 64)
    check_shape("label", label, n)
    out_sum_3 = 0.0
    for i in range(n):
        x = [0.0] * 32
        X_i = X[i]
        for j in range(32):
            x_sum = 0.0
            W1_j = W1[j]
            for k in range(64):
                x_sum += W1_j[k] * X_i[k]  # line 7
            x_in = x_sum + b1[j]
            x[j] = 0.0 if x_in <= 0.0 else x_in
        out_sum_2 = [0.0] * 10
        out_max = -inf
        for j in range(10):
            out_sum = 0.0
            W2_j = W2[j]
            for k in range(32):
                out_sum += W2_j[k] * x[k]
            out_sum_2[j] = out_sum + b2[j]
            if out_sum_2[j] > out_max or out_sum_2[j] != out_sum_2[j]:  # line 15
                out_max = out_sum_2[j]
        out_min = 9007199254740992
        for j in range(10):
            is_nan = out_sum_2[j] != out_sum_2[j]
            out_chosen = j if out_sum_2[j] == out_max or is_nan else 10
            if out_chosen < out_min:
                out_min = out_chosen
        if out_min == label[i]:
            out_sum_3 += 1.0
    return out_sum_3 / n


def accuracy_value_and_grad(params, X, label):
    """Share of the images whose largest logit is that of their label (digits.mg, line 13), and its derivatives.

    X: [n, 64] of float
    label: [n] of int

    Returns (value, grads); grads is a dict like params.
    """
    W1 = params["logits.mlp1.linear1.W"]
    b1 = params["logits.mlp1.linear1.b"]
    W2 = params["logits.mlp1.linear2.W"]
    b2 = params["logits.mlp1.linear2.b"]
    n = len(X)
    check_shape("X", X, n, 64)
    check_shape("label", label, n)
    out_sum_3 = 0.0
    for i in range(n):
        x = [0.0] * 32
        X_i = X[i]
        for j in range(32):
            x_sum = 0.0
            W1_j = W1[j]
            for k in range(64):
                x_sum += W1_j[k] * X_i[k]  # line 7
            x_in = x_sum + b1[j]
            x[j] = 0.0 if x_in <= 0.0 else x_in
        out_sum_2 = [0.0] * 10
        out_max = -inf
        for j in range(10):
            out_sum = 0.0
            W2_j = W2[j]
            for k in range(32):
                out_sum += W2_j[k] * x[k]
            out_sum_2[j] = out_sum + b2[j]
            if out_sum_2[j] > out_max or out_sum_2[j] != out_sum_2[j]:  # line 15
                out_max = out_sum_2[j]
        out_min = 9007199254740992
        for j in range(10):
            is_nan = out_sum_2[j] != out_sum_2[j]
            out_chosen = j if out_sum_2[j] == out_max or is_nan else 10
            if out_chosen < out_min:
                out_min = out_chosen
        if out_min == label[i]:
            out_sum_3 += 1.0
    out = out_sum_3 / n
    grads = {
        "logits.mlp1.linear1.W": [[0.0] * 64 for _ in range(32)],
        "logits.mlp1.linear1.b": [0.0] * 32,
        "logits.mlp1.linear2.W": [[0.0] * 32 for _ in range(10)],
        "logits.mlp1.linear2.b": [0.0] * 10,
    }
    return out, grads
