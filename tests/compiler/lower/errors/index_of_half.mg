def f(x[n]):
    return x[0.5]
