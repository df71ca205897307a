def f(x):
    return x

def f(y):
    return y*y
