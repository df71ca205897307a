def f(x): return x[i] for i
