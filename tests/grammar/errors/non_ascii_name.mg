def f(x): return xé + α
