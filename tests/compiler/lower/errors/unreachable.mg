def f(x):
    return x
    y = x
    return y
