"""results.mg, compiled to Python: values and exact derivatives."""

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
    # backward: d<name> is the derivative of the result with respect to <name>
    # line 3: return sqrt(x**2 + y**2 + 1), atan2(y, x)
    t = hypot(x, y)
    t_2 = dout_2 * (x / t / t) if t != 0.0 else 0.0
    t_3 = dout_2 * (-y / t / t) if t != 0.0 else 0.0
    dout_in = dout_1 * (0.5 / out_1)
    dx = dout_in * (2.0 * x) + t_3
    dy = dout_in * (2.0 * y) + t_2
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
    # backward: d<name> is the derivative of the result with respect to <name>
    # line 7: s = sin(angle)
    ds = dout_2 * x + -dout_1 * y
    # line 6: c = cos(angle)
    dc = dout_2 * y + dout_1 * x
    dx = dout_2 * s + dout_1 * c
    dy = dout_2 * c + -dout_1 * s
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
    # backward: d<name> is the derivative of the result with respect to <name>
    # line 8: return c*x - s*y, s*x + c*y
    du_product = -v
    # line 7: s = sin(angle)
    ds = u * r + du_product * phi
    # line 6: c = cos(angle)
    dc = u * phi + v * r
    # line 3: return sqrt(x**2 + y**2 + 1), atan2(y, x)
    t = hypot(x, y)
    if t != 0.0:
        dphi = u * c + du_product * s
        t_2 = dphi * (x / t / t)
    else:
        t_2 = 0.0
    dr = 1.0 + u * s + v * c
    dr_in = dr * (0.5 / r)
    dx = (
        ds * c - dc * s + dr_in * (2.0 * x) + (dphi * (-y / t / t) if t != 0.0 else 0.0)
    )
    dy = dr_in * (2.0 * y) + t_2
    return out, (dx, dy)


def statistics(x):
    """statistics of results.mg, line 15.

    x: [n] of float
    """
    n = len(x)
    check_shape("x", x, n)
    centre_sum = 0.0
    for i in range(n):
        centre_sum += x[i]  # line 16
    centre = centre_sum / n
    out_difference = [0.0] * n
    out_sum = 0.0
    for i in range(n):
        out_difference[i] = x[i] - centre  # line 17
        out_sum += out_difference[i] ** 2
    return centre, out_sum / n, out_difference


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
    centre_sum = 0.0
    for i in range(n):
        centre_sum += x[i]  # line 16
    centre = centre_sum / n
    # line 17: return centre, sum((x - centre)**2)/n, x - centre
    dout_sum = dout_2 / n
    out_3 = [0.0] * n
    out_sum = 0.0
    dout_3 = [0.0] * n
    for i in range(n):
        # forward
        out_3[i] = x[i] - centre  # line 17
        out_sum += out_3[i] ** 2
        # backward: d<name> is the derivative of the result with respect to <name>
        # line 17: return centre, sum((x - centre)**2)/n, x - centre
        dout_3[i] += dout_sum * (2.0 * out_3[i])
    out_2 = out_sum / n
    # backward
    for i in range(n):
        # line 17: return centre, sum((x - centre)**2)/n, x - centre
        dout_3[i] += dout_3_out[i]
    t = 0.0
    for i in range(n):
        t += -dout_3[i]
    # line 16: centre = mean(x)
    dcentre = dcentre_out + t
    dcentre_sum = dcentre / n
    dx = [0.0] * n
    for i in range(n):
        dx[i] = dout_3[i] + dcentre_sum
    return (centre, out_2, out_3), (dx,)


def standardised(x):
    """standardised of results.mg, line 19.

    x: [n] of float
    """
    n = len(x)
    check_shape("x", x, n)
    centre_sum = 0.0
    for i in range(n):
        centre_sum += x[i]  # line 16
    if n > 0:
        centre = centre_sum / n
    rest = [0.0] * n
    variance_sum = 0.0
    for i in range(n):
        rest[i] = x[i] - centre  # line 17
        variance_sum += rest[i] ** 2
    if n > 0:
        variance = variance_sum / n
        out_sqrt = sqrt(variance + 0.001)  # line 21
    out_values = [0.0] * n
    for i in range(n):
        out_values[i] = rest[i] / out_sqrt
    return out_values


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
    centre_sum = 0.0
    for i in range(n):
        centre_sum += x[i]  # line 16
    if n > 0:
        centre = centre_sum / n
    rest = [0.0] * n
    variance_sum = 0.0
    for i in range(n):
        rest[i] = x[i] - centre  # line 17
        variance_sum += rest[i] ** 2
    if n > 0:
        variance = variance_sum / n
        out_sqrt = sqrt(variance + 0.001)  # line 21
    out = [0.0] * n
    for i in range(n):
        out[i] = rest[i] / out_sqrt
    # backward: d<name> is the derivative of the result with respect to <name>
    t = [0.0] * n
    if n > 0:
        dout_sqrt = 0.0
        for i in range(n):
            # line 21: return rest / sqrt(variance + 1e-3)
            dout_sqrt += dout[i] * (-out[i] / out_sqrt)
        dvariance = dout_sqrt * (0.5 / out_sqrt)
        # line 17: return centre, sum((x - centre)**2)/n, x - centre
        dvariance_sum = dvariance / n
        for i in range(n):
            t[i] = dvariance_sum * (2.0 * rest[i])
    if not n > 0:
        for i in range(n):
            t[i] = 0.0
    drest = [0.0] * n
    dcentre = 0.0
    for i in range(n):
        drest[i] = dout[i] / out_sqrt + t[i]
        dcentre += -drest[i]
    if n > 0:
        # line 16: centre = mean(x)
        dcentre_sum = dcentre / n
    dx = [0.0] * n
    for i in range(n):
        dx[i] = drest[i] + dcentre_sum
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
    out_values = [0.0] * n
    for i in range(n):
        a = -x[i]  # line 24
        w[i] = v[i] + dt * a  # line 25
        out_values[i] = x[i] + dt * w[i]  # line 26
    return out_values, w


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
    t = 0.0
    for i in range(n):
        # forward
        a = -x[i]  # line 24
        w[i] = v[i] + dt * a  # line 25
        out_1[i] = x[i] + dt * w[i]  # line 26
        # backward: d<name> is the derivative of the result with respect to <name>
        # line 26: return x + dt*w, w
        t += dout_1[i] * w[i]
    # backward
    dv = [0.0] * n
    for i in range(n):
        # line 25: w = v + dt*a
        dv[i] += dout_1[i] * dt
        dv[i] += dw_out[i]
    t_2 = 0.0
    dx = [0.0] * n
    for i in range(n):
        t_2 += -dv[i] * x[i]
        da = dv[i] * dt
        dx[i] = dout_1[i] - da
    ddt = t + t_2
    return (out_1, w), (dx, dv, ddt)


def rowwise(X):
    """rowwise of results.mg, line 28.

    X: [n, d] of float
    """
    n = len(X)
    d = len(X[0]) if len(X) else 0
    check_shape("X", X, n, d)
    if n > 0:
        place = element(0, d)  # line 29
    out_values = [0.0] * n
    for i in range(n):
        centre_sum = 0.0
        X_i = X[i]
        for j in range(d):
            centre_sum += X_i[j]  # line 16
        centre = centre_sum / d
        variance_sum = 0.0
        for j in range(d):
            rest = X_i[j] - centre  # line 17
            variance_sum += rest * rest
        variance = variance_sum / d
        rest_2 = X_i[place] - centre
        largest = -inf
        for j in range(d):
            largest_abs = abs(X_i[j])  # line 29
            if largest_abs > largest or largest_abs != largest_abs:
                largest = largest_abs
        if largest <= 0.0:
            out_chosen = 0.0
        else:
            length_sum = 0.0
            for j in range(d):
                length_ratio = X_i[j] / largest
                length_sum += length_ratio * length_ratio
            length = largest * sqrt(length_sum)
            out_chosen = length
        out_values[i] = rest_2 / sqrt(variance + 0.001) * out_chosen
    return out_values


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
        place = element(0, d)  # line 29
    out = [0.0] * n
    dX = [[0.0] * d for _ in range(n)]
    for i in range(n):
        # forward
        centre_sum = 0.0
        X_i = X[i]
        for j in range(d):
            centre_sum += X_i[j]  # line 16
        centre = centre_sum / d
        rest = [0.0] * d
        variance_sum = 0.0
        for j in range(d):
            rest[j] = X_i[j] - centre  # line 17
            variance_sum += rest[j] ** 2
        variance = variance_sum / d
        out_sqrt = sqrt(variance + 0.001)  # line 21
        rest_2 = X_i[place] - centre  # line 17
        out_ratio = rest_2 / out_sqrt  # line 21
        largest = -inf
        for j in range(d):
            largest_abs = abs(X_i[j])  # line 29
            if largest_abs > largest or largest_abs != largest_abs:
                largest = largest_abs
        length_ratio = [0.0] * d
        if not largest <= 0.0:
            # forward
            length_sum = 0.0
            for j in range(d):
                length_ratio[j] = X_i[j] / largest  # line 29
                length_sum += length_ratio[j] ** 2
            length_sqrt = sqrt(length_sum)
            length = largest * length_sqrt
            # backward: d<name> is the derivative of the result with respect to <name>
            # line 29: return [standardised(X[i])[0]*norm(X[i]) for i]
            dout_ratio = dout[i] * length
        out[i] = out_ratio * (0.0 if largest <= 0.0 else length)
        # backward
        if largest <= 0.0:
            # line 29: return [standardised(X[i])[0]*norm(X[i]) for i]
            dout_ratio = dout[i] * 0.0
        dX_i = dX[i]
        if not largest <= 0.0:
            dlength = dout[i] * out_ratio
            dlength_sum = dlength * largest * (0.5 / length_sqrt)
            for j in range(d):
                dX_element = dlength_sum * (2.0 * length_ratio[j]) / largest
                dX_i[j] += dX_element
        # line 21: return rest / sqrt(variance + 1e-3)
        drest_2 = dout_ratio / out_sqrt
        dout_sqrt = dout_ratio * (-out_ratio / out_sqrt)
        dvariance = dout_sqrt * (0.5 / out_sqrt)
        # line 17: return centre, sum((x - centre)**2)/n, x - centre
        dvariance_sum = dvariance / d
        drest = [0.0] * d
        t = 0.0
        for j in range(d):
            drest[j] = dvariance_sum * (2.0 * rest[j])
            t += -drest[j]
        # line 16: centre = mean(x)
        dcentre = t - drest_2
        dcentre_sum = dcentre / d
        dX_i[place] += drest_2
        for j in range(d):
            dX_i[j] += drest[j] + dcentre_sum
    return out, (dX,)


def energy(x, v):
    """energy of results.mg, line 31.

    x: [n] of float
    v: [n] of float
    """
    n = len(x)
    check_shape("x", x, n)
    check_shape("v", v, n)
    out_sum = 0.0
    for i in range(n):
        a = -x[i]  # line 24
        w = v[i] + 0.1 * a  # line 25
        y = x[i] + 0.1 * w  # line 26
        a_2 = -y  # line 24
        w_2 = w + 0.2 * a_2  # line 25
        z = y + 0.2 * w_2  # line 26
        out_sum += z * z + w_2 * w_2  # line 34
    return out_sum


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
    dv = [0.0] * n
    dx = [0.0] * n
    for i in range(n):
        # forward
        a = -x[i]  # line 24
        w = v[i] + 0.1 * a  # line 25
        y = x[i] + 0.1 * w  # line 26
        a_2 = -y  # line 24
        w_2 = w + 0.2 * a_2  # line 25
        z = y + 0.2 * w_2  # line 26
        out += z * z + w_2 * w_2  # line 34
        # backward: d<name> is the derivative of the result with respect to <name>
        # line 26: return x + dt*w, w
        dz = z + z
        # line 25: w = v + dt*a
        dw_2 = w_2 + w_2 + dz * 0.2
        da_2 = dw_2 * 0.2
        # line 26: return x + dt*w, w
        dy = dz - da_2
        # line 25: w = v + dt*a
        dv[i] = dw_2 + dy * 0.1
        da = dv[i] * 0.1
        dx[i] = dy - da
    return out, (dx, dv)
