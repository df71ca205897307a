"""loops.mg, compiled to Python: values and exact derivatives.

d<name> is the derivative of the result with respect to <name>.
"""

from math import cos, exp, inf, log, pow, sin


def check_shape(name, array, *sizes):
    """Raise ValueError unless the nested list has these sizes."""
    if len(array) != sizes[0]:
        raise ValueError(f"{name} has {len(array)} entries where {sizes[0]} are needed")
    if len(sizes) > 1:
        for row in array:
            check_shape(f"a row of {name}", row, *sizes[1:])


def rotation(a, v):
    """rotation of loops.mg, line 2.

    v: [3] of float
    """
    check_shape("v", v, 3)
    a_cos = cos(a)  # line 3
    a_sin = sin(a)
    M = [[a_cos, -a_sin, 0.0], [a_sin, a_cos, 0.0], [0.0, 0.0, 1.0]]
    out = [0.0] * 3
    for i in range(3):
        out_total = 0.0
        M_i = M[i]
        for j in range(3):
            out_total += M_i[j] * v[j]  # line 4
        out[i] = out_total
    return out


def rotation_vjp(a, v, dout):
    """rotation of loops.mg, line 2, and its vector-Jacobian product.

    v: [3] of float
    dout: [3] of float

    Returns (value, grads); grads holds those of a, v.
    """
    check_shape("v", v, 3)
    check_shape("dout", dout, 3)
    # forward
    a_cos = cos(a)  # line 3
    a_sin = sin(a)
    M = [[a_cos, -a_sin, 0.0], [a_sin, a_cos, 0.0], [0.0, 0.0, 1.0]]
    out = [0.0] * 3
    for i in range(3):
        out_total = 0.0
        M_i = M[i]
        for j in range(3):
            out_total += M_i[j] * v[j]  # line 4
        out[i] = out_total
    # backward
    dM = [[0.0] * 3 for _ in range(3)]
    dv = [0.0] * 3
    for i in range(3):
        dM_i = dM[i]
        dout_i = dout[i]
        M_i = M[i]
        for j in range(3):
            # line 4: return M @ v
            dM_i[j] = dout_i * v[j]
            dv[j] += dout_i * M_i[j]
    dM_1 = dM[1]
    dM_0 = dM[0]
    da = (dM_1[0] - dM_0[1]) * a_cos - (dM_0[0] + dM_1[1]) * a_sin
    return out, (da, dv)


def fixed(x, A):
    """fixed of loops.mg, line 6.

    x: [3] of float
    A: [3, 2] of float
    """
    check_shape("x", x, 3)
    check_shape("A", A, 3, 2)
    out = 0.0
    for i in range(3):
        x_i = x[i]
        A_i = A[i]
        for j in range(2):
            out += x_i * pow(A_i[j], j + 1)  # line 7
    return out


def fixed_value_and_grad(x, A):
    """fixed of loops.mg, line 6, and its derivatives.

    x: [3] of float
    A: [3, 2] of float

    Returns (value, grads); grads holds those of x, A.
    """
    check_shape("x", x, 3)
    check_shape("A", A, 3, 2)
    # forward
    out = 0.0
    dx = [0.0] * 3
    for i in range(3):
        # forward
        dx_total = 0.0
        A_i = A[i]
        x_i = x[i]
        for j in range(2):
            # forward
            out_power = pow(A_i[j], j + 1)  # line 7
            out += x_i * out_power
            # backward
            dx_total += out_power
        # backward
        dx[i] = dx_total
    # backward
    dA = [[0.0] * 2 for _ in range(3)]
    for i in range(3):
        dA_i = dA[i]
        x_i = x[i]
        A_i = A[i]
        for j in range(2):
            if j + 1 != 0:
                dA_i[j] = x_i * ((j + 1) * pow(A_i[j], j + 1 - 1))
    return out, (dx, dA)


def horner(c, x):
    """horner of loops.mg, line 9.

    c: [4] of float
    """
    check_shape("c", c, 4)
    return c[0] + x * (c[1] + x * (c[2] + x * c[3]))


def horner_value_and_grad(c, x):
    """horner of loops.mg, line 9, and its derivatives.

    c: [4] of float

    Returns (value, grads); grads holds those of c, x.
    """
    check_shape("c", c, 4)
    # forward
    out_product = x * (c[2] + x * c[3])  # line 10
    c_plus_out_product = c[1] + out_product
    out = c[0] + x * c_plus_out_product
    # backward
    # line 10: return c[0] + x*(c[1] + x*(c[2] + x*c[3]))
    dc_2 = x * x
    dc = [1.0, x, dc_2, dc_2 * x]
    dx = c_plus_out_product + out_product + dc_2 * c[3]
    return out, (dc, dx)


def small_softmax(x):
    """small_softmax of loops.mg, line 12.

    x: [3] of float
    """
    check_shape("x", x, 3)
    x_max = -inf
    for i in range(3):
        if x[i] > x_max or x[i] != x[i]:  # line 13
            x_max = x[i]
    x_exp = [0.0] * 3
    x_exp_sum = 0.0
    for i in range(3):
        x_exp[i] = exp(x[i] - x_max)
        x_exp_sum += x_exp[i]
    p_log_sum = 0.0
    for i in range(3):
        p = x_exp[i] / x_exp_sum
        p_log_sum += p * log(p)  # line 14
    return -p_log_sum


def small_softmax_value_and_grad(x):
    """small_softmax of loops.mg, line 12, and its derivatives.

    x: [3] of float

    Returns (value, grads); grads holds that of x.
    """
    check_shape("x", x, 3)
    # forward
    x_max = -inf
    for i in range(3):
        if x[i] > x_max or x[i] != x[i]:  # line 13
            x_max = x[i]
    x_exp = [0.0] * 3
    x_exp_sum = 0.0
    for i in range(3):
        x_exp[i] = exp(x[i] - x_max)
        x_exp_sum += x_exp[i]
    p_log_sum = 0.0
    dp = [0.0] * 3
    dx_exp_sum = 0.0
    for i in range(3):
        # forward
        p = x_exp[i] / x_exp_sum  # line 13
        p_log = log(p)  # line 14
        p_log_sum += p * p_log
        # backward
        # line 13: p = softmax(x)
        dp[i] = -1.0 - p_log
        dx_exp_sum -= dp[i] * (p / x_exp_sum)
    out = -p_log_sum  # line 14
    # backward
    dx = [0.0] * 3
    for i in range(3):
        # line 13: p = softmax(x)
        dx_exp = dp[i] / x_exp_sum + dx_exp_sum
        dx[i] = dx_exp * x_exp[i]
    return out, (dx,)


def triangular(x):
    """triangular of loops.mg, line 16.

    x: [4] of float
    """
    check_shape("x", x, 4)
    out = 0.0
    for i in range(4):
        x_i = x[i]
        for j in range(i):
            out += x_i * x[j]  # line 17
    return out


def triangular_value_and_grad(x):
    """triangular of loops.mg, line 16, and its derivatives.

    x: [4] of float

    Returns (value, grads); grads holds that of x.
    """
    check_shape("x", x, 4)
    # forward
    out = 0.0
    for i in range(4):
        x_i = x[i]
        for j in range(i):
            out += x_i * x[j]  # line 17
    # backward
    dx = [0.0] * 4
    for i in range(4):
        x_i = x[i]
        for j in range(i):
            dx[i] += x[j]
            dx[j] += x_i
    return out, (dx,)


def mixed(X, w):
    """mixed of loops.mg, line 19.

    X: [n, 2] of float
    w: [2] of float
    """
    n = len(X)
    check_shape("X", X, n, 2)
    check_shape("w", w, 2)
    out_sum = 0.0
    for i in range(n):
        X_w_sum = 0.0
        X_i = X[i]
        for j in range(2):
            X_w_sum += X_i[j] * w[j]  # line 20
        out_sum += exp(X_w_sum)
    return out_sum / n


def mixed_value_and_grad(X, w):
    """mixed of loops.mg, line 19, and its derivatives.

    X: [n, 2] of float
    w: [2] of float

    Returns (value, grads); grads holds those of X, w.
    """
    n = len(X)
    check_shape("X", X, n, 2)
    check_shape("w", w, 2)
    # line 20: return mean(exp(X[i] @ w) for i)
    dout_exp_sum = 1.0 / n
    out_exp_sum = 0.0
    dX = [[0.0] * 2 for _ in range(n)]
    dw = [0.0] * 2
    for i in range(n):
        # forward
        X_w_sum = 0.0
        X_i = X[i]
        for j in range(2):
            X_w_sum += X_i[j] * w[j]  # line 20
        out_exp = exp(X_w_sum)
        out_exp_sum += out_exp
        # backward
        # line 20: return mean(exp(X[i] @ w) for i)
        dX_w_sum = dout_exp_sum * out_exp
        dX_i = dX[i]
        for j in range(2):
            dX_i[j] = dX_w_sum * w[j]
            dw[j] += dX_w_sum * X_i[j]
    out = out_exp_sum / n
    return out, (dX, dw)
