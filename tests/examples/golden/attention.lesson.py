"""attention.mg, compiled to Python: values and exact derivatives.

d<name> is the derivative of the result with respect to <name>.
"""

from math import exp, inf, sqrt


def check_shape(name, array, *sizes):
    """Raise ValueError unless the nested list has these sizes."""
    if len(array) != sizes[0]:
        raise ValueError(f"{name} has {len(array)} entries where {sizes[0]} are needed")
    if len(sizes) > 1:
        for row in array:
            check_shape(f"a row of {name}", row, *sizes[1:])


def attention(x, Wq, Wk, Wv):
    """attention of attention.mg, line 5.

    x: [n, d] of float
    Wq: [h, d] of float
    Wk: [h, d] of float
    Wv: [h, d] of float
    """
    n = len(x)
    d = len(x[0]) if len(x) else len(Wq[0]) if len(Wq) else 0
    h = len(Wq)
    check_shape("x", x, n, d)
    check_shape("Wq", Wq, h, d)
    check_shape("Wk", Wk, h, d)
    check_shape("Wv", Wv, h, d)
    # line 6: q = x @ Wq.T
    q = [[0.0] * h for _ in range(n)]
    for i in range(n):
        for p in range(h):
            for r in range(d):
                q[i][p] += x[i][r] * Wq[p][r]
    # line 7: k = x @ Wk.T
    k = [[0.0] * h for _ in range(n)]
    for i in range(n):
        for p in range(h):
            for r in range(d):
                k[i][p] += x[i][r] * Wk[p][r]
    # line 8: v = x @ Wv.T
    v = [[0.0] * h for _ in range(n)]
    for i in range(n):
        for p in range(h):
            for r in range(d):
                v[i][p] += x[i][r] * Wv[p][r]
    # line 9: scores = q @ k.T / sqrt(h)
    h_sqrt = sqrt(h)
    scores = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            if j <= i:
                scores_sum = 0.0
                for p in range(h):
                    scores_sum += q[i][p] * k[j][p]
                scores[i][j] = scores_sum / h_sqrt
    # line 10: causal = [scores[i, j] if j <= i else -1e9 for i, j]
    causal = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            if j <= i:
                causal[i][j] = scores[i][j]
            else:
                causal[i][j] = -1000000000.0
    # line 11: weights = [softmax(causal[i]) for i]
    # softmax: exp(v) / sum(exp(v)), shifted by the largest entry, which cancels, so
    #   that nothing overflows.
    causal_max = [-inf] * n
    for i in range(n):
        for j in range(n):
            if causal[i][j] > causal_max[i] or causal[i][j] != causal[i][j]:
                causal_max[i] = causal[i][j]
    causal_exp = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            causal_exp[i][j] = exp(causal[i][j] - causal_max[i])
    weights = [[0.0] * n for _ in range(n)]
    for i in range(n):
        causal_exp_sum = 0.0
        for j in range(n):
            causal_exp_sum += causal_exp[i][j]
        for j in range(n):
            weights[i][j] = causal_exp[i][j] / causal_exp_sum
    # line 12: return weights @ v
    out = [[0.0] * h for _ in range(n)]
    for i in range(n):
        for p in range(h):
            for j in range(n):
                out[i][p] += weights[i][j] * v[j][p]
    return out


def attention_vjp(x, Wq, Wk, Wv, dout):
    """attention of attention.mg, line 5, and its vector-Jacobian product.

    x: [n, d] of float
    Wq: [h, d] of float
    Wk: [h, d] of float
    Wv: [h, d] of float
    dout: [n, h] of float

    Returns (value, grads); grads holds those of x, Wq, Wk, Wv.
    """
    n = len(x)
    d = len(x[0]) if len(x) else len(Wq[0]) if len(Wq) else 0
    h = len(Wq)
    check_shape("x", x, n, d)
    check_shape("Wq", Wq, h, d)
    check_shape("Wk", Wk, h, d)
    check_shape("Wv", Wv, h, d)
    check_shape("dout", dout, n, h)
    # forward
    # line 6: q = x @ Wq.T
    q = [[0.0] * h for _ in range(n)]
    for i in range(n):
        for p in range(h):
            for r in range(d):
                q[i][p] += x[i][r] * Wq[p][r]
    # line 7: k = x @ Wk.T
    k = [[0.0] * h for _ in range(n)]
    for i in range(n):
        for p in range(h):
            for r in range(d):
                k[i][p] += x[i][r] * Wk[p][r]
    # line 8: v = x @ Wv.T
    v = [[0.0] * h for _ in range(n)]
    for i in range(n):
        for p in range(h):
            for r in range(d):
                v[i][p] += x[i][r] * Wv[p][r]
    # line 9: scores = q @ k.T / sqrt(h)
    h_sqrt = sqrt(h)
    scores = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            if j <= i:
                scores_sum = 0.0
                for p in range(h):
                    scores_sum += q[i][p] * k[j][p]
                scores[i][j] = scores_sum / h_sqrt
    # line 10: causal = [scores[i, j] if j <= i else -1e9 for i, j]
    causal = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            if j <= i:
                causal[i][j] = scores[i][j]
            else:
                causal[i][j] = -1000000000.0
    # line 11: weights = [softmax(causal[i]) for i]
    # softmax: exp(v) / sum(exp(v)), shifted by the largest entry, which cancels, so
    #   that nothing overflows.
    causal_max = [-inf] * n
    for i in range(n):
        for j in range(n):
            if causal[i][j] > causal_max[i] or causal[i][j] != causal[i][j]:
                causal_max[i] = causal[i][j]
    causal_exp = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            causal_exp[i][j] = exp(causal[i][j] - causal_max[i])
    causal_exp_sum = [0.0] * n
    weights = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            causal_exp_sum[i] += causal_exp[i][j]
        for j in range(n):
            weights[i][j] = causal_exp[i][j] / causal_exp_sum[i]
    # line 12: return weights @ v
    out = [[0.0] * h for _ in range(n)]
    for i in range(n):
        for p in range(h):
            for j in range(n):
                out[i][p] += weights[i][j] * v[j][p]
    # backward
    # line 12: return weights @ v
    dweights = [[0.0] * n for _ in range(n)]
    dv = [[0.0] * h for _ in range(n)]
    for i in range(n):
        for p in range(h):
            for j in range(n):
                dweights[i][j] += dout[i][p] * v[j][p]  # d(u*v)/du = v; summed over p
                dv[j][p] += dout[i][p] * weights[i][j]  # d(u*v)/dv = u; summed over i
    # line 11: weights = [softmax(causal[i]) for i]
    dcausal_exp_sum = [0.0] * n
    # causal_exp is read twice: contributions add
    dcausal_exp = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            # d(u/v)/dv = -(u/v)/v; summed over j
            dcausal_exp_sum[i] -= dweights[i][j] * (weights[i][j] / causal_exp_sum[i])
            dcausal_exp[i][j] += dweights[i][j] / causal_exp_sum[i]  # d(u/v)/du = 1/v
    for i in range(n):
        for j in range(n):
            dcausal_exp[i][j] += dcausal_exp_sum[i]  # d sum(u)/du = 1
    dcausal = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            dcausal[i][j] = dcausal_exp[i][j] * causal_exp[i][j]  # d exp(u)/du = exp(u)
    # line 10: causal = [scores[i, j] if j <= i else -1e9 for i, j]
    dscores = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            if j <= i:
                # d(u if c else v)/du = 1 where c, else 0
                dscores[i][j] += dcausal[i][j]
    # line 9: scores = q @ k.T / sqrt(h)
    dk = [[0.0] * h for _ in range(n)]
    dq = [[0.0] * h for _ in range(n)]
    for i in range(n):
        for j in range(n):
            dscores_sum = dscores[i][j] / h_sqrt if j <= i else 0.0  # d(u/v)/du = 1/v
            for p in range(h):
                dk[j][p] += dscores_sum * q[i][p]  # d(u*v)/dv = u; summed over i
                dq[i][p] += dscores_sum * k[j][p]  # d(u*v)/du = v; summed over j
    # line 8: v = x @ Wv.T
    dx = [[0.0] * d for _ in range(n)]  # x is read 3 times: contributions add
    dWv = [[0.0] * d for _ in range(h)]
    for i in range(n):
        for p in range(h):
            for r in range(d):
                dx[i][r] += dv[i][p] * Wv[p][r]  # d(u*v)/du = v; summed over p
                dWv[p][r] += dv[i][p] * x[i][r]  # d(u*v)/dv = u; summed over i
    # line 7: k = x @ Wk.T
    dWk = [[0.0] * d for _ in range(h)]
    for i in range(n):
        for p in range(h):
            for r in range(d):
                dx[i][r] += dk[i][p] * Wk[p][r]  # d(u*v)/du = v; summed over p
                dWk[p][r] += dk[i][p] * x[i][r]  # d(u*v)/dv = u; summed over i
    # line 6: q = x @ Wq.T
    dWq = [[0.0] * d for _ in range(h)]
    for i in range(n):
        for p in range(h):
            for r in range(d):
                dx[i][r] += dq[i][p] * Wq[p][r]  # d(u*v)/du = v; summed over p
                dWq[p][r] += dq[i][p] * x[i][r]  # d(u*v)/dv = u; summed over i
    return out, (dx, dWq, dWk, dWv)
