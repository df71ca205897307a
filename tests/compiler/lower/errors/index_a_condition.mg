def f(x[n]): return sum(x[x > 0])
