def f(x): return x not in y
