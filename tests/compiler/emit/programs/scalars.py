"""scalars.mg, compiled to Python: values and exact derivatives.

d<name> is the derivative of the result with respect to <name>.
"""

from math import cos, exp, log, sin, tanh


def polynomial(x):
    """polynomial of scalars.mg, line 2."""
    return 3.0 * (x * x * x * x) - 2.0 * (x * x * x) + x * x - 7.0


def polynomial_value_and_grad(x):
    """polynomial of scalars.mg, line 2, and its derivatives.

    Returns (value, grads); grads holds that of x.
    """
    # forward
    x_cubed = x * x * x  # line 3
    x_squared = x * x
    out = 3.0 * (x * x * x * x) - 2.0 * x_cubed + x_squared - 7.0
    # backward
    dx = 2.0 * x - 6.0 * x_squared + 12.0 * x_cubed
    return out, (dx,)


def quotient(x, y):
    """A docstring reaches the emitted function (scalars.mg, line 5)."""
    y_squared_plus_one = y * y + 1.0  # line 7
    return (x + 2.0) / y_squared_plus_one - x / y_squared_plus_one


def quotient_value_and_grad(x, y):
    """A docstring reaches the emitted function (scalars.mg, line 5), and its
    derivatives.

    Returns (value, grads); grads holds those of x, y.
    """
    # forward
    y_squared_plus_one = y * y + 1.0  # line 7
    out_ratio = (x + 2.0) / y_squared_plus_one
    out_ratio_2 = x / y_squared_plus_one
    out = out_ratio - out_ratio_2
    # backward
    # line 7: return (x + 2) / (y**2 + 1) - x/(y**2 + 1)
    dy = 2.0 * (out_ratio_2 / y_squared_plus_one - out_ratio / y_squared_plus_one) * y
    dx = -1.0 / y_squared_plus_one + 1.0 / y_squared_plus_one
    return out, (dx, dy)


def parentheses(a, b, c):
    """parentheses of scalars.mg, line 9."""
    return (
        a - (b - c) + a * (b + c) + a * a + (-b) ** 2 - a * (b * c) - (a + b) * (a - c)
    )


def parentheses_value_and_grad(a, b, c):
    """parentheses of scalars.mg, line 9, and its derivatives.

    Returns (value, grads); grads holds those of a, b, c.
    """
    # forward
    b_plus_c = b + c  # line 10
    b_c = b * c
    a_plus_b = a + b
    a_minus_c = a - c
    out = (
        a - (b - c) + a * b_plus_c + a * a + (-b) ** 2 - a * b_c - a_plus_b * a_minus_c
    )
    # backward
    da = -a_plus_b - a_minus_c - b_c + 2.0 * a + b_plus_c + 1.0
    db = -a * c - a_minus_c - 2.0 * -b + a - 1.0
    dc = a_plus_b - a * b + a + 1.0
    return out, (da, db, dc)


def gaussian(x, mu, log_sigma):
    """gaussian of scalars.mg, line 12."""
    z = (x - mu) * exp(-log_sigma)  # line 13
    return -0.5 * (z * z) - log_sigma - 0.5 * log(6.283185307179586)


def gaussian_value_and_grad(x, mu, log_sigma):
    """gaussian of scalars.mg, line 12, and its derivatives.

    Returns (value, grads); grads holds those of x, mu, log_sigma.
    """
    # forward
    z_difference = x - mu  # line 13
    log_sigma_exp = exp(-log_sigma)
    z = z_difference * log_sigma_exp
    out = -0.5 * (z * z) - log_sigma - 0.5 * log(6.283185307179586)  # line 14
    # backward
    # line 14: return -0.5*z**2 - log_sigma - 0.5*log(2*pi)
    dz = -z
    # line 13: z = (x - mu)*exp(-log_sigma)
    dx = dz * log_sigma_exp
    dmu = -dx
    dlog_sigma = -1.0 - dz * z_difference * log_sigma_exp
    return out, (dx, dmu, dlog_sigma)


def chained(x):
    """chained of scalars.mg, line 16."""
    y = sin(x)  # line 17
    y2 = y * exp(y)  # line 18
    y_2 = tanh(y2 + x)  # line 19
    return y_2 * y_2


def chained_value_and_grad(x):
    """chained of scalars.mg, line 16, and its derivatives.

    Returns (value, grads); grads holds that of x.
    """
    # forward
    y = sin(x)  # line 17
    y_exp = exp(y)  # line 18
    y2 = y * y_exp
    y_2 = tanh(y2 + x)  # line 19
    out = y_2 * y_2  # line 20
    # backward
    # line 19: y = tanh(y + x)
    dy_2 = 2.0 * y_2
    dy2 = dy_2 * (1.0 - y_2 * y_2)
    # line 17: y = sin(x)
    dy = dy2 * y_exp + dy2 * y * y_exp
    dx = dy2 + dy * cos(x)
    return out, (dx,)


def unused(x, y, z):
    """unused of scalars.mg, line 22."""
    return sin(z)


def unused_value_and_grad(x, y, z):
    """unused of scalars.mg, line 22, and its derivatives.

    Returns (value, grads); grads holds those of x, y, z.
    """
    # forward
    out = sin(z)  # line 24
    # backward
    # line 24: return sin(z)
    dz = cos(z)
    return out, (0.0, 0.0, dz)
