const c = [1, 2]
def f(x): return c[0]*x
