def f(x: [n], y):
    return x[0]*y
