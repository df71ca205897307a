def f(x, y):
    return x + (x > y)
