"""digits.mg, compiled to Python: values and exact derivatives.

d<name> is the derivative of the result with respect to <name>.
"""

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
    check_shape("logits.mlp1.linear1.W", W1, 32, 64)
    check_shape("logits.mlp1.linear1.b", b1, 32)
    check_shape("logits.mlp1.linear2.W", W2, 10, 32)
    check_shape("logits.mlp1.linear2.b", b2, 10)
    check_shape("x", x, 64)
    h = [0.0] * 32
    for i in range(32):
        linear1_sum = 0.0
        W1_i = W1[i]
        for j in range(64):
            linear1_sum += W1_i[j] * x[j]  # line 7
        linear1 = linear1_sum + b1[i]
        h[i] = 0.0 if linear1 <= 0.0 else linear1
    out = [0.0] * 10
    for i in range(10):
        W2_h_sum = 0.0
        W2_i = W2[i]
        for j in range(32):
            W2_h_sum += W2_i[j] * h[j]
        out[i] = W2_h_sum + b2[i]
    return out


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
    check_shape("logits.mlp1.linear1.W", W1, 32, 64)
    check_shape("logits.mlp1.linear1.b", b1, 32)
    check_shape("logits.mlp1.linear2.W", W2, 10, 32)
    check_shape("logits.mlp1.linear2.b", b2, 10)
    check_shape("x", x, 64)
    check_shape("dout", dout, 10)
    # forward
    h = [0.0] * 32
    for i in range(32):
        linear1_sum = 0.0
        W1_i = W1[i]
        for j in range(64):
            linear1_sum += W1_i[j] * x[j]  # line 7
        linear1 = linear1_sum + b1[i]
        h[i] = 0.0 if linear1 <= 0.0 else linear1
    out = [0.0] * 10
    for i in range(10):
        W2_h_sum = 0.0
        W2_i = W2[i]
        for j in range(32):
            W2_h_sum += W2_i[j] * h[j]
        out[i] = W2_h_sum + b2[i]
    # backward
    db2 = [0.0] * 10
    dh = [0.0] * 32
    for i in range(10):
        # line 7: return mlp[32, 10](x)
        db2[i] = dout[i]
        dout_i = dout[i]
        W2_i = W2[i]
        for j in range(32):
            dh[j] += dout_i * W2_i[j]
    dW1 = [[0.0] * 64 for _ in range(32)]
    db1 = [0.0] * 32
    for i in range(32):
        dW1_i = dW1[i]
        if h[i] > 0.0:
            for j in range(64):
                dW1_i[j] = dh[i] * x[j]
            db1[i] = dh[i]
    dW2 = [[0.0] * 32 for _ in range(10)]
    for i in range(10):
        dW2_i = dW2[i]
        dout_i = dout[i]
        for j in range(32):
            dW2_i[j] = dout_i * h[j]
    grads = {
        "logits.mlp1.linear1.W": dW1,
        "logits.mlp1.linear1.b": db1,
        "logits.mlp1.linear2.W": dW2,
        "logits.mlp1.linear2.b": db2,
    }
    return out, grads


def loss(params, X, label):
    """Mean cross-entropy of softmax(logits) with the labels 0 to 9 (digits.mg, line
    9).

    X: [n, 64] of float
    label: [n] of int
    """
    W1 = params["logits.mlp1.linear1.W"]
    b1 = params["logits.mlp1.linear1.b"]
    W2 = params["logits.mlp1.linear2.W"]
    b2 = params["logits.mlp1.linear2.b"]
    n = len(X)
    check_shape("logits.mlp1.linear1.W", W1, 32, 64)
    check_shape("logits.mlp1.linear1.b", b1, 32)
    check_shape("logits.mlp1.linear2.W", W2, 10, 32)
    check_shape("logits.mlp1.linear2.b", b2, 10)
    check_shape("X", X, n, 64)
    check_shape("label", label, n)
    out_sum = 0.0
    for i in range(n):
        h = [0.0] * 32
        X_i = X[i]
        for j in range(32):
            linear1_sum = 0.0
            W1_j = W1[j]
            for k in range(64):
                linear1_sum += W1_j[k] * X_i[k]  # line 7
            linear1 = linear1_sum + b1[j]
            h[j] = 0.0 if linear1 <= 0.0 else linear1
        logits = [0.0] * 10
        logits_max = -inf
        for j in range(10):
            logits_sum = 0.0
            W2_j = W2[j]
            for k in range(32):
                logits_sum += W2_j[k] * h[k]
            logits[j] = logits_sum + b2[j]
            if logits[j] > logits_max or logits[j] != logits[j]:  # line 11
                logits_max = logits[j]
        logits_others = 0.0
        label_i = label[i]
        for j in range(10):
            logits_exp = exp(logits[j] - logits_max)
            logits_others += logits_exp - 1.0 if j == label_i else logits_exp
        place = element(label_i, 10)
        out_sum += log1p(logits_others) - (logits[place] - logits_max)
    return out_sum / n


def loss_value_and_grad(params, X, label):
    """Mean cross-entropy of softmax(logits) with the labels 0 to 9 (digits.mg, line
    9), and its derivatives.

    X: [n, 64] of float
    label: [n] of int

    Returns (value, grads); grads is a dict like params.
    """
    W1 = params["logits.mlp1.linear1.W"]
    b1 = params["logits.mlp1.linear1.b"]
    W2 = params["logits.mlp1.linear2.W"]
    b2 = params["logits.mlp1.linear2.b"]
    n = len(X)
    check_shape("logits.mlp1.linear1.W", W1, 32, 64)
    check_shape("logits.mlp1.linear1.b", b1, 32)
    check_shape("logits.mlp1.linear2.W", W2, 10, 32)
    check_shape("logits.mlp1.linear2.b", b2, 10)
    check_shape("X", X, n, 64)
    check_shape("label", label, n)
    # line 11: return mean(cross_entropy(logits(X[i]), label[i]) for i)
    dout_sum = 1.0 / n
    minus_dout_sum = -dout_sum
    out_sum = 0.0
    dW1 = [[0.0] * 64 for _ in range(32)]
    db1 = [0.0] * 32
    dW2 = [[0.0] * 32 for _ in range(10)]
    db2 = [0.0] * 10
    for i in range(n):
        # forward
        h = [0.0] * 32
        X_i = X[i]
        for j in range(32):
            linear1_sum = 0.0
            W1_j = W1[j]
            for k in range(64):
                linear1_sum += W1_j[k] * X_i[k]  # line 7
            linear1 = linear1_sum + b1[j]
            h[j] = 0.0 if linear1 <= 0.0 else linear1
        logits = [0.0] * 10
        logits_max = -inf
        for j in range(10):
            logits_sum = 0.0
            W2_j = W2[j]
            for k in range(32):
                logits_sum += W2_j[k] * h[k]
            logits[j] = logits_sum + b2[j]
            if logits[j] > logits_max or logits[j] != logits[j]:  # line 11
                logits_max = logits[j]
        logits_exp = [0.0] * 10
        logits_others = 0.0
        label_i = label[i]
        for j in range(10):
            logits_exp[j] = exp(logits[j] - logits_max)
            logits_others += logits_exp[j] - 1.0 if j == label_i else logits_exp[j]
        place = element(label_i, 10)
        out_sum += log1p(logits_others) - (logits[place] - logits_max)
        # backward
        # line 11: return mean(cross_entropy(logits(X[i]), label[i]) for i)
        dlogits_others = dout_sum / (1.0 + logits_others)
        dlogits = [0.0] * 10
        for j in range(10):
            dlogits[j] += dlogits_others * logits_exp[j]
        dlogits[place] += minus_dout_sum
        dh = [0.0] * 32
        for j in range(10):
            W2_j = W2[j]
            dW2_j = dW2[j]
            for k in range(32):
                # line 7: return mlp[32, 10](x)
                dh[k] += dlogits[j] * W2_j[k]
                dW2_j[k] += dlogits[j] * h[k]
            db2[j] += dlogits[j]
        for j in range(32):
            dW1_j = dW1[j]
            if h[j] > 0.0:
                for k in range(64):
                    dW1_j[k] += dh[j] * X_i[k]
                db1[j] += dh[j]
    out = out_sum / n  # line 11
    grads = {
        "logits.mlp1.linear1.W": dW1,
        "logits.mlp1.linear1.b": db1,
        "logits.mlp1.linear2.W": dW2,
        "logits.mlp1.linear2.b": db2,
    }
    return out, grads


def accuracy(params, X, label):
    """Share of the images whose largest logit is that of their label (digits.mg,
    line 13).

    X: [n, 64] of float
    label: [n] of int
    """
    W1 = params["logits.mlp1.linear1.W"]
    b1 = params["logits.mlp1.linear1.b"]
    W2 = params["logits.mlp1.linear2.W"]
    b2 = params["logits.mlp1.linear2.b"]
    n = len(X)
    check_shape("logits.mlp1.linear1.W", W1, 32, 64)
    check_shape("logits.mlp1.linear1.b", b1, 32)
    check_shape("logits.mlp1.linear2.W", W2, 10, 32)
    check_shape("logits.mlp1.linear2.b", b2, 10)
    check_shape("X", X, n, 64)
    check_shape("label", label, n)
    logits_argmax_is_label_count = 0.0
    for i in range(n):
        h = [0.0] * 32
        X_i = X[i]
        for j in range(32):
            linear1_sum = 0.0
            W1_j = W1[j]
            for k in range(64):
                linear1_sum += W1_j[k] * X_i[k]  # line 7
            linear1 = linear1_sum + b1[j]
            h[j] = 0.0 if linear1 <= 0.0 else linear1
        logits = [0.0] * 10
        logits_max = -inf
        for j in range(10):
            logits_sum = 0.0
            W2_j = W2[j]
            for k in range(32):
                logits_sum += W2_j[k] * h[k]
            logits[j] = logits_sum + b2[j]
            if logits[j] > logits_max or logits[j] != logits[j]:  # line 15
                logits_max = logits[j]
        logits_argmax = 9007199254740992
        for j in range(10):
            candidate = j if logits[j] == logits_max or logits[j] != logits[j] else 10
            if candidate < logits_argmax:
                logits_argmax = candidate
        if logits_argmax == label[i]:
            logits_argmax_is_label_count += 1.0
    return logits_argmax_is_label_count / n


def accuracy_value_and_grad(params, X, label):
    """Share of the images whose largest logit is that of their label (digits.mg,
    line 13), and its derivatives.

    X: [n, 64] of float
    label: [n] of int

    Returns (value, grads); grads is a dict like params. All derivatives are 0: the
    value is constant but for jumps.
    """
    W1 = params["logits.mlp1.linear1.W"]
    b1 = params["logits.mlp1.linear1.b"]
    W2 = params["logits.mlp1.linear2.W"]
    b2 = params["logits.mlp1.linear2.b"]
    n = len(X)
    check_shape("logits.mlp1.linear1.W", W1, 32, 64)
    check_shape("logits.mlp1.linear1.b", b1, 32)
    check_shape("logits.mlp1.linear2.W", W2, 10, 32)
    check_shape("logits.mlp1.linear2.b", b2, 10)
    check_shape("X", X, n, 64)
    check_shape("label", label, n)
    logits_argmax_is_label_count = 0.0
    for i in range(n):
        h = [0.0] * 32
        X_i = X[i]
        for j in range(32):
            linear1_sum = 0.0
            W1_j = W1[j]
            for k in range(64):
                linear1_sum += W1_j[k] * X_i[k]  # line 7
            linear1 = linear1_sum + b1[j]
            h[j] = 0.0 if linear1 <= 0.0 else linear1
        logits = [0.0] * 10
        logits_max = -inf
        for j in range(10):
            logits_sum = 0.0
            W2_j = W2[j]
            for k in range(32):
                logits_sum += W2_j[k] * h[k]
            logits[j] = logits_sum + b2[j]
            if logits[j] > logits_max or logits[j] != logits[j]:  # line 15
                logits_max = logits[j]
        logits_argmax = 9007199254740992
        for j in range(10):
            candidate = j if logits[j] == logits_max or logits[j] != logits[j] else 10
            if candidate < logits_argmax:
                logits_argmax = candidate
        if logits_argmax == label[i]:
            logits_argmax_is_label_count += 1.0
    out = logits_argmax_is_label_count / n
    grads = {
        "logits.mlp1.linear1.W": [[0.0] * 64 for _ in range(32)],
        "logits.mlp1.linear1.b": [0.0] * 32,
        "logits.mlp1.linear2.W": [[0.0] * 32 for _ in range(10)],
        "logits.mlp1.linear2.b": [0.0] * 10,
    }
    return out, grads
