def f(x):
    def g(y): return y
    return g(x)
