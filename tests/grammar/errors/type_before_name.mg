def f(float x): return x
