# mgc compile examples/softmax.mg -o softmax.py
#
# A softmax classifier: the logits of k classes are linear in x, and the loss is the cross-entropy of softmax(z).
# Its derivative by z is softmax(z) minus one-hot: the probabilities, less 1 at the label.

def loss(x[d], label: int, W[k, d], b[k]):
    z = W @ x + b
    return cross_entropy(z, label)
