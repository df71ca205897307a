def f(x[n]):
    require x[i] > 0 for i if i > 2
    return x[0]
