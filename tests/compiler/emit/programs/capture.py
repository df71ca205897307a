"""capture.mg, compiled to Python: values and exact derivatives."""

from math import cos, exp, inf, log1p, sin, sqrt


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
    out_sum = 0.0
    out_sum_2 = 0.0
    for j in range(n):
        z = 0.0
        for i in range(n):
            z += y[i] * y[j] * x[i]  # line 17
        for i in range(n):
            out_sum += z * y[i]  # line 18
        out_sum_2 += z * y[j]
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
    t = 0.0
    for i in range(n):
        # forward
        y_total = 0.0
        x_i = x[i]
        for j in range(n):
            y_total += x_i * x[j]  # line 16
        y[i] = y_total
        # backward: d<name> is the derivative of the result with respect to <name>
        # line 18: return sum(z[i]*y[j] for i, j) + sum(z @ y for i in range(2))
        t += y[i]
    dout_sum_2 = 0.0
    for i in range(2):
        dout_sum_2 += 1.0
    dz = [0.0] * n
    t_3 = [0.0] * n
    dy = [0.0] * n
    for j in range(n):
        # line 17: z = [sum(y[i]*y[j]*x[i] for i) for j]
        dz[j] = dout_sum_2 * y[j] + t
        for i in range(n):
            dz_product = dz[j] * x[i]
            t_3[i] += dz_product * y[j]
            # line 16: y = [sum(x[i]*x[j] for j) for i]
            dy[j] += dz_product * y[i]
    out_sum = 0.0
    out_sum_2 = 0.0
    t_2 = 0.0
    dx = [0.0] * n
    for j in range(n):
        # forward
        z = 0.0
        for i in range(n):
            # forward
            z_product = y[i] * y[j]  # line 17
            z += z_product * x[i]
            # backward
            dx[i] += dz[j] * z_product
        for i in range(n):
            out_sum += z * y[i]  # line 18
        out_sum_2 += z * y[j]
        # backward
        # line 18: return sum(z[i]*y[j] for i, j) + sum(z @ y for i in range(2))
        t_2 += z
        # line 16: y = [sum(x[i]*x[j] for j) for i]
        dy[j] += dout_sum_2 * z
    out_sum_3 = 0.0
    for i in range(2):
        out_sum_3 += out_sum_2  # line 18
    out = out_sum + out_sum_3
    # backward
    for i in range(n):
        # line 16: y = [sum(x[i]*x[j] for j) for i]
        dy[i] += t_2 + t_3[i]
    for i in range(n):
        t_4 = dy[i] * x[i]
        for j in range(n):
            dx[i] += dy[i] * x[j]
            dx[j] += t_4
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
    t_3 = [0.0] * n
    dy = [0.0] * n
    for i in range(n):
        dout_sum = 0.0
        for j in range(n):
            # line 22: return sum(y[i]*sum(y[j]*sum(y[k]*y[i] for k) for j) for i)
            dout_sum += y[i] * y[j]
        t_2 = dout_sum * y[i]
        t_3_total = 0.0
        for k in range(n):
            t_3_total += dout_sum * y[k]
            # line 21: y = sin(x)
            dy[k] += t_2
        t_3[i] = t_3_total
    out = 0.0
    for i in range(n):
        # forward
        out_sum = 0.0
        for k in range(n):
            out_sum += y[k] * y[i]  # line 22
        out_sum_2 = 0.0
        for j in range(n):
            out_sum_2 += y[j] * out_sum
        out += y[i] * out_sum_2
        # backward: d<name> is the derivative of the result with respect to <name>
        # line 22: return sum(y[i]*sum(y[j]*sum(y[k]*y[i] for k) for j) for i)
        t = y[i] * out_sum
        # line 21: y = sin(x)
        dy[i] += out_sum_2 + t_3[i]
        for j in range(n):
            dy[j] += t
    # backward
    dx = [0.0] * n
    for i in range(n):
        dx[i] = dy[i] * cos(x[i])
    return out, (dx,)


def swapped(A):
    """swapped of capture.mg, line 24.

    A: [n, n] of float
    """
    n = len(A)
    check_shape("A", A, n, n)
    B = [[0.0] * n for _ in range(n)]
    for i in range(n):
        B_i = B[i]
        A_i = A[i]
        for j in range(n):
            B_i[j] = A[j][i] * A_i[j]  # line 25
    C = [[0.0] * n for _ in range(n)]
    for i in range(n):
        B_i = B[i]
        for j in range(n):
            C[j][i] = B_i[j] + B[j][j]  # line 26
    out_sum = 0.0
    for i in range(n):
        B_i = B[i]
        C_i = C[i]
        for j in range(n):
            out_sum += C[j][i] * B_i[i] * C_i[j]  # line 27
    return out_sum


def swapped_value_and_grad(A):
    """swapped of capture.mg, line 24, and its derivatives.

    A: [n, n] of float

    Returns (value, grads); grads holds that of A.
    """
    n = len(A)
    check_shape("A", A, n, n)
    # forward
    B = [[0.0] * n for _ in range(n)]
    for i in range(n):
        B_i = B[i]
        A_i = A[i]
        for j in range(n):
            B_i[j] = A[j][i] * A_i[j]  # line 25
    C = [[0.0] * n for _ in range(n)]
    out_product = [[0.0] * n for _ in range(n)]
    dC = [[0.0] * n for _ in range(n)]
    for i in range(n):
        B_i = B[i]
        out_product_i = out_product[i]
        dC_i = dC[i]
        for j in range(n):
            # forward
            C_j = C[j]
            C_j[i] = B_i[j] + B[j][j]  # line 26
            out_product_i[j] = C_j[i] * B_i[i]  # line 27
            # backward: d<name> is the derivative of the result with respect to <name>
            # line 26: C = [B[j, i] + B[i, i] for i, j]
            dC_i[j] += out_product_i[j]
    out = 0.0
    for i in range(n):
        out_product_i = out_product[i]
        C_i = C[i]
        for j in range(n):
            out += out_product_i[j] * C_i[j]  # line 27
    # backward
    dB = [[0.0] * n for _ in range(n)]
    for i in range(n):
        C_i = C[i]
        B_i = B[i]
        dB_i = dB[i]
        for j in range(n):
            # line 26: C = [B[j, i] + B[i, i] for i, j]
            dC[j][i] += C_i[j] * B_i[i]
            # line 25: B = [A[j, i]*A[i, j] for i, j]
            dB_i[i] += C_i[j] * C[j][i]
    for i in range(n):
        dB_i = dB[i]
        for j in range(n):
            dC_j = dC[j]
            dB_i[j] += dC_j[i]
            dB[j][j] += dC_j[i]
    dA = [[0.0] * n for _ in range(n)]
    for i in range(n):
        dA_i = dA[i]
        dB_i = dB[i]
        A_i = A[i]
        for j in range(n):
            dA_i[j] += dB_i[j] * A[j][i]
            dA[j][i] += dB_i[j] * A_i[j]
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
    b = [0.0] * 3
    for k in range(3):
        b[k] = y * k  # line 30
    out_sum = 0.0
    out_sum_2 = 0.0
    for k in range(3):
        a = x * k
        for i in range(3):
            out_sum += a * b[i]  # line 35
        out_sum_2 += a * b[k]
    return out_sum + out_sum_2


def called_twice_value_and_grad(x, y):
    """called_twice of capture.mg, line 32, and its derivatives.

    Returns (value, grads); grads holds those of x, y.
    """
    # forward
    a = [0.0] * 3
    t_2 = 0.0
    db = [0.0] * 3
    for k in range(3):
        # forward
        a[k] = x * k  # line 30
        # backward: d<name> is the derivative of the result with respect to <name>
        # line 35: return sum(a[i]*b[j] for i, j) + sum(a*b)
        t_2 += a[k]
        # line 30: return [x*k for k in range(3)]
        db[k] += a[k]
    b = [0.0] * 3
    t = 0.0
    for k in range(3):
        # forward
        b[k] = y * k  # line 30
        # backward
        # line 35: return sum(a[i]*b[j] for i, j) + sum(a*b)
        t += b[k]
    out_sum = 0.0
    out_sum_2 = 0.0
    for k in range(3):
        for i in range(3):
            out_sum += a[k] * b[i]
        out_sum_2 += a[k] * b[k]
    out = out_sum + out_sum_2
    # backward
    for k in range(3):
        # line 30: return [x*k for k in range(3)]
        db[k] += t_2
    dy = 0.0
    for k in range(3):
        dy += db[k] * k
    dx = 0.0
    for k in range(3):
        da = b[k] + t
        dx += da * k
    return out, (dx, dy)


def distances(x):
    """distances of capture.mg, line 37.

    x: [n, d] of float
    """
    n = len(x)
    d = len(x[0]) if len(x) else 0
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
    d = len(x[0]) if len(x) else 0
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
    d = len(Q[0]) if len(Q) else len(K[0]) if len(K) else 0
    s = len(K)
    check_shape("Q", Q, t, d)
    check_shape("K", K, s, d)
    check_shape("V", V, s, d)
    weight_sqrt = sqrt(d)  # line 41
    out_sum_2 = [[0.0] * d for _ in range(t)]
    for i in range(t):
        v = [0.0] * s
        largest = -inf
        Q_i = Q[i]
        for j in range(s):
            weight_sum = 0.0
            K_j = K[j]
            for k in range(d):
                weight_sum += Q_i[k] * K_j[k]
            v[j] = weight_sum / weight_sqrt
            if v[j] > largest or v[j] != v[j]:
                largest = v[j]
        weight = [0.0] * s
        out_sum = 0.0
        for j in range(s):
            weight[j] = exp(v[j] - largest)
            out_sum += weight[j]
        out_ratio = [0.0] * s
        for j in range(s):
            out_ratio[j] = weight[j] / out_sum
        out_sum_2_i = out_sum_2[i]
        for c in range(d):
            out_sum_2_total = 0.0
            for j in range(s):
                out_sum_2_total += out_ratio[j] * V[j][c]
            out_sum_2_i[c] = out_sum_2_total
    return out_sum_2


def attention_vjp(Q, K, V, dout):
    """attention of capture.mg, line 40, and its vector-Jacobian product.

    Q: [t, d] of float
    K: [s, d] of float
    V: [s, d] of float
    dout: [t, d] of float

    Returns (value, grads); grads holds those of Q, K, V.
    """
    t = len(Q)
    d = len(Q[0]) if len(Q) else len(K[0]) if len(K) else 0
    s = len(K)
    check_shape("Q", Q, t, d)
    check_shape("K", K, s, d)
    check_shape("V", V, s, d)
    check_shape("dout", dout, t, d)
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
    dV = [[0.0] * d for _ in range(s)]
    for i in range(t):
        # forward
        v = [0.0] * s
        largest = -inf
        Q_i = Q[i]
        for j in range(s):
            weight_sum = 0.0
            K_j = K[j]
            for k in range(d):
                weight_sum += Q_i[k] * K_j[k]  # line 41
            v[j] = weight_sum / weight_sqrt
            if v[j] > largest or v[j] != v[j]:
                largest = v[j]
        weight = [0.0] * s
        out_sum = 0.0
        for j in range(s):
            weight[j] = exp(v[j] - largest)
            out_sum += weight[j]
        out_ratio = [0.0] * s
        dout_sum = 0.0
        dout_ratio_i = dout_ratio[i]
        for j in range(s):
            # forward
            out_ratio[j] = weight[j] / out_sum  # line 41
            # backward: d<name> is the derivative of the result with respect to <name>
            # line 41: return [sum(softmax([dot(Q[i], K[j])/sqrt(d) for j])[j]*V[j, c] f...
            dout_sum += dout_ratio_i[j] * (-out_ratio[j] / out_sum)
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
            dweight = dout_ratio_i[j] / out_sum + dout_sum
            dweight_sum = dweight * weight[j] / weight_sqrt
            K_j = K[j]
            dK_j = dK[j]
            for k in range(d):
                dQ_i[k] += dweight_sum * K_j[k]
                dK_j[k] += dweight_sum * Q_i[k]
        for c in range(d):
            dout_i_c = dout[i][c]
            for j in range(s):
                dV[j][c] += dout_i_c * out_ratio[j]
    return out, (dQ, dK, dV)


def stored_row(x):
    """stored_row of capture.mg, line 43.

    x: [k, d] of float
    """
    k = len(x)
    d = len(x[0]) if len(x) else 0
    check_shape("x", x, k, d)
    v = [0.0] * k
    largest = -inf
    for c in range(k):
        v_total = 0.0
        x_c = x[c]
        for r in range(d):
            ties_sin = sin(x_c[r])  # line 44
            v_total += ties_sin * ties_sin
        v[c] = v_total
        if v[c] > largest or v[c] != v[c]:
            largest = v[c]
    others = 0.0
    ties = 0.0
    for c in range(k):
        weight = exp(v[c] - largest)
        others += weight - 1.0 if v[c] == largest else weight
        if v[c] == largest:
            ties += 1.0
    stable = largest + log1p(others + (ties - 1.0))
    return stable


def stored_row_value_and_grad(x):
    """stored_row of capture.mg, line 43, and its derivatives.

    x: [k, d] of float

    Returns (value, grads); grads holds that of x.
    """
    k = len(x)
    d = len(x[0]) if len(x) else 0
    check_shape("x", x, k, d)
    # forward
    ties_sin = [[0.0] * d for _ in range(k)]
    v = [0.0] * k
    largest = -inf
    for c in range(k):
        v_total = 0.0
        ties_sin_c = ties_sin[c]
        x_c = x[c]
        for r in range(d):
            ties_sin_c[r] = sin(x_c[r])  # line 44
            v_total += ties_sin_c[r] ** 2
        v[c] = v_total
        if v[c] > largest or v[c] != v[c]:
            largest = v[c]
    weight = [0.0] * k
    others = 0.0
    ties = 0.0
    for c in range(k):
        weight[c] = exp(v[c] - largest)
        others += weight[c] - 1.0 if v[c] == largest else weight[c]
        if v[c] == largest:
            ties += 1.0
    stable_in = others + (ties - 1.0)
    stable = largest + log1p(stable_in)
    # backward: d<name> is the derivative of the result with respect to <name>
    # line 44: return logsumexp(sum(sin(x[c, r])**2 for r) for c)
    dothers = 1.0 / (1.0 + stable_in)
    dx = [[0.0] * d for _ in range(k)]
    for c in range(k):
        dv = dothers * weight[c]
        dx_c = dx[c]
        ties_sin_c = ties_sin[c]
        x_c = x[c]
        for r in range(d):
            dx_c[r] = dv * (2.0 * ties_sin_c[r]) * cos(x_c[r])
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
    for i in range(n):
        x_i = x[i]
        G_i = G[i]
        for j in range(n):
            G_difference = x_i - x[j]  # line 47
            G_i[j] = exp(-c * (G_difference * G_difference))
    out_sum = [0.0] * n
    for j in range(n):
        out_sum_total = 0.0
        G_j = G[j]
        for k in range(n):
            out_sum_total += G_j[k] * y[k]  # line 48
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
    dout_sum = [0.0] * n
    for i in range(n):
        G_difference_i = G_difference[i]
        x_i = x[i]
        G_power_i = G_power[i]
        G_i = G[i]
        y_i = y[i]
        for j in range(n):
            # forward
            G_difference_i[j] = x_i - x[j]  # line 47
            G_power_i[j] = G_difference_i[j] ** 2
            G_i[j] = exp(-c * G_power_i[j])
            # backward: d<name> is the derivative of the result with respect to <name>
            # line 48: return y @ (G @ (G @ y))
            dout_sum[j] += y_i * G_i[j]
    out_sum = [0.0] * n
    for j in range(n):
        out_sum_total = 0.0
        G_j = G[j]
        for k in range(n):
            out_sum_total += G_j[k] * y[k]
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
        # backward
        dy[i] += out_sum_2
    # backward
    dG = [[0.0] * n for _ in range(n)]
    for i in range(n):
        dG_i = dG[i]
        y_i = y[i]
        for j in range(n):
            # line 47: G = [exp(-c*(x[i] - x[j])**2) for i, j]
            dG_i[j] += y_i * out_sum[j]
    for j in range(n):
        dG_j = dG[j]
        G_j = G[j]
        for k in range(n):
            dG_j[k] += dout_sum[j] * y[k]
            dy[k] += dout_sum[j] * G_j[k]
    dneg_c = 0.0
    dx = [0.0] * n
    for i in range(n):
        dG_i = dG[i]
        G_i = G[i]
        G_power_i = G_power[i]
        G_difference_i = G_difference[i]
        for j in range(n):
            dG_in = dG_i[j] * G_i[j]
            dneg_c += dG_in * G_power_i[j]
            dG_difference = -dG_in * c * (2.0 * G_difference_i[j])
            dx[i] += dG_difference
            dx[j] += -dG_difference
    dc = -dneg_c
    return out, (dx, dy, dc)
