# mgc train examples/digits.mg --loss loss --data digits.csv --steps 300 --batch 64 --lr 0.5:0.05 --metric accuracy
#
# Handwritten digits of 8 by 8 pixels: a multilayer perceptron, 64-32-10.
# The data come with scikit-learn: python examples/make_digits.py > digits.csv

model logits(x[64]):
    return mlp[32, 10](x)

def loss(X[n, 64], label[n]: int):
    """Mean cross-entropy of softmax(logits) with the labels 0 to 9."""
    return mean(cross_entropy(logits(X[i]), label[i]) for i)

def accuracy(X[n, 64], label[n]: int):
    """Share of the images whose largest logit is that of their label."""
    return mean(argmax(logits(X[i])) == label[i] for i)
