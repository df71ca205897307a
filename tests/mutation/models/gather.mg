# Integers as indices: an embedding, several reads of one place, the largest entry's place.
def embed(E[v, d], w[d], token[t]: int):
    return sum(tanh(E[token[i], j])*w[j] for i for j)

def bigrams(P[v, v], token[t]: int):
    return sum(logsumexp(P[token[i]]) - P[token[i], token[i + 1]] for i in range(t - 1))

def at_largest(x[n], y[n]):
    return y[argmax(x)]**2*x[argmin(y)]
