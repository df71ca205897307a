# A multilayer perceptron for images of 28 by 28 pixels, 784-128-64-10.

model logits(x[784]):
    return mlp[128, 64, 10](x)

def loss(X[n, 784], label[n]: int):
    """Mean cross-entropy of softmax(logits) with the labels 0 to 9."""
    return mean(cross_entropy(logits(X[i]), label[i]) for i)
