def f(x[n], y[m]):
    return sum(x[i]*y[i] for i)
