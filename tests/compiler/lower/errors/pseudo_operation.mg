def f(x):
    return max_const(x, 1)

def g(x):
    return maxconst(x, 1)
