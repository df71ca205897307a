def f(x[2*n]):
    return sum(x)
