def f(x, y):
    return 1 if (x > 0 if y > 0 else x) > 0 else 0
