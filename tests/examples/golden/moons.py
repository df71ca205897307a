"""moons.mg, compiled to Python: values and exact derivatives."""

from random import Random


def check_shape(name, array, *sizes):
    """Raise ValueError unless the nested list has these sizes."""
    if len(array) != sizes[0]:
        raise ValueError(f"{name} has {len(array)} entries where {sizes[0]} are needed")
    if len(sizes) > 1:
        for row in array:
            check_shape(f"a row of {name}", row, *sizes[1:])


def init_params(seed=0):
    """The initial parameters by name, drawn with the seed."""
    rng = Random(seed)
    return {
        "score.linear1.W": [
            [rng.uniform(-1.0, 1.0) for _ in range(2)] for _ in range(16)
        ],
        "score.linear1.b": [0.0] * 16,
        "score.linear2.W": [
            [rng.uniform(-1.0, 1.0) for _ in range(16)] for _ in range(16)
        ],
        "score.linear2.b": [0.0] * 16,
        "score.linear3.W": [
            [rng.uniform(-1.0, 1.0) for _ in range(16)] for _ in range(1)
        ],
        "score.linear3.b": [0.0] * 1,
    }


def score(params, x):
    """score of moons.mg, line 10.

    x: [2] of float
    """
    W1 = params["score.linear1.W"]
    b1 = params["score.linear1.b"]
    W2 = params["score.linear2.W"]
    b2 = params["score.linear2.b"]
    W3 = params["score.linear3.W"]
    b3 = params["score.linear3.b"]
    check_shape("x", x, 2)
    h = [0.0] * 16
    for i in range(16):
        h_sum = 0.0
        W1_i = W1[i]
        for j in range(2):
            h_sum += W1_i[j] * x[j]  # line 8
        h_in = h_sum + b1[i]
        h[i] = 0.0 if h_in <= 0.0 else h_in  # line 11
    out_sum = 0.0
    W3_0 = W3[0]
    for i in range(16):
        h_sum_2 = 0.0
        W2_i = W2[i]
        for j in range(16):
            h_sum_2 += W2_i[j] * h[j]  # line 8
        h_in_2 = h_sum_2 + b2[i]
        h_2 = 0.0 if h_in_2 <= 0.0 else h_in_2  # line 12
        out_sum += W3_0[i] * h_2  # line 8
    return out_sum + b3[0]


def score_value_and_grad(params, x):
    """score of moons.mg, line 10, and its derivatives.

    x: [2] of float

    Returns (value, grads); grads is a dict like params.
    """
    W1 = params["score.linear1.W"]
    b1 = params["score.linear1.b"]
    W2 = params["score.linear2.W"]
    b2 = params["score.linear2.b"]
    W3 = params["score.linear3.W"]
    b3 = params["score.linear3.b"]
    check_shape("x", x, 2)
    # forward
    h = [0.0] * 16
    for i in range(16):
        h_sum = 0.0
        W1_i = W1[i]
        for j in range(2):
            h_sum += W1_i[j] * x[j]  # line 8
        h_in = h_sum + b1[i]
        h[i] = 0.0 if h_in <= 0.0 else h_in  # line 11
    out_sum = 0.0
    dh = [0.0] * 16
    dW2 = [[0.0] * 16 for _ in range(16)]
    db2 = [0.0] * 16
    dW3 = [[0.0] * 16 for _ in range(1)]
    W3_0 = W3[0]
    dW3_0 = dW3[0]
    for i in range(16):
        # forward
        h_sum_2 = 0.0
        W2_i = W2[i]
        for j in range(16):
            h_sum_2 += W2_i[j] * h[j]  # line 8
        h_in_2 = h_sum_2 + b2[i]
        h_2 = 0.0 if h_in_2 <= 0.0 else h_in_2  # line 12
        out_sum += W3_0[i] * h_2  # line 8
        # backward: d<name> is the derivative of the result with respect to <name>
        W3_0_i = W3_0[i]
        if h_2 > 0.0:
            for j in range(16):
                # line 8: return W @ x + b
                dh[j] += W3_0_i * W2_i[j]
        dW2_i = dW2[i]
        for j in range(16):
            dW2_i[j] = W3_0_i * h[j] if h_2 > 0.0 else 0.0
        db2[i] = W3_0_i if h_2 > 0.0 else 0.0
        dW3_0[i] += h_2
    out = out_sum + b3[0]
    # backward
    dW1 = [[0.0] * 2 for _ in range(16)]
    db1 = [0.0] * 16
    for i in range(16):
        dW1_i = dW1[i]
        for j in range(2):
            dW1_i[j] = dh[i] * x[j] if h[i] > 0.0 else 0.0
        db1[i] = dh[i] if h[i] > 0.0 else 0.0
    db3 = [1.0]
    grads = {
        "score.linear1.W": dW1,
        "score.linear1.b": db1,
        "score.linear2.W": dW2,
        "score.linear2.b": db2,
        "score.linear3.W": dW3,
        "score.linear3.b": db3,
    }
    return out, grads


def loss(params, X, y, alpha=0.0001):
    """Mean hinge loss of the scores plus `alpha` times the sum of squared parameters (moons.mg, line 15).

    X: [n, 2] of float
    y: [n] of float
    """
    W1 = params["score.linear1.W"]
    b1 = params["score.linear1.b"]
    W2 = params["score.linear2.W"]
    b2 = params["score.linear2.b"]
    W3 = params["score.linear3.W"]
    b3 = params["score.linear3.b"]
    n = len(X)
    check_shape("X", X, n, 2)
    check_shape("y", y, n)
    data_sum_2 = 0.0
    W3_0 = W3[0]
    b3_0 = b3[0]
    for i in range(n):
        h = [0.0] * 16
        X_i = X[i]
        for j in range(16):
            h_sum = 0.0
            W1_j = W1[j]
            for k in range(2):
                h_sum += W1_j[k] * X_i[k]  # line 8
            h_in = h_sum + b1[j]
            h[j] = 0.0 if h_in <= 0.0 else h_in  # line 11
        data_sum = 0.0
        for j in range(16):
            h_sum_2 = 0.0
            W2_j = W2[j]
            for k in range(16):
                h_sum_2 += W2_j[k] * h[k]  # line 8
            h_in_2 = h_sum_2 + b2[j]
            h_2 = 0.0 if h_in_2 <= 0.0 else h_in_2  # line 12
            data_sum += W3_0[j] * h_2  # line 8
        data_in = 1.0 - y[i] * (data_sum + b3_0)  # line 17
        data_sum_2 += 0.0 if data_in <= 0.0 else data_in
    data = data_sum_2 / n
    out_sum = 0.0
    for j in range(16):
        W1_j = W1[j]
        for k in range(2):
            out_sum += W1_j[k] ** 2  # line 18
    out_sum_2 = 0.0
    for j in range(16):
        out_sum_2 += b1[j] ** 2
    out_sum_3 = 0.0
    for j in range(16):
        W2_j = W2[j]
        for k in range(16):
            out_sum_3 += W2_j[k] ** 2
    out_sum_4 = 0.0
    for j in range(16):
        out_sum_4 += b2[j] ** 2
    out_sum_5 = 0.0
    for j in range(16):
        out_sum_5 += W3_0[j] ** 2
    out_sum_6 = out_sum + out_sum_2 + out_sum_3 + out_sum_4 + out_sum_5 + b3_0 * b3_0
    return data + alpha * out_sum_6


def loss_value_and_grad(params, X, y, alpha=0.0001):
    """Mean hinge loss of the scores plus `alpha` times the sum of squared parameters (moons.mg, line 15), and its derivatives.

    X: [n, 2] of float
    y: [n] of float

    Returns (value, grads); grads is a dict like params.
    """
    W1 = params["score.linear1.W"]
    b1 = params["score.linear1.b"]
    W2 = params["score.linear2.W"]
    b2 = params["score.linear2.b"]
    W3 = params["score.linear3.W"]
    b3 = params["score.linear3.b"]
    n = len(X)
    check_shape("X", X, n, 2)
    check_shape("y", y, n)
    # forward
    # line 17: data = mean(relu(1 - y[i]*score(X[i])) for i)
    ddata_product = -1.0 / n
    data_sum_2 = 0.0
    dW1 = [[0.0] * 2 for _ in range(16)]
    db1 = [0.0] * 16
    dW2 = [[0.0] * 16 for _ in range(16)]
    db2 = [0.0] * 16
    dW3 = [[0.0] * 16 for _ in range(1)]
    db3_0 = 0.0
    W3_0 = W3[0]
    b3_0 = b3[0]
    dW3_0 = dW3[0]
    for i in range(n):
        # forward
        h = [0.0] * 16
        X_i = X[i]
        for j in range(16):
            h_sum = 0.0
            W1_j = W1[j]
            for k in range(2):
                h_sum += W1_j[k] * X_i[k]  # line 8
            h_in = h_sum + b1[j]
            h[j] = 0.0 if h_in <= 0.0 else h_in  # line 11
        h_2 = [0.0] * 16
        data_sum = 0.0
        for j in range(16):
            h_sum_2 = 0.0
            W2_j = W2[j]
            for k in range(16):
                h_sum_2 += W2_j[k] * h[k]  # line 8
            h_in_2 = h_sum_2 + b2[j]
            h_2[j] = 0.0 if h_in_2 <= 0.0 else h_in_2  # line 12
            data_sum += W3_0[j] * h_2[j]  # line 8
        data_in = 1.0 - y[i] * (data_sum + b3_0)  # line 17
        data_relu = 0.0 if data_in <= 0.0 else data_in
        data_sum_2 += data_relu
        # backward: d<name> is the derivative of the result with respect to <name>
        if data_relu > 0.0:
            # line 17: data = mean(relu(1 - y[i]*score(X[i])) for i)
            ddata_sum = ddata_product * y[i]
            dh = [0.0] * 16
            for j in range(16):
                W2_j = W2[j]
                dW2_j = dW2[j]
                if h_2[j] > 0.0:
                    # line 8: return W @ x + b
                    dh_2 = ddata_sum * W3_0[j]
                    for k in range(16):
                        dh[k] += dh_2 * W2_j[k]
                        dW2_j[k] += dh_2 * h[k]
                    db2[j] += dh_2
                dW3_0[j] += ddata_sum * h_2[j]
            for j in range(16):
                dW1_j = dW1[j]
                if h[j] > 0.0:
                    for k in range(2):
                        dW1_j[k] += dh[j] * X_i[k]
                    db1[j] += dh[j]
            db3_0 += ddata_sum
    data = data_sum_2 / n  # line 17
    out_sum = 0.0
    for j in range(16):
        W1_j = W1[j]
        for k in range(2):
            out_sum += W1_j[k] ** 2  # line 18
    out_sum_2 = 0.0
    for j in range(16):
        out_sum_2 += b1[j] ** 2
    out_sum_3 = 0.0
    for j in range(16):
        W2_j = W2[j]
        for k in range(16):
            out_sum_3 += W2_j[k] ** 2
    out_sum_4 = 0.0
    for j in range(16):
        out_sum_4 += b2[j] ** 2
    out_sum_5 = 0.0
    for j in range(16):
        out_sum_5 += W3_0[j] ** 2
    out_sum_6 = out_sum + out_sum_2 + out_sum_3 + out_sum_4 + out_sum_5 + b3_0 * b3_0
    out = data + alpha * out_sum_6
    # backward
    for j in range(16):
        dW1_j = dW1[j]
        W1_j = W1[j]
        for k in range(2):
            dW1_j[k] += alpha * (2.0 * W1_j[k])
    for j in range(16):
        db1[j] += alpha * (2.0 * b1[j])
    for j in range(16):
        dW2_j = dW2[j]
        W2_j = W2[j]
        for k in range(16):
            dW2_j[k] += alpha * (2.0 * W2_j[k])
    for j in range(16):
        db2[j] += alpha * (2.0 * b2[j])
    for j in range(16):
        dW3_0[j] += alpha * (2.0 * W3_0[j])
    db3 = [db3_0 + alpha * (2.0 * b3_0)]
    grads = {
        "score.linear1.W": dW1,
        "score.linear1.b": db1,
        "score.linear2.W": dW2,
        "score.linear2.b": db2,
        "score.linear3.W": dW3,
        "score.linear3.b": db3,
    }
    return out, grads


def accuracy(params, X, y):
    """Share of the points on the right side: y is -1 or +1 (moons.mg, line 20).

    X: [n, 2] of float
    y: [n] of float
    """
    W1 = params["score.linear1.W"]
    b1 = params["score.linear1.b"]
    W2 = params["score.linear2.W"]
    b2 = params["score.linear2.b"]
    W3 = params["score.linear3.W"]
    b3 = params["score.linear3.b"]
    n = len(X)
    check_shape("X", X, n, 2)
    check_shape("y", y, n)
    out_sum_2 = 0.0
    W3_0 = W3[0]
    b3_0 = b3[0]
    for i in range(n):
        h = [0.0] * 16
        X_i = X[i]
        for j in range(16):
            h_sum = 0.0
            W1_j = W1[j]
            for k in range(2):
                h_sum += W1_j[k] * X_i[k]  # line 8
            h_in = h_sum + b1[j]
            h[j] = 0.0 if h_in <= 0.0 else h_in  # line 11
        out_sum = 0.0
        for j in range(16):
            h_sum_2 = 0.0
            W2_j = W2[j]
            for k in range(16):
                h_sum_2 += W2_j[k] * h[k]  # line 8
            h_in_2 = h_sum_2 + b2[j]
            h_2 = 0.0 if h_in_2 <= 0.0 else h_in_2  # line 12
            out_sum += W3_0[j] * h_2  # line 8
        if (out_sum + b3_0 > 0.0) == (y[i] > 0.0):
            out_sum_2 += 1.0  # line 22
    return out_sum_2 / n


def accuracy_value_and_grad(params, X, y):
    """Share of the points on the right side: y is -1 or +1 (moons.mg, line 20), and its derivatives.

    X: [n, 2] of float
    y: [n] of float

    Returns (value, grads); grads is a dict like params.
    """
    W1 = params["score.linear1.W"]
    b1 = params["score.linear1.b"]
    W2 = params["score.linear2.W"]
    b2 = params["score.linear2.b"]
    W3 = params["score.linear3.W"]
    b3 = params["score.linear3.b"]
    n = len(X)
    check_shape("X", X, n, 2)
    check_shape("y", y, n)
    out_sum_2 = 0.0
    W3_0 = W3[0]
    b3_0 = b3[0]
    for i in range(n):
        h = [0.0] * 16
        X_i = X[i]
        for j in range(16):
            h_sum = 0.0
            W1_j = W1[j]
            for k in range(2):
                h_sum += W1_j[k] * X_i[k]  # line 8
            h_in = h_sum + b1[j]
            h[j] = 0.0 if h_in <= 0.0 else h_in  # line 11
        out_sum = 0.0
        for j in range(16):
            h_sum_2 = 0.0
            W2_j = W2[j]
            for k in range(16):
                h_sum_2 += W2_j[k] * h[k]  # line 8
            h_in_2 = h_sum_2 + b2[j]
            h_2 = 0.0 if h_in_2 <= 0.0 else h_in_2  # line 12
            out_sum += W3_0[j] * h_2  # line 8
        if (out_sum + b3_0 > 0.0) == (y[i] > 0.0):
            out_sum_2 += 1.0  # line 22
    out = out_sum_2 / n
    grads = {
        "score.linear1.W": [[0.0] * 2 for _ in range(16)],
        "score.linear1.b": [0.0] * 16,
        "score.linear2.W": [[0.0] * 16 for _ in range(16)],
        "score.linear2.b": [0.0] * 16,
        "score.linear3.W": [[0.0] * 16 for _ in range(1)],
        "score.linear3.b": [0.0] * 1,
    }
    return out, grads
