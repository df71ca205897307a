"""batchnorm.mg, compiled to Python: values and exact derivatives.

d<name> is the derivative of the result with respect to <name>.
"""

from math import sqrt


def check_shape(name, array, *sizes):
    """Raise ValueError unless the nested list has these sizes."""
    if len(array) != sizes[0]:
        raise ValueError(f"{name} has {len(array)} entries where {sizes[0]} are needed")
    if len(sizes) > 1:
        for row in array:
            check_shape(f"a row of {name}", row, *sizes[1:])


def batchnorm(x, gain, bias):
    """batchnorm of batchnorm.mg, line 5.

    x: [n, d] of float
    gain: [d] of float
    bias: [d] of float
    """
    n = len(x)
    d = len(gain)
    check_shape("x", x, n, d)
    check_shape("gain", gain, d)
    check_shape("bias", bias, d)
    # line 6: mu = [mean(x[i, j] for i) for j]
    mu = [0.0] * d
    for j in range(d):
        x_sum = 0.0
        for i in range(n):
            x_sum += x[i][j]
        mu[j] = x_sum / n
    # line 7: centred = x - mu
    centred = [[0.0] * d for _ in range(n)]
    for i in range(n):
        for j in range(d):
            centred[i][j] = x[i][j] - mu[j]
    # line 8: var = [mean(centred[i, j]**2 for i) for j]
    var = [0.0] * d
    for j in range(d):
        centred_squared_sum = 0.0
        for i in range(n):
            centred_squared_sum += centred[i][j] ** 2
        var[j] = centred_squared_sum / n
    # line 9: xhat = centred / sqrt(var + 1e-5)
    var_sqrt = [0.0] * d
    for j in range(d):
        var_sqrt[j] = sqrt(var[j] + 1e-05)
    xhat = [[0.0] * d for _ in range(n)]
    for i in range(n):
        for j in range(d):
            xhat[i][j] = centred[i][j] / var_sqrt[j]
    # line 10: return gain * xhat + bias
    out = [[0.0] * d for _ in range(n)]
    for i in range(n):
        for j in range(d):
            out[i][j] = gain[j] * xhat[i][j] + bias[j]
    return out


def batchnorm_vjp(x, gain, bias, dout):
    """batchnorm of batchnorm.mg, line 5, and its vector-Jacobian product.

    x: [n, d] of float
    gain: [d] of float
    bias: [d] of float
    dout: [n, d] of float

    Returns (value, grads); grads holds those of x, gain, bias.
    """
    n = len(x)
    d = len(gain)
    check_shape("x", x, n, d)
    check_shape("gain", gain, d)
    check_shape("bias", bias, d)
    check_shape("dout", dout, n, d)
    # forward
    # line 6: mu = [mean(x[i, j] for i) for j]
    mu = [0.0] * d
    for j in range(d):
        x_sum = 0.0
        for i in range(n):
            x_sum += x[i][j]
        mu[j] = x_sum / n
    # line 7: centred = x - mu
    centred = [[0.0] * d for _ in range(n)]
    for i in range(n):
        for j in range(d):
            centred[i][j] = x[i][j] - mu[j]
    # line 8: var = [mean(centred[i, j]**2 for i) for j]
    var = [0.0] * d
    for j in range(d):
        centred_squared_sum = 0.0
        for i in range(n):
            centred_squared_sum += centred[i][j] ** 2
        var[j] = centred_squared_sum / n
    # line 9: xhat = centred / sqrt(var + 1e-5)
    var_sqrt = [0.0] * d
    for j in range(d):
        var_sqrt[j] = sqrt(var[j] + 1e-05)
    xhat = [[0.0] * d for _ in range(n)]
    for i in range(n):
        for j in range(d):
            xhat[i][j] = centred[i][j] / var_sqrt[j]
    # line 10: return gain * xhat + bias
    out = [[0.0] * d for _ in range(n)]
    for i in range(n):
        for j in range(d):
            out[i][j] = gain[j] * xhat[i][j] + bias[j]
    # backward
    # line 10: return gain * xhat + bias
    dxhat = [[0.0] * d for _ in range(n)]
    dgain = [0.0] * d
    dbias = [0.0] * d
    for i in range(n):
        for j in range(d):
            dxhat[i][j] = dout[i][j] * gain[j]  # d(u*v)/dv = u
            dgain[j] += dout[i][j] * xhat[i][j]  # d(u*v)/du = v; summed over i
            dbias[j] += dout[i][j]  # d(u + v)/dv = 1; summed over i
    # line 9: xhat = centred / sqrt(var + 1e-5)
    dvar_sqrt = [0.0] * d
    dcentred = [[0.0] * d for _ in range(n)]  # centred is read twice: contributions add
    for i in range(n):
        for j in range(d):
            # d(u/v)/dv = -(u/v)/v; summed over i
            dvar_sqrt[j] -= dxhat[i][j] * (xhat[i][j] / var_sqrt[j])
            dcentred[i][j] += dxhat[i][j] / var_sqrt[j]  # d(u/v)/du = 1/v
    dvar = [0.0] * d
    for j in range(d):
        dvar[j] = dvar_sqrt[j] * (0.5 / var_sqrt[j])  # d sqrt(u)/du = 0.5/sqrt(u)
    # line 8: var = [mean(centred[i, j]**2 for i) for j]
    for j in range(d):
        dcentred_squared_sum = dvar[j] / n  # d(u/v)/du = 1/v
        for i in range(n):
            # d(u**v)/du = v*u**(v - 1)
            dcentred[i][j] += dcentred_squared_sum * (2.0 * centred[i][j])
    # line 7: centred = x - mu
    dmu = [0.0] * d
    dx = [[0.0] * d for _ in range(n)]  # x is read twice: contributions add
    for i in range(n):
        for j in range(d):
            dmu[j] -= dcentred[i][j]  # d(u - v)/dv = -1; summed over i
            dx[i][j] += dcentred[i][j]  # d(u - v)/du = 1
    # line 6: mu = [mean(x[i, j] for i) for j]
    for j in range(d):
        dx_sum = dmu[j] / n  # d(u/v)/du = 1/v
        for i in range(n):
            dx[i][j] += dx_sum  # d sum(u)/du = 1
    return out, (dx, dgain, dbias)
