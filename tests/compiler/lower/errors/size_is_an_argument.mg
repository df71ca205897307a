def f(n, x[n]):
    return sum(x)
