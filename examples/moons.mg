# mgc train examples/moons.mg --loss loss --data examples/moons.csv --steps 100 --lr 1.0:0.1 --metric accuracy
#
# A classifier with two hidden layers: which of two interleaved half circles is a point on?

layer linear[m](x[n]):                   # [m]: sizes given at the call; fresh parameters at each call
    param W[m, n] = uniform(-1, 1)
    param b[m] = 0
    return W @ x + b

model score(x[2]):                       # a model owns its parameters; every call shares them
    h = relu(linear[16](x))
    h = relu(linear[16](h))
    return linear[1](h)[0]

def loss(X[n, 2], y[n], alpha = 1e-4):
    """Mean hinge loss of the scores plus `alpha` times the sum of squared parameters."""
    data = mean(relu(1 - y[i]*score(X[i])) for i)
    return data + alpha * sum(p**2 for p in params)

def accuracy(X[n, 2], y[n]):
    """Share of the points on the right side: y is -1 or +1."""
    return mean((score(X[i]) > 0) == (y[i] > 0) for i)
