def f(x):
    y: float = 3
