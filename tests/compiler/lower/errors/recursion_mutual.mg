def f(x):
    return g(x)

def g(x):
    return h(x)*2

def h(x):
    return f(x) + 1
