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
    emb = [[[0.0] * 2 for _ in range(3)] for _ in range(n)]
    for p in range(3):
        C_place = [0] * n
        for i in range(n):
            C_place[i] = element(Xb[i][p], v)  # line 11
        for q in range(2):
            for i in range(n):
                emb[i][p][q] = C[C_place[i]][q]  # line 12
    place = [0] * 6
    emb_place = [0] * 6
    for r in range(6):
        place[r] = element(r // 2, 3)
        emb_place[r] = element(r % 2, 2)
    hprebn = [[0.0] * m for _ in range(n)]
    hprebn_sum = [0.0] * m
    for i in range(n):
        emb_i = emb[i]
        hprebn_i = hprebn[i]
        for j in range(m):
            emb_W1_sum = 0.0
            for r in range(6):
                emb_W1_sum += emb_i[place[r]][emb_place[r]] * W1[r][j]  # line 13
            hprebn_i[j] = emb_W1_sum + b1[j]
            hprebn_sum[j] += hprebn_i[j]  # line 14
    bnmeani = [0.0] * m
    for j in range(m):
        bnmeani[j] = hprebn_sum[j] / n
    bndiff = [[0.0] * m for _ in range(n)]
    bndiff2_sum = [0.0] * m
    for i in range(n):
        bndiff_i = bndiff[i]
        hprebn_i = hprebn[i]
        for j in range(m):
            bndiff_i[j] = hprebn_i[j] - bnmeani[j]  # line 15
            bndiff2 = bndiff_i[j] ** 2  # line 16
            bndiff2_sum[j] += bndiff2  # line 17
    bnvar_inv = [0.0] * m
    for j in range(m):
        bnvar = bndiff2_sum[j] / (n - 1)
        bnvar_inv[j] = pow(bnvar + 1e-05, -0.5)  # line 18
    logprobs = [[0.0] * v for _ in range(n)]
    for i in range(n):
        h = [0.0] * m
        bndiff_i = bndiff[i]
        for j in range(m):
            bnraw = bndiff_i[j] * bnvar_inv[j]  # line 19
            hpreact = bngain[j] * bnraw + bnbias[j]  # line 20
            h[j] = tanh(hpreact)  # line 21
        logits = [0.0] * v
        logit_maxes = -inf
        for k in range(v):
            logits_sum = 0.0
            for j in range(m):
                logits_sum += h[j] * W2[j][k]  # line 22
            logits[k] = logits_sum + b2[k]
            if logits[k] > logit_maxes or logits[k] != logits[k]:  # line 23
                logit_maxes = logits[k]
        counts = [0.0] * v
        counts_sum = 0.0
        for k in range(v):
            norm_logits = logits[k] - logit_maxes  # line 24
            counts[k] = exp(norm_logits)  # line 25
            counts_sum += counts[k]  # line 26
        counts_sum_inv = counts_sum**-1  # line 27
        logprobs_i = logprobs[i]
        for k in range(v):
            probs = counts[k] * counts_sum_inv  # line 28
            logprobs_i[k] = log(probs)  # line 29
    loss_sum = 0.0
    for i in range(n):
        logprobs_place = element(Yb[i], v)  # line 30
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
    C_place = [[0] * n for _ in range(3)]
    emb = [[[0.0] * 2 for _ in range(3)] for _ in range(n)]
    for p in range(3):
        C_place_p = C_place[p]
        for i in range(n):
            C_place_p[i] = element(Xb[i][p], v)  # line 11
        for q in range(2):
            for i in range(n):
                emb[i][p][q] = C[C_place_p[i]][q]  # line 12
    place = [0] * 6
    emb_place = [0] * 6
    for r in range(6):
        place[r] = element(r // 2, 3)
        emb_place[r] = element(r % 2, 2)
    hprebn = [[0.0] * m for _ in range(n)]
    hprebn_sum = [0.0] * m
    for i in range(n):
        emb_i = emb[i]
        hprebn_i = hprebn[i]
        for j in range(m):
            emb_W1_sum = 0.0
            for r in range(6):
                emb_W1_sum += emb_i[place[r]][emb_place[r]] * W1[r][j]  # line 13
            hprebn_i[j] = emb_W1_sum + b1[j]
            hprebn_sum[j] += hprebn_i[j]  # line 14
    bnmeani = [0.0] * m
    for j in range(m):
        bnmeani[j] = hprebn_sum[j] / n
    bndiff = [[0.0] * m for _ in range(n)]
    bndiff2_sum = [0.0] * m
    for i in range(n):
        bndiff_i = bndiff[i]
        hprebn_i = hprebn[i]
        for j in range(m):
            bndiff_i[j] = hprebn_i[j] - bnmeani[j]  # line 15
            bndiff2 = bndiff_i[j] ** 2  # line 16
            bndiff2_sum[j] += bndiff2  # line 17
    bnvar_inv_sum = [0.0] * m
    bnvar_inv = [0.0] * m
    for j in range(m):
        bnvar = bndiff2_sum[j] / (n - 1)
        bnvar_inv_sum[j] = bnvar + 1e-05  # line 18
        bnvar_inv[j] = pow(bnvar_inv_sum[j], -0.5)
    # line 30: loss = -mean(logprobs[i, Yb[i]] for i)
    dloss_sum = -1.0 / n
    logprobs_place = [0] * n
    dlogprobs = [[0.0] * v for _ in range(n)]
    for i in range(n):
        # forward
        logprobs_place[i] = element(Yb[i], v)  # line 30
        # backward
        dlogprobs[i][logprobs_place[i]] += dloss_sum
    logprobs = [[0.0] * v for _ in range(n)]
    dbnraw = [[0.0] * m for _ in range(n)]
    dbnvar_inv = [0.0] * m
    dbngain = [0.0] * m
    dbnbias = [0.0] * m
    dW2 = [[0.0] * v for _ in range(m)]
    db2 = [0.0] * v
    for i in range(n):
        # forward
        bnraw = [0.0] * m
        h = [0.0] * m
        bndiff_i = bndiff[i]
        for j in range(m):
            bnraw[j] = bndiff_i[j] * bnvar_inv[j]  # line 19
            hpreact = bngain[j] * bnraw[j] + bnbias[j]  # line 20
            h[j] = tanh(hpreact)  # line 21
        logits = [0.0] * v
        logit_maxes = -inf
        for k in range(v):
            logits_sum = 0.0
            for j in range(m):
                logits_sum += h[j] * W2[j][k]  # line 22
            logits[k] = logits_sum + b2[k]
            if logits[k] > logit_maxes or logits[k] != logits[k]:  # line 23
                logit_maxes = logits[k]
        counts = [0.0] * v
        counts_sum = 0.0
        for k in range(v):
            norm_logits = logits[k] - logit_maxes  # line 24
            counts[k] = exp(norm_logits)  # line 25
            counts_sum += counts[k]  # line 26
        counts_sum_inv = counts_sum**-1  # line 27
        dprobs = [0.0] * v
        dcounts_sum_inv = 0.0
        logprobs_i = logprobs[i]
        dlogprobs_i = dlogprobs[i]
        for k in range(v):
            # forward
            probs = counts[k] * counts_sum_inv  # line 28
            logprobs_i[k] = log(probs)  # line 29
            # backward
            if dlogprobs_i[k] != 0.0:
                # line 29: logprobs = log(probs)
                dprobs[k] = dlogprobs_i[k] / probs
                # line 28: probs = [counts[i, k]*counts_sum_inv[i] for i, k]
                dcounts_sum_inv += dprobs[k] * counts[k]
        # backward
        # line 27: counts_sum_inv = counts_sum**-1
        part_of_dcounts = dcounts_sum_inv * counts_sum**-2
        dnorm_logits = [0.0] * v
        dlogit_maxes = 0.0
        for k in range(v):
            # line 25: counts = exp(norm_logits)
            dcounts = (
                dprobs[k] * counts_sum_inv if dlogprobs_i[k] != 0.0 else 0.0
            ) - part_of_dcounts
            dnorm_logits[k] = dcounts * counts[k]
            # line 24: norm_logits = [logits[i, k] - logit_maxes[i] for i, k]
            dlogit_maxes -= dnorm_logits[k]
        ties = 0.0
        for k in range(v):
            if logits[k] == logit_maxes:
                # line 23: logit_maxes = [max(logits[i, k] for k) for i]
                ties += 1.0
        dh = [0.0] * m
        for k in range(v):
            # line 22: logits = h @ W2 + b2
            dlogits = dnorm_logits[k] + (
                dlogit_maxes / ties if logits[k] == logit_maxes else 0.0
            )
            for j in range(m):
                dh[j] += dlogits * W2[j][k]
                dW2[j][k] += dlogits * h[j]
            db2[k] += dlogits
        dbnraw_i = dbnraw[i]
        for j in range(m):
            # line 21: h = tanh(hpreact)
            dhpreact = dh[j] * (1.0 - h[j] ** 2)
            # line 20: hpreact = bngain*bnraw + bnbias
            dbnraw_i[j] = dhpreact * bngain[j]
            # line 19: bnraw = [bndiff[i, j]*bnvar_inv[j] for i, j]
            dbnvar_inv[j] += dbnraw_i[j] * bndiff_i[j]
            dbngain[j] += dhpreact * bnraw[j]
            dbnbias[j] += dhpreact
    loss_sum = 0.0
    for i in range(n):
        loss_sum += logprobs[i][logprobs_place[i]]  # line 30
    loss = -loss_sum / n
    # backward
    dbndiff2 = [0.0] * m
    for j in range(m):
        # line 18: bnvar_inv = (bnvar + 1e-5)**-0.5
        dbnvar = -0.5 * dbnvar_inv[j] * pow(bnvar_inv_sum[j], -1.5)
        # line 17: bnvar = [sum(bndiff2[i, j] for i)/(n - 1) for j]
        dbndiff2[j] = dbnvar / (n - 1)
    dbndiff = [[0.0] * m for _ in range(n)]
    dbnmeani = [0.0] * m
    for i in range(n):
        dbndiff_i = dbndiff[i]
        dbnraw_i = dbnraw[i]
        bndiff_i = bndiff[i]
        for j in range(m):
            # line 15: bndiff = [hprebn[i, j] - bnmeani[j] for i, j]
            dbndiff_i[j] = dbnraw_i[j] * bnvar_inv[j] + dbndiff2[j] * (
                2.0 * bndiff_i[j]
            )
            dbnmeani[j] -= dbndiff_i[j]
    dhprebn_sum = [0.0] * m
    for j in range(m):
        # line 14: bnmeani = [sum(hprebn[i, j] for i)/n for j]
        dhprebn_sum[j] = dbnmeani[j] / n
    demb = [[[0.0] * 2 for _ in range(3)] for _ in range(n)]
    dW1 = [[0.0] * m for _ in range(6)]
    db1 = [0.0] * m
    for i in range(n):
        dbndiff_i = dbndiff[i]
        demb_i = demb[i]
        emb_i = emb[i]
        for j in range(m):
            # line 13: hprebn = embcat @ W1 + b1
            dhprebn = dbndiff_i[j] + dhprebn_sum[j]
            for r in range(6):
                demb_i[place[r]][emb_place[r]] += dhprebn * W1[r][j]
                dW1[r][j] += dhprebn * emb_i[place[r]][emb_place[r]]
            db1[j] += dhprebn
    dC = [[0.0] * 2 for _ in range(v)]
    for p in range(3):
        C_place_p = C_place[p]
        for q in range(2):
            for i in range(n):
                dC[C_place_p[i]][q] += demb[i][p][q]
    return loss, (dC, dW1, db1, dbngain, dbnbias, dW2, db2)
