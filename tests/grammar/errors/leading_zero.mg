def f(x): return 007
