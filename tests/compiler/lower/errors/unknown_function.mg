def f(x):
    return tanhh(x)
