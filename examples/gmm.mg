# mgc compile examples/gmm.mg --fn objective --wrt alpha,mu,q,l -o gmm.py
#
# Log-likelihood of a Gaussian mixture with full covariances, in the form of the benchmark ADBench.
#
# Component c has the weight softmax(alpha)[c], the mean mu[c] and the inverse covariance Q.T @ Q,
# where Q is lower-triangular with the diagonal exp(q[c]); the rest of it is packed in l[c], column by column.

def squared_length(q[d], l[d*(d-1)/2], v[d]):
    """|Q @ v|**2: the squared Mahalanobis length of v."""
    Qv = [exp(q[r])*v[r] + sum(l[d*j - j*(j+1)//2 + r - j - 1]*v[j] for j in range(r)) for r]
    return sum(Qv**2)

def log_likelihood(alpha[k], mu[k, d], q[k, d], l[k, d*(d-1)/2], x[n, d]):
    """Sum over the points x[i] of the logarithm of the mixture's density there."""
    points = sum(logsumexp(alpha[c] + sum(q[c]) - 0.5*squared_length(q[c], l[c], x[i] - mu[c]) for c) for i)
    return points - n*logsumexp(alpha) - 0.5*n*d*log(2*pi)

def log_prior(q[k, d], l[k, d*(d-1)/2], wishart_gamma, wishart_m):
    """Logarithm of the Wishart density of the inverse covariances, `d + wishart_m + 1` degrees of freedom."""
    freedom = d + wishart_m + 1
    squares = sum(exp(2*q)) + sum(l**2)
    log_gamma_d = 0.25*d*(d - 1)*log(pi) + sum(lgamma(0.5*(freedom - j)) for j in range(d))
    log_normaliser = freedom*d*(log(wishart_gamma) - 0.5*log(2)) - log_gamma_d
    return 0.5*wishart_gamma**2*squares - wishart_m*sum(q) - k*log_normaliser

def objective(alpha[k], mu[k, d], q[k, d], l[k, d*(d-1)/2], x[n, d], wishart_gamma = 1, wishart_m = 0):
    return log_likelihood(alpha, mu, q, l, x) + log_prior(q, l, wishart_gamma, wishart_m)
