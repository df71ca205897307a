def f(x): return frobnicate(x)
