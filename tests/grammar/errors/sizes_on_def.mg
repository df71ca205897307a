def f[n](x): return x
