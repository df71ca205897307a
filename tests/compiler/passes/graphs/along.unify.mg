def f(x[n]):
    i = range(n)
    total = sum(exp(x[i]) for i)
    return total
