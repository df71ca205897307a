"""capture.mg, compiled to Python: values and exact derivatives.

d<name> is the derivative of the result with respect to <name>.
"""

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
    out = [[0.0] * n for _ in range(n)]
    for i in range(n):
        A_i = A[i]
        out_i = out[i]
        for j in range(n):
            out_total = 0.0
            for k in range(n):
                out_total += A_i[k] * A[k][j]  # line 3
            out_i[j] = out_total
    return out


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
    # backward
    dA = [[0.0] * n for _ in range(n)]
    for i in range(n):
        dA_i = dA[i]
        A_i = A[i]
        for j in range(n):
            dout_i_j = dout[i][j]
            for k in range(n):
                # line 3: return A @ A
                dA_i[k] += dout_i_j * A[k][j]
                dA[k][j] += dout_i_j * A_i[k]
    return out, (dA,)


def cubed(A):
    """cubed of capture.mg, line 5.

    A: [n, n] of float
    """
    n = len(A)
    check_shape("A", A, n, n)
    out = 0.0
    for i in range(n):
        A_A_sum = [0.0] * n
        for j in range(n):
            A_i_j = A[i][j]
            A_j = A[j]
            for k in range(n):
                A_A_sum[k] += A_i_j * A_j[k]  # line 6
        for j in range(n):
            A_A_sum_A_sum = 0.0
            for k in range(n):
                A_A_sum_A_sum += A_A_sum[k] * A[k][j]
            out += A_A_sum_A_sum
    return out


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
        A_A_sum = [0.0] * n
        for j in range(n):
            A_i_j = A[i][j]
            A_j = A[j]
            for k in range(n):
                A_A_sum[k] += A_i_j * A_j[k]  # line 6
        for j in range(n):
            A_A_sum_A_sum = 0.0
            for k in range(n):
                A_A_sum_A_sum += A_A_sum[k] * A[k][j]
            out += A_A_sum_A_sum
        # backward
        for j in range(n):
            for k in range(n):
                dA[k][j] += A_A_sum[k]
    # backward
    dA_A_sum = [0.0] * n
    for i in range(n):
        for j in range(n):
            dA_A_sum[j] += A[j][i]
    part_of_dA = [[0.0] * n for _ in range(n)]
    for i in range(n):
        part_of_dA_i = part_of_dA[i]
        A_i = A[i]
        for j in range(n):
            # line 6: return sum(A @ A @ A)
            part_of_dA_i[j] = dA_A_sum[j] * A_i[j]
    for i in range(n):
        dA_i = dA[i]
        for j in range(n):
            part_of_dA_j = part_of_dA[j]
            for k in range(n):
                dA_i[j] += part_of_dA_j[k]
    for i in range(n):
        for j in range(n):
            dA_j = dA[j]
            A_i_j = A[i][j]
            for k in range(n):
                dA_j[k] += dA_A_sum[k] * A_i_j
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
    out = 0.0
    for i in range(n):
        A_y_sum = 0.0
        out_sum = 0.0
        A_i = A[i]
        for j in range(n):
            A_y_sum += A_i[j] * y[j]  # line 10
            out_sum += A[j][i] * y[j]
        out += A_y_sum * out_sum
    return out


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
    A_y_sum_A_sum = [0.0] * n
    out_sum_A_sum = [0.0] * n
    dA = [[0.0] * n for _ in range(n)]
    for i in range(n):
        # forward
        A_y_sum = 0.0
        out_sum = 0.0
        A_i = A[i]
        for j in range(n):
            A_y_sum += A_i[j] * y[j]  # line 10
            out_sum += A[j][i] * y[j]
        out += A_y_sum * out_sum
        # backward
        dA_i = dA[i]
        for j in range(n):
            # line 10: return sum((A @ y)*(A.T @ y))
            A_y_sum_A_sum[j] += A_y_sum * A[j][i]
            out_sum_A_sum[j] += out_sum * A_i[j]
            dA[j][i] += A_y_sum * y[j]
            dA_i[j] += out_sum * y[j]
    # backward
    dx = [0.0] * n
    for i in range(n):
        # line 9: y = A @ x
        dy = A_y_sum_A_sum[i] + out_sum_A_sum[i]
        dA_i = dA[i]
        A_i = A[i]
        for j in range(n):
            dA_i[j] += dy * x[j]
            dx[j] += dy * A_i[j]
    return out, (dA, dx)


def symmetric(A):
    """symmetric of capture.mg, line 12.

    A: [n, n] of float
    """
    n = len(A)
    check_shape("A", A, n, n)
    out = 0.0
    for i in range(n):
        A_i = A[i]
        for j in range(n):
            A_A_sum = 0.0
            for k in range(n):
                A_k = A[k]
                A_A_sum += A_k[i] * A_k[j]  # line 13
            out += (A_i[j] + A[j][i]) * (A_i[j] - A_A_sum)
    return out


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
            A_A_sum = 0.0
            for k in range(n):
                A_k = A[k]
                A_A_sum += A_k[i] * A_k[j]  # line 13
            out_difference = A_i[j] - A_A_sum
            A_plus_A = A_i[j] + A[j][i]
            out += A_plus_A * out_difference
            # backward
            # line 13: return sum((A + A.T)*(A - A.T @ A))
            dA_A_sum = -A_plus_A
            dA[j][i] += out_difference
            dA_i[j] += out_difference + A_plus_A
            for k in range(n):
                dA_k = dA[k]
                A_k = A[k]
                dA_k[i] += dA_A_sum * A_k[j]
                dA_k[j] += dA_A_sum * A_k[i]
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
    z_y_sum = 0.0
    for j in range(n):
        z = 0.0
        for i in range(n):
            z += y[i] * y[j] * x[i]  # line 17
        for i in range(n):
            out_sum += z * y[i]  # line 18
        z_y_sum += z * y[j]
    z_y_sum_sum = 0.0
    for i in range(2):
        z_y_sum_sum += z_y_sum
    return out_sum + z_y_sum_sum


def reused_value_and_grad(x):
    """reused of capture.mg, line 15, and its derivatives.

    x: [n] of float

    Returns (value, grads); grads holds that of x.
    """
    n = len(x)
    check_shape("x", x, n)
    # forward
    y = [0.0] * n
    y_sum = 0.0
    for i in range(n):
        # forward
        y_total = 0.0
        x_i = x[i]
        for j in range(n):
            y_total += x_i * x[j]  # line 16
        y[i] = y_total
        # backward
        # line 18: return sum(z[i]*y[j] for i, j) + sum(z @ y for i in range(2))
        y_sum += y[i]
    dz_y_sum = 0.0
    for i in range(2):
        dz_y_sum += 1.0
    dz = [0.0] * n
    part_of_dy = [0.0] * n
    dy = [0.0] * n
    for j in range(n):
        # line 17: z = [sum(y[i]*y[j]*x[i] for i) for j]
        dz[j] = dz_y_sum * y[j] + y_sum
        for i in range(n):
            dz_product = dz[j] * x[i]
            part_of_dy[i] += dz_product * y[j]
            dy[j] += dz_product * y[i]
    out_sum = 0.0
    z_y_sum = 0.0
    z_sum = 0.0
    dx = [0.0] * n
    for j in range(n):
        # forward
        z = 0.0
        for i in range(n):
            # forward
            z_product = y[i] * y[j]  # line 17
            z += z_product * x[i]
            # backward
            # line 17: z = [sum(y[i]*y[j]*x[i] for i) for j]
            dx[i] += dz[j] * z_product
        for i in range(n):
            out_sum += z * y[i]  # line 18
        z_y_sum += z * y[j]
        # backward
        # line 18: return sum(z[i]*y[j] for i, j) + sum(z @ y for i in range(2))
        z_sum += z
        dy[j] += dz_y_sum * z
    z_y_sum_sum = 0.0
    for i in range(2):
        z_y_sum_sum += z_y_sum
    out = out_sum + z_y_sum_sum
    # backward
    for i in range(n):
        # line 16: y = [sum(x[i]*x[j] for j) for i]
        dy[i] += z_sum + part_of_dy[i]
    for i in range(n):
        part_of_dx = dy[i] * x[i]
        for j in range(n):
            dx[i] += dy[i] * x[j]
            dx[j] += part_of_dx
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
    out = 0.0
    for i in range(n):
        y_y_sum = 0.0
        for k in range(n):
            y_y_sum += y[k] * y[i]  # line 22
        y_y_sum_sum = 0.0
        for j in range(n):
            y_y_sum_sum += y[j] * y_y_sum
        out += y[i] * y_y_sum_sum
    return out


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
    part_of_dy_2 = [0.0] * n
    dy = [0.0] * n
    for i in range(n):
        dy_y_sum = 0.0
        for j in range(n):
            # line 22: return sum(y[i]*sum(y[j]*sum(y[k]*y[i] for k) for j) for i)
            dy_y_sum += y[i] * y[j]
        part_of_dy = dy_y_sum * y[i]
        part_of_dy_2_total = 0.0
        for k in range(n):
            part_of_dy_2_total += dy_y_sum * y[k]
            dy[k] += part_of_dy
        part_of_dy_2[i] = part_of_dy_2_total
    out = 0.0
    for i in range(n):
        # forward
        y_y_sum = 0.0
        for k in range(n):
            y_y_sum += y[k] * y[i]  # line 22
        y_y_sum_sum = 0.0
        for j in range(n):
            y_y_sum_sum += y[j] * y_y_sum
        out += y[i] * y_y_sum_sum
        # backward
        # line 22: return sum(y[i]*sum(y[j]*sum(y[k]*y[i] for k) for j) for i)
        y_y_sum_2 = y[i] * y_y_sum
        # line 21: y = sin(x)
        dy[i] += y_y_sum_sum + part_of_dy_2[i]
        for j in range(n):
            dy[j] += y_y_sum_2
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
    out = 0.0
    for i in range(n):
        B_i = B[i]
        C_i = C[i]
        for j in range(n):
            out += C[j][i] * B_i[i] * C_i[j]  # line 27
    return out


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
    C_B = [[0.0] * n for _ in range(n)]
    dC = [[0.0] * n for _ in range(n)]
    for i in range(n):
        B_i = B[i]
        C_B_i = C_B[i]
        dC_i = dC[i]
        for j in range(n):
            # forward
            C_j = C[j]
            C_j[i] = B_i[j] + B[j][j]  # line 26
            C_B_i[j] = C_j[i] * B_i[i]  # line 27
            # backward
            dC_i[j] += C_B_i[j]
    out = 0.0
    for i in range(n):
        C_B_i = C_B[i]
        C_i = C[i]
        for j in range(n):
            out += C_B_i[j] * C_i[j]  # line 27
    # backward
    dB = [[0.0] * n for _ in range(n)]
    for i in range(n):
        C_i = C[i]
        B_i = B[i]
        dB_i = dB[i]
        for j in range(n):
            # line 27: return sum(C[i, j]*B[j, j]*C[j, i] for i, j)
            dC[j][i] += C_i[j] * B_i[i]
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
            # line 25: B = [A[j, i]*A[i, j] for i, j]
            dA_i[j] += dB_i[j] * A[j][i]
            dA[j][i] += dB_i[j] * A_i[j]
    return out, (dA,)


def double_(x):
    """double of capture.mg, line 29."""
    out = [0.0] * 3
    for k in range(3):
        out[k] = x * k  # line 30
    return out


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
    # backward
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
    a_b_sum = 0.0
    for k in range(3):
        a = x * k
        for i in range(3):
            out_sum += a * b[i]  # line 35
        a_b_sum += a * b[k]
    return out_sum + a_b_sum


def called_twice_value_and_grad(x, y):
    """called_twice of capture.mg, line 32, and its derivatives.

    Returns (value, grads); grads holds those of x, y.
    """
    # forward
    a = [0.0] * 3
    a_sum = 0.0
    db = [0.0] * 3
    for k in range(3):
        # forward
        a[k] = x * k  # line 30
        # backward
        # line 35: return sum(a[i]*b[j] for i, j) + sum(a*b)
        a_sum += a[k]
        db[k] += a[k]
    b = [0.0] * 3
    b_sum = 0.0
    for k in range(3):
        # forward
        b[k] = y * k  # line 30
        # backward
        # line 35: return sum(a[i]*b[j] for i, j) + sum(a*b)
        b_sum += b[k]
    out_sum = 0.0
    a_b_sum = 0.0
    for k in range(3):
        for i in range(3):
            out_sum += a[k] * b[i]
        a_b_sum += a[k] * b[k]
    out = out_sum + a_b_sum
    # backward
    for k in range(3):
        db[k] += a_sum
    dy = 0.0
    for k in range(3):
        # line 30: return [x*k for k in range(3)]
        dy += db[k] * k
    dx = 0.0
    for k in range(3):
        da = b[k] + b_sum
        dx += da * k
    return out, (dx, dy)


def distances(x):
    """distances of capture.mg, line 37.

    x: [n, d] of float
    """
    n = len(x)
    d = len(x[0]) if len(x) else 0
    check_shape("x", x, n, d)
    out = 0.0
    for i in range(n):
        x_i = x[i]
        for j in range(n):
            x_minus_x_squared_sum = 0.0
            x_j = x[j]
            for k in range(d):
                x_minus_x = x_i[k] - x_j[k]  # line 38
                x_minus_x_squared_sum += x_minus_x * x_minus_x
            out += sqrt(x_minus_x_squared_sum + 1.0)
    return out


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
            x_minus_x = [0.0] * d
            x_minus_x_squared_sum = 0.0
            x_j = x[j]
            for k in range(d):
                x_minus_x[k] = x_i[k] - x_j[k]  # line 38
                x_minus_x_squared_sum += x_minus_x[k] ** 2
            out_sqrt = sqrt(x_minus_x_squared_sum + 1.0)
            out += out_sqrt
            # backward
            # line 38: return sum(sqrt(sum((x[i, k] - x[j, k])**2 for k) + 1) for i, j)
            one_over_out_sqrt = 1.0 / out_sqrt
            dx_j = dx[j]
            for k in range(d):
                dx_minus_x = one_over_out_sqrt * x_minus_x[k]
                dx_i[k] += dx_minus_x
                dx_j[k] -= dx_minus_x
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
    d_sqrt = sqrt(d)  # line 41
    out = [[0.0] * d for _ in range(t)]
    for i in range(t):
        v = [0.0] * s
        v_max = -inf
        Q_i = Q[i]
        for j in range(s):
            Q_dot = 0.0
            K_j = K[j]
            for k in range(d):
                Q_dot += Q_i[k] * K_j[k]
            v[j] = Q_dot / d_sqrt
            if v[j] > v_max or v[j] != v[j]:
                v_max = v[j]
        v_exp = [0.0] * s
        v_exp_sum = 0.0
        for j in range(s):
            v_exp[j] = exp(v[j] - v_max)
            v_exp_sum += v_exp[j]
        v_softmax = [0.0] * s
        for j in range(s):
            v_softmax[j] = v_exp[j] / v_exp_sum
        out_i = out[i]
        for c in range(d):
            out_total = 0.0
            for j in range(s):
                out_total += v_softmax[j] * V[j][c]
            out_i[c] = out_total
    return out


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
    d_sqrt = sqrt(d)  # line 41
    dv_softmax = [[0.0] * s for _ in range(t)]
    for i in range(t):
        dv_softmax_i = dv_softmax[i]
        for c in range(d):
            dout_i_c = dout[i][c]
            for j in range(s):
                dv_softmax_i[j] += dout_i_c * V[j][c]
    out = [[0.0] * d for _ in range(t)]
    dQ = [[0.0] * d for _ in range(t)]
    dK = [[0.0] * d for _ in range(s)]
    dV = [[0.0] * d for _ in range(s)]
    for i in range(t):
        # forward
        v = [0.0] * s
        v_max = -inf
        Q_i = Q[i]
        for j in range(s):
            Q_dot = 0.0
            K_j = K[j]
            for k in range(d):
                Q_dot += Q_i[k] * K_j[k]  # line 41
            v[j] = Q_dot / d_sqrt
            if v[j] > v_max or v[j] != v[j]:
                v_max = v[j]
        v_exp = [0.0] * s
        v_exp_sum = 0.0
        for j in range(s):
            v_exp[j] = exp(v[j] - v_max)
            v_exp_sum += v_exp[j]
        v_softmax = [0.0] * s
        dv_exp_sum = 0.0
        dv_softmax_i = dv_softmax[i]
        for j in range(s):
            # forward
            v_softmax[j] = v_exp[j] / v_exp_sum  # line 41
            # backward
            # line 41: return [sum(softmax([dot(Q[i], K[j])/sqrt(d) for j])[j]*V[j, c...
            dv_exp_sum -= dv_softmax_i[j] * (v_softmax[j] / v_exp_sum)
        out_i = out[i]
        for c in range(d):
            out_total = 0.0
            for j in range(s):
                out_total += v_softmax[j] * V[j][c]
            out_i[c] = out_total
        # backward
        dQ_i = dQ[i]
        for j in range(s):
            # line 41: return [sum(softmax([dot(Q[i], K[j])/sqrt(d) for j])[j]*V[j, c...
            dv_exp = dv_softmax_i[j] / v_exp_sum + dv_exp_sum
            dQ_dot = dv_exp * v_exp[j] / d_sqrt
            K_j = K[j]
            dK_j = dK[j]
            for k in range(d):
                dQ_i[k] += dQ_dot * K_j[k]
                dK_j[k] += dQ_dot * Q_i[k]
        for c in range(d):
            dout_i_c = dout[i][c]
            for j in range(s):
                dV[j][c] += dout_i_c * v_softmax[j]
    return out, (dQ, dK, dV)


def stored_row(x):
    """stored_row of capture.mg, line 43.

    x: [k, d] of float
    """
    k = len(x)
    d = len(x[0]) if len(x) else 0
    check_shape("x", x, k, d)
    v = [0.0] * k
    v_max = -inf
    for c in range(k):
        v_total = 0.0
        x_c = x[c]
        for r in range(d):
            x_sin = sin(x_c[r])  # line 44
            v_total += x_sin * x_sin
        v[c] = v_total
        if v[c] > v_max or v[c] != v[c]:
            v_max = v[c]
    v_others = 0.0
    v_ties = 0.0
    for c in range(k):
        v_exp = exp(v[c] - v_max)
        v_others += v_exp - 1.0 if v[c] == v_max else v_exp
        if v[c] == v_max:
            v_ties += 1.0
    v_logsumexp = v_max + log1p(v_others + (v_ties - 1.0))
    return v_logsumexp


def stored_row_value_and_grad(x):
    """stored_row of capture.mg, line 43, and its derivatives.

    x: [k, d] of float

    Returns (value, grads); grads holds that of x.
    """
    k = len(x)
    d = len(x[0]) if len(x) else 0
    check_shape("x", x, k, d)
    # forward
    x_sin = [[0.0] * d for _ in range(k)]
    v = [0.0] * k
    v_max = -inf
    for c in range(k):
        v_total = 0.0
        x_sin_c = x_sin[c]
        x_c = x[c]
        for r in range(d):
            x_sin_c[r] = sin(x_c[r])  # line 44
            v_total += x_sin_c[r] ** 2
        v[c] = v_total
        if v[c] > v_max or v[c] != v[c]:
            v_max = v[c]
    v_exp = [0.0] * k
    v_others = 0.0
    v_ties = 0.0
    for c in range(k):
        v_exp[c] = exp(v[c] - v_max)
        v_others += v_exp[c] - 1.0 if v[c] == v_max else v_exp[c]
        if v[c] == v_max:
            v_ties += 1.0
    v_logsumexp_sum = v_others + (v_ties - 1.0)
    v_logsumexp = v_max + log1p(v_logsumexp_sum)
    # backward
    # line 44: return logsumexp(sum(sin(x[c, r])**2 for r) for c)
    dv_others = 1.0 / (1.0 + v_logsumexp_sum)
    dx = [[0.0] * d for _ in range(k)]
    for c in range(k):
        dv = dv_others * v_exp[c]
        dx_c = dx[c]
        x_sin_c = x_sin[c]
        x_c = x[c]
        for r in range(d):
            dx_c[r] = dv * (2.0 * x_sin_c[r]) * cos(x_c[r])
    return v_logsumexp, (dx,)


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
    G_y_sum = [0.0] * n
    for j in range(n):
        G_y_sum_total = 0.0
        G_j = G[j]
        for k in range(n):
            G_y_sum_total += G_j[k] * y[k]  # line 48
        G_y_sum[j] = G_y_sum_total
    out = 0.0
    for i in range(n):
        G_y_sum_sum = 0.0
        G_i = G[i]
        for j in range(n):
            G_y_sum_sum += G_i[j] * G_y_sum[j]
        out += y[i] * G_y_sum_sum
    return out


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
    G_difference_squared = [[0.0] * n for _ in range(n)]
    G = [[0.0] * n for _ in range(n)]
    dG_y_sum = [0.0] * n
    for i in range(n):
        G_difference_i = G_difference[i]
        x_i = x[i]
        G_difference_squared_i = G_difference_squared[i]
        G_i = G[i]
        y_i = y[i]
        for j in range(n):
            # forward
            G_difference_i[j] = x_i - x[j]  # line 47
            G_difference_squared_i[j] = G_difference_i[j] ** 2
            G_i[j] = exp(-c * G_difference_squared_i[j])
            # backward
            # line 48: return y @ (G @ (G @ y))
            dG_y_sum[j] += y_i * G_i[j]
    G_y_sum = [0.0] * n
    for j in range(n):
        G_y_sum_total = 0.0
        G_j = G[j]
        for k in range(n):
            G_y_sum_total += G_j[k] * y[k]
        G_y_sum[j] = G_y_sum_total
    out = 0.0
    dy = [0.0] * n
    for i in range(n):
        # forward
        G_y_sum_sum = 0.0
        G_i = G[i]
        for j in range(n):
            G_y_sum_sum += G_i[j] * G_y_sum[j]  # line 48
        out += y[i] * G_y_sum_sum
        # backward
        dy[i] += G_y_sum_sum
    # backward
    dG = [[0.0] * n for _ in range(n)]
    for i in range(n):
        dG_i = dG[i]
        y_i = y[i]
        for j in range(n):
            # line 48: return y @ (G @ (G @ y))
            dG_i[j] += y_i * G_y_sum[j]
    for j in range(n):
        dG_j = dG[j]
        G_j = G[j]
        for k in range(n):
            dG_j[k] += dG_y_sum[j] * y[k]
            dy[k] += dG_y_sum[j] * G_j[k]
    part_of_dc = 0.0
    dx = [0.0] * n
    for i in range(n):
        dG_i = dG[i]
        G_i = G[i]
        G_difference_squared_i = G_difference_squared[i]
        G_difference_i = G_difference[i]
        for j in range(n):
            # line 47: G = [exp(-c*(x[i] - x[j])**2) for i, j]
            slope = dG_i[j] * G_i[j]
            part_of_dc += slope * G_difference_squared_i[j]
            dG_difference = -2.0 * (slope * c) * G_difference_i[j]
            dx[i] += dG_difference
            dx[j] -= dG_difference
    dc = -part_of_dc
    return out, (dx, dy, dc)
