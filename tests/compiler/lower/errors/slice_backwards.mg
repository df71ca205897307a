def f(x[3]):
    return sum(x[2:1])
