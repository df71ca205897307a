def f(x[n], a):
    return sum(x[i] for i in range(a))
