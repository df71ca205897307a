def f(x):
    y = z = 3
