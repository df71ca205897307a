def squared(x):
    return x*x

def f(x):
    return sqaured(x)
