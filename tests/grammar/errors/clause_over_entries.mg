def f(x[n]): return sum(i for x[i])
