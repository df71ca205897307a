def f(x, ): return []
