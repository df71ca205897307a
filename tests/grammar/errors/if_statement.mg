def f(x):
    if x > 0:
        y = 3
    return y
