def f(x): return tahn(x)
