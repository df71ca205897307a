"""capture.mg, compiled to Python: values and exact derivatives."""

from math import cos, exp, inf, log, sin, sqrt


def check_shape(name, array, *sizes):
    """Raise ValueError unless the nested list has these sizes."""
    if len(array) != sizes[0]:
        raise ValueError(f"{name} has {len(array)} entries where {sizes[0]} are needed")
    if len(sizes) > 1:
        for row in array:
            check_shape(f"a row of {name}", row, *sizes[1:])


def squared(A):
    """squared of capture.mg, line 2.

    A: [n, n] of float
    """
    n = len(A)
    check_shape("A", A, n, n)
    out_sum = [[0.0] * n for _ in range(n)]
    for i in range(n):
        A_i = A[i]
        out_sum_i = out_sum[i]
        for j in range(n):
            out_sum_total = 0.0
            for k in range(n):
                out_sum_total += A_i[k] * A[k][j]  # line 3
            out_sum_i[j] = out_sum_total
    return out_sum


def squared_vjp(A, dout):
    """squared of capture.mg, line 2, and its vector-Jacobian product.

    A: [n, n] of float
    dout: [n, n] of float

    Returns (value, grads); grads holds that of A.
    """
    n = len(A)
    check_shape("A", A, n, n)
    check_shape("dout", dout, n, n)
    # forward
    out = [[0.0] * n for _ in range(n)]
    for i in range(n):
        A_i = A[i]
        out_i = out[i]
        for j in range(n):
            out_total = 0.0
            for k in range(n):
                out_total += A_i[k] * A[k][j]  # line 3
            out_i[j] = out_total
    # backward: d<name> is the derivative of the result with respect to <name>
    dA = [[0.0] * n for _ in range(n)]
    for i in range(n):
        dA_i = dA[i]
        A_i = A[i]
        for j in range(n):
            dout_i_j = dout[i][j]
            for k in range(n):
                dA_i[k] += dout_i_j * A[k][j]
                dA[k][j] += dout_i_j * A_i[k]
    return out, (dA,)


def cubed(A):
    """cubed of capture.mg, line 5.

    A: [n, n] of float
    """
    n = len(A)
    check_shape("A", A, n, n)
    out_sum_3 = 0.0
    for i in range(n):
        out_sum = [0.0] * n
        for j in range(n):
            A_i_j = A[i][j]
            A_j = A[j]
            for k in range(n):
                out_sum[k] += A_i_j * A_j[k]  # line 6
        for j in range(n):
            out_sum_2 = 0.0
            for k in range(n):
                out_sum_2 += out_sum[k] * A[k][j]
            out_sum_3 += out_sum_2
    return out_sum_3


def cubed_value_and_grad(A):
    """cubed of capture.mg, line 5, and its derivatives.

    A: [n, n] of float

    Returns (value, grads); grads holds that of A.
    """
    n = len(A)
    check_shape("A", A, n, n)
    # forward
    out = 0.0
    dA = [[0.0] * n for _ in range(n)]
    for i in range(n):
        # forward
        out_sum = [0.0] * n
        for j in range(n):
            A_i_j = A[i][j]
            A_j = A[j]
            for k in range(n):
                out_sum[k] += A_i_j * A_j[k]  # line 6
        for j in range(n):
            out_sum_2 = 0.0
            for k in range(n):
                out_sum_2 += out_sum[k] * A[k][j]
            out += out_sum_2
        # backward: d<name> is the derivative of the result with respect to <name>
        for j in range(n):
            for k in range(n):
                dA[k][j] += out_sum[k]
    # backward
    dout_sum = [0.0] * n
    for i in range(n):
        for j in range(n):
            # line 6: return sum(A @ A @ A)
            dout_sum[j] += A[j][i]
    t = [[0.0] * n for _ in range(n)]
    for i in range(n):
        t_i = t[i]
        A_i = A[i]
        for j in range(n):
            t_i[j] = dout_sum[j] * A_i[j]
    for i in range(n):
        dA_i = dA[i]
        for j in range(n):
            t_j = t[j]
            for k in range(n):
                dA_i[j] += t_j[k]
    for i in range(n):
        for j in range(n):
            dA_j = dA[j]
            A_i_j = A[i][j]
            for k in range(n):
                dA_j[k] += dout_sum[k] * A_i_j
    return out, (dA,)


def power_of_sum(A, x):
    """power_of_sum of capture.mg, line 8.

    A: [n, n] of float
    x: [n] of float
    """
    n = len(A)
    check_shape("A", A, n, n)
    check_shape("x", x, n)
    y = [0.0] * n
    for i in range(n):
        y_total = 0.0
        A_i = A[i]
        for j in range(n):
            y_total += A_i[j] * x[j]  # line 9
        y[i] = y_total
    out_sum_3 = 0.0
    for i in range(n):
        out_sum = 0.0
        A_i = A[i]
        for j in range(n):
            out_sum += A_i[j] * y[j]  # line 10
        out_sum_2 = 0.0
        for j in range(n):
            out_sum_2 += A[j][i] * y[j]
        out_sum_3 += out_sum * out_sum_2
    return out_sum_3


def power_of_sum_value_and_grad(A, x):
    """power_of_sum of capture.mg, line 8, and its derivatives.

    A: [n, n] of float
    x: [n] of float

    Returns (value, grads); grads holds those of A, x.
    """
    n = len(A)
    check_shape("A", A, n, n)
    check_shape("x", x, n)
    # forward
    y = [0.0] * n
    for i in range(n):
        y_total = 0.0
        A_i = A[i]
        for j in range(n):
            y_total += A_i[j] * x[j]  # line 9
        y[i] = y_total
    out = 0.0
    dout_sum_3 = [0.0] * n
    dy_product = [0.0] * n
    dA = [[0.0] * n for _ in range(n)]
    for i in range(n):
        # forward
        out_sum = 0.0
        A_i = A[i]
        for j in range(n):
            out_sum += A_i[j] * y[j]  # line 10
        out_sum_2 = 0.0
        for j in range(n):
            out_sum_2 += A[j][i] * y[j]
        out += out_sum * out_sum_2
        # backward: d<name> is the derivative of the result with respect to <name>
        for j in range(n):
            # line 10: return sum((A @ y)*(A.T @ y))
            dout_sum_3[j] += out_sum * A[j][i]
            dA[j][i] += out_sum * y[j]
        dA_i = dA[i]
        for j in range(n):
            dy_product[j] += out_sum_2 * A_i[j]
            dA_i[j] += out_sum_2 * y[j]
    # backward
    dx = [0.0] * n
    for i in range(n):
        dA_i = dA[i]
        A_i = A[i]
        for j in range(n):
            dA_i[j] += dout_sum_3[i] * x[j]
            dx[j] += dout_sum_3[i] * A_i[j]
    for i in range(n):
        dA_i = dA[i]
        A_i = A[i]
        for j in range(n):
            dA_i[j] += dy_product[i] * x[j]
            dx[j] += dy_product[i] * A_i[j]
    return out, (dA, dx)


def symmetric(A):
    """symmetric of capture.mg, line 12.

    A: [n, n] of float
    """
    n = len(A)
    check_shape("A", A, n, n)
    out_sum_2 = 0.0
    for i in range(n):
        A_i = A[i]
        for j in range(n):
            out_sum = 0.0
            for k in range(n):
                A_k = A[k]
                out_sum += A_k[i] * A_k[j]  # line 13
            out_sum_2 += (A_i[j] + A[j][i]) * (A_i[j] - out_sum)
    return out_sum_2


def symmetric_value_and_grad(A):
    """symmetric of capture.mg, line 12, and its derivatives.

    A: [n, n] of float

    Returns (value, grads); grads holds that of A.
    """
    n = len(A)
    check_shape("A", A, n, n)
    out = 0.0
    dA = [[0.0] * n for _ in range(n)]
    for i in range(n):
        A_i = A[i]
        dA_i = dA[i]
        for j in range(n):
            # forward
            out_sum = 0.0
            for k in range(n):
                A_k = A[k]
                out_sum += A_k[i] * A_k[j]  # line 13
            out_difference = A_i[j] - out_sum
            out_sum_2 = A_i[j] + A[j][i]
            out += out_sum_2 * out_difference
            # backward: d<name> is the derivative of the result with respect to <name>
            # line 13: return sum((A + A.T)*(A - A.T @ A))
            dout_sum = -out_sum_2
            dA[j][i] += out_difference
            dA_i[j] += out_difference + out_sum_2
            for k in range(n):
                dA_k = dA[k]
                A_k = A[k]
                dA_k[i] += dout_sum * A_k[j]
                dA_k[j] += dout_sum * A_k[i]
    return out, (dA,)


def reused(x):
    """reused of capture.mg, line 15.

    x: [n] of float
    """
    n = len(x)
    check_shape("x", x, n)
    y = [0.0] * n
    for i in range(n):
        y_total = 0.0
        x_i = x[i]
        for j in range(n):
            y_total += x_i * x[j]  # line 16
        y[i] = y_total
    z = [0.0] * n
    out_sum = 0.0
    for i in range(n):
        z_total = 0.0
        for k in range(n):
            z_total += y[k] * y[i] * x[k]  # line 17
        z[i] = z_total
        for j in range(n):
            out_sum += z[i] * y[j]  # line 18
    out_sum_2 = 0.0
    for j in range(n):
        out_sum_2 += z[j] * y[j]
    out_sum_3 = 0.0
    for i in range(2):
        out_sum_3 += out_sum_2
    return out_sum + out_sum_3


def reused_value_and_grad(x):
    """reused of capture.mg, line 15, and its derivatives.

    x: [n] of float

    Returns (value, grads); grads holds that of x.
    """
    n = len(x)
    check_shape("x", x, n)
    # forward
    y = [0.0] * n
    for i in range(n):
        y_total = 0.0
        x_i = x[i]
        for j in range(n):
            y_total += x_i * x[j]  # line 16
        y[i] = y_total
    z_product = [[0.0] * n for _ in range(n)]
    z = [0.0] * n
    out_sum = 0.0
    dy_product_2 = 0.0
    for i in range(n):
        # forward
        z_total = 0.0
        z_product_i = z_product[i]
        for k in range(n):
            z_product_i[k] = y[k] * y[i]  # line 17
            z_total += z_product_i[k] * x[k]
        z[i] = z_total
        for j in range(n):
            out_sum += z[i] * y[j]  # line 18
        # backward: d<name> is the derivative of the result with respect to <name>
        # line 18: return sum(z[i]*y[j] for i, j) + sum(z @ y for i in range(2))
        dy_product_2 += z[i]
    out_sum_2 = 0.0
    for j in range(n):
        out_sum_2 += z[j] * y[j]
    out_sum_3 = 0.0
    for i in range(2):
        out_sum_3 += out_sum_2
    out = out_sum + out_sum_3
    # backward
    dout_sum_2 = 0.0
    for i in range(2):
        # line 18: return sum(z[i]*y[j] for i, j) + sum(z @ y for i in range(2))
        dout_sum_2 += 1.0
    dz_2 = [0.0] * n
    for j in range(n):
        dz_2[j] = dout_sum_2 * y[j]
    dz_3 = 0.0
    for j in range(n):
        dz_3 += y[j]
    dz_product_2 = [[0.0] * n for _ in range(n)]
    t_2 = [0.0] * n
    dz_product_3 = [0.0] * n
    dy_product_3 = 0.0
    dx = [0.0] * n
    for i in range(n):
        dz_product_2_i = dz_product_2[i]
        x_i = x[i]
        for j in range(n):
            # line 17: z = [sum(y[i]*y[j]*x[i] for i) for j]
            dz_product_2_i[j] = dz_2[j] * x_i
            t_2[j] += dz_product_2_i[j] * y[i]
            dx[i] += dz_2[j] * z_product[j][i]
        dz_product_3[i] = dz_3 * x_i
        dy_product_3 += dz_product_3[i] * y[i]
    t_5 = [0.0] * n
    for i in range(n):
        for k in range(n):
            t_5[k] += dz_product_3[k] * y[i]
    for i in range(n):
        t = 0.0
        dz_product_2_i = dz_product_2[i]
        for j in range(n):
            t += dz_product_2_i[j] * y[j]
        # line 16: y = [sum(x[i]*x[j] for j) for i]
        dy_product_4 = t + t_5[i]
        t_7 = dy_product_4 * x[i]
        for j in range(n):
            dx[i] += dy_product_4 * x[j]
            dx[j] += t_7
    dy_product = [0.0] * n
    t_3 = [0.0] * n
    for j in range(n):
        dy_product[j] = dout_sum_2 * z[j] + t_2[j]
        t_3[j] = dy_product[j] * x[j]
    t_4 = [0.0] * n
    for j in range(n):
        t_4[j] = dy_product_2 * x[j]
        for k in range(n):
            dx[k] += t_4[j]
    t_6 = [0.0] * n
    for j in range(n):
        t_6[j] = dy_product_3 * x[j]
        for k in range(n):
            dx[j] += t_4[k]
    for j in range(n):
        x_j = x[j]
        for k in range(n):
            dx[k] += dy_product[k] * x_j
            dx[j] += t_3[k]
    for i in range(n):
        z_product_i = z_product[i]
        for k in range(n):
            dx[k] += dz_3 * z_product_i[k]
    for i in range(n):
        for j in range(n):
            dx[i] += t_6[j]
            dx[j] += t_6[i]
    return out, (dx,)


def nested(x):
    """nested of capture.mg, line 20.

    x: [n] of float
    """
    n = len(x)
    check_shape("x", x, n)
    y = [0.0] * n
    for i in range(n):
        y[i] = sin(x[i])  # line 21
    out_sum_3 = 0.0
    for i in range(n):
        out_sum = 0.0
        for k in range(n):
            out_sum += y[k] * y[i]  # line 22
        out_sum_2 = 0.0
        for j in range(n):
            out_sum_2 += y[j] * out_sum
        out_sum_3 += y[i] * out_sum_2
    return out_sum_3


def nested_value_and_grad(x):
    """nested of capture.mg, line 20, and its derivatives.

    x: [n] of float

    Returns (value, grads); grads holds that of x.
    """
    n = len(x)
    check_shape("x", x, n)
    # forward
    y = [0.0] * n
    for i in range(n):
        y[i] = sin(x[i])  # line 21
    out_product = [[0.0] * n for _ in range(n)]
    out_sum_2 = [0.0] * n
    out = 0.0
    dy_2 = 0.0
    for i in range(n):
        # forward
        out_sum = 0.0
        out_product_i = out_product[i]
        for k in range(n):
            out_product_i[k] = y[k] * y[i]  # line 22
            out_sum += out_product_i[k]
        out_sum_2_total = 0.0
        for j in range(n):
            out_sum_2_total += y[j] * out_sum
        out_sum_2[i] = out_sum_2_total
        out += y[i] * out_sum_2[i]
        # backward: d<name> is the derivative of the result with respect to <name>
        # line 22: return sum(y[i]*sum(y[j]*sum(y[k]*y[i] for k) for j) for i)
        dy_2 += y[i] * out_sum
    # backward
    t_2 = [0.0] * n
    for k in range(n):
        # line 21: y = sin(x)
        t_2[k] = cos(x[k])
    dy_3 = 0.0
    dx = [0.0] * n
    for i in range(n):
        dout_sum = 0.0
        for j in range(n):
            # line 22: return sum(y[i]*sum(y[j]*sum(y[k]*y[i] for k) for j) for i)
            dout_sum += out_product[j][i]
        dy_3 += dout_sum * y[i]
        t = 0.0
        for k in range(n):
            t += dout_sum * y[k]
        # line 21: y = sin(x)
        dy_4 = out_sum_2[i] + t
        dx[i] += dy_4 * t_2[i]
    for k in range(n):
        dx[k] += dy_3 * t_2[k]
    for j in range(n):
        dx[j] += dy_2 * t_2[j]
    return out, (dx,)


def swapped(A):
    """swapped of capture.mg, line 24.

    A: [n, n] of float
    """
    n = len(A)
    check_shape("A", A, n, n)
    B = [0.0] * n
    C = [[0.0] * n for _ in range(n)]
    for i in range(n):
        A_i = A[i]
        B[i] = A_i[i] * A_i[i]  # line 25
        C_i = C[i]
        for j in range(n):
            B_2 = A_i[j] * A[j][i]
            C_i[j] = B_2 + B[i]  # line 26
    out_sum = 0.0
    for i in range(n):
        C_i = C[i]
        for j in range(n):
            out_sum += C_i[j] * B[j] * C[j][i]  # line 27
    return out_sum


def swapped_value_and_grad(A):
    """swapped of capture.mg, line 24, and its derivatives.

    A: [n, n] of float

    Returns (value, grads); grads holds that of A.
    """
    n = len(A)
    check_shape("A", A, n, n)
    # forward
    B = [0.0] * n
    C = [[0.0] * n for _ in range(n)]
    for i in range(n):
        A_i = A[i]
        B[i] = A_i[i] * A_i[i]  # line 25
        C_i = C[i]
        for j in range(n):
            B_2 = A_i[j] * A[j][i]
            C_i[j] = B_2 + B[i]  # line 26
    dC_2 = [[0.0] * n for _ in range(n)]
    t_2 = [0.0] * n
    dA = [[0.0] * n for _ in range(n)]
    for i in range(n):
        dB_4 = 0.0
        dC_2_i = dC_2[i]
        C_i = C[i]
        for j in range(n):
            C_j = C[j]
            # line 27: return sum(C[i, j]*B[j, j]*C[j, i] for i, j)
            dC_2_i[j] = C_j[i] * B[j]
            t_2[j] += C_j[i] * C_i[j]
            # line 26: C = [B[j, i] + B[i, i] for i, j]
            dB_4 += dC_2_i[j]
        # line 25: B = [A[j, i]*A[i, j] for i, j]
        t_4 = dB_4 * A[i][i]
        dA[i][i] += t_4 + t_4
    out = 0.0
    t = [0.0] * n
    for i in range(n):
        C_i = C[i]
        dA_i = dA[i]
        dC_2_i = dC_2[i]
        A_i = A[i]
        for j in range(n):
            # forward
            out_product = C_i[j] * B[j]  # line 27
            out += out_product * C[j][i]
            # backward: d<name> is the derivative of the result with respect to <name>
            # line 26: C = [B[j, i] + B[i, i] for i, j]
            t[j] += out_product
            dA_i[j] += out_product * A[j][i] + dC_2_i[j] * A[j][i]
            dA[j][i] += out_product * A_i[j] + dC_2_i[j] * A_i[j]
    # backward
    for j in range(n):
        # line 25: B = [A[j, i]*A[i, j] for i, j]
        dB_3 = t[j] + t_2[j]
        t_3 = dB_3 * A[j][j]
        dA[j][j] += t_3 + t_3
    return out, (dA,)


def double_(x):
    """double of capture.mg, line 29."""
    out_values = [0.0] * 3
    for k in range(3):
        out_values[k] = x * k  # line 30
    return out_values


def double_vjp(x, dout):
    """double of capture.mg, line 29, and its vector-Jacobian product.

    dout: [3] of float

    Returns (value, grads); grads holds that of x.
    """
    check_shape("dout", dout, 3)
    # forward
    out = [0.0] * 3
    for k in range(3):
        out[k] = x * k  # line 30
    # backward: d<name> is the derivative of the result with respect to <name>
    dx = 0.0
    for k in range(3):
        # line 30: return [x*k for k in range(3)]
        dx += dout[k] * k
    return out, (dx,)


def called_twice(x, y):
    """called_twice of capture.mg, line 32."""
    a = [0.0] * 3
    for k in range(3):
        a[k] = x * k  # line 30
    b = [0.0] * 3
    for j in range(3):
        b[j] = y * j
    out_sum = 0.0
    for i in range(3):
        for j in range(3):
            out_sum += a[i] * b[j]  # line 35
    out_sum_2 = 0.0
    for k in range(3):
        out_sum_2 += a[k] * b[k]
    return out_sum + out_sum_2


def called_twice_value_and_grad(x, y):
    """called_twice of capture.mg, line 32, and its derivatives.

    Returns (value, grads); grads holds those of x, y.
    """
    # forward
    a = [0.0] * 3
    t = 0.0
    for k in range(3):
        # forward
        a[k] = x * k  # line 30
        # backward: d<name> is the derivative of the result with respect to <name>
        # line 30: return [x*k for k in range(3)]
        t += a[k] * k
    b = [0.0] * 3
    da_2 = 0.0
    for j in range(3):
        # forward
        b[j] = y * j  # line 30
        # backward
        # line 35: return sum(a[i]*b[j] for i, j) + sum(a*b)
        da_2 += b[j]
    out_sum = 0.0
    for i in range(3):
        for j in range(3):
            out_sum += a[i] * b[j]
    out_sum_2 = 0.0
    for k in range(3):
        out_sum_2 += a[k] * b[k]
    out = out_sum + out_sum_2
    # backward
    db_2 = 0.0
    t_3 = 0.0
    for i in range(3):
        # line 35: return sum(a[i]*b[j] for i, j) + sum(a*b)
        db_2 += a[i]
        # line 30: return [x*k for k in range(3)]
        t_3 += da_2 * i
    t_2 = 0.0
    for j in range(3):
        t_2 += db_2 * j
    t_4 = 0.0
    for k in range(3):
        t_4 += b[k] * k
    dx = t_3 + t_4
    dy = t + t_2
    return out, (dx, dy)


def distances(x):
    """distances of capture.mg, line 37.

    x: [n, d] of float
    """
    n = len(x)
    d = len(x[0]) if x else 0
    check_shape("x", x, n, d)
    out_sum_2 = 0.0
    for i in range(n):
        x_i = x[i]
        for j in range(n):
            out_sum = 0.0
            x_j = x[j]
            for k in range(d):
                out_difference = x_i[k] - x_j[k]  # line 38
                out_sum += out_difference * out_difference
            out_sum_2 += sqrt(out_sum + 1.0)
    return out_sum_2


def distances_value_and_grad(x):
    """distances of capture.mg, line 37, and its derivatives.

    x: [n, d] of float

    Returns (value, grads); grads holds that of x.
    """
    n = len(x)
    d = len(x[0]) if x else 0
    check_shape("x", x, n, d)
    out = 0.0
    dx = [[0.0] * d for _ in range(n)]
    for i in range(n):
        x_i = x[i]
        dx_i = dx[i]
        for j in range(n):
            # forward
            out_difference = [0.0] * d
            out_sum = 0.0
            x_j = x[j]
            for k in range(d):
                out_difference[k] = x_i[k] - x_j[k]  # line 38
                out_sum += out_difference[k] ** 2
            out_sqrt = sqrt(out_sum + 1.0)
            out += out_sqrt
            # backward: d<name> is the derivative of the result with respect to <name>
            # line 38: return sum(sqrt(sum((x[i, k] - x[j, k])**2 for k) + 1) for i, j)
            dout_sum = 0.5 / out_sqrt
            dx_j = dx[j]
            for k in range(d):
                dout_difference = dout_sum * (2.0 * out_difference[k])
                dx_i[k] += dout_difference
                dx_j[k] += -dout_difference
    return out, (dx,)


def attention(Q, K, V):
    """attention of capture.mg, line 40.

    Q: [t, d] of float
    K: [s, d] of float
    V: [s, d] of float
    """
    t = len(Q)
    d = len(Q[0]) if Q else 0
    s = len(K)
    check_shape("Q", Q, t, d)
    check_shape("K", K, s, d)
    check_shape("V", V, s, d)
    weight_sqrt = sqrt(d)  # line 41
    out_sum = [[0.0] * d for _ in range(t)]
    for i in range(t):
        largest_ratio = [0.0] * s
        largest = -inf
        Q_i = Q[i]
        for j in range(s):
            largest_sum = 0.0
            K_j = K[j]
            for k in range(d):
                largest_sum += Q_i[k] * K_j[k]
            largest_ratio[j] = largest_sum / weight_sqrt
            if largest_ratio[j] > largest or largest_ratio[j] != largest_ratio[j]:
                largest = largest_ratio[j]
        weight = [0.0] * s
        total = 0.0
        for k in range(s):
            weight[k] = exp(largest_ratio[k] - largest)
            total += weight[k]
        out_ratio = [0.0] * s
        for j in range(s):
            out_ratio[j] = weight[j] / total
        out_sum_i = out_sum[i]
        for c in range(d):
            out_sum_total = 0.0
            for j in range(s):
                out_sum_total += out_ratio[j] * V[j][c]
            out_sum_i[c] = out_sum_total
    return out_sum


def attention_vjp(Q, K, V, dout):
    """attention of capture.mg, line 40, and its vector-Jacobian product.

    Q: [t, d] of float
    K: [s, d] of float
    V: [s, d] of float
    dout: [t, d] of float

    Returns (value, grads); grads holds those of Q, K, V.
    """
    t = len(Q)
    d = len(Q[0]) if Q else 0
    s = len(K)
    check_shape("Q", Q, t, d)
    check_shape("K", K, s, d)
    check_shape("V", V, s, d)
    check_shape("dout", dout, t, d)
    # forward
    weight_sqrt = sqrt(d)  # line 41
    dout_ratio = [[0.0] * s for _ in range(t)]
    for i in range(t):
        dout_ratio_i = dout_ratio[i]
        for c in range(d):
            dout_i_c = dout[i][c]
            for j in range(s):
                dout_ratio_i[j] += dout_i_c * V[j][c]
    out = [[0.0] * d for _ in range(t)]
    dQ = [[0.0] * d for _ in range(t)]
    dK = [[0.0] * d for _ in range(s)]
    t_2 = [[0.0] * s for _ in range(d)]
    for i in range(t):
        # forward
        largest_ratio = [0.0] * s
        largest = -inf
        Q_i = Q[i]
        for j in range(s):
            largest_sum = 0.0
            K_j = K[j]
            for k in range(d):
                largest_sum += Q_i[k] * K_j[k]  # line 41
            largest_ratio[j] = largest_sum / weight_sqrt
            if largest_ratio[j] > largest or largest_ratio[j] != largest_ratio[j]:
                largest = largest_ratio[j]
        weight = [0.0] * s
        total = 0.0
        for k in range(s):
            weight[k] = exp(largest_ratio[k] - largest)
            total += weight[k]
        out_ratio = [0.0] * s
        dtotal = 0.0
        dout_ratio_i = dout_ratio[i]
        for j in range(s):
            # forward
            out_ratio[j] = weight[j] / total  # line 41
            # backward: d<name> is the derivative of the result with respect to <name>
            # line 41: return [sum(softmax([dot(Q[i], K[j])/sqrt(d) for j])[j]*V[j, c] f...
            dtotal += dout_ratio_i[j] * (-out_ratio[j] / total)
        out_i = out[i]
        for c in range(d):
            out_total = 0.0
            for j in range(s):
                out_total += out_ratio[j] * V[j][c]
            out_i[c] = out_total
        # backward
        dQ_i = dQ[i]
        for j in range(s):
            # line 41: return [sum(softmax([dot(Q[i], K[j])/sqrt(d) for j])[j]*V[j, c] f...
            dweight_2 = dout_ratio_i[j] / total
            dweight_sum = dweight_2 * weight[j] / weight_sqrt
            K_j = K[j]
            dK_j = dK[j]
            for k in range(d):
                dQ_i[k] += dweight_sum * K_j[k]
                dK_j[k] += dweight_sum * Q_i[k]
        dweight_sum_2 = [0.0] * s
        for k in range(s):
            dweight_sum_2[k] = dtotal * weight[k] / weight_sqrt
        for k in range(d):
            Q_i_k = Q_i[k]
            for p in range(s):
                dQ_i[k] += dweight_sum_2[p] * K[p][k]
                dK[p][k] += dweight_sum_2[p] * Q_i_k
        for c in range(d):
            t_2_c = t_2[c]
            dout_i_c = dout[i][c]
            for j in range(s):
                t_2_c[j] += dout_i_c * out_ratio[j]
    # backward
    dV = [[0.0] * d for _ in range(s)]
    for c in range(d):
        t_2_c = t_2[c]
        for j in range(s):
            dV[j][c] = t_2_c[j]
    return out, (dQ, dK, dV)


def stored_row(x):
    """stored_row of capture.mg, line 43.

    x: [k, d] of float
    """
    k = len(x)
    d = len(x[0]) if x else 0
    check_shape("x", x, k, d)
    largest_sum = [0.0] * k
    largest = -inf
    for c in range(k):
        largest_sum_total = 0.0
        x_c = x[c]
        for r in range(d):
            largest_sin = sin(x_c[r])  # line 44
            largest_sum_total += largest_sin * largest_sin
        largest_sum[c] = largest_sum_total
        if largest_sum[c] > largest or largest_sum[c] != largest_sum[c]:
            largest = largest_sum[c]
    stable_sum = 0.0
    for i in range(k):
        stable_sum += exp(largest_sum[i] - largest)
    stable = largest + log(stable_sum)
    return stable


def stored_row_value_and_grad(x):
    """stored_row of capture.mg, line 43, and its derivatives.

    x: [k, d] of float

    Returns (value, grads); grads holds that of x.
    """
    k = len(x)
    d = len(x[0]) if x else 0
    check_shape("x", x, k, d)
    # forward
    largest_sin = [[0.0] * d for _ in range(k)]
    largest_sum = [0.0] * k
    largest = -inf
    for c in range(k):
        largest_sum_total = 0.0
        largest_sin_c = largest_sin[c]
        x_c = x[c]
        for r in range(d):
            largest_sin_c[r] = sin(x_c[r])  # line 44
            largest_sum_total += largest_sin_c[r] ** 2
        largest_sum[c] = largest_sum_total
        if largest_sum[c] > largest or largest_sum[c] != largest_sum[c]:
            largest = largest_sum[c]
    stable_exp = [0.0] * k
    stable_sum = 0.0
    for i in range(k):
        stable_exp[i] = exp(largest_sum[i] - largest)
        stable_sum += stable_exp[i]
    stable = largest + log(stable_sum)
    # backward: d<name> is the derivative of the result with respect to <name>
    # line 44: return logsumexp(sum(sin(x[c, r])**2 for r) for c)
    dstable_sum = 1.0 / stable_sum
    dlargest_sum = [0.0] * k
    for i in range(k):
        dlargest_sum[i] = dstable_sum * stable_exp[i]
    dx = [[0.0] * d for _ in range(k)]
    for r in range(d):
        for i in range(k):
            dstable_in = dlargest_sum[i] * (2.0 * largest_sin[i][r]) * cos(x[i][r])
            dx[i][r] = dstable_in
    return stable, (dx,)


def kernel(x, y, c):
    """kernel of capture.mg, line 46.

    x: [n] of float
    y: [n] of float
    """
    n = len(x)
    check_shape("x", x, n)
    check_shape("y", y, n)
    G = [[0.0] * n for _ in range(n)]
    out_sum = [0.0] * n
    for j in range(n):
        out_sum_total = 0.0
        x_j = x[j]
        G_j = G[j]
        for i in range(n):
            G_difference = x_j - x[i]  # line 47
            G_j[i] = exp(-c * (G_difference * G_difference))
            out_sum_total += G_j[i] * y[i]  # line 48
        out_sum[j] = out_sum_total
    out_sum_3 = 0.0
    for i in range(n):
        out_sum_2 = 0.0
        G_i = G[i]
        for j in range(n):
            out_sum_2 += G_i[j] * out_sum[j]
        out_sum_3 += y[i] * out_sum_2
    return out_sum_3


def kernel_value_and_grad(x, y, c):
    """kernel of capture.mg, line 46, and its derivatives.

    x: [n] of float
    y: [n] of float

    Returns (value, grads); grads holds those of x, y, c.
    """
    n = len(x)
    check_shape("x", x, n)
    check_shape("y", y, n)
    # forward
    G_difference = [[0.0] * n for _ in range(n)]
    G_power = [[0.0] * n for _ in range(n)]
    G = [[0.0] * n for _ in range(n)]
    out_sum = [0.0] * n
    for j in range(n):
        out_sum_total = 0.0
        G_difference_j = G_difference[j]
        x_j = x[j]
        G_power_j = G_power[j]
        G_j = G[j]
        for i in range(n):
            G_difference_j[i] = x_j - x[i]  # line 47
            G_power_j[i] = G_difference_j[i] ** 2
            G_j[i] = exp(-c * G_power_j[i])
            out_sum_total += G_j[i] * y[i]  # line 48
        out_sum[j] = out_sum_total
    out = 0.0
    dy = [0.0] * n
    for i in range(n):
        # forward
        out_sum_2 = 0.0
        G_i = G[i]
        for j in range(n):
            out_sum_2 += G_i[j] * out_sum[j]  # line 48
        out += y[i] * out_sum_2
        # backward: d<name> is the derivative of the result with respect to <name>
        dy[i] += out_sum_2
    # backward
    dout_sum = [0.0] * n
    t = 0.0
    dx = [0.0] * n
    for i in range(n):
        y_i = y[i]
        G_i = G[i]
        G_power_i = G_power[i]
        G_difference_i = G_difference[i]
        for j in range(n):
            # line 48: return y @ (G @ (G @ y))
            dG_2 = y_i * out_sum[j]
            dout_sum[j] += y_i * G_i[j]
            # line 47: G = [exp(-c*(x[i] - x[j])**2) for i, j]
            dG_in = dG_2 * G_i[j]
            t += dG_in * G_power_i[j]
            dG_difference_2 = -dG_in * c * (2.0 * G_difference_i[j])
            dx[i] += dG_difference_2
            dx[j] += -dG_difference_2
    t_2 = 0.0
    for j in range(n):
        G_j = G[j]
        G_power_j = G_power[j]
        G_difference_j = G_difference[j]
        for i in range(n):
            # line 48: return y @ (G @ (G @ y))
            dG_3 = dout_sum[j] * y[i]
            # line 47: G = [exp(-c*(x[i] - x[j])**2) for i, j]
            dG_in_2 = dG_3 * G_j[i]
            t_2 += dG_in_2 * G_power_j[i]
            dG_difference_3 = -dG_in_2 * c * (2.0 * G_difference_j[i])
            dx[j] += dG_difference_3
            dx[i] += -dG_difference_3
            dy[i] += dout_sum[j] * G_j[i]
    dc = -(t + t_2)
    return out, (dx, dy, dc)
