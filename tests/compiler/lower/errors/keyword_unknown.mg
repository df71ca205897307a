def g(x, scale = 1):
    return x*scale

def f(x):
    return g(x, scal = 2)
