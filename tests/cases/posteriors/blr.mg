# A linear regression without an intercept.

def log_normal(x, mean, sigma):
    return -((x - mean) / sigma)**2 / 2 - log(sigma) - log(2*pi) / 2

def log_density(beta[5], sigma, X[n, 5], y[n]):
    prior = sum(log_normal(beta[k], 0, 10) for k) + log_normal(sigma, 0, 10)
    return prior + sum(log_normal(y[i], X[i] @ beta, sigma) for i)
