"""operations.mg, compiled to Python: values and exact derivatives.

d<name> is the derivative of the result with respect to <name>.
"""


def cube(x):
    """The operation cube of the model."""
    return x * x * x


def step_up(x):
    """The operation step_up of the model."""
    return 1 if x > 0.0 else 0


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


def product3(a, b, c):
    """The operation product3 of the model."""
    t = a * b
    return t * c


def uses(x, y):
    """uses of operations.mg, line 19."""
    return cube(x + y) * cube(y) + step_up(x) * y


def uses_value_and_grad(x, y):
    """uses of operations.mg, line 19, and its derivatives.

    Returns (value, grads); grads holds those of x, y.
    """
    # forward
    x_plus_y = x + y  # line 20
    x_plus_y_cube = cube(x_plus_y)
    y_cube = cube(y)
    x_step_up = step_up(x)
    out = x_plus_y_cube * y_cube + x_step_up * y
    # backward
    # line 20: return cube(x + y)*cube(y) + step_up(x)*y
    dx = 3.0 * y_cube * (x_plus_y * x_plus_y)
    dy = x_step_up + 3.0 * x_plus_y_cube * (y * y) + dx
    return out, (dx, dy)


def elementwise(x):
    """elementwise of operations.mg, line 22.

    x: [n] of float
    """
    n = len(x)
    check_shape("x", x, n)
    x_cube_sum = 0.0
    for j in range(n):
        x_cube_sum += cube(x[j])  # line 23
    if n > 0:
        first = element(0, n)
    out_sum = 0.0
    for i in range(n):
        out_sum += product3(x[i], x[first], 2)
    return x_cube_sum + out_sum


def elementwise_value_and_grad(x):
    """elementwise of operations.mg, line 22, and its derivatives.

    x: [n] of float

    Returns (value, grads); grads holds that of x.
    """
    n = len(x)
    check_shape("x", x, n)
    # forward
    x_cube_sum = 0.0
    for j in range(n):
        x_cube_sum += cube(x[j])  # line 23
    if n > 0:
        # forward
        first = element(0, n)  # line 23
        # backward
        # line 23: return sum(cube(x)) + sum(product3(x[i], x[0], 2) for i)
        two_x = 2.0 * x[first]
    out_sum = 0.0
    for i in range(n):
        out_sum += product3(x[i], x[first], 2)
    out = x_cube_sum + out_sum
    # backward
    dx = [0.0] * n
    for i in range(n):
        # line 23: return sum(cube(x)) + sum(product3(x[i], x[0], 2) for i)
        dx[first] += 2.0 * x[i]
        dx[i] += two_x
    for j in range(n):
        dx[j] += 3.0 * x[j] ** 2
    return out, (dx,)
