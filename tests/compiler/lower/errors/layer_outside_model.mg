layer linear[m](x[n]):
    param W[m, n] = zeros()
    return W @ x

def f(x[n]):
    return linear[3](x)
