def f(x[n], y[m]):
    return sum(x*y)
