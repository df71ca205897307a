def f(x):
    return x*uniform(0, 1)
