def g(x[n], y[n]):
    return sum(x*y)

def f(a[3], b[4]):
    return g(a, b)
