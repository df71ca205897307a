def f(x, y):
    return x if y else 0
