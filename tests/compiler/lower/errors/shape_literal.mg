def f(x[2], a):
    return [x, a]
