def f(x[2], y[3]):
    return [x, y]
