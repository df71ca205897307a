def 2f(x): return x
