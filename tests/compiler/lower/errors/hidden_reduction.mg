def f(sum, x[n]): return sum(x[i] for i)
