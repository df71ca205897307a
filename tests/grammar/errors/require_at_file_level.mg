require x > 0
def f(x): return x
