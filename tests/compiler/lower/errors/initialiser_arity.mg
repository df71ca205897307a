model f(x):
    param w = uniform(1)
    return w*x
