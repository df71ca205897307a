# An autoregressive series of order five.

def log_normal(x, mean, sigma):
    return -((x - mean) / sigma)**2 / 2 - log(sigma) - log(2*pi) / 2

def log_cauchy(x, scale):
    return -log(pi*scale) - log1p((x / scale)**2)

def log_density(alpha, beta[5], sigma, lagged[n, 5], y[n]):
    prior = log_normal(alpha, 0, 10) + sum(log_normal(beta[k], 0, 10) for k) + log_cauchy(sigma, 2.5)
    return prior + sum(log_normal(y[i], alpha + lagged[i] @ beta, sigma) for i)
