def f(x[n]):
    require x[i] < x[j] for i in range(n - 1) for j in range(i + 1, n)
    return x[0]
