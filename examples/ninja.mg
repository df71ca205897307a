# mgc compile examples/ninja.mg --style lesson -o ninja.py
#
# The network of the 'backprop ninja' exercise (Andrej Karpathy, makemore, part 4) for n names, v characters and m hidden
# units: embeddings, a linear layer, batch normalisation and the cross-entropy of a softmax in their smallest steps.
# Each value has the name that it has in the exercise, so `--style lesson` prints the exercise's answer.

const block = 3  # characters of context
const embed = 2  # numbers that stand for a character

def ninja(Xb[n, block]: int, Yb[n]: int, C[v, embed], W1[block*embed, m], b1[m], bngain[m], bnbias[m], W2[m, v], b2[v]):
    emb = [C[Xb[i, p], q] for i, p, q]
    embcat = [emb[i, r//embed, r%embed] for i for r in range(block*embed)]
    hprebn = embcat @ W1 + b1
    bnmeani = [sum(hprebn[i, j] for i)/n for j]
    bndiff = [hprebn[i, j] - bnmeani[j] for i, j]
    bndiff2 = bndiff**2
    bnvar = [sum(bndiff2[i, j] for i)/(n - 1) for j]
    bnvar_inv = (bnvar + 1e-5)**-0.5
    bnraw = [bndiff[i, j]*bnvar_inv[j] for i, j]
    hpreact = bngain*bnraw + bnbias
    h = tanh(hpreact)
    logits = h @ W2 + b2
    logit_maxes = [max(logits[i, k] for k) for i]
    norm_logits = [logits[i, k] - logit_maxes[i] for i, k]
    counts = exp(norm_logits)
    counts_sum = [sum(counts[i, k] for k) for i]
    counts_sum_inv = counts_sum**-1
    probs = [counts[i, k]*counts_sum_inv[i] for i, k]
    logprobs = log(probs)
    loss = -mean(logprobs[i, Yb[i]] for i)
    return loss
