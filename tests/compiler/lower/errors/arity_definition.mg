def g(x, y):
    return x*y

def f(x):
    return g(x, x, x)
