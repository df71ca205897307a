def f(W[m, n], x[m]):
    return W @ x
