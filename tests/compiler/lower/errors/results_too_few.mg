def g(x):
    return x, x*x

def f(x):
    a, b, c = g(x)
    return a
