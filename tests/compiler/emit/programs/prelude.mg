# What the language brings along.
def activations(x):
    return sigmoid(x) + softplus(x) + silu(x) + gelu(x) + elu(x) + leaky_relu(x) + relu(x + 2)

def over_arrays(x[n]):
    return sum(gelu(x)*elu(x, alpha = 0.5))

def probabilities(x[n]):
    return softmax(x)

def log_probabilities(x[n]):
    return sum(log_softmax(x)*x)

def normalisers(x[n], y[n]):
    return logsumexp(x) + logsumexp(x[i]*y[i] for i) + logaddexp(x[0], y[0])

def losses(x[n], y[n], k: int):
    return mse(x, y) + sum(hinge(x, y)) + cross_entropy(x, k) + sum(binary_cross_entropy(x, y)) + dot(x, y) + norm(x)

def softmax_inside(X[m, n]):
    return sum(softmax(X[i])[j]*X[i, j]**2 for i, j)
