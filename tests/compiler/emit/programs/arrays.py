"""arrays.mg, compiled to Python: values and exact derivatives.

d<name> is the derivative of the result with respect to <name>.
"""


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


def axpy(a, x, y):
    """axpy of arrays.mg, line 2.

    x: [n] of float
    y: [n] of float
    """
    n = len(x)
    check_shape("x", x, n)
    check_shape("y", y, n)
    out = [0.0] * n
    for i in range(n):
        out[i] = a * x[i] + y[i]  # line 3
    return out


def axpy_vjp(a, x, y, dout):
    """axpy of arrays.mg, line 2, and its vector-Jacobian product.

    x: [n] of float
    y: [n] of float
    dout: [n] of float

    Returns (value, grads); grads holds those of a, x, y.
    """
    n = len(x)
    check_shape("x", x, n)
    check_shape("y", y, n)
    check_shape("dout", dout, n)
    # forward
    out = [0.0] * n
    for i in range(n):
        out[i] = a * x[i] + y[i]  # line 3
    # backward
    dy = [0.0] * n
    da = 0.0
    dx = [0.0] * n
    for i in range(n):
        # line 3: return a*x + y
        dy[i] = dout[i]
        da += dout[i] * x[i]
        dx[i] = dout[i] * a
    return out, (da, dx, dy)


def outer(x, y):
    """outer of arrays.mg, line 5.

    x: [m] of float
    y: [n] of float
    """
    m = len(x)
    n = len(y)
    check_shape("x", x, m)
    check_shape("y", y, n)
    out = [[0.0] * n for _ in range(m)]
    for i in range(m):
        out_i = out[i]
        x_i = x[i]
        for j in range(n):
            out_i[j] = x_i * y[j]  # line 6
    return out


def outer_vjp(x, y, dout):
    """outer of arrays.mg, line 5, and its vector-Jacobian product.

    x: [m] of float
    y: [n] of float
    dout: [m, n] of float

    Returns (value, grads); grads holds those of x, y.
    """
    m = len(x)
    n = len(y)
    check_shape("x", x, m)
    check_shape("y", y, n)
    check_shape("dout", dout, m, n)
    # forward
    out = [[0.0] * n for _ in range(m)]
    for i in range(m):
        out_i = out[i]
        x_i = x[i]
        for j in range(n):
            out_i[j] = x_i * y[j]  # line 6
    # backward
    dx = [0.0] * m
    dy = [0.0] * n
    for i in range(m):
        dx_total = 0.0
        dout_i = dout[i]
        x_i = x[i]
        for j in range(n):
            dx_total += dout_i[j] * y[j]
            dy[j] += dout_i[j] * x_i
        dx[i] = dx_total
    return out, (dx, dy)


def affine(W, x, b):
    """affine of arrays.mg, line 8.

    W: [m, n] of float
    x: [n] of float
    b: [m] of float
    """
    m = len(W)
    n = len(x)
    check_shape("W", W, m, n)
    check_shape("x", x, n)
    check_shape("b", b, m)
    out = [0.0] * m
    for i in range(m):
        W_x_sum = 0.0
        W_i = W[i]
        for j in range(n):
            W_x_sum += W_i[j] * x[j]  # line 9
        out[i] = W_x_sum + b[i]
    return out


def affine_vjp(W, x, b, dout):
    """affine of arrays.mg, line 8, and its vector-Jacobian product.

    W: [m, n] of float
    x: [n] of float
    b: [m] of float
    dout: [m] of float

    Returns (value, grads); grads holds those of W, x, b.
    """
    m = len(W)
    n = len(x)
    check_shape("W", W, m, n)
    check_shape("x", x, n)
    check_shape("b", b, m)
    check_shape("dout", dout, m)
    # forward
    out = [0.0] * m
    for i in range(m):
        W_x_sum = 0.0
        W_i = W[i]
        for j in range(n):
            W_x_sum += W_i[j] * x[j]  # line 9
        out[i] = W_x_sum + b[i]
    # backward
    db = [0.0] * m
    dW = [[0.0] * n for _ in range(m)]
    dx = [0.0] * n
    for i in range(m):
        # line 9: return W @ x + b
        db[i] = dout[i]
        dW_i = dW[i]
        dout_i = dout[i]
        W_i = W[i]
        for j in range(n):
            dW_i[j] = dout_i * x[j]
            dx[j] += dout_i * W_i[j]
    return out, (dW, dx, db)


def chain(A, B, x):
    """chain of arrays.mg, line 11.

    A: [m, n] of float
    B: [n, k] of float
    x: [k] of float
    """
    m = len(A)
    n = len(B)
    k = len(x)
    check_shape("A", A, m, n)
    check_shape("B", B, n, k)
    check_shape("x", x, k)
    B_x_sum = [0.0] * n
    for i in range(n):
        B_x_sum_total = 0.0
        B_i = B[i]
        for j in range(k):
            B_x_sum_total += B_i[j] * x[j]  # line 12
        B_x_sum[i] = B_x_sum_total
    out = [0.0] * m
    for i in range(m):
        out_total = 0.0
        A_i = A[i]
        for j in range(n):
            out_total += A_i[j] * B_x_sum[j]
        out[i] = out_total
    return out


def chain_vjp(A, B, x, dout):
    """chain of arrays.mg, line 11, and its vector-Jacobian product.

    A: [m, n] of float
    B: [n, k] of float
    x: [k] of float
    dout: [m] of float

    Returns (value, grads); grads holds those of A, B, x.
    """
    m = len(A)
    n = len(B)
    k = len(x)
    check_shape("A", A, m, n)
    check_shape("B", B, n, k)
    check_shape("x", x, k)
    check_shape("dout", dout, m)
    # forward
    B_x_sum = [0.0] * n
    for i in range(n):
        B_x_sum_total = 0.0
        B_i = B[i]
        for j in range(k):
            B_x_sum_total += B_i[j] * x[j]  # line 12
        B_x_sum[i] = B_x_sum_total
    out = [0.0] * m
    for i in range(m):
        out_total = 0.0
        A_i = A[i]
        for j in range(n):
            out_total += A_i[j] * B_x_sum[j]
        out[i] = out_total
    # backward
    dB_x_sum = [0.0] * n
    for i in range(m):
        dout_i = dout[i]
        A_i = A[i]
        for j in range(n):
            # line 12: return A @ (B @ x)
            dB_x_sum[j] += dout_i * A_i[j]
    dA = [[0.0] * n for _ in range(m)]
    for i in range(m):
        dA_i = dA[i]
        dout_i = dout[i]
        for j in range(n):
            dA_i[j] = dout_i * B_x_sum[j]
    dB = [[0.0] * k for _ in range(n)]
    dx = [0.0] * k
    for i in range(n):
        dB_i = dB[i]
        B_i = B[i]
        for j in range(k):
            dB_i[j] = dB_x_sum[i] * x[j]
            dx[j] += dB_x_sum[i] * B_i[j]
    return out, (dA, dB, dx)


def product(A, B):
    """product of arrays.mg, line 14.

    A: [m, n] of float
    B: [n, k] of float
    """
    m = len(A)
    n = len(B)
    k = len(B[0]) if len(B) else 0
    check_shape("A", A, m, n)
    check_shape("B", B, n, k)
    out = [[0.0] * k for _ in range(m)]
    for i in range(m):
        A_i = A[i]
        out_i = out[i]
        for j in range(k):
            out_total = 0.0
            for p in range(n):
                out_total += A_i[p] * B[p][j]  # line 15
            out_i[j] = out_total
    return out


def product_vjp(A, B, dout):
    """product of arrays.mg, line 14, and its vector-Jacobian product.

    A: [m, n] of float
    B: [n, k] of float
    dout: [m, k] of float

    Returns (value, grads); grads holds those of A, B.
    """
    m = len(A)
    n = len(B)
    k = len(B[0]) if len(B) else 0
    check_shape("A", A, m, n)
    check_shape("B", B, n, k)
    check_shape("dout", dout, m, k)
    # forward
    out = [[0.0] * k for _ in range(m)]
    for i in range(m):
        A_i = A[i]
        out_i = out[i]
        for j in range(k):
            out_total = 0.0
            for p in range(n):
                out_total += A_i[p] * B[p][j]  # line 15
            out_i[j] = out_total
    # backward
    dA = [[0.0] * n for _ in range(m)]
    dB = [[0.0] * k for _ in range(n)]
    for i in range(m):
        dA_i = dA[i]
        A_i = A[i]
        for j in range(k):
            dout_i_j = dout[i][j]
            for p in range(n):
                dA_i[p] += dout_i_j * B[p][j]
                dB[p][j] += dout_i_j * A_i[p]
    return out, (dA, dB)


def twice(A, x):
    """twice of arrays.mg, line 17.

    A: [n, n] of float
    x: [n] of float
    """
    n = len(A)
    check_shape("A", A, n, n)
    check_shape("x", x, n)
    A_x_sum = [0.0] * n
    for i in range(n):
        A_x_sum_total = 0.0
        A_i = A[i]
        for j in range(n):
            A_x_sum_total += A_i[j] * x[j]  # line 18
        A_x_sum[i] = A_x_sum_total
    out = [0.0] * n
    for i in range(n):
        out_total = 0.0
        A_i = A[i]
        for j in range(n):
            out_total += A_i[j] * A_x_sum[j]
        out[i] = out_total
    return out


def twice_vjp(A, x, dout):
    """twice of arrays.mg, line 17, and its vector-Jacobian product.

    A: [n, n] of float
    x: [n] of float
    dout: [n] of float

    Returns (value, grads); grads holds those of A, x.
    """
    n = len(A)
    check_shape("A", A, n, n)
    check_shape("x", x, n)
    check_shape("dout", dout, n)
    # forward
    A_x_sum = [0.0] * n
    for i in range(n):
        A_x_sum_total = 0.0
        A_i = A[i]
        for j in range(n):
            A_x_sum_total += A_i[j] * x[j]  # line 18
        A_x_sum[i] = A_x_sum_total
    out = [0.0] * n
    for i in range(n):
        out_total = 0.0
        A_i = A[i]
        for j in range(n):
            out_total += A_i[j] * A_x_sum[j]
        out[i] = out_total
    # backward
    dA_x_sum = [0.0] * n
    for i in range(n):
        dout_i = dout[i]
        A_i = A[i]
        for j in range(n):
            # line 18: return A @ (A @ x)
            dA_x_sum[j] += dout_i * A_i[j]
    dA = [[0.0] * n for _ in range(n)]
    dx = [0.0] * n
    for i in range(n):
        dA_i = dA[i]
        A_i = A[i]
        for j in range(n):
            dA_i[j] += dA_x_sum[i] * x[j]
            dx[j] += dA_x_sum[i] * A_i[j]
    for i in range(n):
        dA_i = dA[i]
        dout_i = dout[i]
        for j in range(n):
            dA_i[j] += dout_i * A_x_sum[j]
    return out, (dA, dx)


def quadratic(A, x):
    """quadratic of arrays.mg, line 20.

    A: [n, n] of float
    x: [n] of float
    """
    n = len(A)
    check_shape("A", A, n, n)
    check_shape("x", x, n)
    out = 0.0
    for i in range(n):
        x_A_sum = 0.0
        for j in range(n):
            x_A_sum += x[j] * A[j][i]  # line 21
        out += x_A_sum * x[i]
    return out


def quadratic_value_and_grad(A, x):
    """quadratic of arrays.mg, line 20, and its derivatives.

    A: [n, n] of float
    x: [n] of float

    Returns (value, grads); grads holds those of A, x.
    """
    n = len(A)
    check_shape("A", A, n, n)
    check_shape("x", x, n)
    # forward
    out = 0.0
    dx = [0.0] * n
    for i in range(n):
        # forward
        x_A_sum = 0.0
        for j in range(n):
            x_A_sum += x[j] * A[j][i]  # line 21
        out += x_A_sum * x[i]
        # backward
        dx[i] += x_A_sum
    # backward
    dA = [[0.0] * n for _ in range(n)]
    for i in range(n):
        x_i = x[i]
        for j in range(n):
            dA[j][i] = x_i * x[j]
            # line 21: return x @ A @ x
            dx[j] += x_i * A[j][i]
    return out, (dA, dx)


def gram(A):
    """gram of arrays.mg, line 23.

    A: [m, n] of float
    """
    m = len(A)
    n = len(A[0]) if len(A) else 0
    check_shape("A", A, m, n)
    out = [[0.0] * n for _ in range(n)]
    for i in range(n):
        out_i = out[i]
        for j in range(n):
            out_total = 0.0
            for k in range(m):
                A_k = A[k]
                out_total += A_k[i] * A_k[j]  # line 24
            out_i[j] = out_total
    return out


def gram_vjp(A, dout):
    """gram of arrays.mg, line 23, and its vector-Jacobian product.

    A: [m, n] of float
    dout: [n, n] of float

    Returns (value, grads); grads holds that of A.
    """
    m = len(A)
    n = len(A[0]) if len(A) else 0
    check_shape("A", A, m, n)
    check_shape("dout", dout, n, n)
    # forward
    out = [[0.0] * n for _ in range(n)]
    for i in range(n):
        out_i = out[i]
        for j in range(n):
            out_total = 0.0
            for k in range(m):
                A_k = A[k]
                out_total += A_k[i] * A_k[j]  # line 24
            out_i[j] = out_total
    # backward
    dA = [[0.0] * n for _ in range(m)]
    for i in range(n):
        for j in range(n):
            dout_i_j = dout[i][j]
            for k in range(m):
                dA_k = dA[k]
                A_k = A[k]
                # line 24: return A.T @ A
                dA_k[i] += dout_i_j * A_k[j]
                dA_k[j] += dout_i_j * A_k[i]
    return out, (dA,)


def residual(A, x, b):
    """residual of arrays.mg, line 26.

    A: [m, n] of float
    x: [n] of float
    b: [m] of float
    """
    m = len(A)
    n = len(x)
    check_shape("A", A, m, n)
    check_shape("x", x, n)
    check_shape("b", b, m)
    r_squared_sum = 0.0
    for i in range(m):
        r_sum = 0.0
        A_i = A[i]
        for j in range(n):
            r_sum += A_i[j] * x[j]  # line 27
        r = r_sum - b[i]
        r_squared_sum += r * r  # line 28
    return r_squared_sum / 2.0


def residual_value_and_grad(A, x, b):
    """residual of arrays.mg, line 26, and its derivatives.

    A: [m, n] of float
    x: [n] of float
    b: [m] of float

    Returns (value, grads); grads holds those of A, x, b.
    """
    m = len(A)
    n = len(x)
    check_shape("A", A, m, n)
    check_shape("x", x, n)
    check_shape("b", b, m)
    r_squared_sum = 0.0
    dA = [[0.0] * n for _ in range(m)]
    dx = [0.0] * n
    db = [0.0] * m
    for i in range(m):
        # forward
        r_sum = 0.0
        A_i = A[i]
        for j in range(n):
            r_sum += A_i[j] * x[j]  # line 27
        r = r_sum - b[i]
        r_squared_sum += r * r  # line 28
        # backward
        dA_i = dA[i]
        for j in range(n):
            dA_i[j] = r * x[j]
            dx[j] += r * A_i[j]
        db[i] = -r
    out = r_squared_sum / 2.0  # line 28
    return out, (dA, dx, db)


def bilinear(x, A, y):
    """bilinear of arrays.mg, line 30.

    x: [m] of float
    A: [m, n] of float
    y: [n] of float
    """
    m = len(x)
    n = len(y)
    check_shape("x", x, m)
    check_shape("A", A, m, n)
    check_shape("y", y, n)
    out_sum = 0.0
    out_sum_2 = 0.0
    for i in range(n):
        x_A_sum = 0.0
        for j in range(m):
            x_A_sum += x[j] * A[j][i]  # line 31
        out_sum += x_A_sum * y[i]
        A_x_sum = 0.0
        for j in range(m):
            A_x_sum += A[j][i] * x[j]
        out_sum_2 += A_x_sum
    return out_sum + out_sum_2


def bilinear_value_and_grad(x, A, y):
    """bilinear of arrays.mg, line 30, and its derivatives.

    x: [m] of float
    A: [m, n] of float
    y: [n] of float

    Returns (value, grads); grads holds those of x, A, y.
    """
    m = len(x)
    n = len(y)
    check_shape("x", x, m)
    check_shape("A", A, m, n)
    check_shape("y", y, n)
    # forward
    dy = [0.0] * n
    out_sum = 0.0
    out_sum_2 = 0.0
    for i in range(n):
        dy_total = 0.0
        for j in range(m):
            dy_total += x[j] * A[j][i]  # line 31
        dy[i] = dy_total
        out_sum += dy[i] * y[i]
        A_x_sum = 0.0
        for j in range(m):
            A_x_sum += A[j][i] * x[j]
        out_sum_2 += A_x_sum
    out = out_sum + out_sum_2
    # backward
    dx = [0.0] * m
    dA = [[0.0] * n for _ in range(m)]
    for i in range(n):
        for j in range(m):
            dx[j] += A[j][i]
            dA[j][i] += x[j]
        y_i = y[i]
        for j in range(m):
            # line 31: return sum((x @ A)*y) + sum(A.T @ x)
            dx[j] += y_i * A[j][i]
            dA[j][i] += y_i * x[j]
    return out, (dx, dA, dy)


def trailing(A, x):
    """trailing of arrays.mg, line 33.

    A: [m, n] of float
    x: [n] of float
    """
    m = len(A)
    n = len(x)
    check_shape("A", A, m, n)
    check_shape("x", x, n)
    out = 0.0
    for i in range(m):
        A_i = A[i]
        for j in range(n):
            A_plus_x = A_i[j] + x[j]  # line 34
            out += A_plus_x * A_plus_x * x[j]
    return out


def trailing_value_and_grad(A, x):
    """trailing of arrays.mg, line 33, and its derivatives.

    A: [m, n] of float
    x: [n] of float

    Returns (value, grads); grads holds those of A, x.
    """
    m = len(A)
    n = len(x)
    check_shape("A", A, m, n)
    check_shape("x", x, n)
    out = 0.0
    dA = [[0.0] * n for _ in range(m)]
    dx = [0.0] * n
    for i in range(m):
        A_i = A[i]
        dA_i = dA[i]
        for j in range(n):
            # forward
            A_plus_x = A_i[j] + x[j]  # line 34
            A_plus_x_squared = A_plus_x * A_plus_x
            out += A_plus_x_squared * x[j]
            # backward
            # line 34: return sum((A + x)**2*x)
            dA_i[j] = x[j] * (2.0 * A_plus_x)
            dx[j] += A_plus_x_squared
            dx[j] += dA_i[j]
    return out, (dA, dx)


def slices(x):
    """slices of arrays.mg, line 36.

    x: [n] of float
    """
    n = len(x)
    check_shape("x", x, n)
    place = element(1, n + 1)  # line 37
    place_place = element(n - place, n + 1)
    x_minus_x_squared_sum = 0.0
    for i in range(place_place):
        x_minus_x = x[place + i] - x[i]
        x_minus_x_squared_sum += x_minus_x * x_minus_x
    out_place = element((n + 1) // 2, n + 1)
    out_value_cubed_sum = 0.0
    for i in range(out_place):
        out_value = x[2 * i]
        out_value_cubed_sum += out_value * out_value * out_value
    last = element(n - 1, n)
    first = element(0, n)
    return x_minus_x_squared_sum + out_value_cubed_sum + x[last] * x[first]


def slices_value_and_grad(x):
    """slices of arrays.mg, line 36, and its derivatives.

    x: [n] of float

    Returns (value, grads); grads holds that of x.
    """
    n = len(x)
    check_shape("x", x, n)
    # forward
    place = element(1, n + 1)  # line 37
    place_place = element(n - place, n + 1)
    x_minus_x_squared_sum = 0.0
    dx = [0.0] * n
    for i in range(place_place):
        # forward
        x_minus_x = x[place + i] - x[i]  # line 37
        x_minus_x_squared_sum += x_minus_x * x_minus_x
        # backward
        # line 37: return sum((x[1:] - x[:-1])**2) + sum(x[::2]**3) + x[-1]*x[0]
        dx_minus_x = 2.0 * x_minus_x
        dx[i] -= dx_minus_x
        dx[place + i] += dx_minus_x
    out_place = element((n + 1) // 2, n + 1)
    out_value_cubed_sum = 0.0
    for i in range(out_place):
        # forward
        out_value = x[2 * i]
        out_value_cubed_sum += out_value * out_value * out_value  # line 37
        # backward
        # line 37: return sum((x[1:] - x[:-1])**2) + sum(x[::2]**3) + x[-1]*x[0]
        dx[2 * i] += 3.0 * (out_value * out_value)
    last = element(n - 1, n)
    first = element(0, n)
    out = x_minus_x_squared_sum + out_value_cubed_sum + x[last] * x[first]
    # backward
    dx[first] += x[last]
    dx[last] += x[first]
    return out, (dx,)


def rows(A):
    """rows of arrays.mg, line 39.

    A: [m, n] of float
    """
    m = len(A)
    n = len(A[0]) if len(A) else 0
    check_shape("A", A, m, n)
    if m > 0 and n > 0:
        first = element(0, m)  # line 40
    A_dot_sum = 0.0
    for i in range(m):
        A_dot = 0.0
        A_i = A[i]
        for j in range(n):
            A_dot += A_i[j] * A[first][j]
        A_dot_sum += A_dot
    if n > 0:
        place = element(1, m)
    A_sum = 0.0
    for j in range(n):
        A_sum += A[place][j]
    return A_dot_sum + A_sum


def rows_value_and_grad(A):
    """rows of arrays.mg, line 39, and its derivatives.

    A: [m, n] of float

    Returns (value, grads); grads holds that of A.
    """
    m = len(A)
    n = len(A[0]) if len(A) else 0
    check_shape("A", A, m, n)
    # forward
    if m > 0 and n > 0:
        first = element(0, m)  # line 40
    A_dot_sum = 0.0
    for i in range(m):
        A_dot = 0.0
        A_i = A[i]
        for j in range(n):
            A_dot += A_i[j] * A[first][j]
        A_dot_sum += A_dot
    if n > 0:
        place = element(1, m)
    A_sum = 0.0
    for j in range(n):
        A_sum += A[place][j]
    out = A_dot_sum + A_sum
    # backward
    dA = [[0.0] * n for _ in range(m)]
    for j in range(n):
        dA[place][j] += 1.0
    for i in range(m):
        A_i = A[i]
        dA_i = dA[i]
        for j in range(n):
            dA[first][j] += A_i[j]
            dA_i[j] += A[first][j]
    return out, (dA,)


def columns(A):
    """columns of arrays.mg, line 42.

    A: [m, n] of float
    """
    m = len(A)
    n = len(A[0]) if len(A) else 0
    check_shape("A", A, m, n)
    if m > 0:
        first = element(0, n)  # line 43
        place = element(1, n)
    A_A_sum = 0.0
    A_sum = 0.0
    for i in range(m):
        A_i = A[i]
        A_A_sum += A_i[first] * A_i[place]
        A_sum += A_i[first]
    return A_A_sum + A_sum


def columns_value_and_grad(A):
    """columns of arrays.mg, line 42, and its derivatives.

    A: [m, n] of float

    Returns (value, grads); grads holds that of A.
    """
    m = len(A)
    n = len(A[0]) if len(A) else 0
    check_shape("A", A, m, n)
    # forward
    if m > 0:
        first = element(0, n)  # line 43
        place = element(1, n)
    A_A_sum = 0.0
    A_sum = 0.0
    for i in range(m):
        A_i = A[i]
        A_A_sum += A_i[first] * A_i[place]
        A_sum += A_i[first]
    out = A_A_sum + A_sum
    # backward
    dA = [[0.0] * n for _ in range(m)]
    for i in range(m):
        dA_i = dA[i]
        A_i = A[i]
        dA_i[place] += A_i[first]
        dA_i[first] += 1.0 + A_i[place]
    return out, (dA,)


def literals(a, b):
    """literals of arrays.mg, line 45."""
    v_2 = a * b  # line 46
    v = [a, b, v_2, 1.0]
    M = [[a, b], [b, 2.0 * a]]  # line 47
    v_squared_sum = 0.0
    for i in range(4):
        v_squared_sum += v[i] ** 2  # line 48
    out_list = [b, a]
    out_sum = 0.0
    for i in range(2):
        M_out_list_sum = 0.0
        M_i = M[i]
        for j in range(2):
            M_out_list_sum += M_i[j] * out_list[j]
        out_sum += M_out_list_sum
    return v_squared_sum + out_sum + v_2


def literals_value_and_grad(a, b):
    """literals of arrays.mg, line 45, and its derivatives.

    Returns (value, grads); grads holds those of a, b.
    """
    # forward
    v_2 = a * b  # line 46
    v = [a, b, v_2, 1.0]
    M = [[a, b], [b, 2.0 * a]]  # line 47
    v_squared_sum = 0.0
    for i in range(4):
        v_squared_sum += v[i] ** 2  # line 48
    out_list = [b, a]
    out_sum = 0.0
    for i in range(2):
        M_out_list_sum = 0.0
        M_i = M[i]
        for j in range(2):
            M_out_list_sum += M_i[j] * out_list[j]
        out_sum += M_out_list_sum
    out = v_squared_sum + out_sum + v_2
    # backward
    dout_list = [0.0] * 2
    dM = [[0.0] * 2 for _ in range(2)]
    for i in range(2):
        M_i = M[i]
        dM_i = dM[i]
        for j in range(2):
            dout_list[j] += M_i[j]
            # line 47: M = [[a, b], [b, 2*a]]
            dM_i[j] = out_list[j]
    dv = [0.0] * 4
    for i in range(4):
        # line 48: return sum(v**2) + sum(M @ [b, a]) + v[2]
        dv[i] = 2.0 * v[i]
    # line 46: v = [a, b, a*b, 1]
    dv_2 = 1.0 + dv[2]
    dM_0 = dM[0]
    dM_1 = dM[1]
    da = dout_list[1] + dM_0[0] + 2.0 * dM_1[1] + dv[0] + dv_2 * b
    db = dout_list[0] + dM_0[1] + dM_1[0] + dv[1] + dv_2 * a
    return out, (da, db)


def shifted(x):
    """shifted of arrays.mg, line 50.

    x: [n] of float
    """
    n = len(x)
    check_shape("x", x, n)
    x_x_sum = 0.0
    for i in range(n - 1):
        x_x_sum += x[i + 1] * x[i]  # line 51
    x_sum = 0.0
    for i in range((n + 1) // 2):
        place = element(2 * i, n)
        x_sum += x[place]
    return x_x_sum + x_sum


def shifted_value_and_grad(x):
    """shifted of arrays.mg, line 50, and its derivatives.

    x: [n] of float

    Returns (value, grads); grads holds that of x.
    """
    n = len(x)
    check_shape("x", x, n)
    # forward
    out_value_x_sum = 0.0
    dx = [0.0] * n
    for i in range(n - 1):
        # forward
        out_value = x[i + 1]
        out_value_x_sum += out_value * x[i]  # line 51
        # backward
        dx[i] += out_value
    x_sum = 0.0
    for i in range((n + 1) // 2):
        # forward
        place = element(2 * i, n)  # line 51
        x_sum += x[place]
        # backward
        dx[place] += 1.0
    out = out_value_x_sum + x_sum  # line 51
    # backward
    for i in range(n - 1):
        dx[i + 1] += x[i]
    return out, (dx,)
