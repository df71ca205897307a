model f(x[n]):
    param w[n] = randn(n)
    return w @ x
