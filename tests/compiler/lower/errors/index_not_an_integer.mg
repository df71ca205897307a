def f(x[n], k):
    return x[k]
