def f(x):
    max = x
    return max(x, 1)
