def f(x[3]):
    return sum(x[1:5])
