def f(x): return f(3, x = 3, 4)
