def f(x[n]): return sort(x)
