# prelude.mg: what every model can use and an operation need not be, in the language itself.
# A definition of scalars works elementwise on arrays.  A model's own definition of the same name comes first.
# In emitted code what begins with an argument's name follows it: `v_max` of a softmax of z is z_max.


# --- activations

def silu(x):
    "x * sigmoid(x)."
    return x * sigmoid(x)

def gelu(x):
    "x times the normal distribution function at x, exactly: by erfc, which keeps its digits where 1 + erf cancels."
    return 0.5 * x * erfc(-x / sqrt(2))

def elu(x, alpha = 1):
    "x to the right of 0, alpha * (exp(x) - 1) to the left."
    return x if x > 0 else alpha * expm1(x)

def leaky_relu(x, slope = 0.01):
    "x to the right of 0, slope * x to the left and at 0."
    return x if x > 0 else slope * x


# --- vectors

def dot(a[n], b[n]):
    "The sum of the products."
    return sum(a[i] * b[i] for i)

def norm(v[n]):
    "The Euclidean length, scaled so that no square overflows; its derivative at the origin is 0. Of nothing it is 0."
    v_scale = detach(max(abs(v[i]) for i))
    v_length = v_scale * sqrt(sum((v[i] / v_scale)**2 for i))
    v_limit = relu(v_scale) if ieee else 0
    return v_limit if v_scale <= 0 or ieee and v_scale == inf else v_length

def std(v[n]):
    "The standard deviation of the n numbers (divided by n, not n - 1); 0 where all are equal, and so its derivative."
    v_mean = mean(v)
    return norm(v - v_mean) / sqrt(n)


# --- log-probabilities

# The largest entry, or the target, adds exp(0) = 1, beside which the others may be lost: the 1 is left to log1p.

def logsumexp(v[n]):
    "log(sum(exp(v))), shifted by the largest, which cancels, so that nothing overflows; log1p has 1 of the sum."
    v_max = detach(max(v))
    v_exp = exp(v - v_max)
    v_others = sum(v_exp - 1 if v == v_max else v_exp)
    v_ties = sum(v == v_max)
    v_logsumexp = v_max + log1p(v_others + (v_ties - 1))
    return v_max if ieee and v_max == -inf else max(v) if ieee and v_max == inf else v_logsumexp

def softmax(v[n]):
    "exp(v) / sum(exp(v)), shifted by the largest entry, which cancels, so that nothing overflows."
    v_max = detach(max(v))
    v_exp = exp(v - v_max)
    return v_exp / sum(v_exp)

def log_softmax(v[n]):
    "log(softmax(v)), without ever taking the logarithm of a probability that underflowed."
    v_max = detach(max(v))
    v_exp = exp(v - v_max)
    v_others = sum(v_exp - 1 if v == v_max else v_exp)
    v_ties = sum(v == v_max)
    v_log_total = log1p(v_others + (v_ties - 1))
    return v - v_max - v_log_total


# --- losses

def mse(prediction[n], target[n]):
    "The mean squared error."
    return mean((prediction[i] - target[i])**2 for i)

def hinge(score, label):
    "max(0, 1 - label * score), for labels -1 and 1."
    return relu(1 - label * score)

def cross_entropy(logits[k], target: int):
    "-log(softmax(logits)[target]) = log(sum(exp(logits))) - logits[target]: the largest cancels; log1p has 1 of the sum."
    logits_max = detach(max(logits))
    logits_exp = [exp(logits[i] - logits_max) for i]
    logits_others = sum(logits_exp[i] - 1 if i == target else logits_exp[i] for i)
    return log1p(logits_others) - (logits[target] - logits_max)

def binary_cross_entropy(logit, target):
    "Minus the log-probability of target (0, 1 or between) when sigmoid(logit) is the probability of 1."
    return target * softplus(-logit) + (1 - target) * softplus(logit)


# --- layers

layer linear[m](x[n]):
    "A dense layer of m outputs."
    param W[m, n] = uniform(-1 / sqrt(n), 1 / sqrt(n))
    param b[m] = 0
    return W @ x + b

layer mlp[*widths](x[n]):
    "Dense layers of the given widths, with relu between them and nothing after the last."
    h = x
    for m in widths[:-1]:
        h = relu(linear[m](h))
    return linear[widths[-1]](h)

layer layernorm(x[n]):
    "x brought to mean 0 and variance 1, then given a gain and a bias of its own per entry."
    param gain[n] = 1
    param bias[n] = 0
    x_centred = x - mean(x)
    x_spread = sqrt(mean(x_centred**2) + 1e-5)
    return gain * x_centred / x_spread + bias
