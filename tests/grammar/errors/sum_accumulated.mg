def f(x[n]):
    s = 0
    for i in range(n):
        s += x[i]
    return s
