def f(x): return 1.5f
