def f(x):
    // the square
    return x**2
