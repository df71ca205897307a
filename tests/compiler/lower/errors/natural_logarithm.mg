def f(x): return ln(x)
