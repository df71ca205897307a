def f(x: tensor): return x
