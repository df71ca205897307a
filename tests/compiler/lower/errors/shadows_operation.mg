def exp(x):
    return x
