def f(x[n], y[m]):
    require x < y
    return x[0]*y[0]
