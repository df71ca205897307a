def f(x):
    require y > 0
    y = 2*x
    return y
