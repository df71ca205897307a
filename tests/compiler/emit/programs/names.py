"""names.mg, compiled to Python: values and exact derivatives.

d<name> is the derivative of the result with respect to <name>.
"""

from math import cos, exp, sin


def check_shape(name, array, *sizes):
    """Raise ValueError unless the nested list has these sizes."""
    if len(array) != sizes[0]:
        raise ValueError(f"{name} has {len(array)} entries where {sizes[0]} are needed")
    if len(sizes) > 1:
        for row in array:
            check_shape(f"a row of {name}", row, *sizes[1:])


def lambda_(lambda_, class_):
    """lambda_ of names.mg, line 2."""
    del_ = lambda_ * class_  # line 3
    double_ = del_ * del_  # line 4
    return double_ + lambda_


def lambda_value_and_grad(lambda_, class_):
    """lambda_ of names.mg, line 2, and its derivatives.

    Returns (value, grads); grads holds those of lambda_, class_.
    """
    # forward
    del_ = lambda_ * class_  # line 3
    double_ = del_ * del_  # line 4
    out = double_ + lambda_  # line 5
    # backward
    # line 4: double = del**2
    ddel_ = 2.0 * del_
    # line 3: del = lambda*class
    dclass_ = ddel_ * lambda_
    dlambda_ = 1.0 + ddel_ * class_
    return out, (dlambda_, dclass_)


def print_(int_, float_, len_):
    """print of names.mg, line 7."""
    list_ = [int_, float_, len_]  # line 8
    range_ = 0.0
    for global_ in range(3):
        range_ += list_[global_] ** 2  # line 9
    return range_ * int_


def print_value_and_grad(int_, float_, len_):
    """print of names.mg, line 7, and its derivatives.

    Returns (value, grads); grads holds those of int_, float_, len_.
    """
    # forward
    list_ = [int_, float_, len_]  # line 8
    range_ = 0.0
    for global_ in range(3):
        range_ += list_[global_] ** 2  # line 9
    out = range_ * int_  # line 10
    # backward
    # line 9: range_ = sum(list[global]**2 for global)
    two_int_ = 2.0 * int_
    dlist_ = [0.0] * 3
    for global_ in range(3):
        dlist_[global_] = two_int_ * list_[global_]
    dint_ = range_ + dlist_[0]
    return out, (dint_, dlist_[1], dlist_[2])


def grads_(model, out, dout, t):
    """grads of names.mg, line 12."""
    dt = model * out  # line 13
    return dt * dout + t * t


def grads_value_and_grad(model, out, dout, t):
    """grads of names.mg, line 12, and its derivatives.

    Returns (value, grads); grads holds those of model, out, dout, t.
    """
    # forward
    dt = model * out  # line 13
    out2 = dt * dout + t * t  # line 14
    # backward
    # line 14: return dt*dout + t**2
    dt_2 = 2.0 * t
    # line 13: dt = model*out
    dmodel = dout * out
    dout_2 = dout * model
    return out2, (dmodel, dout_2, dt, dt_2)


def shadow(math_, exp_, dmath):
    """shadow of names.mg, line 16."""
    return exp(math_) * sin(dmath) * exp_


def shadow_value_and_grad(math_, exp_, dmath):
    """shadow of names.mg, line 16, and its derivatives.

    Returns (value, grads); grads holds those of math_, exp_, dmath.
    """
    # forward
    math__exp = exp(math_)  # line 17
    dmath_sin = sin(dmath)
    math__exp_dmath_sin = math__exp * dmath_sin
    out = math__exp_dmath_sin * exp_
    # backward
    # line 17: return exp(math)*sin(dmath)*exp_
    ddmath = exp_ * math__exp * cos(dmath)
    dmath_ = exp_ * dmath_sin * math__exp
    return out, (dmath_, math__exp_dmath_sin, ddmath)


def element_(n, i_2):
    """element of names.mg, line 19.

    n: [i] of float
    """
    i = len(n)
    check_shape("n", n, i)
    j = 0.0
    for k in range(i):
        j += n[k] * n[k]  # line 20
    j_n_sum = 0.0
    for j_ in range(i):
        j_n_sum += j * n[j_]  # line 21
    return j_n_sum * i_2


def element_value_and_grad(n, i_2):
    """element of names.mg, line 19, and its derivatives.

    n: [i] of float

    Returns (value, grads); grads holds those of n, i_2.
    """
    i = len(n)
    check_shape("n", n, i)
    # forward
    j = 0.0
    for k in range(i):
        j += n[k] * n[k]  # line 20
    j_n_sum = 0.0
    for j_ in range(i):
        j_n_sum += j * n[j_]  # line 21
    out = j_n_sum * i_2
    # backward
    dj = 0.0
    for j_ in range(i):
        # line 21: return sum(j*n[j_] for j_)*i_2
        dj += i_2 * n[j_]
    i_2_j = i_2 * j
    dn = [0.0] * i
    for j_ in range(i):
        dn[j_] += i_2_j
    for k in range(i):
        dn[k] += 2.0 * (dj * n[k])
    return out, (dn, j_n_sum)
