def f(x):
    y = 'abc
    return x
