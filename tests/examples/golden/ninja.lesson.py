"""ninja.mg, compiled to Python: values and exact derivatives.

d<name> is the derivative of the result with respect to <name>.
"""

from math import exp, inf, log, pow, tanh


def check_shape(name, array, *sizes):
    """Raise ValueError unless the nested list has these sizes."""
    if len(array) != sizes[0]:
        raise ValueError(f"{name} has {len(array)} entries where {sizes[0]} are needed")
    if len(sizes) > 1:
        for row in array:
            check_shape(f"a row of {name}", row, *sizes[1:])


def element(index, size):
    """The index, once it is known to lie in 0 <= index < size."""
    if 0 <= index < size:
        return index
    raise IndexError(f"index {index} is outside an axis of size {size}")


def ninja(Xb, Yb, C, W1, b1, bngain, bnbias, W2, b2):
    """ninja of ninja.mg, line 10.

    Xb: [n, 3] of int
    Yb: [n] of int
    C: [v, 2] of float
    W1: [6, m] of float
    b1: [m] of float
    bngain: [m] of float
    bnbias: [m] of float
    W2: [m, v] of float
    b2: [v] of float
    """
    n = len(Xb)
    v = len(C)
    m = len(b1)
    check_shape("Xb", Xb, n, 3)
    check_shape("Yb", Yb, n)
    check_shape("C", C, v, 2)
    check_shape("W1", W1, 6, m)
    check_shape("b1", b1, m)
    check_shape("bngain", bngain, m)
    check_shape("bnbias", bnbias, m)
    check_shape("W2", W2, m, v)
    check_shape("b2", b2, v)
    # line 11: emb = [C[Xb[i, p], q] for i, p, q]
    emb = [[[0.0] * 2 for _ in range(3)] for _ in range(n)]
    for i in range(n):
        for p in range(3):
            C_place = element(Xb[i][p], v)
            for q in range(2):
                emb[i][p][q] = C[C_place][q]
    # line 12: embcat = [emb[i, r//embed, r%embed] for i for r in range(block*embed)]
    place = [0] * 6
    emb_place = [0] * 6
    for r in range(6):
        place[r] = element(r // 2, 3)
        emb_place[r] = element(r % 2, 2)
    embcat = [[0.0] * 6 for _ in range(n)]
    for i in range(n):
        for r in range(6):
            embcat[i][r] = emb[i][place[r]][emb_place[r]]
    # line 13: hprebn = embcat @ W1 + b1
    hprebn = [[0.0] * m for _ in range(n)]
    for i in range(n):
        for j in range(m):
            embcat_W1_sum = 0.0
            for r in range(6):
                embcat_W1_sum += embcat[i][r] * W1[r][j]
            hprebn[i][j] = embcat_W1_sum + b1[j]
    # line 14: bnmeani = [sum(hprebn[i, j] for i)/n for j]
    bnmeani = [0.0] * m
    for j in range(m):
        hprebn_sum = 0.0
        for i in range(n):
            hprebn_sum += hprebn[i][j]
        bnmeani[j] = hprebn_sum / n
    # line 15: bndiff = [hprebn[i, j] - bnmeani[j] for i, j]
    bndiff = [[0.0] * m for _ in range(n)]
    for i in range(n):
        for j in range(m):
            bndiff[i][j] = hprebn[i][j] - bnmeani[j]
    # line 16: bndiff2 = bndiff**2
    bndiff2 = [[0.0] * m for _ in range(n)]
    for i in range(n):
        for j in range(m):
            bndiff2[i][j] = bndiff[i][j] ** 2
    # line 17: bnvar = [sum(bndiff2[i, j] for i)/(n - 1) for j]
    bnvar = [0.0] * m
    for j in range(m):
        bndiff2_sum = 0.0
        for i in range(n):
            bndiff2_sum += bndiff2[i][j]
        bnvar[j] = bndiff2_sum / (n - 1)
    # line 18: bnvar_inv = (bnvar + 1e-5)**-0.5
    bnvar_inv = [0.0] * m
    for j in range(m):
        bnvar_inv[j] = pow(bnvar[j] + 1e-05, -0.5)
    # line 19: bnraw = [bndiff[i, j]*bnvar_inv[j] for i, j]
    bnraw = [[0.0] * m for _ in range(n)]
    for i in range(n):
        for j in range(m):
            bnraw[i][j] = bndiff[i][j] * bnvar_inv[j]
    # line 20: hpreact = bngain*bnraw + bnbias
    hpreact = [[0.0] * m for _ in range(n)]
    for i in range(n):
        for j in range(m):
            hpreact[i][j] = bngain[j] * bnraw[i][j] + bnbias[j]
    # line 21: h = tanh(hpreact)
    h = [[0.0] * m for _ in range(n)]
    for i in range(n):
        for j in range(m):
            h[i][j] = tanh(hpreact[i][j])
    # line 22: logits = h @ W2 + b2
    logits = [[0.0] * v for _ in range(n)]
    for i in range(n):
        for k in range(v):
            logits_sum = 0.0
            for j in range(m):
                logits_sum += h[i][j] * W2[j][k]
            logits[i][k] = logits_sum + b2[k]
    # line 23: logit_maxes = [max(logits[i, k] for k) for i]
    logit_maxes = [-inf] * n
    for i in range(n):
        for k in range(v):
            if logits[i][k] > logit_maxes[i] or logits[i][k] != logits[i][k]:
                logit_maxes[i] = logits[i][k]
    # line 24: norm_logits = [logits[i, k] - logit_maxes[i] for i, k]
    norm_logits = [[0.0] * v for _ in range(n)]
    for i in range(n):
        for k in range(v):
            norm_logits[i][k] = logits[i][k] - logit_maxes[i]
    # line 25: counts = exp(norm_logits)
    counts = [[0.0] * v for _ in range(n)]
    for i in range(n):
        for k in range(v):
            counts[i][k] = exp(norm_logits[i][k])
    # line 26: counts_sum = [sum(counts[i, k] for k) for i]
    counts_sum = [0.0] * n
    for i in range(n):
        for k in range(v):
            counts_sum[i] += counts[i][k]
    # line 27: counts_sum_inv = counts_sum**-1
    counts_sum_inv = [0.0] * n
    for i in range(n):
        counts_sum_inv[i] = counts_sum[i] ** -1
    # line 28: probs = [counts[i, k]*counts_sum_inv[i] for i, k]
    probs = [[0.0] * v for _ in range(n)]
    for i in range(n):
        for k in range(v):
            probs[i][k] = counts[i][k] * counts_sum_inv[i]
    # line 29: logprobs = log(probs)
    logprobs = [[0.0] * v for _ in range(n)]
    for i in range(n):
        for k in range(v):
            logprobs[i][k] = log(probs[i][k])
    # line 30: loss = -mean(logprobs[i, Yb[i]] for i)
    loss_sum = 0.0
    for i in range(n):
        logprobs_place = element(Yb[i], v)
        loss_sum += logprobs[i][logprobs_place]
    loss = -loss_sum / n
    return loss


def ninja_value_and_grad(Xb, Yb, C, W1, b1, bngain, bnbias, W2, b2):
    """ninja of ninja.mg, line 10, and its derivatives.

    Xb: [n, 3] of int
    Yb: [n] of int
    C: [v, 2] of float
    W1: [6, m] of float
    b1: [m] of float
    bngain: [m] of float
    bnbias: [m] of float
    W2: [m, v] of float
    b2: [v] of float

    Returns (value, grads); grads holds those of C, W1, b1, bngain, bnbias, W2, b2.
    """
    n = len(Xb)
    v = len(C)
    m = len(b1)
    check_shape("Xb", Xb, n, 3)
    check_shape("Yb", Yb, n)
    check_shape("C", C, v, 2)
    check_shape("W1", W1, 6, m)
    check_shape("b1", b1, m)
    check_shape("bngain", bngain, m)
    check_shape("bnbias", bnbias, m)
    check_shape("W2", W2, m, v)
    check_shape("b2", b2, v)
    # forward
    # line 11: emb = [C[Xb[i, p], q] for i, p, q]
    C_place = [[0] * 3 for _ in range(n)]
    emb = [[[0.0] * 2 for _ in range(3)] for _ in range(n)]
    for i in range(n):
        for p in range(3):
            C_place[i][p] = element(Xb[i][p], v)
            for q in range(2):
                emb[i][p][q] = C[C_place[i][p]][q]
    # line 12: embcat = [emb[i, r//embed, r%embed] for i for r in range(block*embed)]
    place = [0] * 6
    emb_place = [0] * 6
    for r in range(6):
        place[r] = element(r // 2, 3)
        emb_place[r] = element(r % 2, 2)
    embcat = [[0.0] * 6 for _ in range(n)]
    for i in range(n):
        for r in range(6):
            embcat[i][r] = emb[i][place[r]][emb_place[r]]
    # line 13: hprebn = embcat @ W1 + b1
    hprebn = [[0.0] * m for _ in range(n)]
    for i in range(n):
        for j in range(m):
            embcat_W1_sum = 0.0
            for r in range(6):
                embcat_W1_sum += embcat[i][r] * W1[r][j]
            hprebn[i][j] = embcat_W1_sum + b1[j]
    # line 14: bnmeani = [sum(hprebn[i, j] for i)/n for j]
    bnmeani = [0.0] * m
    for j in range(m):
        hprebn_sum = 0.0
        for i in range(n):
            hprebn_sum += hprebn[i][j]
        bnmeani[j] = hprebn_sum / n
    # line 15: bndiff = [hprebn[i, j] - bnmeani[j] for i, j]
    bndiff = [[0.0] * m for _ in range(n)]
    for i in range(n):
        for j in range(m):
            bndiff[i][j] = hprebn[i][j] - bnmeani[j]
    # line 16: bndiff2 = bndiff**2
    bndiff2 = [[0.0] * m for _ in range(n)]
    for i in range(n):
        for j in range(m):
            bndiff2[i][j] = bndiff[i][j] ** 2
    # line 17: bnvar = [sum(bndiff2[i, j] for i)/(n - 1) for j]
    bnvar = [0.0] * m
    for j in range(m):
        bndiff2_sum = 0.0
        for i in range(n):
            bndiff2_sum += bndiff2[i][j]
        bnvar[j] = bndiff2_sum / (n - 1)
    # line 18: bnvar_inv = (bnvar + 1e-5)**-0.5
    bnvar_inv = [0.0] * m
    for j in range(m):
        bnvar_inv[j] = pow(bnvar[j] + 1e-05, -0.5)
    # line 19: bnraw = [bndiff[i, j]*bnvar_inv[j] for i, j]
    bnraw = [[0.0] * m for _ in range(n)]
    for i in range(n):
        for j in range(m):
            bnraw[i][j] = bndiff[i][j] * bnvar_inv[j]
    # line 20: hpreact = bngain*bnraw + bnbias
    hpreact = [[0.0] * m for _ in range(n)]
    for i in range(n):
        for j in range(m):
            hpreact[i][j] = bngain[j] * bnraw[i][j] + bnbias[j]
    # line 21: h = tanh(hpreact)
    h = [[0.0] * m for _ in range(n)]
    for i in range(n):
        for j in range(m):
            h[i][j] = tanh(hpreact[i][j])
    # line 22: logits = h @ W2 + b2
    logits = [[0.0] * v for _ in range(n)]
    for i in range(n):
        for k in range(v):
            logits_sum = 0.0
            for j in range(m):
                logits_sum += h[i][j] * W2[j][k]
            logits[i][k] = logits_sum + b2[k]
    # line 23: logit_maxes = [max(logits[i, k] for k) for i]
    logit_maxes = [-inf] * n
    for i in range(n):
        for k in range(v):
            if logits[i][k] > logit_maxes[i] or logits[i][k] != logits[i][k]:
                logit_maxes[i] = logits[i][k]
    # line 24: norm_logits = [logits[i, k] - logit_maxes[i] for i, k]
    norm_logits = [[0.0] * v for _ in range(n)]
    for i in range(n):
        for k in range(v):
            norm_logits[i][k] = logits[i][k] - logit_maxes[i]
    # line 25: counts = exp(norm_logits)
    counts = [[0.0] * v for _ in range(n)]
    for i in range(n):
        for k in range(v):
            counts[i][k] = exp(norm_logits[i][k])
    # line 26: counts_sum = [sum(counts[i, k] for k) for i]
    counts_sum = [0.0] * n
    for i in range(n):
        for k in range(v):
            counts_sum[i] += counts[i][k]
    # line 27: counts_sum_inv = counts_sum**-1
    counts_sum_inv = [0.0] * n
    for i in range(n):
        counts_sum_inv[i] = counts_sum[i] ** -1
    # line 28: probs = [counts[i, k]*counts_sum_inv[i] for i, k]
    probs = [[0.0] * v for _ in range(n)]
    for i in range(n):
        for k in range(v):
            probs[i][k] = counts[i][k] * counts_sum_inv[i]
    # line 29: logprobs = log(probs)
    logprobs = [[0.0] * v for _ in range(n)]
    for i in range(n):
        for k in range(v):
            logprobs[i][k] = log(probs[i][k])
    # line 30: loss = -mean(logprobs[i, Yb[i]] for i)
    logprobs_place = [0] * n
    loss_sum = 0.0
    for i in range(n):
        logprobs_place[i] = element(Yb[i], v)
        loss_sum += logprobs[i][logprobs_place[i]]
    loss = -loss_sum / n
    # backward
    # line 30: loss = -mean(logprobs[i, Yb[i]] for i)
    dloss = 1.0  # the derivative of the result by itself
    dloss_sum = -dloss / n  # d(-u)/du = -1; d(u/v)/du = 1/v
    dlogprobs = [[0.0] * v for _ in range(n)]
    for i in range(n):
        dlogprobs[i][logprobs_place[i]] += dloss_sum  # d sum(u)/du = 1
    # line 29: logprobs = log(probs)
    dprobs = [[0.0] * v for _ in range(n)]
    for i in range(n):
        for k in range(v):
            if dlogprobs[i][k] != 0.0:
                dprobs[i][k] += dlogprobs[i][k] / probs[i][k]  # d log(u)/du = 1/u
    # line 28: probs = [counts[i, k]*counts_sum_inv[i] for i, k]
    dcounts_sum_inv = [0.0] * n
    dcounts = [[0.0] * v for _ in range(n)]  # counts is read twice: contributions add
    for i in range(n):
        for k in range(v):
            # d(u*v)/dv = u; summed over k
            dcounts_sum_inv[i] += dprobs[i][k] * counts[i][k]
            dcounts[i][k] += dprobs[i][k] * counts_sum_inv[i]  # d(u*v)/du = v
    # line 27: counts_sum_inv = counts_sum**-1
    dcounts_sum = [0.0] * n
    for i in range(n):
        # d(u**v)/du = v*u**(v - 1)
        dcounts_sum[i] = -dcounts_sum_inv[i] * counts_sum[i] ** -2
    # line 26: counts_sum = [sum(counts[i, k] for k) for i]
    for i in range(n):
        for k in range(v):
            dcounts[i][k] += dcounts_sum[i]  # d sum(u)/du = 1
    # line 25: counts = exp(norm_logits)
    dnorm_logits = [[0.0] * v for _ in range(n)]
    for i in range(n):
        for k in range(v):
            dnorm_logits[i][k] = dcounts[i][k] * counts[i][k]  # d exp(u)/du = exp(u)
    # line 24: norm_logits = [logits[i, k] - logit_maxes[i] for i, k]
    dlogit_maxes = [0.0] * n
    dlogits = [[0.0] * v for _ in range(n)]  # logits is read twice: contributions add
    for i in range(n):
        for k in range(v):
            dlogit_maxes[i] -= dnorm_logits[i][k]  # d(u - v)/dv = -1; summed over k
            dlogits[i][k] += dnorm_logits[i][k]  # d(u - v)/du = 1
    # line 23: logit_maxes = [max(logits[i, k] for k) for i]
    for i in range(n):
        ties = 0.0
        for k in range(v):
            if logits[i][k] == logit_maxes[i]:
                ties += 1.0
        for k in range(v):
            if logits[i][k] == logit_maxes[i]:
                # d max(u)/du = 1 at the largest, shared where several are
                dlogits[i][k] += dlogit_maxes[i] / ties
    # line 22: logits = h @ W2 + b2
    dh = [[0.0] * m for _ in range(n)]
    dW2 = [[0.0] * v for _ in range(m)]
    db2 = [0.0] * v
    for i in range(n):
        for k in range(v):
            for j in range(m):
                dh[i][j] += dlogits[i][k] * W2[j][k]  # d(u*v)/du = v; summed over k
                dW2[j][k] += dlogits[i][k] * h[i][j]  # d(u*v)/dv = u; summed over i
            db2[k] += dlogits[i][k]  # d(u + v)/dv = 1; summed over i
    # line 21: h = tanh(hpreact)
    dhpreact = [[0.0] * m for _ in range(n)]
    for i in range(n):
        for j in range(m):
            # d tanh(u)/du = 1 - tanh(u)**2
            dhpreact[i][j] = dh[i][j] * (1.0 - h[i][j] ** 2)
    # line 20: hpreact = bngain*bnraw + bnbias
    dbnraw = [[0.0] * m for _ in range(n)]
    dbngain = [0.0] * m
    dbnbias = [0.0] * m
    for i in range(n):
        for j in range(m):
            dbnraw[i][j] = dhpreact[i][j] * bngain[j]  # d(u*v)/dv = u
            dbngain[j] += dhpreact[i][j] * bnraw[i][j]  # d(u*v)/du = v; summed over i
            dbnbias[j] += dhpreact[i][j]  # d(u + v)/dv = 1; summed over i
    # line 19: bnraw = [bndiff[i, j]*bnvar_inv[j] for i, j]
    dbnvar_inv = [0.0] * m
    dbndiff = [[0.0] * m for _ in range(n)]  # bndiff is read twice: contributions add
    for i in range(n):
        for j in range(m):
            dbnvar_inv[j] += dbnraw[i][j] * bndiff[i][j]  # d(u*v)/dv = u; summed over i
            dbndiff[i][j] += dbnraw[i][j] * bnvar_inv[j]  # d(u*v)/du = v
    # line 18: bnvar_inv = (bnvar + 1e-5)**-0.5
    dbnvar = [0.0] * m
    for j in range(m):
        # d(u**v)/du = v*u**(v - 1)
        dbnvar[j] = -0.5 * dbnvar_inv[j] * pow(bnvar[j] + 1e-05, -1.5)
    # line 17: bnvar = [sum(bndiff2[i, j] for i)/(n - 1) for j]
    dbndiff2 = [[0.0] * m for _ in range(n)]
    for j in range(m):
        dbndiff2_sum = dbnvar[j] / (n - 1)  # d(u/v)/du = 1/v
        for i in range(n):
            dbndiff2[i][j] = dbndiff2_sum  # d sum(u)/du = 1
    # line 16: bndiff2 = bndiff**2
    for i in range(n):
        for j in range(m):
            # d(u**v)/du = v*u**(v - 1)
            dbndiff[i][j] += 2.0 * dbndiff2[i][j] * bndiff[i][j]
    # line 15: bndiff = [hprebn[i, j] - bnmeani[j] for i, j]
    dbnmeani = [0.0] * m
    dhprebn = [[0.0] * m for _ in range(n)]  # hprebn is read twice: contributions add
    for i in range(n):
        for j in range(m):
            dbnmeani[j] -= dbndiff[i][j]  # d(u - v)/dv = -1; summed over i
            dhprebn[i][j] += dbndiff[i][j]  # d(u - v)/du = 1
    # line 14: bnmeani = [sum(hprebn[i, j] for i)/n for j]
    for j in range(m):
        dhprebn_sum = dbnmeani[j] / n  # d(u/v)/du = 1/v
        for i in range(n):
            dhprebn[i][j] += dhprebn_sum  # d sum(u)/du = 1
    # line 13: hprebn = embcat @ W1 + b1
    dembcat = [[0.0] * 6 for _ in range(n)]
    dW1 = [[0.0] * m for _ in range(6)]
    db1 = [0.0] * m
    for i in range(n):
        for j in range(m):
            for r in range(6):
                # d(u*v)/du = v; summed over j
                dembcat[i][r] += dhprebn[i][j] * W1[r][j]
                # d(u*v)/dv = u; summed over i
                dW1[r][j] += dhprebn[i][j] * embcat[i][r]
            db1[j] += dhprebn[i][j]  # d(u + v)/dv = 1; summed over i
    # line 12: embcat = [emb[i, r//embed, r%embed] for i for r in range(block*embed)]
    demb = [[[0.0] * 2 for _ in range(3)] for _ in range(n)]
    for i in range(n):
        for r in range(6):
            demb[i][place[r]][emb_place[r]] += dembcat[i][r]  # d u[k]/du[k] = 1
    dC = [[0.0] * 2 for _ in range(v)]
    for i in range(n):
        for p in range(3):
            for q in range(2):
                dC[C_place[i][p]][q] += demb[i][p][q]  # d u[k]/du[k] = 1
    return loss, (dC, dW1, db1, dbngain, dbnbias, dW2, db2)
