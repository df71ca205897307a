def f(x[n][m], y): return x[0, 0]
