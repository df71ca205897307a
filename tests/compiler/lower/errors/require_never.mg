const k = -1
def f(x):
    require k > 0
    return k*x
