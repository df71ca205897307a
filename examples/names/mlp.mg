# python examples/names/mlp.py
#
# The next letter of a name, by the `block` letters before it: embeddings, a hidden layer with batch normalisation, and logits.
# Training normalises by the mean and the variance of a batch; a name that is drawn is no batch, and takes running ones.

const letters = 27
const block = 3  # letters of context
const embed = 10  # numbers that stand for a letter
const hidden = 100

model network(X[n, block]: int, training: int):
    """The logits of n letters, and how far the running statistics are from those of this batch."""
    param C[letters, embed] = normal(0, 1)
    param W1[block*embed, hidden] = normal(0, 5/3/sqrt(block*embed))
    param gain[hidden] = 1
    param bias[hidden] = 0
    param W2[hidden, letters] = normal(0, 0.1/sqrt(hidden))
    param b2[letters] = 0
    param running_mean[hidden] = 0
    param running_var[hidden] = 1
    embedded = [C[X[i, r//embed], r%embed] for i for r in range(block*embed)]
    before = embedded @ W1
    mu = [mean(before[i, j] for i) for j]
    var = [mean((before[i, j] - mu[j])**2 for i) for j]
    centre = mu if training == 1 else running_mean
    spread = var if training == 1 else running_var
    h = tanh(gain*(before - centre)/sqrt(spread + 1e-5) + bias)
    apart = sum((running_mean - detach(mu))**2) + sum((running_var - detach(var))**2)
    return h @ W2 + b2, apart

def loss(X[n, block]: int, y[n]: int):
    """Mean cross-entropy of the next letters.

    The other term is 0, whatever `apart` is, but has its derivative: a step of gradient descent at the rate r moves each
    running statistic to that of the batch by the part 0.1*r of the way. So running statistics need no store of their own.
    """
    logits, apart = network(X, 1)
    return mean(cross_entropy(logits[i], y[i]) for i) + 0.05*(apart - detach(apart))

def probabilities(X[block]: int):
    """Of the letter that follows these."""
    logits, apart = network([X], 0)
    return softmax(logits[0])

def running_loss(X[n, block]: int, y[n]: int):
    """The loss with the running statistics, as for letters that come one by one."""
    logits, apart = network(X, 0)
    return mean(cross_entropy(logits[i], y[i]) for i)
