op f(x):
    native c as system
    dx = 1

def h(x): return f(x)
