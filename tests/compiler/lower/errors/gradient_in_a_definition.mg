def f(x):
    return grad(f, x)
