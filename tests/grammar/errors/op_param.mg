op f(x):
    param w = 1
    dx = 1
