def f(x):
    a, b = x, y
    return a
