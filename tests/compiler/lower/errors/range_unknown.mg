def f(x[n]):
    return sum(2*i for i)
