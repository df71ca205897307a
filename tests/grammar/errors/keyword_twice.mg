def f(x): return g(x, k=1, k=2)
