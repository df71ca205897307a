"""requirements.mg, compiled to Python: values and exact derivatives.

d<name> is the derivative of the result with respect to <name>.
"""

from math import inf, sqrt


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


def init_params(seed=0):
    """The initial parameters by name, which no seed changes."""
    return {
        "line.w": 3.0,
        "scale": 2.0,
    }


def lengths_requires(mat, n):
    """Raise ValueError where arguments are not as lengths requires."""
    for i in range(n):
        if not mat[i] > -2.0:  # line 7
            raise ValueError(
                "lengths of requirements.mg, line 7: requires mat > low"
                f", and mat[{i}] is {mat[i]}"
            )


def lengths(mat):
    """lengths of requirements.mg, line 6.

    mat: [n] of float
    """
    n = len(mat)
    check_shape("mat", mat, n)
    lengths_requires(mat, n)
    out = 0.0
    for i in range(n):
        out += sqrt(mat[i] + 2.0)  # line 8
    return out


def lengths_value_and_grad(mat):
    """lengths of requirements.mg, line 6, and its derivatives.

    mat: [n] of float

    Returns (value, grads); grads holds that of mat.
    """
    n = len(mat)
    check_shape("mat", mat, n)
    lengths_requires(mat, n)
    out = 0.0
    dmat = [0.0] * n
    for i in range(n):
        # forward
        mat_sqrt = sqrt(mat[i] + 2.0)  # line 8
        out += mat_sqrt
        # backward
        dmat[i] = 0.5 / mat_sqrt
    return out, (dmat,)


def ordered_requires(scale, q, k, a, n):
    """Raise ValueError where arguments are not as ordered requires."""
    if not (n > 1 and (0 <= k and k < n)):  # line 12
        raise ValueError(
            "ordered of requirements.mg, line 12: requires n > 1 and 0 <= k < n"
            f", and n is {n}, k is {k}"
        )
    if not scale > 0.0:  # line 15
        raise ValueError(
            "ordered of requirements.mg, line 15: requires scale > 0"
            f", and scale is {scale}"
        )
    for i in range(n - 1):
        if not q[i] < q[i + 1] + 4.0:  # line 13
            raise ValueError(
                "ordered of requirements.mg, line 13: requires "
                "q[i] < q[i+1] + 4 for i in range(n - 1)"
                f", and q[{i}] is {q[i]}, q[{i + 1}] is {q[i + 1]}"
            )
    if not a > -2.0:
        first = element(0, n)
    if not (a > -2.0 or q[first] > 3.0):  # line 14
        raise ValueError(
            "ordered of requirements.mg, line 14: requires a > low or q[0] > 3"
            f", and a is {a}, q[{first}] is {q[first]}"
        )


def ordered(params, q, k, a=2.0):
    """A place among numbers that hardly fall (requirements.mg, line 10).

    q: [n] of float
    k: int
    """
    scale = params["scale"]
    n = len(q)
    check_shape("q", q, n)
    ordered_requires(scale, q, k, a, n)
    place = element(k, n)  # line 16
    return a * scale * q[place]


def ordered_value_and_grad(params, q, k, a=2.0):
    """A place among numbers that hardly fall (requirements.mg, line 10), and its
    derivatives.

    q: [n] of float
    k: int

    Returns (value, grads); grads is a dict like params.
    """
    scale = params["scale"]
    n = len(q)
    check_shape("q", q, n)
    ordered_requires(scale, q, k, a, n)
    # forward
    place = element(k, n)  # line 16
    out = a * scale * q[place]
    # backward
    # line 16: return a*scale*q[k]
    dscale = q[place] * a
    grads = {
        "scale": dscale,
    }
    return out, grads


def shares_requires(p, w, n, m):
    """Raise ValueError where arguments are not as shares requires."""
    for k in range(n):
        p_k = p[k]
        for q in range(m):
            if not p_k[q] >= -2.0:  # line 19
                raise ValueError(
                    "shares of requirements.mg, line 19: requires p >= low"
                    f", and p[{k}, {q}] is {p_k[q]}"
                )
    for i in range(n):
        p_sum = 0.0
        p_i = p[i]
        for j in range(m):
            p_sum += p_i[j]
        if not p_sum <= 100.0:  # line 20
            raise ValueError(
                "shares of requirements.mg, line 20: requires "
                "sum(p[i, j] for j) <= 100 for i"
            )
    w_max = -inf
    for k in range(m):
        if w[k] > w_max or w[k] != w[k]:
            w_max = w[k]
    if w_max < 10.0:
        first = element(0, m)
    if not (w_max < 10.0 and w[first] != 7.0):  # line 21
        raise ValueError(
            "shares of requirements.mg, line 21: requires max(w) < 10 and not w[0] == 7"
        )


def shares(p, w):
    """shares of requirements.mg, line 18.

    p: [n, m] of float
    w: [m] of float
    """
    n = len(p)
    m = len(w)
    check_shape("p", p, n, m)
    check_shape("w", w, m)
    shares_requires(p, w, n, m)
    out = [0.0] * n
    for i in range(n):
        out_total = 0.0
        p_i = p[i]
        for j in range(m):
            out_total += p_i[j] * w[j]  # line 22
        out[i] = out_total
    return out


def shares_vjp(p, w, dout):
    """shares of requirements.mg, line 18, and its vector-Jacobian product.

    p: [n, m] of float
    w: [m] of float
    dout: [n] of float

    Returns (value, grads); grads holds those of p, w.
    """
    n = len(p)
    m = len(w)
    check_shape("p", p, n, m)
    check_shape("w", w, m)
    check_shape("dout", dout, n)
    shares_requires(p, w, n, m)
    # forward
    out = [0.0] * n
    for i in range(n):
        out_total = 0.0
        p_i = p[i]
        for j in range(m):
            out_total += p_i[j] * w[j]  # line 22
        out[i] = out_total
    # backward
    dp = [[0.0] * m for _ in range(n)]
    dw = [0.0] * m
    for i in range(n):
        dp_i = dp[i]
        dout_i = dout[i]
        p_i = p[i]
        for j in range(m):
            dp_i[j] = dout_i * w[j]
            dw[j] += dout_i * p_i[j]
    return out, (dp, dw)


def inside_requires(x):
    """Raise ValueError where arguments are not as inside requires."""
    if not (-2.0 < x and x < 2.0):  # line 25
        raise ValueError(
            f"inside of requirements.mg, line 25: requires low < x < 2, and x is {x}"
        )


def inside(x):
    """inside of requirements.mg, line 24."""
    inside_requires(x)
    lengths_list = [1.0 - x, 1.0 + x]  # line 26
    lengths = 0.0
    for i in range(2):
        lengths += sqrt(lengths_list[i] + 2.0)  # line 8
    return lengths


def inside_value_and_grad(x):
    """inside of requirements.mg, line 24, and its derivatives.

    Returns (value, grads); grads holds that of x.
    """
    inside_requires(x)
    # forward
    out_list = [1.0 - x, 1.0 + x]  # line 26
    out = 0.0
    dout_list = [0.0] * 2
    for i in range(2):
        # forward
        out_list_sqrt = sqrt(out_list[i] + 2.0)  # line 8
        out += out_list_sqrt
        # backward
        # line 26: return lengths([1 - x, 1 + x])
        dout_list[i] = 0.5 / out_list_sqrt
    # backward
    dx = dout_list[1] - dout_list[0]
    return out, (dx,)


def line_requires(x):
    """Raise ValueError where arguments are not as line requires."""
    if x == 9.0:  # line 30
        raise ValueError(
            f"line of requirements.mg, line 30: requires x != 9, and x is {x}"
        )


def line(params, x):
    """A model may require, too (requirements.mg, line 28)."""
    w = params["line.w"]
    line_requires(x)
    return w / (x - 9.0)


def line_value_and_grad(params, x):
    """A model may require, too (requirements.mg, line 28), and its derivatives.

    Returns (value, grads); grads is a dict like params.
    """
    w = params["line.w"]
    line_requires(x)
    # forward
    x_difference = x - 9.0  # line 32
    out = w / x_difference
    # backward
    # line 32: return w/(x - 9)
    dw = 1.0 / x_difference
    grads = {
        "line.w": dw,
    }
    return out, grads
