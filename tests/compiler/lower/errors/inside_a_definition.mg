def g(x):
    return x @ x

def f(x):
    return g(x)
