# Effects of coaching in eight schools, not centred: school j has the effect mu + tau*z[j].

def log_normal(x, mean, sigma):
    return -((x - mean) / sigma)**2 / 2 - log(sigma) - log(2*pi) / 2

def log_cauchy(x, scale):
    return -log(pi*scale) - log1p((x / scale)**2)

def log_density(z[8], mu, tau, effect[8], error[8]):
    schools = sum(log_normal(z[j], 0, 1) + log_normal(effect[j], mu + tau*z[j], error[j]) for j)
    return schools + log_normal(mu, 0, 5) + log_cauchy(tau, 5)
