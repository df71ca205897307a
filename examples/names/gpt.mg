# python examples/names/gpt.py
#
# A small GPT: each letter of a name attends to itself and to those before it, in `heads` ways at once, layer upon layer.

const letters = 27
const longest = 16  # places, of which the first is the dot before the name
const embed = 32  # numbers that stand for a letter, and for a place
const heads = 4

layer attention(x[t, d]):
    """Each head compares every letter with those up to it, and mixes what they have to say by how alike they are."""
    param Wq[heads, d, d/heads] = normal(0, 1/sqrt(d))
    param Wk[heads, d, d/heads] = normal(0, 1/sqrt(d))
    param Wv[heads, d, d/heads] = normal(0, 1/sqrt(d))
    param Wo[heads, d/heads, d] = normal(0, 0.5/sqrt(d))
    q = [x @ Wq[h] for h]
    k = [x @ Wk[h] for h]
    v = [x @ Wv[h] for h]
    causal = [dot(q[h, i], k[h, j])*sqrt(heads/d) - (0 if j <= i else 1e9) for h, i, j]
    weights = [softmax(causal[h, i]) for h, i]
    mixed = [sum(weights[h, i, j]*v[h, j, c] for j) for h, i, c]
    return [sum(mixed[h, i, c]*Wo[h, c, p] for h, c) for i, p]

layer block(x[t, d]):
    normed = [layernorm(x[i]) for i]
    y = x + attention(normed)
    return [y[i] + mlp[4*d, d](layernorm(y[i])) for i]

model logits(X[t]: int):
    """Of the letter after each of these."""
    param letter[letters, embed] = normal(0, 0.5)
    param place[longest, embed] = normal(0, 0.5)
    x = [letter[X[i]] + place[i] for i in range(t)]
    x = block(x)
    x = block(x)
    return [linear[letters](layernorm(x[i])) for i]

def loss(X[n, t]: int, y[n, t]: int):
    """Mean cross-entropy of the next letters; where y is -1, the name has ended."""
    z = [logits(X[i]) for i]
    total = sum(cross_entropy(z[i, j], y[i, j]) for i, j if y[i, j] >= 0)
    return total/sum(y[i, j] >= 0 for i, j)

def probabilities(X[t]: int):
    """Of the letter that follows these."""
    return softmax(logits(X)[t-1])
