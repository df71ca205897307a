def f(x[3]):
    return sum(x[i] for i in range(4))
