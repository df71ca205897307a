def f(x[n]): return sum(i*v for i, v in enumerate(x))
