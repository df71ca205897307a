def f(x[n]):
    return sum(x[i] for i in range(0, n, 2))
