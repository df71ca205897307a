layer f(x):
    require x > 0
    return x
