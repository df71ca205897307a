def f(x[n]): return sum(x)/len(x)
