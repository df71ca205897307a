op g(x): dx = 1
    return sum(x)

def f(x[n]):
    return g(x)
