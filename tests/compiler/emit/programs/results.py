"""results.mg, compiled to Python: values and exact derivatives.

d<name> is the derivative of the result with respect to <name>.
"""

from math import atan2, cos, hypot, inf, sin, sqrt


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


def polar(x, y):
    """polar of results.mg, line 2."""
    return sqrt(x * x + y * y + 1.0), atan2(y, x)


def polar_vjp(x, y, dout_1, dout_2):
    """polar of results.mg, line 2, and its vector-Jacobian product.

    Returns (value, grads); grads holds those of x, y.
    """
    # forward
    out_1 = sqrt(x * x + y * y + 1.0)  # line 3
    out_2 = atan2(y, x)
    # backward
    # line 3: return sqrt(x**2 + y**2 + 1), atan2(y, x)
    x_y_hypot = hypot(x, y)
    slope = 2.0 * (dout_1 * (0.5 / out_1))
    dx = slope * x + (
        -dout_2 * (y / x_y_hypot / x_y_hypot) if x_y_hypot != 0.0 else 0.0
    )
    dy = slope * y + (dout_2 * (x / x_y_hypot / x_y_hypot) if x_y_hypot != 0.0 else 0.0)
    return (out_1, out_2), (dx, dy)


def rotated(x, y, angle=0.5):
    """rotated of results.mg, line 5."""
    c = cos(angle)  # line 6
    s = sin(angle)  # line 7
    return c * x - s * y, s * x + c * y


def rotated_vjp(x, y, dout_1, dout_2, angle=0.5):
    """rotated of results.mg, line 5, and its vector-Jacobian product.

    Returns (value, grads); grads holds those of x, y, angle.
    """
    # forward
    c = cos(angle)  # line 6
    s = sin(angle)  # line 7
    out_1 = c * x - s * y  # line 8
    out_2 = s * x + c * y
    # backward
    # line 7: s = sin(angle)
    ds = dout_2 * x - dout_1 * y
    # line 6: c = cos(angle)
    dc = dout_2 * y + dout_1 * x
    dx = dout_2 * s + dout_1 * c
    dy = dout_2 * c - dout_1 * s
    dangle = ds * c - dc * s
    return (out_1, out_2), (dx, dy, dangle)


def both(x, y):
    """both of results.mg, line 10."""
    r = sqrt(x * x + y * y + 1.0)  # line 3
    phi = atan2(y, x)
    c = cos(x)  # line 6
    s = sin(x)  # line 7
    u = c * r - s * phi  # line 8
    v = s * r + c * phi
    return u * v + r


def both_value_and_grad(x, y):
    """both of results.mg, line 10, and its derivatives.

    Returns (value, grads); grads holds those of x, y.
    """
    # forward
    r = sqrt(x * x + y * y + 1.0)  # line 3
    phi = atan2(y, x)
    c = cos(x)  # line 6
    s = sin(x)  # line 7
    u = c * r - s * phi  # line 8
    v = s * r + c * phi
    out = u * v + r  # line 13
    # backward
    # line 8: return c*x - s*y, s*x + c*y
    minus_v = -v
    # line 7: s = sin(angle)
    ds = u * r + minus_v * phi
    # line 6: c = cos(angle)
    dc = u * phi + v * r
    # line 3: return sqrt(x**2 + y**2 + 1), atan2(y, x)
    x_y_hypot = hypot(x, y)
    if x_y_hypot != 0.0:
        dphi = u * c + minus_v * s
    dr = 1.0 + u * s + v * c
    slope = 2.0 * (dr * (0.5 / r))
    dx = (
        ds * c
        - dc * s
        + slope * x
        + (-dphi * (y / x_y_hypot / x_y_hypot) if x_y_hypot != 0.0 else 0.0)
    )
    dy = slope * y + (dphi * (x / x_y_hypot / x_y_hypot) if x_y_hypot != 0.0 else 0.0)
    return out, (dx, dy)


def statistics(x):
    """statistics of results.mg, line 15.

    x: [n] of float
    """
    n = len(x)
    check_shape("x", x, n)
    x_sum = 0.0
    for i in range(n):
        x_sum += x[i]  # line 16
    centre = x_sum / n
    out_3 = [0.0] * n
    out_3_squared_sum = 0.0
    for i in range(n):
        out_3[i] = x[i] - centre  # line 17
        out_3_squared_sum += out_3[i] ** 2
    return centre, out_3_squared_sum / n, out_3


def statistics_vjp(x, dcentre_out, dout_2, dout_3_out):
    """statistics of results.mg, line 15, and its vector-Jacobian product.

    x: [n] of float
    dout_3_out: [n] of float

    Returns (value, grads); grads holds that of x.
    """
    n = len(x)
    check_shape("x", x, n)
    check_shape("dout_3_out", dout_3_out, n)
    # forward
    x_sum = 0.0
    for i in range(n):
        x_sum += x[i]  # line 16
    centre = x_sum / n
    # line 17: return centre, sum((x - centre)**2)/n, x - centre
    slope = 2.0 * (dout_2 / n)
    out_3 = [0.0] * n
    out_3_squared_sum = 0.0
    dout_3 = [0.0] * n
    for i in range(n):
        # forward
        out_3[i] = x[i] - centre  # line 17
        out_3_squared_sum += out_3[i] ** 2
        # backward
        # line 17: return centre, sum((x - centre)**2)/n, x - centre
        dout_3[i] += slope * out_3[i]
    out_2 = out_3_squared_sum / n
    # backward
    for i in range(n):
        dout_3[i] += dout_3_out[i]
    minus_dout_3_sum = 0.0
    for i in range(n):
        # line 17: return centre, sum((x - centre)**2)/n, x - centre
        minus_dout_3_sum -= dout_3[i]
    # line 16: centre = mean(x)
    dcentre = dcentre_out + minus_dout_3_sum
    dx_sum = dcentre / n
    dx = [0.0] * n
    for i in range(n):
        dx[i] = dout_3[i] + dx_sum
    return (centre, out_2, out_3), (dx,)


def standardised(x):
    """standardised of results.mg, line 19.

    x: [n] of float
    """
    n = len(x)
    check_shape("x", x, n)
    x_sum = 0.0
    for i in range(n):
        x_sum += x[i]  # line 16
    if n > 0:
        centre = x_sum / n
    rest = [0.0] * n
    rest_squared_sum = 0.0
    for i in range(n):
        rest[i] = x[i] - centre  # line 17
        rest_squared_sum += rest[i] ** 2
    if n > 0:
        variance = rest_squared_sum / n
        variance_sqrt = sqrt(variance + 0.001)  # line 21
    out = [0.0] * n
    for i in range(n):
        out[i] = rest[i] / variance_sqrt
    return out


def standardised_vjp(x, dout):
    """standardised of results.mg, line 19, and its vector-Jacobian product.

    x: [n] of float
    dout: [n] of float

    Returns (value, grads); grads holds that of x.
    """
    n = len(x)
    check_shape("x", x, n)
    check_shape("dout", dout, n)
    # forward
    x_sum = 0.0
    for i in range(n):
        x_sum += x[i]  # line 16
    if n > 0:
        centre = x_sum / n
    rest = [0.0] * n
    rest_squared_sum = 0.0
    for i in range(n):
        rest[i] = x[i] - centre  # line 17
        rest_squared_sum += rest[i] ** 2
    if n > 0:
        variance = rest_squared_sum / n
        variance_sqrt = sqrt(variance + 0.001)  # line 21
    out = [0.0] * n
    for i in range(n):
        out[i] = rest[i] / variance_sqrt
    # backward
    if n > 0:
        dvariance_sqrt = 0.0
        for i in range(n):
            # line 21: return rest / sqrt(variance + 1e-3)
            dvariance_sqrt -= dout[i] * (out[i] / variance_sqrt)
        dvariance = dvariance_sqrt * (0.5 / variance_sqrt)
        # line 17: return centre, sum((x - centre)**2)/n, x - centre
        slope = 2.0 * (dvariance / n)
    drest = [0.0] * n
    dcentre = 0.0
    for i in range(n):
        drest[i] = dout[i] / variance_sqrt + slope * rest[i]
        dcentre -= drest[i]
    if n > 0:
        # line 16: centre = mean(x)
        dx_sum = dcentre / n
    dx = [0.0] * n
    for i in range(n):
        dx[i] = drest[i] + dx_sum
    return out, (dx,)


def step(x, v, dt=0.1):
    """step of results.mg, line 23.

    x: [n] of float
    v: [n] of float
    """
    n = len(x)
    check_shape("x", x, n)
    check_shape("v", v, n)
    w = [0.0] * n
    out_1 = [0.0] * n
    for i in range(n):
        a = -x[i]  # line 24
        w[i] = v[i] + dt * a  # line 25
        out_1[i] = x[i] + dt * w[i]  # line 26
    return out_1, w


def step_vjp(x, v, dout_1, dw_out, dt=0.1):
    """step of results.mg, line 23, and its vector-Jacobian product.

    x: [n] of float
    v: [n] of float
    dout_1: [n] of float
    dw_out: [n] of float

    Returns (value, grads); grads holds those of x, v, dt.
    """
    n = len(x)
    check_shape("x", x, n)
    check_shape("v", v, n)
    check_shape("dout_1", dout_1, n)
    check_shape("dw_out", dw_out, n)
    # forward
    w = [0.0] * n
    out_1 = [0.0] * n
    part_of_ddt = 0.0
    for i in range(n):
        # forward
        a = -x[i]  # line 24
        w[i] = v[i] + dt * a  # line 25
        out_1[i] = x[i] + dt * w[i]  # line 26
        # backward
        # line 26: return x + dt*w, w
        part_of_ddt += dout_1[i] * w[i]
    # backward
    dw = [0.0] * n
    for i in range(n):
        # line 26: return x + dt*w, w
        dw[i] += dout_1[i] * dt
        dw[i] += dw_out[i]
    part_of_ddt_2 = 0.0
    dx = [0.0] * n
    for i in range(n):
        # line 25: w = v + dt*a
        part_of_ddt_2 -= dw[i] * x[i]
        da = dw[i] * dt
        dx[i] = dout_1[i] - da
    ddt = part_of_ddt + part_of_ddt_2
    return (out_1, w), (dx, dw, ddt)


def rowwise(X):
    """rowwise of results.mg, line 28.

    X: [n, d] of float
    """
    n = len(X)
    d = len(X[0]) if len(X) else 0
    check_shape("X", X, n, d)
    if n > 0:
        first = element(0, d)  # line 29
    out = [0.0] * n
    for i in range(n):
        X_sum = 0.0
        X_i = X[i]
        for j in range(d):
            X_sum += X_i[j]  # line 16
        centre = X_sum / d
        rest_squared_sum = 0.0
        for j in range(d):
            rest = X_i[j] - centre  # line 17
            rest_squared_sum += rest * rest
        variance = rest_squared_sum / d
        rest2 = X_i[first] - centre
        X_scale = -inf
        for j in range(d):
            X_abs = abs(X_i[j])  # line 29
            if X_abs > X_scale or X_abs != X_abs:
                X_scale = X_abs
        if not X_scale <= 0.0:
            X_length_sum = 0.0
            for j in range(d):
                X_length_ratio = X_i[j] / X_scale
                X_length_sum += X_length_ratio * X_length_ratio
            X_length = X_scale * sqrt(X_length_sum)
        out[i] = rest2 / sqrt(variance + 0.001) * (0.0 if X_scale <= 0.0 else X_length)
    return out


def rowwise_vjp(X, dout):
    """rowwise of results.mg, line 28, and its vector-Jacobian product.

    X: [n, d] of float
    dout: [n] of float

    Returns (value, grads); grads holds that of X.
    """
    n = len(X)
    d = len(X[0]) if len(X) else 0
    check_shape("X", X, n, d)
    check_shape("dout", dout, n)
    if n > 0:
        first = element(0, d)  # line 29
    out = [0.0] * n
    dX = [[0.0] * d for _ in range(n)]
    for i in range(n):
        # forward
        X_sum = 0.0
        X_i = X[i]
        for j in range(d):
            X_sum += X_i[j]  # line 16
        centre = X_sum / d
        rest = [0.0] * d
        rest_squared_sum = 0.0
        for j in range(d):
            rest[j] = X_i[j] - centre  # line 17
            rest_squared_sum += rest[j] ** 2
        variance = rest_squared_sum / d
        variance_sqrt = sqrt(variance + 0.001)  # line 21
        rest2 = X_i[first] - centre  # line 17
        rest2_over_variance_sqrt = rest2 / variance_sqrt  # line 21
        X_scale = -inf
        for j in range(d):
            X_abs = abs(X_i[j])  # line 29
            if X_abs > X_scale or X_abs != X_abs:
                X_scale = X_abs
        X_length_ratio = [0.0] * d
        if X_scale <= 0.0:
            X_norm = 0.0
        else:
            X_length_sum = 0.0
            for j in range(d):
                X_length_ratio[j] = X_i[j] / X_scale
                X_length_sum += X_length_ratio[j] ** 2
            X_length_sqrt = sqrt(X_length_sum)
            X_length = X_scale * X_length_sqrt
            X_norm = X_length
        out[i] = rest2_over_variance_sqrt * X_norm
        # backward
        # line 29: return [standardised(X[i])[0]*norm(X[i]) for i]
        drest2_over_variance_sqrt = dout[i] * X_norm
        dX_i = dX[i]
        if not X_scale <= 0.0:
            dX_length = dout[i] * rest2_over_variance_sqrt
            dX_length_sum = dX_length * X_scale * (0.5 / X_length_sqrt)
            for j in range(d):
                dX_i[j] += dX_length_sum * (2.0 * X_length_ratio[j]) / X_scale
        # line 21: return rest / sqrt(variance + 1e-3)
        drest2 = drest2_over_variance_sqrt / variance_sqrt
        dvariance = (
            -drest2_over_variance_sqrt
            * (rest2_over_variance_sqrt / variance_sqrt)
            * (0.5 / variance_sqrt)
        )
        # line 17: return centre, sum((x - centre)**2)/n, x - centre
        drest_squared_sum = dvariance / d
        drest = [0.0] * d
        minus_drest_sum = 0.0
        for j in range(d):
            drest[j] = drest_squared_sum * (2.0 * rest[j])
            minus_drest_sum -= drest[j]
        # line 16: centre = mean(x)
        dcentre = minus_drest_sum - drest2
        dX_sum = dcentre / d
        dX_i[first] += drest2
        for j in range(d):
            dX_i[j] += drest[j] + dX_sum
    return out, (dX,)


def energy(x, v):
    """energy of results.mg, line 31.

    x: [n] of float
    v: [n] of float
    """
    n = len(x)
    check_shape("x", x, n)
    check_shape("v", v, n)
    out = 0.0
    for i in range(n):
        a = -x[i]  # line 24
        w = v[i] + 0.1 * a  # line 25
        y = x[i] + 0.1 * w  # line 26
        a2 = -y  # line 24
        w2 = w + 0.2 * a2  # line 25
        z = y + 0.2 * w2  # line 26
        out += z * z + w2 * w2  # line 34
    return out


def energy_value_and_grad(x, v):
    """energy of results.mg, line 31, and its derivatives.

    x: [n] of float
    v: [n] of float

    Returns (value, grads); grads holds those of x, v.
    """
    n = len(x)
    check_shape("x", x, n)
    check_shape("v", v, n)
    out = 0.0
    dw = [0.0] * n
    dx = [0.0] * n
    for i in range(n):
        # forward
        a = -x[i]  # line 24
        w = v[i] + 0.1 * a  # line 25
        y = x[i] + 0.1 * w  # line 26
        a2 = -y  # line 24
        w2 = w + 0.2 * a2  # line 25
        z = y + 0.2 * w2  # line 26
        out += z * z + w2 * w2  # line 34
        # backward
        # line 26: return x + dt*w, w
        dz = 2.0 * z
        # line 25: w = v + dt*a
        dw2 = 2.0 * w2 + dz * 0.2
        da2 = 0.2 * dw2
        # line 26: return x + dt*w, w
        dy = dz - da2
        # line 25: w = v + dt*a
        dw[i] = dw2 + 0.1 * dy
        da = 0.1 * dw[i]
        dx[i] = dy - da
    return out, (dx, dw)
