"""My model."""

def f(x):
    return x**2
