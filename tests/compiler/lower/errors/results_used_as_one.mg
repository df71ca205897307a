def g(x):
    return x, x*x

def f(x):
    return 2*g(x)
