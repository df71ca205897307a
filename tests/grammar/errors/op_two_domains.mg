op f(x):
    domain x > 0
    domain x < 1
    dx = 1
