def f(x):
    y = x*x
