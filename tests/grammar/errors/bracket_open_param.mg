def f(x):
    y = (x + 1
    param w = 3
    return y
