layer scale(x[n]):
    param shared[n] = 1
    return x*shared

model net(x[n]):
    param w[n] = 1
    return sum(w*x)

def f(x[2], y[3]):
    return net(x) + net(y)
