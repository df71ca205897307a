def f(x[n]): return sum(x[i] for i in range(1, n, 3))
