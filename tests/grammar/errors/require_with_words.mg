def f(x):
    require x > 0, "positive"
    return x
