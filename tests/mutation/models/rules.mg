# A row of every kind of rule, all in one dimension.
def exponentials(x, y):
    return exp(x)*log(y) + exp2(x)*log2(y) + expm1(x)*log1p(y) + log10(y) + logaddexp(x, y) + xlogy(x, y)

def circular(x, y):
    return sin(x)*cos(y) + tan(x*y) + asin(x/3) + acos(y/3) + atan(x*y)

def hyperbolic(x, y):
    return sinh(x)*cosh(y) + tanh(x*y) + asinh(x*y) + acosh(1.5 + x**2) + atanh(y/3)

def special(x, y):
    return erf(x)*erfc(y) + sigmoid(x*y)*softplus(x - y) + gelu(x) + silu(y) + sinc(x) + cbrt(2 + x)

def gammas(x):
    return lgamma(x) + gamma(x)*digamma(x)
