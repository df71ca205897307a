def f(x):
    return x*y

def g(x):
    return x + zeta
