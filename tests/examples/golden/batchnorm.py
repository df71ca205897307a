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
    out = [[0.0] * d for _ in range(n)]
    for j in range(d):
        x_sum = 0.0
        for i in range(n):
            x_sum += x[i][j]  # line 6
        mu = x_sum / n
        centred = [0.0] * n
        centred_squared_sum = 0.0
        for i in range(n):
            centred[i] = x[i][j] - mu  # line 7
            centred_squared_sum += centred[i] ** 2  # line 8
        var = centred_squared_sum / n
        var_sqrt = sqrt(var + 1e-05)  # line 9
        gain_j = gain[j]
        bias_j = bias[j]
        for i in range(n):
            xhat = centred[i] / var_sqrt
            out[i][j] = gain_j * xhat + bias_j  # line 10
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
    dxhat = [[0.0] * d for _ in range(n)]
    dbias = [0.0] * d
    for j in range(d):
        dbias_total = 0.0
        gain_j = gain[j]
        for i in range(n):
            dout_i = dout[i]
            # line 10: return gain * xhat + bias
            dxhat[i][j] = dout_i[j] * gain_j
            dbias_total += dout_i[j]
        dbias[j] = dbias_total
    out = [[0.0] * d for _ in range(n)]
    dx = [[0.0] * d for _ in range(n)]
    dgain = [0.0] * d
    for j in range(d):
        # forward
        x_sum = 0.0
        for i in range(n):
            x_sum += x[i][j]  # line 6
        mu = x_sum / n
        centred = [0.0] * n
        centred_squared_sum = 0.0
        for i in range(n):
            centred[i] = x[i][j] - mu  # line 7
            centred_squared_sum += centred[i] ** 2  # line 8
        var = centred_squared_sum / n
        var_sqrt = sqrt(var + 1e-05)  # line 9
        dvar_sqrt = 0.0
        dgain_total = 0.0
        gain_j = gain[j]
        bias_j = bias[j]
        for i in range(n):
            # forward
            xhat = centred[i] / var_sqrt  # line 9
            out[i][j] = gain_j * xhat + bias_j  # line 10
            # backward
            # line 9: xhat = centred / sqrt(var + 1e-5)
            dvar_sqrt -= dxhat[i][j] * (xhat / var_sqrt)
            dgain_total += dout[i][j] * xhat
        # backward
        dgain[j] = dgain_total
        # line 9: xhat = centred / sqrt(var + 1e-5)
        dvar = dvar_sqrt * (0.5 / var_sqrt)
        # line 8: var = [mean(centred[i, j]**2 for i) for j]
        dcentred_squared_sum = dvar / n
        dmu = 0.0
        for i in range(n):
            # line 7: centred = x - mu
            dcentred = dxhat[i][j] / var_sqrt + dcentred_squared_sum * (
                2.0 * centred[i]
            )
            dmu -= dcentred
            dx[i][j] += dcentred
        # line 6: mu = [mean(x[i, j] for i) for j]
        dx_sum = dmu / n
        for i in range(n):
            dx[i][j] += dx_sum
    return out, (dx, dgain, dbias)
