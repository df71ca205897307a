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


def max(x, y):
    """The larger one; nan if either is, the first of two equals (so of 0.0 and -0.0)."""
    return x if x >= y or math.isnan(x) else y


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
    for j in range(n):
        if x[j] > largest or x[j] != x[j]:  # line 9
            largest = x[j]
    weight = [0.0] * n
    total = 0.0
    for i in range(n):
        weight[i] = exp(x[i] - largest)
        total += weight[i]
    out_values = [0.0] * n
    for i in range(n):
        out_values[i] = weight[i] / total
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
    for j in range(n):
        if x[j] > largest or x[j] != x[j]:  # line 9
            largest = x[j]
    weight = [0.0] * n
    total = 0.0
    for i in range(n):
        weight[i] = exp(x[i] - largest)
        total += weight[i]
    out = [0.0] * n
    dtotal = 0.0
    for i in range(n):
        # forward
        out[i] = weight[i] / total  # line 9
        # backward: d<name> is the derivative of the result with respect to <name>
        # line 9: return softmax(x)
        dtotal += dout[i] * (-out[i] / total)
    # backward
    dx = [0.0] * n
    for i in range(n):
        # line 9: return softmax(x)
        dweight_2 = dout[i] / total
        dx[i] += dweight_2 * weight[i]
    for i in range(n):
        dx[i] += dtotal * weight[i]
    return out, (dx,)


def log_probabilities(x):
    """log_probabilities of prelude.mg, line 11.

    x: [n] of float
    """
    n = len(x)
    check_shape("x", x, n)
    largest = -inf
    for j in range(n):
        if x[j] > largest or x[j] != x[j]:  # line 12
            largest = x[j]
    log_total_in = [0.0] * n
    log_total_sum = 0.0
    for i in range(n):
        log_total_in[i] = x[i] - largest
        log_total_sum += exp(log_total_in[i])
    log_total = log(log_total_sum)
    out_sum = 0.0
    for i in range(n):
        out_sum += (log_total_in[i] - log_total) * x[i]
    return out_sum


def log_probabilities_value_and_grad(x):
    """log_probabilities of prelude.mg, line 11, and its derivatives.

    x: [n] of float

    Returns (value, grads); grads holds that of x.
    """
    n = len(x)
    check_shape("x", x, n)
    # forward
    largest = -inf
    for j in range(n):
        if x[j] > largest or x[j] != x[j]:  # line 12
            largest = x[j]
    log_total_in = [0.0] * n
    log_total_exp = [0.0] * n
    log_total_sum = 0.0
    for i in range(n):
        log_total_in[i] = x[i] - largest
        log_total_exp[i] = exp(log_total_in[i])
        log_total_sum += log_total_exp[i]
    log_total = log(log_total_sum)
    out = 0.0
    dx = [0.0] * n
    for i in range(n):
        # forward
        out_difference = log_total_in[i] - log_total  # line 12
        out += out_difference * x[i]
        # backward: d<name> is the derivative of the result with respect to <name>
        dx[i] += out_difference + x[i]
    # backward
    dlog_total = 0.0
    for i in range(n):
        # line 12: return sum(log_softmax(x)*x)
        dlog_total += -x[i]
    dlog_total_sum = dlog_total / log_total_sum
    for i in range(n):
        dx[i] += dlog_total_sum * log_total_exp[i]
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
    stable_sum = 0.0
    for i in range(n):
        stable_sum += exp(x[i] - largest)
    stable = largest + log(stable_sum)
    largest_product = [0.0] * n
    largest_2 = -inf
    for i in range(n):
        largest_product[i] = x[i] * y[i]
        if largest_product[i] > largest_2 or largest_product[i] != largest_product[i]:
            largest_2 = largest_product[i]
    stable_sum_2 = 0.0
    for i in range(n):
        stable_sum_2 += exp(largest_product[i] - largest_2)
    stable_2 = largest_2 + log(stable_sum_2)
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
    stable_exp = [0.0] * n
    stable_sum = 0.0
    for i in range(n):
        stable_exp[i] = exp(x[i] - largest)
        stable_sum += stable_exp[i]
    stable = largest + log(stable_sum)
    largest_product = [0.0] * n
    largest_2 = -inf
    for i in range(n):
        largest_product[i] = x[i] * y[i]
        if largest_product[i] > largest_2 or largest_product[i] != largest_product[i]:
            largest_2 = largest_product[i]
    stable_exp_2 = [0.0] * n
    stable_sum_2 = 0.0
    for i in range(n):
        stable_exp_2[i] = exp(largest_product[i] - largest_2)
        stable_sum_2 += stable_exp_2[i]
    stable_2 = largest_2 + log(stable_sum_2)
    place = element(0, n)
    out = stable + stable_2 + logaddexp(x[place], y[place])
    # backward: d<name> is the derivative of the result with respect to <name>
    # line 15: return logsumexp(x) + logsumexp(x[i]*y[i] for i) + logaddexp(x[0]...
    dstable_sum_2 = 1.0 / stable_sum_2
    dx = [0.0] * n
    dy = [0.0] * n
    for i in range(n):
        dlargest_product = dstable_sum_2 * stable_exp_2[i]
        dx[i] += dlargest_product * y[i]
        dy[i] += dlargest_product * x[i]
    dstable_sum = 1.0 / stable_sum
    dx[place] += sigmoid(x[place] - y[place])
    for i in range(n):
        dx[i] += dstable_sum * stable_exp[i]
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
    out_sum_4 = 0.0
    for j in range(n):
        out_in = 1.0 - y[j] * x[j]
        out_sum_2 += 0.0 if out_in <= 0.0 else out_in
        if x[j] > largest or x[j] != x[j]:
            largest = x[j]
        out_sum_4 += y[j] * softplus(-x[j]) + (1.0 - y[j]) * softplus(x[j])
    out_sum_3 = 0.0
    for i in range(n):
        out_sum_3 += exp(x[i] - largest)
    place = element(k, n)
    out_sum_5 = 0.0
    for i in range(n):
        out_sum_5 += x[i] * y[i]
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
        + (log(out_sum_3) - (x[place] - largest))
        + out_sum_4
        + out_sum_5
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
    out_sum_4 = 0.0
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
        out_sum_4 += y[j] * out_softplus + out_product
        # backward
        # line 18: return mse(x, y) + sum(hinge(x, y)) + cross_entropy(x, k) + sum(b...
        t = out_difference_2 * sigmoid(x[j])
        dx[j] += t - y[j] * sigmoid(out_in_2) + (-y[j] if out_relu > 0.0 else 0.0)
        dy[j] += out_softplus - out_softplus_2 + (out_in_2 if out_relu > 0.0 else 0.0)
    out_exp = [0.0] * n
    out_sum_3 = 0.0
    for i in range(n):
        out_exp[i] = exp(x[i] - largest)
        out_sum_3 += out_exp[i]
    place = element(k, n)
    out_sum_5 = 0.0
    for i in range(n):
        out_sum_5 += x[i] * y[i]
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
        + (log(out_sum_3) - (x[place] - largest))
        + out_sum_4
        + out_sum_5
        + (0.0 if largest_2 <= 0.0 else length)
    )
    # backward
    # line 18: return mse(x, y) + sum(hinge(x, y)) + cross_entropy(x, k) + sum(b...
    dout_sum_3 = 1.0 / out_sum_3
    for i in range(n):
        dx[i] += y[i]
        dy[i] += x[i]
    dx[place] += -1.0
    for i in range(n):
        dx[i] += dout_sum_3 * out_exp[i]
    return out, (dx, dy)


def softmax_inside(X):
    """softmax_inside of prelude.mg, line 20.

    X: [m, n] of float
    """
    m = len(X)
    n = len(X[0]) if X else 0
    check_shape("X", X, m, n)
    out_sum = 0.0
    for i in range(m):
        largest = -inf
        X_i = X[i]
        for k in range(n):
            if X_i[k] > largest or X_i[k] != X_i[k]:  # line 21
                largest = X_i[k]
        weight = [0.0] * n
        total = 0.0
        for k in range(n):
            weight[k] = exp(X_i[k] - largest)
            total += weight[k]
        for j in range(n):
            out_sum += weight[j] / total * X_i[j] ** 2
    return out_sum


def softmax_inside_value_and_grad(X):
    """softmax_inside of prelude.mg, line 20, and its derivatives.

    X: [m, n] of float

    Returns (value, grads); grads holds that of X.
    """
    m = len(X)
    n = len(X[0]) if X else 0
    check_shape("X", X, m, n)
    out = 0.0
    dX = [[0.0] * n for _ in range(m)]
    for i in range(m):
        # forward
        largest = -inf
        X_i = X[i]
        for k in range(n):
            if X_i[k] > largest or X_i[k] != X_i[k]:  # line 21
                largest = X_i[k]
        weight = [0.0] * n
        total = 0.0
        for k in range(n):
            weight[k] = exp(X_i[k] - largest)
            total += weight[k]
        dtotal = 0.0
        dX_i = dX[i]
        for j in range(n):
            # forward
            out_ratio = weight[j] / total  # line 21
            out_power = X_i[j] ** 2
            out += out_ratio * out_power
            # backward: d<name> is the derivative of the result with respect to <name>
            # line 21: return sum(softmax(X[i])[j]*X[i, j]**2 for i, j)
            t = out_ratio * (2.0 * X_i[j])
            dweight_2 = out_power / total
            dtotal += out_power * (-out_ratio / total)
            dX_i[j] += t + dweight_2 * weight[j]
        # backward
        for k in range(n):
            dX_i[k] += dtotal * weight[k]
    return out, (dX,)
