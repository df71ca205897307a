"""integers.mg, compiled to Python: values and exact derivatives.

d<name> is the derivative of the result with respect to <name>.
"""

from math import exp, pow


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


def embedding(E, tok):
    """embedding of integers.mg, line 2.

    E: [v, d] of float
    tok: [t] of int
    """
    v = len(E)
    d = len(E[0]) if len(E) else 0
    t = len(tok)
    check_shape("E", E, v, d)
    check_shape("tok", tok, t)
    out = 0.0
    for s in range(t):
        place = element(tok[s], v)  # line 3
        for j in range(d):
            out += E[place][j] ** 2 * (s + 1)
    return out


def embedding_value_and_grad(E, tok):
    """embedding of integers.mg, line 2, and its derivatives.

    E: [v, d] of float
    tok: [t] of int

    Returns (value, grads); grads holds that of E.
    """
    v = len(E)
    d = len(E[0]) if len(E) else 0
    t = len(tok)
    check_shape("E", E, v, d)
    check_shape("tok", tok, t)
    out = 0.0
    dE = [[0.0] * d for _ in range(v)]
    for s in range(t):
        # forward
        place = element(tok[s], v)  # line 3
        for j in range(d):
            out += E[place][j] ** 2 * (s + 1)
        # backward
        for j in range(d):
            # line 3: return sum(E[tok[s], j]**2*(s + 1) for s, j)
            dE[place][j] += (s + 1) * (2.0 * E[place][j])
    return out, (dE,)


def looked_up(E, tok):
    """looked_up of integers.mg, line 5.

    E: [v, d] of float
    tok: [t] of int
    """
    v = len(E)
    d = len(E[0]) if len(E) else 0
    t = len(tok)
    check_shape("E", E, v, d)
    check_shape("tok", tok, t)
    out = [[0.0] * d for _ in range(t)]
    for s in range(t):
        place = element(tok[s], v)  # line 6
        out_s = out[s]
        for j in range(d):
            out_s[j] = E[place][j]
    return out


def looked_up_vjp(E, tok, dout):
    """looked_up of integers.mg, line 5, and its vector-Jacobian product.

    E: [v, d] of float
    tok: [t] of int
    dout: [t, d] of float

    Returns (value, grads); grads holds that of E.
    """
    v = len(E)
    d = len(E[0]) if len(E) else 0
    t = len(tok)
    check_shape("E", E, v, d)
    check_shape("tok", tok, t)
    check_shape("dout", dout, t, d)
    out = [[0.0] * d for _ in range(t)]
    dE = [[0.0] * d for _ in range(v)]
    for s in range(t):
        # forward
        place = element(tok[s], v)  # line 6
        out_s = out[s]
        for j in range(d):
            out_s[j] = E[place][j]
        # backward
        dout_s = dout[s]
        for j in range(d):
            dE[place][j] += dout_s[j]
    return out, (dE,)


def picked(x, k):
    """picked of integers.mg, line 8.

    x: [n] of float
    k: int
    """
    n = len(x)
    check_shape("x", x, n)
    place = element(k, n)  # line 9
    k_place = element(k + 1, n)
    return x[place] ** 2 + exp(x[k_place])


def picked_value_and_grad(x, k):
    """picked of integers.mg, line 8, and its derivatives.

    x: [n] of float
    k: int

    Returns (value, grads); grads holds that of x.
    """
    n = len(x)
    check_shape("x", x, n)
    # forward
    place = element(k, n)  # line 9
    x_place = element(k + 1, n)
    x_exp = exp(x[x_place])
    out = x[place] ** 2 + x_exp
    # backward
    dx = [0.0] * n
    dx[x_place] += x_exp
    # line 9: return x[k]**2 + exp(x[k + 1])
    dx[place] += 2.0 * x[place]
    return out, (dx,)


def repeated(x, idx):
    """repeated of integers.mg, line 11.

    x: [n] of float
    idx: [m] of int
    """
    n = len(x)
    m = len(idx)
    check_shape("x", x, n)
    check_shape("idx", idx, m)
    out = 1.0
    for i in range(m):
        place = element(idx[i], n)  # line 12
        out *= 1.0 + x[place] ** 2
    return out


def repeated_value_and_grad(x, idx):
    """repeated of integers.mg, line 11, and its derivatives.

    x: [n] of float
    idx: [m] of int

    Returns (value, grads); grads holds that of x.
    """
    n = len(x)
    m = len(idx)
    check_shape("x", x, n)
    check_shape("idx", idx, m)
    # forward
    place = [0] * m
    one_plus_x_squared = [0.0] * m
    out = 1.0
    for i in range(m):
        place[i] = element(idx[i], n)  # line 12
        one_plus_x_squared[i] = 1.0 + x[place[i]] ** 2
        out *= one_plus_x_squared[i]
    # backward
    dx = [0.0] * n
    for i in range(m):
        done_plus_x_squared = 1.0
        for j in range(m):
            if j != i:
                done_plus_x_squared *= one_plus_x_squared[j]
        # line 12: return prod(1 + x[idx[i]]**2 for i)
        dx[place[i]] += 2.0 * done_plus_x_squared * x[place[i]]
    return out, (dx,)


def sizes(x, A):
    """sizes of integers.mg, line 14.

    x: [n] of float
    A: [n, m] of float
    """
    n = len(x)
    m = len(A[0]) if len(A) else 0
    check_shape("x", x, n)
    check_shape("A", A, n, m)
    x_sum = 0.0
    A_sum = 0.0
    for i in range(n):
        x_sum += x[i]  # line 15
        A_i = A[i]
        for j in range(m):
            A_sum += A_i[j]
    first = element(0, n)
    last = element(n - 1, n)
    place = element(n // 2, n)
    return (
        x_sum / n + n * m * A_sum / (n + m) + (n // 2) * x[first] + x[last] * x[place]
    )


def sizes_value_and_grad(x, A):
    """sizes of integers.mg, line 14, and its derivatives.

    x: [n] of float
    A: [n, m] of float

    Returns (value, grads); grads holds those of x, A.
    """
    n = len(x)
    m = len(A[0]) if len(A) else 0
    check_shape("x", x, n)
    check_shape("A", A, n, m)
    # forward
    x_sum = 0.0
    A_sum = 0.0
    for i in range(n):
        x_sum += x[i]  # line 15
        A_i = A[i]
        for j in range(m):
            A_sum += A_i[j]
    first = element(0, n)
    last = element(n - 1, n)
    place = element(n // 2, n)
    out = x_sum / n + n * m * A_sum / (n + m) + (n // 2) * x[first] + x[last] * x[place]
    # backward
    # line 15: return sum(x)/n + n*m*sum(A)/(n + m) + (n // 2)*x[0] + x[n - 1]*x[n//2]
    dA_sum = 1.0 / (n + m) * (n * m)
    dx_sum = 1.0 / n
    dx = [0.0] * n
    dx[place] += x[last]
    dx[last] += x[place]
    dx[first] += n // 2
    dA = [[0.0] * m for _ in range(n)]
    for i in range(n):
        dx[i] += dx_sum
        dA_i = dA[i]
        for j in range(m):
            dA_i[j] = dA_sum
    return out, (dx, dA)


def packed(l, x):
    """packed of integers.mg, line 17.

    l: [d*(d + 1)/2] of float
    x: [d] of float
    """
    d = len(x)
    check_shape("l", l, d * (d + 1) // 2)
    check_shape("x", x, d)
    out = 0.0
    for i in range(d):
        x_i = x[i]
        for j in range(i + 1):
            out += l[i * (i + 1) // 2 + j] * x_i * x[j]  # line 18
    return out


def packed_value_and_grad(l, x):
    """packed of integers.mg, line 17, and its derivatives.

    l: [d*(d + 1)/2] of float
    x: [d] of float

    Returns (value, grads); grads holds those of l, x.
    """
    d = len(x)
    check_shape("l", l, d * (d + 1) // 2)
    check_shape("x", x, d)
    # forward
    out = 0.0
    dx = [0.0] * d
    for i in range(d):
        x_i = x[i]
        for j in range(i + 1):
            # forward
            out_value = l[i * (i + 1) // 2 + j]
            out_value_x = out_value * x_i  # line 18
            out += out_value_x * x[j]
            # backward
            dx[j] += out_value_x
            # line 18: return sum(l[i*(i+1)/2 + j]*x[i]*x[j] for i in range(d) for j ...
            dx[i] += x[j] * out_value
    # backward
    dl = [0.0] * (d * (d + 1) // 2)
    for i in range(d):
        x_i = x[i]
        for j in range(i + 1):
            # line 18: return sum(l[i*(i+1)/2 + j]*x[i]*x[j] for i in range(d) for j ...
            dl[i * (i + 1) // 2 + j] += x[j] * x_i
    return out, (dl, dx)


def positions(x):
    """positions of integers.mg, line 20.

    x: [n] of float
    """
    n = len(x)
    check_shape("x", x, n)
    out_sum = 0.0
    for i in range(n):
        out_sum += i * x[i] + pow(x[i], i)  # line 21
    x_sum = 0.0
    for i in range(n):
        x_sum += x[i] if i % 2 == 0 else -2.0 * x[i] ** 2
    return out_sum + x_sum


def positions_value_and_grad(x):
    """positions of integers.mg, line 20, and its derivatives.

    x: [n] of float

    Returns (value, grads); grads holds that of x.
    """
    n = len(x)
    check_shape("x", x, n)
    # forward
    out_sum = 0.0
    for i in range(n):
        out_sum += i * x[i] + pow(x[i], i)  # line 21
    x_sum = 0.0
    for i in range(n):
        x_sum += x[i] if i % 2 == 0 else -2.0 * x[i] ** 2
    out = out_sum + x_sum
    # backward
    dx = [0.0] * n
    for i in range(n):
        dx[i] += 1.0 if i % 2 == 0 else -4.0 * x[i]
    for i in range(n):
        dx[i] += i + (i * pow(x[i], i - 1) if i != 0 else 0.0)
    return out, (dx,)


def confusion(x, label):
    """confusion of integers.mg, line 23.

    x: [n] of float
    label: [n] of int
    """
    n = len(x)
    check_shape("x", x, n)
    check_shape("label", label, n)
    out = 0.0
    for i in range(n):
        out += x[i] ** 2 if label[i] == 1 else x[i]  # line 24
    return out


def confusion_value_and_grad(x, label):
    """confusion of integers.mg, line 23, and its derivatives.

    x: [n] of float
    label: [n] of int

    Returns (value, grads); grads holds that of x.
    """
    n = len(x)
    check_shape("x", x, n)
    check_shape("label", label, n)
    # forward
    out = 0.0
    for i in range(n):
        out += x[i] ** 2 if label[i] == 1 else x[i]  # line 24
    # backward
    dx = [0.0] * n
    for i in range(n):
        dx[i] = 2.0 * x[i] if label[i] == 1 else 1.0
    return out, (dx,)
