def f(x[n]): return sum(x[i] for i = 0:n)
