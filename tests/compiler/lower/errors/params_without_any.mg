def f(x):
    return sum(p**2 for p in params)
