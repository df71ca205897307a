op f(x):
    require x > 0
    dx = 1
