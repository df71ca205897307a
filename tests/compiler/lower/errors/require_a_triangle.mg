def f(x[n]):
    require x[i] != x[j] for i for j in range(i)
    return x[0]
