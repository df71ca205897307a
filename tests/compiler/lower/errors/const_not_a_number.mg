const c = exp(d)
def f(x): return c*x
