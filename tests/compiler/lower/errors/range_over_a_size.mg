def f(x[n]): return sum(x[i] for i in n)
