model a(x[3]):
    return linear[1](x)[0]

def loss(X[n, 3]):
    return sum(a(X))
