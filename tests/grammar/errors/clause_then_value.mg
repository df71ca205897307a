def f(x): return sum(x for i, 3)
