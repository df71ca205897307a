# A small network with everything that the large examples have, at sizes that can be written out.
def loss(X[n, 2], y[n], alpha = 0.1):
    return mean((net(X[i]) - y[i])**2 for i) + alpha*sum(p**2 for p in params)

model net(x[2]):
    h = layernorm(tanh(linear[3](x)))
    h = relu(linear[2](h))
    return linear[1](h)[0]
