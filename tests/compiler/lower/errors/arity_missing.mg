def g(x, y, z = 1):
    return x*y*z

def f(x):
    return g(x)
