# Models own parameters; layers get fresh ones at each call.
const width = 3
param scale = 0.5
param shared[width, 2] = normal(0, 1)

layer dense[m](x[n]):
    param W[m, n] = uniform(-1, 1)
    param b[m] = 0
    return tanh(W @ x + b)

model net(x[2]):
    h = dense[width](x)
    h = dense[4](h)
    return scale*sum(h)

model tied(x[2]):
    h = shared @ x
    return sum(shared.T @ h)

model ready(x[4]):
    y = layernorm(mlp[3, 2](x))
    return y[0]*softplus(y[1])

def loss(X[n, 2], y[n], decay = 0.01):
    return mean((net(X[i]) - y[i])**2 for i) + decay*sum(p**2 for p in params)

def biggest(x[2]):
    return max(abs(p) for p in params) + tied(x) + net(x)
