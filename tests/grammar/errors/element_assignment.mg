def f(x):
    x[0] = 3
