"""reductions.mg, compiled to Python: values and exact derivatives.

d<name> is the derivative of the result with respect to <name>.
"""

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
    out = 0.0
    for i in range(m):
        A_i = A[i]
        for j in range(n):
            out += A_i[j] ** 2 * sin(A_i[j])  # line 3
    return out


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
            A_squared = A_i[j] ** 2  # line 3
            A_sin = sin(A_i[j])
            out += A_squared * A_sin
            # backward
            dA_i[j] = A_squared * cos(A_i[j]) + 2.0 * A_sin * A_i[j]
    return out, (dA,)


def means(A):
    """means of reductions.mg, line 5.

    A: [m, n] of float
    """
    m = len(A)
    n = len(A[0]) if len(A) else 0
    check_shape("A", A, m, n)
    A_exp_sum = 0.0
    for i in range(m):
        A_i = A[i]
        for j in range(n):
            A_exp_sum += exp(A_i[j])  # line 6
    A_sum = 0.0
    for k in range(m):
        A_k = A[k]
        for p in range(n):
            A_sum += A_k[p]
    return A_exp_sum / (m * n) + A_sum / (m * n)


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
    dA_sum = 1.0 / (m * n)
    A_exp_sum = 0.0
    dA = [[0.0] * n for _ in range(m)]
    for i in range(m):
        A_i = A[i]
        dA_i = dA[i]
        for j in range(n):
            # forward
            A_exp = exp(A_i[j])  # line 6
            A_exp_sum += A_exp
            # backward
            # line 6: return mean(exp(A[i, j]) for i for j) + mean(A)
            dA_i[j] += dA_sum * A_exp
    A_sum = 0.0
    for k in range(m):
        A_k = A[k]
        for p in range(n):
            A_sum += A_k[p]
    out = A_exp_sum / (m * n) + A_sum / (m * n)
    # backward
    for k in range(m):
        dA_k = dA[k]
        for p in range(n):
            dA_k[p] += dA_sum
    return out, (dA,)


def products(x):
    """products of reductions.mg, line 8.

    x: [n] of float
    """
    n = len(x)
    check_shape("x", x, n)
    x_squared_prod = 1.0
    for i in range(n):
        x_squared_prod *= 1.0 + 0.5 * x[i] ** 2  # line 9
    x_prod = 1.0
    for j in range(n):
        x_prod *= x[j]
    return x_squared_prod + x_prod


def products_value_and_grad(x):
    """products of reductions.mg, line 8, and its derivatives.

    x: [n] of float

    Returns (value, grads); grads holds that of x.
    """
    n = len(x)
    check_shape("x", x, n)
    # forward
    x_squared_sum = [0.0] * n
    x_squared_sum_prod = 1.0
    for i in range(n):
        x_squared_sum[i] = 1.0 + 0.5 * x[i] ** 2  # line 9
        x_squared_sum_prod *= x_squared_sum[i]
    x_prod = 1.0
    for j in range(n):
        x_prod *= x[j]
    out = x_squared_sum_prod + x_prod
    # backward
    dx = [0.0] * n
    for j in range(n):
        part_of_dx = 1.0
        for k in range(n):
            if k != j:
                # line 9: return prod(1 + 0.5*x[i]**2 for i) + prod(x)
                part_of_dx *= x[k]
        dx[j] += part_of_dx
    for i in range(n):
        dx_squared_sum = 1.0
        for j in range(n):
            if j != i:
                dx_squared_sum *= x_squared_sum[j]
        dx[i] += dx_squared_sum * x[i]
    return out, (dx,)


def extrema(x, y):
    """extrema of reductions.mg, line 11.

    x: [n] of float
    y: [n] of float
    """
    n = len(x)
    check_shape("x", x, n)
    check_shape("y", y, n)
    x_max = -inf
    for j in range(n):
        if x[j] > x_max or x[j] != x[j]:  # line 12
            x_max = x[j]
    x_y_min = inf
    for i in range(n):
        x_y = x[i] * y[i]
        if x_y < x_y_min or x_y != x_y:
            x_y_min = x_y
    first = element(0, n)
    place = element(1, n)
    return x_max + x_y_min + max(x[first], y[first], 0.1) - min(x[place], y[place])


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
    x_max = -inf
    for j in range(n):
        if x[j] > x_max or x[j] != x[j]:  # line 12
            x_max = x[j]
    x_y = [0.0] * n
    x_y_min = inf
    for i in range(n):
        x_y[i] = x[i] * y[i]
        if x_y[i] < x_y_min or x_y[i] != x_y[i]:
            x_y_min = x_y[i]
    first = element(0, n)
    out_max = max(x[first], y[first], 0.1)
    place = element(1, n)
    out = x_max + x_y_min + out_max - min(x[place], y[place])
    # backward
    # line 12: return max(x) + min(x[i]*y[i] for i) + max(x[0], y[0], 0.1) - min(x[1]...
    slope = -0.5 if x[place] == y[place] else 0.0
    dx = [0.0] * n
    dy = [0.0] * n
    if out_max != 0.1:
        ties_chosen = 1.0 if x[first] == out_max else 0.0
        ties = ties_chosen + (1.0 if y[first] == out_max else 0.0)
        if y[first] == out_max or x[first] == out_max:
            one_over_ties = 1.0 / ties
        if x[first] == out_max:
            dx[first] += one_over_ties
        if y[first] == out_max:
            dy[first] += one_over_ties
    ties2 = 0.0
    for i in range(n):
        if x_y[i] == x_y_min:
            ties2 += 1.0
    if ties2 > 0.0:
        one_over_ties2 = 1.0 / ties2
    ties_2 = 0.0
    for j in range(n):
        if x[j] == x_max:
            ties_2 += 1.0
    dx[place] += -1.0 if x[place] < y[place] else slope
    for i in range(n):
        if x_y[i] == x_y_min:
            dx[i] += one_over_ties2 * y[i]
            dy[i] += one_over_ties2 * x[i]
    for j in range(n):
        if x[j] == x_max:
            dx[j] += 1.0 / ties_2
    dy[place] += -1.0 if y[place] < x[place] else slope
    return out, (dx, dy)


def triangle(L):
    """triangle of reductions.mg, line 14.

    L: [n, n] of float
    """
    n = len(L)
    check_shape("L", L, n, n)
    L_L_sum = 0.0
    L_cubed_sum = 0.0
    for i in range(n):
        L_i = L[i]
        for j in range(i):
            L_L_sum += L_i[j] * L[j][i]  # line 15
        for j in range(i + 1, n):
            L_cubed_sum += L_i[j] ** 3
    return L_L_sum + L_cubed_sum


def triangle_value_and_grad(L):
    """triangle of reductions.mg, line 14, and its derivatives.

    L: [n, n] of float

    Returns (value, grads); grads holds that of L.
    """
    n = len(L)
    check_shape("L", L, n, n)
    # forward
    L_L_sum = 0.0
    L_cubed_sum = 0.0
    for i in range(n):
        L_i = L[i]
        for j in range(i):
            L_L_sum += L_i[j] * L[j][i]  # line 15
        for j in range(i + 1, n):
            L_cubed_sum += L_i[j] ** 3
    out = L_L_sum + L_cubed_sum
    # backward
    dL = [[0.0] * n for _ in range(n)]
    for i in range(n):
        dL_i = dL[i]
        L_i = L[i]
        for j in range(i + 1, n):
            # line 15: return sum(L[i, j]*L[j, i] for i in range(n) for j in range(i)...
            dL_i[j] += 3.0 * L_i[j] ** 2
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
                x_minus_x = x_i - x[j]  # line 18
                out_sum += 1.0 / (1.0 + x_minus_x * x_minus_x)
    x_difference_squared_sum = 0.0
    for i in range(n):
        x_i = x[i]
        for j in range(n):
            if j > i:
                x_difference = x_i - x[j]
                x_difference_squared_sum += x_difference * x_difference
    return out_sum + x_difference_squared_sum


def pairs_value_and_grad(x):
    """pairs of reductions.mg, line 17, and its derivatives.

    x: [n] of float

    Returns (value, grads); grads holds that of x.
    """
    n = len(x)
    check_shape("x", x, n)
    out_ratio_sum = 0.0
    dx = [0.0] * n
    for i in range(n):
        x_i = x[i]
        for j in range(n):
            if i != j:
                # forward
                x_minus_x = x_i - x[j]  # line 18
                x_minus_x_squared_sum = 1.0 + x_minus_x * x_minus_x
                out_ratio = 1.0 / x_minus_x_squared_sum
                out_ratio_sum += out_ratio
                # backward
                # line 18: return sum(1/(1 + (x[i] - x[j])**2) for i, j if i != j) + ...
                dx_minus_x = -2.0 * (out_ratio / x_minus_x_squared_sum) * x_minus_x
                dx[i] += dx_minus_x
                dx[j] -= dx_minus_x
    x_difference_squared_sum = 0.0
    for i in range(n):
        x_i = x[i]
        for j in range(n):
            if j > i:
                # forward
                x_difference = x_i - x[j]  # line 18
                x_difference_squared_sum += x_difference * x_difference
                # backward
                # line 18: return sum(1/(1 + (x[i] - x[j])**2) for i, j if i != j) + ...
                dx_difference = 2.0 * x_difference
                dx[i] += dx_difference
                dx[j] -= dx_difference
    out = out_ratio_sum + x_difference_squared_sum
    return out, (dx,)


def filtered(x, y):
    """filtered of reductions.mg, line 20.

    x: [n] of float
    y: [n] of float
    """
    n = len(x)
    check_shape("x", x, n)
    check_shape("y", y, n)
    x_y_sum = 0.0
    for i in range(n):
        if x[i] > 0.0:
            x_y_sum += x[i] * y[i]  # line 21
    y_prod = 1.0
    for i in range(n):
        if y[i] < 0.0:
            y_prod *= y[i]
    x_squared_sum = 0.0
    out_sum = 0.0
    for i in range(n):
        if y[i] > -9.0:
            x_squared_sum += x[i] ** 2
            out_sum += 1.0
    return x_y_sum + y_prod + x_squared_sum / out_sum


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
    x_y_sum = 0.0
    for i in range(n):
        if x[i] > 0.0:
            x_y_sum += x[i] * y[i]  # line 21
    y_chosen = [0.0] * n
    y_prod = 1.0
    for i in range(n):
        if y[i] < 0.0:
            y_chosen[i] = y[i]
            y_prod *= y[i]
        else:
            y_chosen[i] = 1.0
    x_squared_sum = 0.0
    out_sum = 0.0
    for i in range(n):
        if y[i] > -9.0:
            x_squared_sum += x[i] ** 2
            out_sum += 1.0
    out = x_y_sum + y_prod + x_squared_sum / out_sum
    # backward
    # line 21: return sum(x[i]*y[i] for i if x[i] > 0) + prod(y[i] for i if y[i] < 0)...
    two_over_out_sum = 2.0 / out_sum
    dy = [0.0] * n
    for i in range(n):
        if y[i] < 0.0:
            dy_chosen = 1.0
            for j in range(n):
                if j != i:
                    dy_chosen *= y_chosen[j]
            dy[i] += dy_chosen
    dx = [0.0] * n
    for i in range(n):
        if y[i] > -9.0:
            dx[i] += two_over_out_sum * x[i]
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
    x_chosen_max = -inf
    for i in range(n):
        x_chosen = x[i] if x[i] < 0.5 else -inf  # line 24
        if x_chosen > x_chosen_max or x_chosen != x_chosen:
            x_chosen_max = x_chosen
    out_chosen_min = inf
    for i in range(n):
        out_chosen = x[i] if x[i] > -2.0 else inf
        if out_chosen < out_chosen_min or out_chosen != out_chosen:
            out_chosen_min = out_chosen
    return x_chosen_max + out_chosen_min


def largest_under_condition_value_and_grad(x):
    """largest_under_condition of reductions.mg, line 23, and its derivatives.

    x: [n] of float

    Returns (value, grads); grads holds that of x.
    """
    n = len(x)
    check_shape("x", x, n)
    # forward
    x_chosen = [0.0] * n
    x_chosen_max = -inf
    for i in range(n):
        x_chosen[i] = x[i] if x[i] < 0.5 else -inf  # line 24
        if x_chosen[i] > x_chosen_max or x_chosen[i] != x_chosen[i]:
            x_chosen_max = x_chosen[i]
    out_chosen = [0.0] * n
    out_chosen_min = inf
    for i in range(n):
        out_chosen[i] = x[i] if x[i] > -2.0 else inf
        if out_chosen[i] < out_chosen_min or out_chosen[i] != out_chosen[i]:
            out_chosen_min = out_chosen[i]
    out = x_chosen_max + out_chosen_min
    # backward
    ties = 0.0
    for i in range(n):
        if out_chosen[i] == out_chosen_min:
            # line 24: return max(x[i] for i if x[i] < 0.5) + min(x[i] for i if x[i] ...
            ties += 1.0
    ties2 = 0.0
    for i in range(n):
        if x_chosen[i] == x_chosen_max:
            ties2 += 1.0
    dx = [0.0] * n
    for i in range(n):
        if out_chosen[i] == out_chosen_min and x[i] > -2.0:
            dx[i] += 1.0 / ties
    for i in range(n):
        if x_chosen[i] == x_chosen_max and x[i] < 0.5:
            dx[i] += 1.0 / ties2
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
    out = 0.0
    for i in range(m):
        A_x_sum = 0.0
        A_i = A[i]
        for j in range(n):
            A_x_sum += A_i[j] * x[j]  # line 27
        out += exp(A_x_sum)
    return out


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
        A_x_sum = 0.0
        A_i = A[i]
        for j in range(n):
            A_x_sum += A_i[j] * x[j]  # line 27
        out_exp = exp(A_x_sum)
        out += out_exp
        # backward
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
    rows_squared_sum = 0.0
    rows_sum = 0.0
    for i in range(m):
        rows = 0.0
        A_i = A[i]
        for j in range(n):
            rows += A_i[j]  # line 30
        rows_squared_sum += rows * rows  # line 31
        rows_sum += rows
    return rows_squared_sum + rows_sum * rows_sum


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
    rows_squared_sum = 0.0
    rows_sum = 0.0
    for i in range(m):
        rows_total = 0.0
        A_i = A[i]
        for j in range(n):
            rows_total += A_i[j]  # line 30
        rows[i] = rows_total
        rows_squared_sum += rows[i] ** 2  # line 31
        rows_sum += rows[i]
    out = rows_squared_sum + rows_sum * rows_sum
    # backward
    # line 31: return sum(rows[i]**2 for i) + sum(rows)**2
    drows_sum = 2.0 * rows_sum
    dA = [[0.0] * n for _ in range(m)]
    for i in range(m):
        # line 30: rows = [sum(A[i, j] for j) for i]
        drows = drows_sum + 2.0 * rows[i]
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
    x_above_zero_count = 0.0
    for i in range(n):
        if x[i] > 0.0:
            x_above_zero_count += 1.0  # line 34
    return x_above_zero_count + x_above_zero_count / n


def counted_value_and_grad(x):
    """counted of reductions.mg, line 33, and its derivatives.

    x: [n] of float

    Returns (value, grads); grads holds that of x. All derivatives are 0: the value is
    constant but for jumps.
    """
    n = len(x)
    check_shape("x", x, n)
    x_above_zero_count = 0.0
    for i in range(n):
        if x[i] > 0.0:
            x_above_zero_count += 1.0  # line 34
    out = x_above_zero_count + x_above_zero_count / n
    return out, ([0.0] * n,)


def places(x):
    """places of reductions.mg, line 36.

    x: [n] of float
    """
    n = len(x)
    check_shape("x", x, n)
    x_max = -inf
    for j in range(n):
        if x[j] > x_max or x[j] != x[j]:  # line 37
            x_max = x[j]
    x_argmax = 9007199254740992
    for j in range(n):
        candidate = j if x[j] == x_max or x[j] != x[j] else n
        if candidate < x_argmax:
            x_argmax = candidate
    place = element(x_argmax, n)
    x_squared = [0.0] * n
    candidate2_min = inf
    for i in range(n):
        x_squared[i] = x[i] ** 2
        if x_squared[i] < candidate2_min or x_squared[i] != x_squared[i]:
            candidate2_min = x_squared[i]
    first_argmin = 9007199254740992
    for i in range(n):
        candidate2 = (
            i if x_squared[i] == candidate2_min or x_squared[i] != x_squared[i] else n
        )
        if candidate2 < first_argmin:
            first_argmin = candidate2
    first_argmin_place = element(first_argmin, n)
    return place + 10 * first_argmin_place
