def f(x): return f(x)(y)
