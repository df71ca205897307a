def f(x[n]):
    return sum([x[i] for i if x[i] > 0])
