# mgc compile examples/attention.mg -o attention.py
#
# Causal self-attention with one head: each of the n tokens attends to itself and to those before it.

def attention(x[n, d], Wq[h, d], Wk[h, d], Wv[h, d]):
    q = x @ Wq.T
    k = x @ Wk.T
    v = x @ Wv.T
    scores = q @ k.T / sqrt(h)
    causal = [scores[i, j] if j <= i else -1e9 for i, j]
    weights = [softmax(causal[i]) for i]
    return weights @ v
