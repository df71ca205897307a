def f(x): return )
