def f(x): return x is y
