def f(exp, x): return exp(x)
