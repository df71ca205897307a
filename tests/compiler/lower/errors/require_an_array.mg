def f(x[n], k: int):
    require x[k:]
    return x[0]
