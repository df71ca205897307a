@jit
def f(x): return x
