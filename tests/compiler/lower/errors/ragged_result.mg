def f(x[n]):
    rows = [[x[j] for j in range(i)] for i in range(n)]
    return rows
