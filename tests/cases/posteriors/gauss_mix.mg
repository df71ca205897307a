# A mixture of two normal distributions in one dimension.

def log_normal(x, mean, sigma):
    return -((x - mean) / sigma)**2 / 2 - log(sigma) - log(2*pi) / 2

def log_density(mu[2], sigma[2], theta, y[n]):
    prior = sum(log_normal(mu[k], 0, 2) + log_normal(sigma[k], 0, 2) for k)
    share = 4*log(theta) + 4*log1p(-theta) + lgamma(10) - 2*lgamma(5)
    first = [log(theta) + log_normal(y[i], mu[0], sigma[0]) for i]
    second = [log1p(-theta) + log_normal(y[i], mu[1], sigma[1]) for i]
    return prior + share + sum(logaddexp(first[i], second[i]) for i)
