def f(x[n]):
    n = 3
    return n*sum(x)
