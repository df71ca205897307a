def f(x[n]):
    require i > 0 for i
    return x[0]
