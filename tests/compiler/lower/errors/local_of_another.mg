def g(x):
    inner = x*x
    return inner

def f(x):
    return g(x)*inner
