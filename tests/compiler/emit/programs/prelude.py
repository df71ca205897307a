"""prelude.mg, compiled to Python: values and exact derivatives.

d<name> is the derivative of the result with respect to <name>.
"""

import math
from math import erfc, exp, expm1, inf, log, log1p, sqrt


def sigmoid(x):
    if not x >= 0.0:
        x_exp = exp(x)
    return 1.0 / (1.0 + exp(-x)) if x >= 0.0 else x_exp / (1.0 + x_exp)


def softplus(x):
    return (0.0 if x <= 0.0 else x) + log1p(exp(-abs(x)))


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


def logaddexp(x, y):
    if x != y:
        out_sum = max(x, y) + log1p(exp(-abs(x - y)))
    return x + log(2.0) if x == y else out_sum


def max(x, y, *more):
    """The largest one; nan if any is, the first of equals (so of 0.0 and -0.0)."""
    largest = x if x >= y or math.isnan(x) else y
    for z in more:
        largest = largest if largest >= z or math.isnan(largest) else z
    return largest


def activations(x):
    """activations of prelude.mg, line 2."""
    x_sigmoid = sigmoid(x)  # line 3
    x_plus_two = x + 2.0
    return (
        x_sigmoid
        + softplus(x)
        + x * x_sigmoid
        + 0.5 * x * erfc(-x / 1.4142135623730951)
        + (x if x > 0.0 else expm1(x))
        + (x if x > 0.0 else 0.01 * x)
        + (0.0 if x_plus_two <= 0.0 else x_plus_two)
    )


def activations_value_and_grad(x):
    """activations of prelude.mg, line 2, and its derivatives.

    Returns (value, grads); grads holds that of x.
    """
    # forward
    x_sigmoid = sigmoid(x)  # line 3
    x_ratio = -x / 1.4142135623730951
    x_ratio_erfc = erfc(x_ratio)
    x_plus_two = x + 2.0
    x_plus_two_relu = 0.0 if x_plus_two <= 0.0 else x_plus_two
    out = (
        x_sigmoid
        + softplus(x)
        + x * x_sigmoid
        + 0.5 * x * x_ratio_erfc
        + (x if x > 0.0 else expm1(x))
        + (x if x > 0.0 else 0.01 * x)
        + x_plus_two_relu
    )
    # backward
    # line 3: return sigmoid(x) + softplus(x) + silu(x) + gelu(x) + elu(x) + leaky_re...
    part_of_dx = -0.5641895835477563 * x * exp(-x_ratio * x_ratio) * 0.7071067811865475
    dx = (
        0.5 * x_ratio_erfc
        - part_of_dx
        + 2.0 * x_sigmoid
        + (x + 1.0) * (x_sigmoid * (1.0 - x_sigmoid))
        + (1.0 if x_plus_two_relu > 0.0 else 0.0)
        + (2.0 if x > 0.0 else 0.01 + exp(x))
    )
    return out, (dx,)


def over_arrays(x):
    """over_arrays of prelude.mg, line 5.

    x: [n] of float
    """
    n = len(x)
    check_shape("x", x, n)
    out = 0.0
    for i in range(n):
        x_elu = x[i] if x[i] > 0.0 else 0.5 * expm1(x[i])  # line 6
        out += 0.5 * x[i] * erfc(-x[i] / 1.4142135623730951) * x_elu
    return out


def over_arrays_value_and_grad(x):
    """over_arrays of prelude.mg, line 5, and its derivatives.

    x: [n] of float

    Returns (value, grads); grads holds that of x.
    """
    n = len(x)
    check_shape("x", x, n)
    out = 0.0
    dx = [0.0] * n
    for i in range(n):
        # forward
        x_gelu_ratio = -x[i] / 1.4142135623730951  # line 6
        x_gelu_ratio_erfc = erfc(x_gelu_ratio)
        x_gelu = 0.5 * x[i] * x_gelu_ratio_erfc
        x_elu = x[i] if x[i] > 0.0 else 0.5 * expm1(x[i])
        out += x_gelu * x_elu
        # backward
        # line 6: return sum(gelu(x)*elu(x, alpha = 0.5))
        dx_gelu_ratio = (
            -1.1283791670955126
            * (0.5 * x_elu * x[i])
            * exp(-x_gelu_ratio * x_gelu_ratio)
        )
        dx[i] = (
            x_elu * x_gelu_ratio_erfc * 0.5
            - dx_gelu_ratio * 0.7071067811865475
            + (x_gelu if x[i] > 0.0 else x_gelu * 0.5 * exp(x[i]))
        )
    return out, (dx,)


def probabilities(x):
    """probabilities of prelude.mg, line 8.

    x: [n] of float
    """
    n = len(x)
    check_shape("x", x, n)
    x_max = -inf
    for i in range(n):
        if x[i] > x_max or x[i] != x[i]:  # line 9
            x_max = x[i]
    x_exp = [0.0] * n
    x_exp_sum = 0.0
    for i in range(n):
        x_exp[i] = exp(x[i] - x_max)
        x_exp_sum += x_exp[i]
    out = [0.0] * n
    for i in range(n):
        out[i] = x_exp[i] / x_exp_sum
    return out


def probabilities_vjp(x, dout):
    """probabilities of prelude.mg, line 8, and its vector-Jacobian product.

    x: [n] of float
    dout: [n] of float

    Returns (value, grads); grads holds that of x.
    """
    n = len(x)
    check_shape("x", x, n)
    check_shape("dout", dout, n)
    # forward
    x_max = -inf
    for i in range(n):
        if x[i] > x_max or x[i] != x[i]:  # line 9
            x_max = x[i]
    x_exp = [0.0] * n
    x_exp_sum = 0.0
    for i in range(n):
        x_exp[i] = exp(x[i] - x_max)
        x_exp_sum += x_exp[i]
    out = [0.0] * n
    dx_exp_sum = 0.0
    for i in range(n):
        # forward
        out[i] = x_exp[i] / x_exp_sum  # line 9
        # backward
        # line 9: return softmax(x)
        dx_exp_sum -= dout[i] * (out[i] / x_exp_sum)
    # backward
    dx = [0.0] * n
    for i in range(n):
        # line 9: return softmax(x)
        dx_exp = dout[i] / x_exp_sum + dx_exp_sum
        dx[i] = dx_exp * x_exp[i]
    return out, (dx,)


def log_probabilities(x):
    """log_probabilities of prelude.mg, line 11.

    x: [n] of float
    """
    n = len(x)
    check_shape("x", x, n)
    x_max = -inf
    for i in range(n):
        if x[i] > x_max or x[i] != x[i]:  # line 12
            x_max = x[i]
    x_minus_max = [0.0] * n
    x_others = 0.0
    x_ties = 0.0
    for i in range(n):
        x_minus_max[i] = x[i] - x_max
        x_exp = exp(x_minus_max[i])
        x_others += x_exp - 1.0 if x[i] == x_max else x_exp
        if x[i] == x_max:
            x_ties += 1.0
    x_log_total = log1p(x_others + (x_ties - 1.0))
    out = 0.0
    for i in range(n):
        out += (x_minus_max[i] - x_log_total) * x[i]
    return out


def log_probabilities_value_and_grad(x):
    """log_probabilities of prelude.mg, line 11, and its derivatives.

    x: [n] of float

    Returns (value, grads); grads holds that of x.
    """
    n = len(x)
    check_shape("x", x, n)
    x_max = -inf
    for i in range(n):
        if x[i] > x_max or x[i] != x[i]:  # line 12
            x_max = x[i]
    x_minus_max = [0.0] * n
    x_exp = [0.0] * n
    x_others = 0.0
    x_ties = 0.0
    for i in range(n):
        x_minus_max[i] = x[i] - x_max
        x_exp[i] = exp(x_minus_max[i])
        x_others += x_exp[i] - 1.0 if x[i] == x_max else x_exp[i]
        if x[i] == x_max:
            x_ties += 1.0
    x_log_total_sum = x_others + (x_ties - 1.0)
    x_log_total = log1p(x_log_total_sum)
    dx_log_total = 0.0
    for i in range(n):
        dx_log_total -= x[i]
    dx_others = dx_log_total / (1.0 + x_log_total_sum)
    out = 0.0
    dx = [0.0] * n
    for i in range(n):
        # forward
        x_log_softmax = x_minus_max[i] - x_log_total  # line 12
        out += x_log_softmax * x[i]
        # backward
        dx[i] = x_log_softmax + (x[i] + dx_others * x_exp[i])
    return out, (dx,)


def normalisers(x, y):
    """normalisers of prelude.mg, line 14.

    x: [n] of float
    y: [n] of float
    """
    n = len(x)
    check_shape("x", x, n)
    check_shape("y", y, n)
    x_max = -inf
    for j in range(n):
        if x[j] > x_max or x[j] != x[j]:  # line 15
            x_max = x[j]
    x_others = 0.0
    x_ties = 0.0
    for j in range(n):
        x_exp = exp(x[j] - x_max)
        x_others += x_exp - 1.0 if x[j] == x_max else x_exp
        if x[j] == x_max:
            x_ties += 1.0
    x_logsumexp = x_max + log1p(x_others + (x_ties - 1.0))
    v = [0.0] * n
    v_max = -inf
    for i in range(n):
        v[i] = x[i] * y[i]
        if v[i] > v_max or v[i] != v[i]:
            v_max = v[i]
    v_others = 0.0
    v_ties = 0.0
    for i in range(n):
        v_exp = exp(v[i] - v_max)
        v_others += v_exp - 1.0 if v[i] == v_max else v_exp
        if v[i] == v_max:
            v_ties += 1.0
    v_logsumexp = v_max + log1p(v_others + (v_ties - 1.0))
    first = element(0, n)
    return x_logsumexp + v_logsumexp + logaddexp(x[first], y[first])


def normalisers_value_and_grad(x, y):
    """normalisers of prelude.mg, line 14, and its derivatives.

    x: [n] of float
    y: [n] of float

    Returns (value, grads); grads holds those of x, y.
    """
    n = len(x)
    check_shape("x", x, n)
    check_shape("y", y, n)
    # forward
    x_max = -inf
    for j in range(n):
        if x[j] > x_max or x[j] != x[j]:  # line 15
            x_max = x[j]
    x_exp = [0.0] * n
    x_others = 0.0
    x_ties = 0.0
    for j in range(n):
        x_exp[j] = exp(x[j] - x_max)
        x_others += x_exp[j] - 1.0 if x[j] == x_max else x_exp[j]
        if x[j] == x_max:
            x_ties += 1.0
    x_logsumexp_sum = x_others + (x_ties - 1.0)
    x_logsumexp = x_max + log1p(x_logsumexp_sum)
    v = [0.0] * n
    v_max = -inf
    for i in range(n):
        v[i] = x[i] * y[i]
        if v[i] > v_max or v[i] != v[i]:
            v_max = v[i]
    v_exp = [0.0] * n
    v_others = 0.0
    v_ties = 0.0
    for i in range(n):
        v_exp[i] = exp(v[i] - v_max)
        v_others += v_exp[i] - 1.0 if v[i] == v_max else v_exp[i]
        if v[i] == v_max:
            v_ties += 1.0
    v_logsumexp_sum = v_others + (v_ties - 1.0)
    v_logsumexp = v_max + log1p(v_logsumexp_sum)
    first = element(0, n)
    out = x_logsumexp + v_logsumexp + logaddexp(x[first], y[first])
    # backward
    # line 15: return logsumexp(x) + logsumexp(x[i]*y[i] for i) + logaddexp(x[0], y[0])
    dv_others = 1.0 / (1.0 + v_logsumexp_sum)
    dx = [0.0] * n
    dy = [0.0] * n
    for i in range(n):
        dv = dv_others * v_exp[i]
        dx[i] += dv * y[i]
        dy[i] += dv * x[i]
    dx_others = 1.0 / (1.0 + x_logsumexp_sum)
    dx[first] += sigmoid(x[first] - y[first])
    for j in range(n):
        dx[j] += dx_others * x_exp[j]
    dy[first] += sigmoid(y[first] - x[first])
    return out, (dx, dy)


def losses(x, y, k):
    """losses of prelude.mg, line 17.

    x: [n] of float
    y: [n] of float
    k: int
    """
    n = len(x)
    check_shape("x", x, n)
    check_shape("y", y, n)
    x_minus_y_squared_sum = 0.0
    x_dot = 0.0
    for i in range(n):
        x_minus_y = x[i] - y[i]  # line 18
        x_minus_y_squared_sum += x_minus_y * x_minus_y
        x_dot += x[i] * y[i]
    out_difference_relu_sum = 0.0
    x_max = -inf
    out_sum = 0.0
    for j in range(n):
        out_difference = 1.0 - y[j] * x[j]
        out_difference_relu_sum += 0.0 if out_difference <= 0.0 else out_difference
        if x[j] > x_max or x[j] != x[j]:
            x_max = x[j]
        out_sum += y[j] * softplus(-x[j]) + (1.0 - y[j]) * softplus(x[j])
    x_others = 0.0
    for i in range(n):
        x_exp = exp(x[i] - x_max)
        x_others += x_exp - 1.0 if i == k else x_exp
    place = element(k, n)
    x_scale = -inf
    for i in range(n):
        x_abs = abs(x[i])
        if x_abs > x_scale or x_abs != x_abs:
            x_scale = x_abs
    if not x_scale <= 0.0:
        x_length_sum = 0.0
        for i in range(n):
            x_length_ratio = x[i] / x_scale
            x_length_sum += x_length_ratio * x_length_ratio
        x_length = x_scale * sqrt(x_length_sum)
    return (
        x_minus_y_squared_sum / n
        + out_difference_relu_sum
        + (log1p(x_others) - (x[place] - x_max))
        + out_sum
        + x_dot
        + (0.0 if x_scale <= 0.0 else x_length)
    )


def losses_value_and_grad(x, y, k):
    """losses of prelude.mg, line 17, and its derivatives.

    x: [n] of float
    y: [n] of float
    k: int

    Returns (value, grads); grads holds those of x, y.
    """
    n = len(x)
    check_shape("x", x, n)
    check_shape("y", y, n)
    # forward
    # line 18: return mse(x, y) + sum(hinge(x, y)) + cross_entropy(x, k) + sum(binary...
    two_over_n = 2.0 / n
    x_minus_y_squared_sum = 0.0
    x_dot = 0.0
    dx = [0.0] * n
    dy = [0.0] * n
    for i in range(n):
        # forward
        x_minus_y = x[i] - y[i]  # line 18
        x_minus_y_squared_sum += x_minus_y * x_minus_y
        x_dot += x[i] * y[i]
        # backward
        # line 18: return mse(x, y) + sum(hinge(x, y)) + cross_entropy(x, k) + sum(bi...
        dx_minus_y = two_over_n * x_minus_y
        dx[i] += y[i] + dx_minus_y
        dy[i] += x[i] - dx_minus_y
    x_hinge_sum = 0.0
    x_max = -inf
    out_sum = 0.0
    for j in range(n):
        # forward
        x_hinge_difference = 1.0 - y[j] * x[j]  # line 18
        x_hinge = 0.0 if x_hinge_difference <= 0.0 else x_hinge_difference
        x_hinge_sum += x_hinge
        if x[j] > x_max or x[j] != x[j]:
            x_max = x[j]
        minus_x = -x[j]
        minus_x_softplus = softplus(minus_x)
        one_minus_y = 1.0 - y[j]
        x_softplus = softplus(x[j])
        out_sum += y[j] * minus_x_softplus + one_minus_y * x_softplus
        # backward
        dx[j] += (
            one_minus_y * sigmoid(x[j])
            - y[j] * sigmoid(minus_x)
            + (-y[j] if x_hinge > 0.0 else 0.0)
        )
        dy[j] += minus_x_softplus - x_softplus + (minus_x if x_hinge > 0.0 else 0.0)
    x_exp = [0.0] * n
    x_others = 0.0
    for i in range(n):
        x_exp[i] = exp(x[i] - x_max)  # line 18
        x_others += x_exp[i] - 1.0 if i == k else x_exp[i]
    place = element(k, n)
    x_scale = -inf
    for i in range(n):
        x_abs = abs(x[i])
        if x_abs > x_scale or x_abs != x_abs:
            x_scale = x_abs
    if not x_scale <= 0.0:
        # forward
        x_length_ratio = [0.0] * n
        x_length_sum = 0.0
        for i in range(n):
            x_length_ratio[i] = x[i] / x_scale  # line 18
            x_length_sum += x_length_ratio[i] ** 2
        x_length_sqrt = sqrt(x_length_sum)
        x_length = x_scale * x_length_sqrt
        # backward
        # line 18: return mse(x, y) + sum(hinge(x, y)) + cross_entropy(x, k) + sum(bi...
        slope = 2.0 * (x_scale * (0.5 / x_length_sqrt))
        for i in range(n):
            dx[i] += slope * x_length_ratio[i] / x_scale
    out = (
        x_minus_y_squared_sum / n
        + x_hinge_sum
        + (log1p(x_others) - (x[place] - x_max))
        + out_sum
        + x_dot
        + (0.0 if x_scale <= 0.0 else x_length)
    )
    # backward
    # line 18: return mse(x, y) + sum(hinge(x, y)) + cross_entropy(x, k) + sum(binary...
    dx_others = 1.0 / (1.0 + x_others)
    dx[place] -= 1.0
    for i in range(n):
        dx[i] += dx_others * x_exp[i]
    return out, (dx, dy)


def softmax_inside(X):
    """softmax_inside of prelude.mg, line 20.

    X: [m, n] of float
    """
    m = len(X)
    n = len(X[0]) if len(X) else 0
    check_shape("X", X, m, n)
    out = 0.0
    for i in range(m):
        X_max = -inf
        X_i = X[i]
        for j in range(n):
            if X_i[j] > X_max or X_i[j] != X_i[j]:  # line 21
                X_max = X_i[j]
        X_exp = [0.0] * n
        X_exp_sum = 0.0
        for j in range(n):
            X_exp[j] = exp(X_i[j] - X_max)
            X_exp_sum += X_exp[j]
        for j in range(n):
            out += X_exp[j] / X_exp_sum * X_i[j] ** 2
    return out


def softmax_inside_value_and_grad(X):
    """softmax_inside of prelude.mg, line 20, and its derivatives.

    X: [m, n] of float

    Returns (value, grads); grads holds that of X.
    """
    m = len(X)
    n = len(X[0]) if len(X) else 0
    check_shape("X", X, m, n)
    out = 0.0
    dX = [[0.0] * n for _ in range(m)]
    for i in range(m):
        # forward
        X_max = -inf
        X_i = X[i]
        for j in range(n):
            if X_i[j] > X_max or X_i[j] != X_i[j]:  # line 21
                X_max = X_i[j]
        X_exp = [0.0] * n
        X_exp_sum = 0.0
        for j in range(n):
            X_exp[j] = exp(X_i[j] - X_max)
            X_exp_sum += X_exp[j]
        X_softmax = [0.0] * n
        X_squared = [0.0] * n
        dX_exp_sum = 0.0
        for j in range(n):
            # forward
            X_softmax[j] = X_exp[j] / X_exp_sum  # line 21
            X_squared[j] = X_i[j] ** 2
            out += X_softmax[j] * X_squared[j]
            # backward
            # line 21: return sum(softmax(X[i])[j]*X[i, j]**2 for i, j)
            dX_exp_sum -= X_squared[j] * (X_softmax[j] / X_exp_sum)
        # backward
        dX_i = dX[i]
        for j in range(n):
            # line 21: return sum(softmax(X[i])[j]*X[i, j]**2 for i, j)
            dX_exp = X_squared[j] / X_exp_sum + dX_exp_sum
            dX_i[j] = 2.0 * X_softmax[j] * X_i[j] + dX_exp * X_exp[j]
    return out, (dX,)
