# Leaf weights of mesquite bushes: a linear regression on six measurements, with an intercept and flat priors.

def log_normal(x, mean, sigma):
    return -((x - mean) / sigma)**2 / 2 - log(sigma) - log(2*pi) / 2

def log_density(beta[7], sigma, measured[n, 6], weight[n]):
    return sum(log_normal(weight[i], beta[0] + sum(beta[j + 1]*measured[i, j] for j), sigma) for i)
