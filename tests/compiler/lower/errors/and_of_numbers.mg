def f(x, y):
    return 1 if x and y > 0 else 2
