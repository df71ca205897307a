def f(x): return mlp[3](x[i] for i)
