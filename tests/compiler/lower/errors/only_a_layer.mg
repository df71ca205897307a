layer g(x[n]):
    return x
