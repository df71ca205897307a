"""reductions.mg, compiled to Python: values and exact derivatives."""

import math
from math import cos, exp, inf, sin


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


def max(x, y, *more):
    """The largest one; nan if any is, the first of equals (so of 0.0 and -0.0)."""
    largest = x if x >= y or math.isnan(x) else y
    for z in more:
        largest = largest if largest >= z or math.isnan(largest) else z
    return largest


def min(x, y, *more):
    """The smallest one; nan if any is, the first of equals (so of 0.0 and -0.0)."""
    smallest = x if x <= y or math.isnan(x) else y
    for z in more:
        smallest = smallest if smallest <= z or math.isnan(smallest) else z
    return smallest


def sums(A):
    """sums of reductions.mg, line 2.

    A: [m, n] of float
    """
    m = len(A)
    n = len(A[0]) if len(A) else 0
    check_shape("A", A, m, n)
    out_sum = 0.0
    for i in range(m):
        A_i = A[i]
        for j in range(n):
            out_sum += A_i[j] ** 2 * sin(A_i[j])  # line 3
    return out_sum


def sums_value_and_grad(A):
    """sums of reductions.mg, line 2, and its derivatives.

    A: [m, n] of float

    Returns (value, grads); grads holds that of A.
    """
    m = len(A)
    n = len(A[0]) if len(A) else 0
    check_shape("A", A, m, n)
    out = 0.0
    dA = [[0.0] * n for _ in range(m)]
    for i in range(m):
        A_i = A[i]
        dA_i = dA[i]
        for j in range(n):
            # forward
            out_power = A_i[j] ** 2  # line 3
            out_sin = sin(A_i[j])
            out += out_power * out_sin
            # backward: d<name> is the derivative of the result with respect to <name>
            # line 3: return sum(A[i, j]**2*sin(A[i, j]) for i, j)
            t = out_power * cos(A_i[j])
            dA_i[j] = t + out_sin * (2.0 * A_i[j])
    return out, (dA,)


def means(A):
    """means of reductions.mg, line 5.

    A: [m, n] of float
    """
    m = len(A)
    n = len(A[0]) if len(A) else 0
    check_shape("A", A, m, n)
    out_sum = 0.0
    for i in range(m):
        A_i = A[i]
        for j in range(n):
            out_sum += exp(A_i[j])  # line 6
    out_sum_2 = 0.0
    for k in range(m):
        A_k = A[k]
        for p in range(n):
            out_sum_2 += A_k[p]
    return out_sum / (m * n) + out_sum_2 / (m * n)


def means_value_and_grad(A):
    """means of reductions.mg, line 5, and its derivatives.

    A: [m, n] of float

    Returns (value, grads); grads holds that of A.
    """
    m = len(A)
    n = len(A[0]) if len(A) else 0
    check_shape("A", A, m, n)
    # forward
    # line 6: return mean(exp(A[i, j]) for i for j) + mean(A)
    dout_sum_2 = 1.0 / (m * n)
    out_sum = 0.0
    dA = [[0.0] * n for _ in range(m)]
    for i in range(m):
        A_i = A[i]
        dA_i = dA[i]
        for j in range(n):
            # forward
            out_exp = exp(A_i[j])  # line 6
            out_sum += out_exp
            # backward: d<name> is the derivative of the result with respect to <name>
            dA_i[j] += dout_sum_2 * out_exp
    out_sum_2 = 0.0
    for k in range(m):
        A_k = A[k]
        for p in range(n):
            out_sum_2 += A_k[p]  # line 6
    out = out_sum / (m * n) + out_sum_2 / (m * n)
    # backward
    for k in range(m):
        dA_k = dA[k]
        for p in range(n):
            dA_k[p] += dout_sum_2
    return out, (dA,)


def products(x):
    """products of reductions.mg, line 8.

    x: [n] of float
    """
    n = len(x)
    check_shape("x", x, n)
    out_prod = 1.0
    for i in range(n):
        out_prod *= 1.0 + 0.5 * x[i] ** 2  # line 9
    out_prod_2 = 1.0
    for j in range(n):
        out_prod_2 *= x[j]
    return out_prod + out_prod_2


def products_value_and_grad(x):
    """products of reductions.mg, line 8, and its derivatives.

    x: [n] of float

    Returns (value, grads); grads holds that of x.
    """
    n = len(x)
    check_shape("x", x, n)
    # forward
    out_sum = [0.0] * n
    out_prod = 1.0
    for i in range(n):
        out_sum[i] = 1.0 + 0.5 * x[i] ** 2  # line 9
        out_prod *= out_sum[i]
    out_prod_2 = 1.0
    for j in range(n):
        out_prod_2 *= x[j]
    out = out_prod + out_prod_2
    # backward: d<name> is the derivative of the result with respect to <name>
    dx = [0.0] * n
    for j in range(n):
        dx_element = 1.0
        for k in range(n):
            if k != j:
                # line 9: return prod(1 + 0.5*x[i]**2 for i) + prod(x)
                dx_element *= x[k]
        dx[j] += dx_element
    for i in range(n):
        dout_sum = 1.0
        for j in range(n):
            if j != i:
                dout_sum *= out_sum[j]
        dx[i] += dout_sum * 0.5 * (2.0 * x[i])
    return out, (dx,)


def extrema(x, y):
    """extrema of reductions.mg, line 11.

    x: [n] of float
    y: [n] of float
    """
    n = len(x)
    check_shape("x", x, n)
    check_shape("y", y, n)
    out_max = -inf
    for j in range(n):
        if x[j] > out_max or x[j] != x[j]:  # line 12
            out_max = x[j]
    out_min = inf
    for i in range(n):
        out_product = x[i] * y[i]
        if out_product < out_min or out_product != out_product:
            out_min = out_product
    place = element(0, n)
    place_2 = element(1, n)
    return (
        out_max + out_min + max(x[place], y[place], 0.1) - min(x[place_2], y[place_2])
    )


def extrema_value_and_grad(x, y):
    """extrema of reductions.mg, line 11, and its derivatives.

    x: [n] of float
    y: [n] of float

    Returns (value, grads); grads holds those of x, y.
    """
    n = len(x)
    check_shape("x", x, n)
    check_shape("y", y, n)
    # forward
    out_max = -inf
    for j in range(n):
        if x[j] > out_max or x[j] != x[j]:  # line 12
            out_max = x[j]
    out_product = [0.0] * n
    out_min = inf
    for i in range(n):
        out_product[i] = x[i] * y[i]
        if out_product[i] < out_min or out_product[i] != out_product[i]:
            out_min = out_product[i]
    place = element(0, n)
    out_max_2 = max(x[place], y[place], 0.1)
    place_2 = element(1, n)
    out = out_max + out_min + out_max_2 - min(x[place_2], y[place_2])
    # backward: d<name> is the derivative of the result with respect to <name>
    # line 12: return max(x) + min(x[i]*y[i] for i) + max(x[0], y[0], 0.1) - min...
    t = -0.5 if x[place_2] == y[place_2] else 0.0
    dx = [0.0] * n
    dy = [0.0] * n
    if not out_max_2 == 0.1:
        t_2 = 1.0 if x[place] == out_max_2 else 0.0
        ties = t_2 + (1.0 if y[place] == out_max_2 else 0.0)
        if y[place] == out_max_2 or x[place] == out_max_2:
            dy_element = 1.0 / ties
        if x[place] == out_max_2:
            dx[place] += dy_element
        if y[place] == out_max_2:
            dy[place] += dy_element
    t_3 = [0.0] * n
    ties_2 = 0.0
    for i in range(n):
        t_3[i] = out_product[i] == out_min
        if t_3[i]:
            ties_2 += 1.0
    if ties_2 > 0.0:
        dout_product_2 = 1.0 / ties_2
    ties_3 = 0.0
    for j in range(n):
        if x[j] == out_max:
            ties_3 += 1.0
    dx[place_2] += -1.0 if x[place_2] < y[place_2] else t
    for i in range(n):
        if t_3[i]:
            dx[i] += dout_product_2 * y[i]
            dy[i] += dout_product_2 * x[i]
    for j in range(n):
        if x[j] == out_max:
            dx[j] += 1.0 / ties_3
    dy[place_2] += -1.0 if y[place_2] < x[place_2] else t
    return out, (dx, dy)


def triangle(L):
    """triangle of reductions.mg, line 14.

    L: [n, n] of float
    """
    n = len(L)
    check_shape("L", L, n, n)
    out_sum = 0.0
    for i in range(n):
        L_i = L[i]
        for j in range(i):
            out_sum += L_i[j] * L[j][i]  # line 15
    out_sum_2 = 0.0
    for i in range(n):
        L_i = L[i]
        for j in range(i + 1, n):
            out_sum_2 += L_i[j] ** 3
    return out_sum + out_sum_2


def triangle_value_and_grad(L):
    """triangle of reductions.mg, line 14, and its derivatives.

    L: [n, n] of float

    Returns (value, grads); grads holds that of L.
    """
    n = len(L)
    check_shape("L", L, n, n)
    # forward
    out_sum = 0.0
    for i in range(n):
        L_i = L[i]
        for j in range(i):
            out_sum += L_i[j] * L[j][i]  # line 15
    out_sum_2 = 0.0
    for i in range(n):
        L_i = L[i]
        for j in range(i + 1, n):
            out_sum_2 += L_i[j] ** 3
    out = out_sum + out_sum_2
    # backward: d<name> is the derivative of the result with respect to <name>
    dL = [[0.0] * n for _ in range(n)]
    for i in range(n):
        dL_i = dL[i]
        L_i = L[i]
        for j in range(i + 1, n):
            dL_i[j] += 3.0 * L_i[j] ** 2
    for i in range(n):
        L_i = L[i]
        dL_i = dL[i]
        for j in range(i):
            dL[j][i] += L_i[j]
            dL_i[j] += L[j][i]
    return out, (dL,)


def pairs(x):
    """pairs of reductions.mg, line 17.

    x: [n] of float
    """
    n = len(x)
    check_shape("x", x, n)
    out_sum = 0.0
    for i in range(n):
        x_i = x[i]
        for j in range(n):
            if i != j:
                out_difference = x_i - x[j]  # line 18
                out_sum += 1.0 / (1.0 + out_difference * out_difference)
    out_sum_2 = 0.0
    for i in range(n):
        x_i = x[i]
        for j in range(n):
            if j > i:
                out_difference_2 = x_i - x[j]
                out_sum_2 += out_difference_2 * out_difference_2
    return out_sum + out_sum_2


def pairs_value_and_grad(x):
    """pairs of reductions.mg, line 17, and its derivatives.

    x: [n] of float

    Returns (value, grads); grads holds that of x.
    """
    n = len(x)
    check_shape("x", x, n)
    out_sum_2 = 0.0
    dx = [0.0] * n
    for i in range(n):
        x_i = x[i]
        for j in range(n):
            if i != j:
                # forward
                out_difference = x_i - x[j]  # line 18
                out_sum = 1.0 + out_difference * out_difference
                out_ratio = 1.0 / out_sum
                out_sum_2 += out_ratio
                # backward: d<name> is the derivative of the result with respect to <name>
                # line 18: return sum(1/(1 + (x[i] - x[j])**2) for i, j if i != j) + sum((x[...
                dout_sum = -out_ratio / out_sum
                dout_difference = dout_sum * (2.0 * out_difference)
                dx[i] += dout_difference
                dx[j] += -dout_difference
    out_sum_3 = 0.0
    for i in range(n):
        x_i = x[i]
        for j in range(n):
            if j > i:
                # forward
                out_difference_2 = x_i - x[j]  # line 18
                out_sum_3 += out_difference_2 * out_difference_2
                # backward
                # line 18: return sum(1/(1 + (x[i] - x[j])**2) for i, j if i != j) + sum((x[...
                dout_difference_2 = 2.0 * out_difference_2
                dx[i] += dout_difference_2
                dx[j] += -dout_difference_2
    out = out_sum_2 + out_sum_3
    return out, (dx,)


def filtered(x, y):
    """filtered of reductions.mg, line 20.

    x: [n] of float
    y: [n] of float
    """
    n = len(x)
    check_shape("x", x, n)
    check_shape("y", y, n)
    out_sum = 0.0
    for i in range(n):
        if x[i] > 0.0:
            out_sum += x[i] * y[i]  # line 21
    out_prod = 1.0
    for i in range(n):
        if y[i] < 0.0:
            out_prod *= y[i]
    out_sum_2 = 0.0
    out_sum_3 = 0.0
    for i in range(n):
        if y[i] > -9.0:
            out_sum_2 += x[i] ** 2
            out_sum_3 += 1.0
    return out_sum + out_prod + out_sum_2 / out_sum_3


def filtered_value_and_grad(x, y):
    """filtered of reductions.mg, line 20, and its derivatives.

    x: [n] of float
    y: [n] of float

    Returns (value, grads); grads holds those of x, y.
    """
    n = len(x)
    check_shape("x", x, n)
    check_shape("y", y, n)
    # forward
    out_sum = 0.0
    for i in range(n):
        if x[i] > 0.0:
            out_sum += x[i] * y[i]  # line 21
    out_chosen = [0.0] * n
    out_prod = 1.0
    for i in range(n):
        if y[i] < 0.0:
            out_chosen[i] = y[i]
            out_prod *= y[i]
        else:
            out_chosen[i] = 1.0
    out_sum_2 = 0.0
    out_sum_3 = 0.0
    for i in range(n):
        if y[i] > -9.0:
            out_sum_2 += x[i] ** 2
            out_sum_3 += 1.0
    out = out_sum + out_prod + out_sum_2 / out_sum_3
    # backward: d<name> is the derivative of the result with respect to <name>
    # line 21: return sum(x[i]*y[i] for i if x[i] > 0) + prod(y[i] for i if y[i]...
    dout_sum_2 = 1.0 / out_sum_3
    dy = [0.0] * n
    for i in range(n):
        if y[i] < 0.0:
            dout_chosen = 1.0
            for j in range(n):
                if j != i:
                    dout_chosen *= out_chosen[j]
            dy[i] += dout_chosen
    dx = [0.0] * n
    for i in range(n):
        if y[i] > -9.0:
            dx[i] += dout_sum_2 * (2.0 * x[i])
    for i in range(n):
        if x[i] > 0.0:
            dx[i] += y[i]
            dy[i] += x[i]
    return out, (dx, dy)


def largest_under_condition(x):
    """largest_under_condition of reductions.mg, line 23.

    x: [n] of float
    """
    n = len(x)
    check_shape("x", x, n)
    out_max = -inf
    for i in range(n):
        out_chosen = x[i] if x[i] < 0.5 else -inf  # line 24
        if out_chosen > out_max or out_chosen != out_chosen:
            out_max = out_chosen
    out_min = inf
    for i in range(n):
        out_chosen_2 = x[i] if x[i] > -2.0 else inf
        if out_chosen_2 < out_min or out_chosen_2 != out_chosen_2:
            out_min = out_chosen_2
    return out_max + out_min


def largest_under_condition_value_and_grad(x):
    """largest_under_condition of reductions.mg, line 23, and its derivatives.

    x: [n] of float

    Returns (value, grads); grads holds that of x.
    """
    n = len(x)
    check_shape("x", x, n)
    # forward
    out_chosen = [0.0] * n
    out_max = -inf
    for i in range(n):
        out_chosen[i] = x[i] if x[i] < 0.5 else -inf  # line 24
        if out_chosen[i] > out_max or out_chosen[i] != out_chosen[i]:
            out_max = out_chosen[i]
    out_chosen_2 = [0.0] * n
    out_min = inf
    for i in range(n):
        out_chosen_2[i] = x[i] if x[i] > -2.0 else inf
        if out_chosen_2[i] < out_min or out_chosen_2[i] != out_chosen_2[i]:
            out_min = out_chosen_2[i]
    out = out_max + out_min
    # backward: d<name> is the derivative of the result with respect to <name>
    t = [0.0] * n
    ties = 0.0
    for i in range(n):
        # line 24: return max(x[i] for i if x[i] < 0.5) + min(x[i] for i if x[i] > -2)
        t[i] = out_chosen_2[i] == out_min
        if t[i]:
            ties += 1.0
    t_2 = [0.0] * n
    ties_2 = 0.0
    for i in range(n):
        t_2[i] = out_chosen[i] == out_max
        if t_2[i]:
            ties_2 += 1.0
    dx = [0.0] * n
    for i in range(n):
        if t[i]:
            if x[i] > -2.0:
                dx[i] += 1.0 / ties
    for i in range(n):
        if t_2[i]:
            if x[i] < 0.5:
                dx[i] += 1.0 / ties_2
    return out, (dx,)


def nested_sums(A, x):
    """nested_sums of reductions.mg, line 26.

    A: [m, n] of float
    x: [n] of float
    """
    m = len(A)
    n = len(x)
    check_shape("A", A, m, n)
    check_shape("x", x, n)
    out_sum_2 = 0.0
    for i in range(m):
        out_sum = 0.0
        A_i = A[i]
        for j in range(n):
            out_sum += A_i[j] * x[j]  # line 27
        out_sum_2 += exp(out_sum)
    return out_sum_2


def nested_sums_value_and_grad(A, x):
    """nested_sums of reductions.mg, line 26, and its derivatives.

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
        # forward
        out_sum = 0.0
        A_i = A[i]
        for j in range(n):
            out_sum += A_i[j] * x[j]  # line 27
        out_exp = exp(out_sum)
        out += out_exp
        # backward: d<name> is the derivative of the result with respect to <name>
        dA_i = dA[i]
        for j in range(n):
            dA_i[j] = out_exp * x[j]
            dx[j] += out_exp * A_i[j]
    return out, (dA, dx)


def sum_of_sums(A):
    """sum_of_sums of reductions.mg, line 29.

    A: [m, n] of float
    """
    m = len(A)
    n = len(A[0]) if len(A) else 0
    check_shape("A", A, m, n)
    out_sum = 0.0
    out_sum_2 = 0.0
    for i in range(m):
        rows = 0.0
        A_i = A[i]
        for j in range(n):
            rows += A_i[j]  # line 30
        out_sum += rows * rows  # line 31
        out_sum_2 += rows
    return out_sum + out_sum_2 * out_sum_2


def sum_of_sums_value_and_grad(A):
    """sum_of_sums of reductions.mg, line 29, and its derivatives.

    A: [m, n] of float

    Returns (value, grads); grads holds that of A.
    """
    m = len(A)
    n = len(A[0]) if len(A) else 0
    check_shape("A", A, m, n)
    # forward
    rows = [0.0] * m
    out_sum = 0.0
    out_sum_2 = 0.0
    for i in range(m):
        rows_total = 0.0
        A_i = A[i]
        for j in range(n):
            rows_total += A_i[j]  # line 30
        rows[i] = rows_total
        out_sum += rows[i] ** 2  # line 31
        out_sum_2 += rows[i]
    out = out_sum + out_sum_2 * out_sum_2
    # backward: d<name> is the derivative of the result with respect to <name>
    # line 31: return sum(rows[i]**2 for i) + sum(rows)**2
    dout_sum_2 = 2.0 * out_sum_2
    dA = [[0.0] * n for _ in range(m)]
    for i in range(m):
        # line 30: rows = [sum(A[i, j] for j) for i]
        drows = dout_sum_2 + 2.0 * rows[i]
        dA_i = dA[i]
        for j in range(n):
            dA_i[j] = drows
    return out, (dA,)


def counted(x):
    """counted of reductions.mg, line 33.

    x: [n] of float
    """
    n = len(x)
    check_shape("x", x, n)
    out_sum = 0.0
    for i in range(n):
        if x[i] > 0.0:
            out_sum += 1.0  # line 34
    out_sum_2 = 0.0
    for i in range(n):
        if x[i] > 0.0:
            out_sum_2 += 1.0
    return out_sum + out_sum_2 / n


def counted_value_and_grad(x):
    """counted of reductions.mg, line 33, and its derivatives.

    x: [n] of float

    Returns (value, grads); grads holds that of x.
    """
    n = len(x)
    check_shape("x", x, n)
    out_sum = 0.0
    for i in range(n):
        if x[i] > 0.0:
            out_sum += 1.0  # line 34
    out_sum_2 = 0.0
    for i in range(n):
        if x[i] > 0.0:
            out_sum_2 += 1.0
    out = out_sum + out_sum_2 / n
    return out, ([0.0] * n,)


def places(x):
    """places of reductions.mg, line 36.

    x: [n] of float
    """
    n = len(x)
    check_shape("x", x, n)
    out_max = -inf
    for j in range(n):
        if x[j] > out_max or x[j] != x[j]:  # line 37
            out_max = x[j]
    out_min = 9007199254740992
    for j in range(n):
        out_chosen = j if x[j] == out_max or x[j] != x[j] else n
        if out_chosen < out_min:
            out_min = out_chosen
    place = element(out_min, n)
    out_power = [0.0] * n
    out_min_2 = inf
    for i in range(n):
        out_power[i] = x[i] ** 2
        if out_power[i] < out_min_2 or out_power[i] != out_power[i]:
            out_min_2 = out_power[i]
    out_min_3 = 9007199254740992
    for i in range(n):
        found = out_power[i] == out_min_2 or out_power[i] != out_power[i]
        out_chosen_2 = i if found else n
        if out_chosen_2 < out_min_3:
            out_min_3 = out_chosen_2
    place_2 = element(out_min_3, n)
    return place + 10 * place_2
