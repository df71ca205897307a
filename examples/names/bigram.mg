# python examples/names/bigram.py
#
# The next letter of a name, by the last one alone: a row of logits for each letter.
# Trained to the end, its probabilities are the shares that are counted in the data.

const letters = 27

model logits(letter: int):
    param W[letters, letters] = normal(0, 1)
    return W[letter]

def probabilities(letter: int):
    return softmax(logits(letter))

def loss(X[n, 1]: int, y[n]: int):
    """Mean cross-entropy of the next letters."""
    return mean(cross_entropy(logits(X[i, 0]), y[i]) for i)
