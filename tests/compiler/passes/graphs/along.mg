def f(x[n]):
    i = range(n)
    j = range(n)
    y = [exp(x[i]) for i]
    total = sum(y[j] for j)
    return total
