def f(x[n]):
    y = [0]*n
    return sum(x) + y[n-1]
