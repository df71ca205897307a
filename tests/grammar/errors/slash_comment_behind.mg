def f(x):
    return x**2  // the square
