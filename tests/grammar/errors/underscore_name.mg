def f(x): return _x
