def f(x[n], y[m]): return sum(concat(x, y))
