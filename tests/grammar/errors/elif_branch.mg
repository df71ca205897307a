def f(x):
    y = x
    elif x: y = 2
    return y
