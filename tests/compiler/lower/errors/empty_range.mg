def f(x):
    return max(x*i for i in range(0))
