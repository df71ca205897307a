"""rosenbrock.mg, compiled to Python: values and exact derivatives."""


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
    out_sum = 0.0
    for i in range(n - 1):
        out_difference = x[i + 1] - x[i] ** 2  # line 6
        out_difference_2 = 1.0 - x[i]
        out_sum += (
            100.0 * (out_difference * out_difference)
            + out_difference_2 * out_difference_2
        )
    return out_sum


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
        out_difference = x[i + 1] - x[i] ** 2  # line 6
        out_difference_2 = 1.0 - x[i]
        out += (
            100.0 * (out_difference * out_difference)
            + out_difference_2 * out_difference_2
        )
        # backward: d<name> is the derivative of the result with respect to <name>
        # line 6: return sum(100*(x[i+1] - x[i]**2)**2 + (1 - x[i])**2 for i in ran...
        dout_difference = 100.0 * (2.0 * out_difference)
        dx[i] += -dout_difference * (2.0 * x[i]) - 2.0 * out_difference_2
        dx[i + 1] += dout_difference
    return out, (dx,)
