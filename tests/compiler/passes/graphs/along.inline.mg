def f(x[n]):
    j = range(n)
    total = sum(exp(x[j]) for j)
    return total
