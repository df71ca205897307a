def f(x):
    require x = 3
    return x
