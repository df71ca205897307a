const back = 1

def f(v[n]):
    return cross_entropy(v, -1)

def last(v[n], k: int): return v[k]

def g(v[n]):
    k = -1
    return v[-1] + v[-back] + v[k]

def h(v[n]):
    return last(v, -1)
