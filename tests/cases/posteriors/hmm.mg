# A hidden Markov model of two states, summed over the states by the forward algorithm; theta[j, k] leads from j to k.

def log_normal(x, mean, sigma):
    return -((x - mean) / sigma)**2 / 2 - log(sigma) - log(2*pi) / 2

def step(g[2], theta[2, 2], mu[2], y):
    return [logsumexp([g[j] + log(theta[j, k]) for j]) + log_normal(y, mu[k], 1) for k]

def log_density(theta[2, 2], mu[2], first, y[99]):
    g = [log_normal(first, mu[k], 1) for k]
    for t in range(99):
        g = step(g, theta, mu, y[t])
    return logsumexp(g) + log_normal(mu[0], 3, 1) + log_normal(mu[1], 10, 1)
