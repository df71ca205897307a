def f(x, y):
    return sin(x, y)
