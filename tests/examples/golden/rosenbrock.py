"""rosenbrock.mg, compiled to Python: values and exact derivatives.

d<name> is the derivative of the result with respect to <name>.
"""


def check_shape(name, array, *sizes):
    """Raise ValueError unless the nested list has these sizes."""
    if len(array) != sizes[0]:
        raise ValueError(f"{name} has {len(array)} entries where {sizes[0]} are needed")
    if len(sizes) > 1:
        for row in array:
            check_shape(f"a row of {name}", row, *sizes[1:])


def rosenbrock(x):
    """rosenbrock of rosenbrock.mg, line 5.

    x: [n] of float
    """
    n = len(x)
    check_shape("x", x, n)
    out = 0.0
    for i in range(n - 1):
        x_minus_squared = x[i + 1] - x[i] ** 2  # line 6
        one_minus_x = 1.0 - x[i]
        out += 100.0 * (x_minus_squared * x_minus_squared) + one_minus_x * one_minus_x
    return out


def rosenbrock_value_and_grad(x):
    """rosenbrock of rosenbrock.mg, line 5, and its derivatives.

    x: [n] of float

    Returns (value, grads); grads holds that of x.
    """
    n = len(x)
    check_shape("x", x, n)
    out = 0.0
    dx = [0.0] * n
    for i in range(n - 1):
        # forward
        x_minus_squared = x[i + 1] - x[i] ** 2  # line 6
        one_minus_x = 1.0 - x[i]
        out += 100.0 * (x_minus_squared * x_minus_squared) + one_minus_x * one_minus_x
        # backward
        dx[i] += -400.0 * x_minus_squared * x[i] - 2.0 * one_minus_x
        # line 6: return sum(100*(x[i+1] - x[i]**2)**2 + (1 - x[i])**2 for i in range...
        dx[i + 1] += 200.0 * x_minus_squared
    return out, (dx,)
