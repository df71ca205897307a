model f(x[2]): return linear(x, 4)
