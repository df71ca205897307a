# mgc compile examples/batchnorm.mg -o batchnorm.py
#
# Batch normalisation: each feature j brought to mean 0 and variance 1 over the n rows of x, then scaled and shifted.

def batchnorm(x[n, d], gain[d], bias[d]):
    mu = [mean(x[i, j] for i) for j]
    centred = x - mu
    var = [mean(centred[i, j]**2 for i) for j]
    xhat = centred / sqrt(var + 1e-5)
    return gain * xhat + bias
