def f(x):
    y = x + z
    z = 2*x
    return y*z
