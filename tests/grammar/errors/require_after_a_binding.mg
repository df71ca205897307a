def f(x):
    y = 2*x
    require y > 0
    return y
