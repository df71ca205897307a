def f(x):
    y = x
    "late"
    return y
