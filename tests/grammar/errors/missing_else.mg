def f(x): return x if x > 0
