def f(x):
    require x
    return x
