def g(x):
    return x

def f(x):
    return g[3](x)
