"""branches.mg, compiled to Python: values and exact derivatives.

d<name> is the derivative of the result with respect to <name>.
"""

from math import cos, exp, log, sin


def sign(x):
    """-1, 0 or 1; nan stays."""
    return 1.0 if x > 0.0 else -1.0 if x < 0.0 else 0.0 if x == 0.0 else x


def check_shape(name, array, *sizes):
    """Raise ValueError unless the nested list has these sizes."""
    if len(array) != sizes[0]:
        raise ValueError(f"{name} has {len(array)} entries where {sizes[0]} are needed")
    if len(sizes) > 1:
        for row in array:
            check_shape(f"a row of {name}", row, *sizes[1:])


def huber(x, delta=1.0):
    """huber of branches.mg, line 2."""
    x_abs = abs(x)  # line 3
    return 0.5 * (x * x) if x_abs <= delta else delta * (x_abs - 0.5 * delta)


def huber_value_and_grad(x, delta=1.0):
    """huber of branches.mg, line 2, and its derivatives.

    Returns (value, grads); grads holds those of x, delta.
    """
    x_abs = abs(x)  # line 3
    if x_abs <= delta:
        # forward
        out = 0.5 * (x * x)  # line 3
        # backward
        dx = x
        ddelta = 0.0
    else:
        # forward
        out_difference = x_abs - 0.5 * delta  # line 3
        out = delta * out_difference
        # backward
        dx = delta * sign(x)
        ddelta = out_difference - 0.5 * delta
    return out, (dx, ddelta)


def guarded_log(x):
    """guarded_log of branches.mg, line 5."""
    return log(x) if x > 0.0 else -x


def guarded_log_value_and_grad(x):
    """guarded_log of branches.mg, line 5, and its derivatives.

    Returns (value, grads); grads holds that of x.
    """
    # forward
    out = log(x) if x > 0.0 else -x  # line 6
    # backward
    dx = 1.0 / x if x > 0.0 else -1.0
    return out, (dx,)


def nested(x, y):
    """nested of branches.mg, line 8."""
    if x > 0.0:
        out_chosen = x * y if y > 0.0 else x - y  # line 9
    return out_chosen if x > 0.0 else exp(x) if y < -0.5 else x * x * x


def nested_value_and_grad(x, y):
    """nested of branches.mg, line 8, and its derivatives.

    Returns (value, grads); grads holds those of x, y.
    """
    if x > 0.0:
        # forward
        out_chosen = x * y if y > 0.0 else x - y  # line 9
        out = out_chosen
        # backward
        dx = y if y > 0.0 else 1.0
        dy = x if y > 0.0 else -1.0
    else:
        # forward
        if y < -0.5:
            # forward
            x_exp = exp(x)  # line 9
            # backward
            part_of_dx = x_exp
        else:
            part_of_dx = 3.0 * (x * x)
        out = x_exp if y < -0.5 else x * x * x  # line 9
        # backward
        dx = part_of_dx
        dy = 0.0
    return out, (dx, dy)


def shared_condition(x, y):
    """shared_condition of branches.mg, line 11."""
    a = x * x if x > y else y  # line 12
    b = sin(y) if x > y else cos(x)  # line 13
    return a * b


def shared_condition_value_and_grad(x, y):
    """shared_condition of branches.mg, line 11, and its derivatives.

    Returns (value, grads); grads holds those of x, y.
    """
    # forward
    a = x * x if x > y else y  # line 12
    b = sin(y) if x > y else cos(x)  # line 13
    out = a * b  # line 14
    # backward
    dx = 2.0 * (b * x) if x > y else -a * sin(x)
    dy = a * cos(y) if x > y else b
    return out, (dx, dy)


def logic(x, y):
    """logic of branches.mg, line 16."""
    out_either = x > 0.0 and not y > 0.0 or x < -1.0  # line 17
    return x * y if out_either else x + y * y


def logic_value_and_grad(x, y):
    """logic of branches.mg, line 16, and its derivatives.

    Returns (value, grads); grads holds those of x, y.
    """
    # forward
    out_either = x > 0.0 and not y > 0.0 or x < -1.0  # line 17
    out = x * y if out_either else x + y * y
    # backward
    dx = y if out_either else 1.0
    dy = x if out_either else 2.0 * y
    return out, (dx, dy)


def between(x, y):
    """between of branches.mg, line 19."""
    out_both = -1.0 < x and x <= y and y < 1.0  # line 20
    return x * x * y if out_both else x


def between_value_and_grad(x, y):
    """between of branches.mg, line 19, and its derivatives.

    Returns (value, grads); grads holds those of x, y.
    """
    out_both = -1.0 < x and x <= y and y < 1.0  # line 20
    if out_both:
        # forward
        x_squared = x * x  # line 20
        out = x_squared * y
        # backward
        # line 20: return x**2*y if -1 < x <= y < 1 else x
        dy = x_squared
        dx = 2.0 * y * x
    else:
        # forward
        out = x  # line 20
        # backward
        # line 20: return x**2*y if -1 < x <= y < 1 else x
        dy = 0.0
        dx = 1.0
    return out, (dx, dy)


def arm_with_sum(x, c):
    """arm_with_sum of branches.mg, line 22.

    x: [n] of float
    """
    n = len(x)
    check_shape("x", x, n)
    if c > 0.0:
        x_exp_sum = 0.0
        for i in range(n):
            x_exp_sum += exp(x[i])  # line 23
    else:
        x_squared_sum = 0.0
        for i in range(n):
            x_squared_sum += x[i] ** 2
    return x_exp_sum if c > 0.0 else x_squared_sum


def arm_with_sum_value_and_grad(x, c):
    """arm_with_sum of branches.mg, line 22, and its derivatives.

    x: [n] of float

    Returns (value, grads); grads holds those of x, c.
    """
    n = len(x)
    check_shape("x", x, n)
    dx = [0.0] * n
    if c > 0.0:
        x_exp_sum = 0.0
        for i in range(n):
            # forward
            x_exp = exp(x[i])  # line 23
            x_exp_sum += x_exp
            # backward
            dx[i] += x_exp
        out = x_exp_sum  # line 23
    else:
        # forward
        x_squared_sum = 0.0
        for i in range(n):
            x_squared_sum += x[i] ** 2  # line 23
        out = x_squared_sum
        # backward
        for i in range(n):
            # line 23: return sum(exp(x[i]) for i) if c > 0 else sum(x[i]**2 for i)
            dx[i] += 2.0 * x[i]
    return out, (dx, 0.0)


def elementwise(x):
    """elementwise of branches.mg, line 25.

    x: [n] of float
    """
    n = len(x)
    check_shape("x", x, n)
    out = 0.0
    for i in range(n):
        out += x[i] ** 3 if x[i] > 0.0 else sin(x[i])  # line 26
    return out


def elementwise_value_and_grad(x):
    """elementwise of branches.mg, line 25, and its derivatives.

    x: [n] of float

    Returns (value, grads); grads holds that of x.
    """
    n = len(x)
    check_shape("x", x, n)
    # forward
    out = 0.0
    for i in range(n):
        out += x[i] ** 3 if x[i] > 0.0 else sin(x[i])  # line 26
    # backward
    dx = [0.0] * n
    for i in range(n):
        dx[i] = 3.0 * x[i] ** 2 if x[i] > 0.0 else cos(x[i])
    return out, (dx,)


def whole(x, y):
    """whole of branches.mg, line 28.

    x: [n] of float
    y: [n] of float
    """
    n = len(x)
    check_shape("x", x, n)
    check_shape("y", y, n)
    out = 0.0
    for i in range(n):
        out += x[i] * y[i] if x[i] > y[i] else x[i] - y[i]  # line 29
    return out


def whole_value_and_grad(x, y):
    """whole of branches.mg, line 28, and its derivatives.

    x: [n] of float
    y: [n] of float

    Returns (value, grads); grads holds those of x, y.
    """
    n = len(x)
    check_shape("x", x, n)
    check_shape("y", y, n)
    # forward
    out = 0.0
    for i in range(n):
        out += x[i] * y[i] if x[i] > y[i] else x[i] - y[i]  # line 29
    # backward
    dx = [0.0] * n
    dy = [0.0] * n
    for i in range(n):
        dx[i] = y[i] if x[i] > y[i] else 1.0
        dy[i] = x[i] if x[i] > y[i] else -1.0
    return out, (dx, dy)
