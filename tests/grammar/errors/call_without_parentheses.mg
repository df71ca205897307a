def f(x): return sin x
