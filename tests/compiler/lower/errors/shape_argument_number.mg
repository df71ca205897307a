def g(x[n]):
    return sum(x)

def f(a):
    return g(a)
