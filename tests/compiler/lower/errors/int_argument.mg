def g(x[n], k: int):
    return x[k]

def f(x[n], a):
    return g(x, a)
