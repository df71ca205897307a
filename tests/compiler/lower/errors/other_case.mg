def f(x): return ReLU(x)
