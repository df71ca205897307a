def f(x, k: bool): return x
