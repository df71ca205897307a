"""moons.mg, compiled to Python: values and exact derivatives.

d<name> is the derivative of the result with respect to <name>.
"""

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
    check_shape("score.linear1.W", W1, 16, 2)
    check_shape("score.linear1.b", b1, 16)
    check_shape("score.linear2.W", W2, 16, 16)
    check_shape("score.linear2.b", b2, 16)
    check_shape("score.linear3.W", W3, 1, 16)
    check_shape("score.linear3.b", b3, 1)
    check_shape("x", x, 2)
    h = [0.0] * 16
    for i in range(16):
        linear1_sum = 0.0
        W1_i = W1[i]
        for j in range(2):
            linear1_sum += W1_i[j] * x[j]  # line 8
        linear1 = linear1_sum + b1[i]
        h[i] = 0.0 if linear1 <= 0.0 else linear1  # line 11
    W3_h2_sum = 0.0
    W3_0 = W3[0]
    for i in range(16):
        linear2_sum = 0.0
        W2_i = W2[i]
        for j in range(16):
            linear2_sum += W2_i[j] * h[j]  # line 8
        linear2 = linear2_sum + b2[i]
        h2 = 0.0 if linear2 <= 0.0 else linear2  # line 12
        W3_h2_sum += W3_0[i] * h2  # line 8
    return W3_h2_sum + b3[0]


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
    check_shape("score.linear1.W", W1, 16, 2)
    check_shape("score.linear1.b", b1, 16)
    check_shape("score.linear2.W", W2, 16, 16)
    check_shape("score.linear2.b", b2, 16)
    check_shape("score.linear3.W", W3, 1, 16)
    check_shape("score.linear3.b", b3, 1)
    check_shape("x", x, 2)
    # forward
    h = [0.0] * 16
    for i in range(16):
        linear1_sum = 0.0
        W1_i = W1[i]
        for j in range(2):
            linear1_sum += W1_i[j] * x[j]  # line 8
        linear1 = linear1_sum + b1[i]
        h[i] = 0.0 if linear1 <= 0.0 else linear1  # line 11
    W3_h2_sum = 0.0
    dh = [0.0] * 16
    dW2 = [[0.0] * 16 for _ in range(16)]
    db2 = [0.0] * 16
    dW3 = [[0.0] * 16 for _ in range(1)]
    W3_0 = W3[0]
    dW3_0 = dW3[0]
    for i in range(16):
        # forward
        linear2_sum = 0.0
        W2_i = W2[i]
        for j in range(16):
            linear2_sum += W2_i[j] * h[j]  # line 8
        linear2 = linear2_sum + b2[i]
        h2 = 0.0 if linear2 <= 0.0 else linear2  # line 12
        W3_h2_sum += W3_0[i] * h2  # line 8
        # backward
        W3_0_i = W3_0[i]
        dW2_i = dW2[i]
        if h2 > 0.0:
            for j in range(16):
                # line 8: return W @ x + b
                dh[j] += W3_0_i * W2_i[j]
                dW2_i[j] = W3_0_i * h[j]
            db2[i] = W3_0_i
        dW3_0[i] += h2
    out = W3_h2_sum + b3[0]
    # backward
    dW1 = [[0.0] * 2 for _ in range(16)]
    db1 = [0.0] * 16
    for i in range(16):
        dW1_i = dW1[i]
        if h[i] > 0.0:
            for j in range(2):
                dW1_i[j] = dh[i] * x[j]
            db1[i] = dh[i]
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
    """Mean hinge loss of the scores plus `alpha` times the sum of squared parameters
    (moons.mg, line 15).

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
    check_shape("score.linear1.W", W1, 16, 2)
    check_shape("score.linear1.b", b1, 16)
    check_shape("score.linear2.W", W2, 16, 16)
    check_shape("score.linear2.b", b2, 16)
    check_shape("score.linear3.W", W3, 1, 16)
    check_shape("score.linear3.b", b3, 1)
    check_shape("X", X, n, 2)
    check_shape("y", y, n)
    data_sum = 0.0
    W3_0 = W3[0]
    b3_0 = b3[0]
    for i in range(n):
        h = [0.0] * 16
        X_i = X[i]
        for j in range(16):
            linear1_sum = 0.0
            W1_j = W1[j]
            for k in range(2):
                linear1_sum += W1_j[k] * X_i[k]  # line 8
            linear1 = linear1_sum + b1[j]
            h[j] = 0.0 if linear1 <= 0.0 else linear1  # line 11
        W3_h2_sum = 0.0
        for j in range(16):
            linear2_sum = 0.0
            W2_j = W2[j]
            for k in range(16):
                linear2_sum += W2_j[k] * h[k]  # line 8
            linear2 = linear2_sum + b2[j]
            h2 = 0.0 if linear2 <= 0.0 else linear2  # line 12
            W3_h2_sum += W3_0[j] * h2  # line 8
        data_difference = 1.0 - y[i] * (W3_h2_sum + b3_0)  # line 17
        data_sum += 0.0 if data_difference <= 0.0 else data_difference
    data = data_sum / n
    W1_squared_sum = 0.0
    b1_squared_sum = 0.0
    W2_squared_sum = 0.0
    b2_squared_sum = 0.0
    W3_squared_sum = 0.0
    for j in range(16):
        W1_j = W1[j]
        for k in range(2):
            W1_squared_sum += W1_j[k] ** 2  # line 18
        b1_squared_sum += b1[j] ** 2
        W2_j = W2[j]
        for k in range(16):
            W2_squared_sum += W2_j[k] ** 2
        b2_squared_sum += b2[j] ** 2
        W3_squared_sum += W3_0[j] ** 2
    return data + alpha * (
        W1_squared_sum
        + b1_squared_sum
        + W2_squared_sum
        + b2_squared_sum
        + W3_squared_sum
        + b3[0] ** 2
    )


def loss_value_and_grad(params, X, y, alpha=0.0001):
    """Mean hinge loss of the scores plus `alpha` times the sum of squared parameters
    (moons.mg, line 15), and its derivatives.

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
    check_shape("score.linear1.W", W1, 16, 2)
    check_shape("score.linear1.b", b1, 16)
    check_shape("score.linear2.W", W2, 16, 16)
    check_shape("score.linear2.b", b2, 16)
    check_shape("score.linear3.W", W3, 1, 16)
    check_shape("score.linear3.b", b3, 1)
    check_shape("X", X, n, 2)
    check_shape("y", y, n)
    # forward
    # line 17: data = mean(relu(1 - y[i]*score(X[i])) for i)
    slope = -1.0 / n
    data_sum = 0.0
    dW1 = [[0.0] * 2 for _ in range(16)]
    db1 = [0.0] * 16
    dW2 = [[0.0] * 16 for _ in range(16)]
    db2 = [0.0] * 16
    dW3 = [[0.0] * 16 for _ in range(1)]
    part_of_db3_0 = 0.0
    W3_0 = W3[0]
    b3_0 = b3[0]
    dW3_0 = dW3[0]
    for i in range(n):
        # forward
        h = [0.0] * 16
        X_i = X[i]
        for j in range(16):
            linear1_sum = 0.0
            W1_j = W1[j]
            for k in range(2):
                linear1_sum += W1_j[k] * X_i[k]  # line 8
            linear1 = linear1_sum + b1[j]
            h[j] = 0.0 if linear1 <= 0.0 else linear1  # line 11
        h2 = [0.0] * 16
        W3_h2_sum = 0.0
        for j in range(16):
            linear2_sum = 0.0
            W2_j = W2[j]
            for k in range(16):
                linear2_sum += W2_j[k] * h[k]  # line 8
            linear2 = linear2_sum + b2[j]
            h2[j] = 0.0 if linear2 <= 0.0 else linear2  # line 12
            W3_h2_sum += W3_0[j] * h2[j]  # line 8
        data_difference = 1.0 - y[i] * (W3_h2_sum + b3_0)  # line 17
        data_difference_relu = 0.0 if data_difference <= 0.0 else data_difference
        data_sum += data_difference_relu
        # backward
        if data_difference_relu > 0.0:
            # line 17: data = mean(relu(1 - y[i]*score(X[i])) for i)
            dW3_h2_sum = slope * y[i]
            dh = [0.0] * 16
            for j in range(16):
                W2_j = W2[j]
                dW2_j = dW2[j]
                if h2[j] > 0.0:
                    # line 8: return W @ x + b
                    dh2 = dW3_h2_sum * W3_0[j]
                    for k in range(16):
                        dh[k] += dh2 * W2_j[k]
                        dW2_j[k] += dh2 * h[k]
                    db2[j] += dh2
                dW3_0[j] += dW3_h2_sum * h2[j]
            for j in range(16):
                dW1_j = dW1[j]
                if h[j] > 0.0:
                    for k in range(2):
                        dW1_j[k] += dh[j] * X_i[k]
                    db1[j] += dh[j]
            part_of_db3_0 += dW3_h2_sum
    data = data_sum / n  # line 17
    W1_squared_sum = 0.0
    b1_squared_sum = 0.0
    W2_squared_sum = 0.0
    b2_squared_sum = 0.0
    W3_squared_sum = 0.0
    for j in range(16):
        W1_j = W1[j]
        for k in range(2):
            W1_squared_sum += W1_j[k] ** 2  # line 18
        b1_squared_sum += b1[j] ** 2
        W2_j = W2[j]
        for k in range(16):
            W2_squared_sum += W2_j[k] ** 2
        b2_squared_sum += b2[j] ** 2
        W3_squared_sum += W3_0[j] ** 2
    out = data + alpha * (
        W1_squared_sum
        + b1_squared_sum
        + W2_squared_sum
        + b2_squared_sum
        + W3_squared_sum
        + b3_0 * b3_0
    )
    # backward
    # line 18: return data + alpha * sum(p**2 for p in params)
    two_alpha = 2.0 * alpha
    for j in range(16):
        dW1_j = dW1[j]
        W1_j = W1[j]
        for k in range(2):
            dW1_j[k] += two_alpha * W1_j[k]
        db1[j] += two_alpha * b1[j]
        dW2_j = dW2[j]
        W2_j = W2[j]
        for k in range(16):
            dW2_j[k] += two_alpha * W2_j[k]
        db2[j] += two_alpha * b2[j]
        dW3_0[j] += two_alpha * W3_0[j]
    db3 = [part_of_db3_0 + two_alpha * b3_0]
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
    check_shape("score.linear1.W", W1, 16, 2)
    check_shape("score.linear1.b", b1, 16)
    check_shape("score.linear2.W", W2, 16, 16)
    check_shape("score.linear2.b", b2, 16)
    check_shape("score.linear3.W", W3, 1, 16)
    check_shape("score.linear3.b", b3, 1)
    check_shape("X", X, n, 2)
    check_shape("y", y, n)
    out_sum = 0.0
    W3_0 = W3[0]
    b3_0 = b3[0]
    for i in range(n):
        h = [0.0] * 16
        X_i = X[i]
        for j in range(16):
            linear1_sum = 0.0
            W1_j = W1[j]
            for k in range(2):
                linear1_sum += W1_j[k] * X_i[k]  # line 8
            linear1 = linear1_sum + b1[j]
            h[j] = 0.0 if linear1 <= 0.0 else linear1  # line 11
        W3_h2_sum = 0.0
        for j in range(16):
            linear2_sum = 0.0
            W2_j = W2[j]
            for k in range(16):
                linear2_sum += W2_j[k] * h[k]  # line 8
            linear2 = linear2_sum + b2[j]
            h2 = 0.0 if linear2 <= 0.0 else linear2  # line 12
            W3_h2_sum += W3_0[j] * h2  # line 8
        if (W3_h2_sum + b3_0 > 0.0) == (y[i] > 0.0):
            out_sum += 1.0  # line 22
    return out_sum / n


def accuracy_value_and_grad(params, X, y):
    """Share of the points on the right side: y is -1 or +1 (moons.mg, line 20), and
    its derivatives.

    X: [n, 2] of float
    y: [n] of float

    Returns (value, grads); grads is a dict like params. All derivatives are 0: the
    value is constant but for jumps.
    """
    W1 = params["score.linear1.W"]
    b1 = params["score.linear1.b"]
    W2 = params["score.linear2.W"]
    b2 = params["score.linear2.b"]
    W3 = params["score.linear3.W"]
    b3 = params["score.linear3.b"]
    n = len(X)
    check_shape("score.linear1.W", W1, 16, 2)
    check_shape("score.linear1.b", b1, 16)
    check_shape("score.linear2.W", W2, 16, 16)
    check_shape("score.linear2.b", b2, 16)
    check_shape("score.linear3.W", W3, 1, 16)
    check_shape("score.linear3.b", b3, 1)
    check_shape("X", X, n, 2)
    check_shape("y", y, n)
    out_sum = 0.0
    W3_0 = W3[0]
    b3_0 = b3[0]
    for i in range(n):
        h = [0.0] * 16
        X_i = X[i]
        for j in range(16):
            linear1_sum = 0.0
            W1_j = W1[j]
            for k in range(2):
                linear1_sum += W1_j[k] * X_i[k]  # line 8
            linear1 = linear1_sum + b1[j]
            h[j] = 0.0 if linear1 <= 0.0 else linear1  # line 11
        W3_h2_sum = 0.0
        for j in range(16):
            linear2_sum = 0.0
            W2_j = W2[j]
            for k in range(16):
                linear2_sum += W2_j[k] * h[k]  # line 8
            linear2 = linear2_sum + b2[j]
            h2 = 0.0 if linear2 <= 0.0 else linear2  # line 12
            W3_h2_sum += W3_0[j] * h2  # line 8
        if (W3_h2_sum + b3_0 > 0.0) == (y[i] > 0.0):
            out_sum += 1.0  # line 22
    out = out_sum / n
    grads = {
        "score.linear1.W": [[0.0] * 2 for _ in range(16)],
        "score.linear1.b": [0.0] * 16,
        "score.linear2.W": [[0.0] * 16 for _ in range(16)],
        "score.linear2.b": [0.0] * 16,
        "score.linear3.W": [[0.0] * 16 for _ in range(1)],
        "score.linear3.b": [0.0] * 1,
    }
    return out, grads
