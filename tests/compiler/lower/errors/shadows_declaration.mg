const scale = 2

def f(x):
    scale = x*x
    return scale
