# prelude.mg: what every model can use and an operation need not be, in the language itself.
# A definition of scalars works elementwise on arrays.  A model's own definition of the same name comes first.


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
    largest = detach(max(abs(v[i]) for i))
    length = largest * sqrt(sum((v[i] / largest)**2 for i))
    limit = relu(largest) if ieee else 0
    return limit if largest <= 0 or ieee and largest == inf else length

def std(v[n]):
    "The standard deviation of the n numbers (divided by n, not n - 1); 0 where all are equal, and so its derivative."
    centre = mean(v)
    return norm(v - centre) / sqrt(n)


# --- log-probabilities

# The largest entry, or the target, adds exp(0) = 1, beside which the others may be lost: the 1 is left to log1p.

def logsumexp(v[n]):
    "log(sum(exp(v))), shifted by the largest entry so that nothing overflows."
    largest = detach(max(v))
    weight = exp(v - largest)
    others = sum(weight - 1 if v == largest else weight)
    ties = sum(v == largest)
    stable = largest + log1p(others + (ties - 1))
    return largest if ieee and largest == -inf else max(v) if ieee and largest == inf else stable

def softmax(v[n]):
    "exp(v) / sum(exp(v)), shifted by the largest entry."
    largest = detach(max(v))
    weight = exp(v - largest)
    return weight / sum(weight)

def log_softmax(v[n]):
    "log(softmax(v)), without ever taking the logarithm of a probability that underflowed."
    largest = detach(max(v))
    weight = exp(v - largest)
    others = sum(weight - 1 if v == largest else weight)
    ties = sum(v == largest)
    log_total = log1p(others + (ties - 1))
    return v - largest - log_total


# --- losses

def mse(prediction[n], target[n]):
    "The mean squared error."
    return mean((prediction[i] - target[i])**2 for i)

def hinge(score, label):
    "max(0, 1 - label * score), for labels -1 and 1."
    return relu(1 - label * score)

def cross_entropy(logits[k], target: int):
    "Minus the log-probability that softmax(logits) gives to class target."
    largest = detach(max(logits))
    weight = [exp(logits[i] - largest) for i]
    others = sum(weight[i] - 1 if i == target else weight[i] for i)
    return log1p(others) - (logits[target] - largest)

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
    for m in widths[:-1]:
        x = relu(linear[m](x))
    return linear[widths[-1]](x)

layer layernorm(x[n]):
    "x brought to mean 0 and variance 1, then given a gain and a bias of its own per entry."
    param gain[n] = 1
    param bias[n] = 0
    centred = x - mean(x)
    spread = sqrt(mean(centred**2) + 1e-5)
    return gain * centred / spread + bias
