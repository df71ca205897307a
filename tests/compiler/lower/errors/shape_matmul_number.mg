def f(x[n], a):
    return x @ a
