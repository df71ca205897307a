# A moving average beside an autoregression, both of order one: each error depends on the one before it.

def log_normal(x, mean, sigma):
    return -((x - mean) / sigma)**2 / 2 - log(sigma) - log(2*pi) / 2

def log_cauchy(x, scale):
    return -log(pi*scale) - log1p((x / scale)**2)

def log_density(mu, phi, theta, sigma, first, before[199], y[199]):
    error = first - (mu + phi*mu)
    total = log_normal(mu, 0, 10) + log_normal(phi, 0, 2) + log_normal(theta, 0, 2) + log_cauchy(sigma, 2.5)
    total = total + log_normal(error, 0, sigma)
    for t in range(199):
        error = y[t] - (mu + phi*before[t] + theta*error)
        total = total + log_normal(error, 0, sigma)
    return total
