def f(x[n]): return sum(x[i] for i in range(n - 1, 0, -1))
