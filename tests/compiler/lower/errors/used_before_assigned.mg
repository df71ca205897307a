def f(x):
    y = z*x
    z = x
    return y
