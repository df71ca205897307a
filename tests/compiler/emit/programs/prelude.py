"""prelude.mg, compiled to Python: values and exact derivatives."""

import math
from math import erfc, exp, expm1, inf, log, log1p, sqrt


def sigmoid(x):
    if not x >= 0.0:
        exp_x = exp(x)
    return 1.0 / (1.0 + exp(-x)) if x >= 0.0 else exp_x / (1.0 + exp_x)


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
    if not x == y:
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
    sigmoid_x = sigmoid(x)  # line 3
    out_in = x + 2.0
    return (
        sigmoid_x
        + softplus(x)
        + x * sigmoid_x
        + 0.5 * x * erfc(-x / 1.4142135623730951)
        + (x if x > 0.0 else expm1(x))
        + (x if x > 0.0 else 0.01 * x)
        + (0.0 if out_in <= 0.0 else out_in)
    )


def activations_value_and_grad(x):
    """activations of prelude.mg, line 2, and its derivatives.

    Returns (value, grads); grads holds that of x.
    """
    # forward
    sigmoid_x = sigmoid(x)  # line 3
    out_product = 0.5 * x
    out_in = -x / 1.4142135623730951
    out_erfc = erfc(out_in)
    out_in_2 = x + 2.0
    out_relu = 0.0 if out_in_2 <= 0.0 else out_in_2
    out = (
        sigmoid_x
        + softplus(x)
        + x * sigmoid_x
        + out_product * out_erfc
        + (x if x > 0.0 else expm1(x))
        + (x if x > 0.0 else 0.01 * x)
        + out_relu
    )
    # backward: d<name> is the derivative of the result with respect to <name>
    # line 3: return sigmoid(x) + softplus(x) + silu(x) + gelu(x) + elu(x) + le...
    dout_in = out_product * (-1.1283791670955126 * exp(-out_in * out_in))
    dx = (
        out_erfc * 0.5
        - dout_in * 0.7071067811865475
        + sigmoid_x
        + sigmoid_x
        + (x + 1.0) * (sigmoid_x * (1.0 - sigmoid_x))
        + (1.0 if out_relu > 0.0 else 0.0)
        + (2.0 if x > 0.0 else 0.01 + exp(x))
    )
    return out, (dx,)


def over_arrays(x):
    """over_arrays of prelude.mg, line 5.

    x: [n] of float
    """
    n = len(x)
    check_shape("x", x, n)
    out_sum = 0.0
    for i in range(n):
        out_product = 0.5 * x[i] * erfc(-x[i] / 1.4142135623730951)  # line 6
        out_product_2 = out_product * (x[i] if x[i] > 0.0 else 0.5 * expm1(x[i]))
        out_sum += out_product_2
    return out_sum


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
        out_product = 0.5 * x[i]  # line 6
        out_in = -x[i] / 1.4142135623730951
        out_erfc = erfc(out_in)
        out_product_2 = out_product * out_erfc
        if x[i] > 0.0:
            out_chosen = x[i]
        else:
            out_chosen = 0.5 * expm1(x[i])
        out += out_product_2 * out_chosen
        # backward: d<name> is the derivative of the result with respect to <name>
        if not x[i] > 0.0:
            # line 6: return sum(gelu(x)*elu(x, alpha = 0.5))
            t = out_product_2 * 0.5 * exp(x[i])
        t_2 = -1.1283791670955126 * exp(-out_in * out_in)
        dout_negated = out_chosen * out_product * t_2 * 0.7071067811865475
        dx[i] = (
            out_chosen * out_erfc * 0.5
            - dout_negated
            + (out_product_2 if x[i] > 0.0 else t)
        )
    return out, (dx,)


def probabilities(x):
    """probabilities of prelude.mg, line 8.

    x: [n] of float
    """
    n = len(x)
    check_shape("x", x, n)
    largest = -inf
    for i in range(n):
        if x[i] > largest or x[i] != x[i]:  # line 9
            largest = x[i]
    weight = [0.0] * n
    out_sum = 0.0
    for i in range(n):
        weight[i] = exp(x[i] - largest)
        out_sum += weight[i]
    out_values = [0.0] * n
    for i in range(n):
        out_values[i] = weight[i] / out_sum
    return out_values


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
    largest = -inf
    for i in range(n):
        if x[i] > largest or x[i] != x[i]:  # line 9
            largest = x[i]
    weight = [0.0] * n
    out_sum = 0.0
    for i in range(n):
        weight[i] = exp(x[i] - largest)
        out_sum += weight[i]
    out = [0.0] * n
    dout_sum = 0.0
    for i in range(n):
        # forward
        out[i] = weight[i] / out_sum  # line 9
        # backward: d<name> is the derivative of the result with respect to <name>
        # line 9: return softmax(x)
        dout_sum += dout[i] * (-out[i] / out_sum)
    # backward
    dx = [0.0] * n
    for i in range(n):
        # line 9: return softmax(x)
        dweight = dout[i] / out_sum + dout_sum
        dx[i] = dweight * weight[i]
    return out, (dx,)


def log_probabilities(x):
    """log_probabilities of prelude.mg, line 11.

    x: [n] of float
    """
    n = len(x)
    check_shape("x", x, n)
    largest = -inf
    for i in range(n):
        if x[i] > largest or x[i] != x[i]:  # line 12
            largest = x[i]
    weight_in = [0.0] * n
    others = 0.0
    ties = 0.0
    for i in range(n):
        weight_in[i] = x[i] - largest
        weight = exp(weight_in[i])
        others += weight - 1.0 if x[i] == largest else weight
        if x[i] == largest:
            ties += 1.0
    log_total = log1p(others + (ties - 1.0))
    out_sum = 0.0
    for i in range(n):
        out_sum += (weight_in[i] - log_total) * x[i]
    return out_sum


def log_probabilities_value_and_grad(x):
    """log_probabilities of prelude.mg, line 11, and its derivatives.

    x: [n] of float

    Returns (value, grads); grads holds that of x.
    """
    n = len(x)
    check_shape("x", x, n)
    largest = -inf
    for i in range(n):
        if x[i] > largest or x[i] != x[i]:  # line 12
            largest = x[i]
    weight_in = [0.0] * n
    weight = [0.0] * n
    others = 0.0
    ties = 0.0
    for i in range(n):
        weight_in[i] = x[i] - largest
        weight[i] = exp(weight_in[i])
        others += weight[i] - 1.0 if x[i] == largest else weight[i]
        if x[i] == largest:
            ties += 1.0
    log_total_in = others + (ties - 1.0)
    log_total = log1p(log_total_in)
    dlog_total = 0.0
    for i in range(n):
        dlog_total += -x[i]
    dothers = dlog_total / (1.0 + log_total_in)
    out = 0.0
    dx = [0.0] * n
    for i in range(n):
        # forward
        out_difference = weight_in[i] - log_total  # line 12
        out += out_difference * x[i]
        # backward: d<name> is the derivative of the result with respect to <name>
        dx[i] = out_difference + (x[i] + dothers * weight[i])
    return out, (dx,)


def normalisers(x, y):
    """normalisers of prelude.mg, line 14.

    x: [n] of float
    y: [n] of float
    """
    n = len(x)
    check_shape("x", x, n)
    check_shape("y", y, n)
    largest = -inf
    for j in range(n):
        if x[j] > largest or x[j] != x[j]:  # line 15
            largest = x[j]
    others = 0.0
    ties = 0.0
    for j in range(n):
        weight = exp(x[j] - largest)
        others += weight - 1.0 if x[j] == largest else weight
        if x[j] == largest:
            ties += 1.0
    stable = largest + log1p(others + (ties - 1.0))
    v = [0.0] * n
    largest_2 = -inf
    for i in range(n):
        v[i] = x[i] * y[i]
        if v[i] > largest_2 or v[i] != v[i]:
            largest_2 = v[i]
    others_2 = 0.0
    ties_2 = 0.0
    for i in range(n):
        weight_2 = exp(v[i] - largest_2)
        others_2 += weight_2 - 1.0 if v[i] == largest_2 else weight_2
        if v[i] == largest_2:
            ties_2 += 1.0
    stable_2 = largest_2 + log1p(others_2 + (ties_2 - 1.0))
    place = element(0, n)
    return stable + stable_2 + logaddexp(x[place], y[place])


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
    largest = -inf
    for j in range(n):
        if x[j] > largest or x[j] != x[j]:  # line 15
            largest = x[j]
    weight = [0.0] * n
    others = 0.0
    ties = 0.0
    for j in range(n):
        weight[j] = exp(x[j] - largest)
        others += weight[j] - 1.0 if x[j] == largest else weight[j]
        if x[j] == largest:
            ties += 1.0
    stable_in = others + (ties - 1.0)
    stable = largest + log1p(stable_in)
    v = [0.0] * n
    largest_2 = -inf
    for i in range(n):
        v[i] = x[i] * y[i]
        if v[i] > largest_2 or v[i] != v[i]:
            largest_2 = v[i]
    weight_2 = [0.0] * n
    others_2 = 0.0
    ties_2 = 0.0
    for i in range(n):
        weight_2[i] = exp(v[i] - largest_2)
        others_2 += weight_2[i] - 1.0 if v[i] == largest_2 else weight_2[i]
        if v[i] == largest_2:
            ties_2 += 1.0
    stable_in_2 = others_2 + (ties_2 - 1.0)
    stable_2 = largest_2 + log1p(stable_in_2)
    place = element(0, n)
    out = stable + stable_2 + logaddexp(x[place], y[place])
    # backward: d<name> is the derivative of the result with respect to <name>
    # line 15: return logsumexp(x) + logsumexp(x[i]*y[i] for i) + logaddexp(x[0]...
    dothers_2 = 1.0 / (1.0 + stable_in_2)
    dx = [0.0] * n
    dy = [0.0] * n
    for i in range(n):
        dv = dothers_2 * weight_2[i]
        dx[i] += dv * y[i]
        dy[i] += dv * x[i]
    dothers = 1.0 / (1.0 + stable_in)
    dx[place] += sigmoid(x[place] - y[place])
    for j in range(n):
        dx[j] += dothers * weight[j]
    dy[place] += sigmoid(y[place] - x[place])
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
    out_sum = 0.0
    for i in range(n):
        out_difference = x[i] - y[i]  # line 18
        out_sum += out_difference * out_difference
    out_sum_2 = 0.0
    largest = -inf
    out_sum_3 = 0.0
    for j in range(n):
        out_in = 1.0 - y[j] * x[j]
        out_sum_2 += 0.0 if out_in <= 0.0 else out_in
        if x[j] > largest or x[j] != x[j]:
            largest = x[j]
        out_sum_3 += y[j] * softplus(-x[j]) + (1.0 - y[j]) * softplus(x[j])
    others = 0.0
    for i in range(n):
        weight = exp(x[i] - largest)
        others += weight - 1.0 if i == k else weight
    place = element(k, n)
    out_sum_4 = 0.0
    for i in range(n):
        out_sum_4 += x[i] * y[i]
    largest_2 = -inf
    for i in range(n):
        largest_abs = abs(x[i])
        if largest_abs > largest_2 or largest_abs != largest_abs:
            largest_2 = largest_abs
    if not largest_2 <= 0.0:
        length_sum = 0.0
        for i in range(n):
            length_ratio = x[i] / largest_2
            length_sum += length_ratio * length_ratio
        length = largest_2 * sqrt(length_sum)
    return (
        out_sum / n
        + out_sum_2
        + (log1p(others) - (x[place] - largest))
        + out_sum_3
        + out_sum_4
        + (0.0 if largest_2 <= 0.0 else length)
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
    # line 18: return mse(x, y) + sum(hinge(x, y)) + cross_entropy(x, k) + sum(b...
    dout_sum = 1.0 / n
    out_sum = 0.0
    dx = [0.0] * n
    dy = [0.0] * n
    for i in range(n):
        # forward
        out_difference = x[i] - y[i]  # line 18
        out_sum += out_difference * out_difference
        # backward: d<name> is the derivative of the result with respect to <name>
        # line 18: return mse(x, y) + sum(hinge(x, y)) + cross_entropy(x, k) + sum(b...
        dout_difference = dout_sum * (2.0 * out_difference)
        dx[i] += dout_difference
        dy[i] += -dout_difference
    out_sum_2 = 0.0
    largest = -inf
    out_sum_3 = 0.0
    for j in range(n):
        # forward
        out_in = 1.0 - y[j] * x[j]  # line 18
        out_relu = 0.0 if out_in <= 0.0 else out_in
        out_sum_2 += out_relu
        if x[j] > largest or x[j] != x[j]:
            largest = x[j]
        out_in_2 = -x[j]
        out_softplus = softplus(out_in_2)
        out_difference_2 = 1.0 - y[j]
        out_softplus_2 = softplus(x[j])
        out_product = out_difference_2 * out_softplus_2
        out_sum_3 += y[j] * out_softplus + out_product
        # backward
        # line 18: return mse(x, y) + sum(hinge(x, y)) + cross_entropy(x, k) + sum(b...
        t = out_difference_2 * sigmoid(x[j])
        dx[j] += t - y[j] * sigmoid(out_in_2) + (-y[j] if out_relu > 0.0 else 0.0)
        dy[j] += out_softplus - out_softplus_2 + (out_in_2 if out_relu > 0.0 else 0.0)
    weight = [0.0] * n
    others = 0.0
    for i in range(n):
        weight[i] = exp(x[i] - largest)
        others += weight[i] - 1.0 if i == k else weight[i]
    place = element(k, n)
    out_sum_4 = 0.0
    for i in range(n):
        out_sum_4 += x[i] * y[i]
    largest_2 = -inf
    for i in range(n):
        largest_abs = abs(x[i])
        if largest_abs > largest_2 or largest_abs != largest_abs:
            largest_2 = largest_abs
    if not largest_2 <= 0.0:
        # forward
        length_ratio = [0.0] * n
        length_sum = 0.0
        for i in range(n):
            length_ratio[i] = x[i] / largest_2  # line 18
            length_sum += length_ratio[i] ** 2
        length_sqrt = sqrt(length_sum)
        length = largest_2 * length_sqrt
        # backward
        # line 18: return mse(x, y) + sum(hinge(x, y)) + cross_entropy(x, k) + sum(b...
        dlength_sum = largest_2 * (0.5 / length_sqrt)
        for i in range(n):
            dx_element = dlength_sum * (2.0 * length_ratio[i]) / largest_2
            dx[i] += dx_element
    out = (
        out_sum / n
        + out_sum_2
        + (log1p(others) - (x[place] - largest))
        + out_sum_3
        + out_sum_4
        + (0.0 if largest_2 <= 0.0 else length)
    )
    # backward
    # line 18: return mse(x, y) + sum(hinge(x, y)) + cross_entropy(x, k) + sum(b...
    dothers = 1.0 / (1.0 + others)
    for i in range(n):
        dx[i] += y[i]
        dy[i] += x[i]
    dx[place] += -1.0
    for i in range(n):
        dx[i] += dothers * weight[i]
    return out, (dx, dy)


def softmax_inside(X):
    """softmax_inside of prelude.mg, line 20.

    X: [m, n] of float
    """
    m = len(X)
    n = len(X[0]) if len(X) else 0
    check_shape("X", X, m, n)
    out_sum_2 = 0.0
    for i in range(m):
        largest = -inf
        X_i = X[i]
        for j in range(n):
            if X_i[j] > largest or X_i[j] != X_i[j]:  # line 21
                largest = X_i[j]
        weight = [0.0] * n
        out_sum = 0.0
        for j in range(n):
            weight[j] = exp(X_i[j] - largest)
            out_sum += weight[j]
        for j in range(n):
            out_sum_2 += weight[j] / out_sum * X_i[j] ** 2
    return out_sum_2


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
        largest = -inf
        X_i = X[i]
        for j in range(n):
            if X_i[j] > largest or X_i[j] != X_i[j]:  # line 21
                largest = X_i[j]
        weight = [0.0] * n
        out_sum = 0.0
        for j in range(n):
            weight[j] = exp(X_i[j] - largest)
            out_sum += weight[j]
        out_ratio = [0.0] * n
        out_power = [0.0] * n
        dout_sum = 0.0
        for j in range(n):
            # forward
            out_ratio[j] = weight[j] / out_sum  # line 21
            out_power[j] = X_i[j] ** 2
            out += out_ratio[j] * out_power[j]
            # backward: d<name> is the derivative of the result with respect to <name>
            # line 21: return sum(softmax(X[i])[j]*X[i, j]**2 for i, j)
            dout_sum += out_power[j] * (-out_ratio[j] / out_sum)
        # backward
        dX_i = dX[i]
        for j in range(n):
            # line 21: return sum(softmax(X[i])[j]*X[i, j]**2 for i, j)
            t = out_ratio[j] * (2.0 * X_i[j])
            dweight = out_power[j] / out_sum + dout_sum
            dX_i[j] = t + dweight * weight[j]
    return out, (dX,)
