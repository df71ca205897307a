const c = 2
def f(x): return c(x)
