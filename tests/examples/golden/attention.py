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
    k = [[0.0] * h for _ in range(n)]
    for j in range(n):
        x_j = x[j]
        k_j = k[j]
        for p in range(h):
            k_total = 0.0
            Wk_p = Wk[p]
            for r in range(d):
                k_total += x_j[r] * Wk_p[r]  # line 7
            k_j[p] = k_total
    h_sqrt = sqrt(h)  # line 9
    weights = [[0.0] * n for _ in range(n)]
    for i in range(n):
        q = [0.0] * h
        x_i = x[i]
        for p in range(h):
            q_total = 0.0
            Wq_p = Wq[p]
            for r in range(d):
                q_total += x_i[r] * Wq_p[r]  # line 6
            q[p] = q_total
        causal = [0.0] * n
        causal_max = -inf
        for j in range(n):
            k_j = k[j]
            if j <= i:
                scores_sum = 0.0
                for p in range(h):
                    scores_sum += q[p] * k_j[p]  # line 9
                scores = scores_sum / h_sqrt
                causal[j] = scores  # line 10
            else:
                causal[j] = -1000000000.0
            if causal[j] > causal_max or causal[j] != causal[j]:  # line 11
                causal_max = causal[j]
        causal_exp = [0.0] * n
        causal_exp_sum = 0.0
        for j in range(n):
            causal_exp[j] = exp(causal[j] - causal_max)
            causal_exp_sum += causal_exp[j]
        weights_i = weights[i]
        for j in range(n):
            weights_i[j] = causal_exp[j] / causal_exp_sum
    out = [[0.0] * h for _ in range(n)]
    for p in range(h):
        v = [0.0] * n
        Wv_p = Wv[p]
        for j in range(n):
            v_total = 0.0
            x_j = x[j]
            for r in range(d):
                v_total += x_j[r] * Wv_p[r]  # line 8
            v[j] = v_total
        for i in range(n):
            out_total = 0.0
            weights_i = weights[i]
            for j in range(n):
                out_total += weights_i[j] * v[j]  # line 12
            out[i][p] = out_total
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
    k = [[0.0] * h for _ in range(n)]
    for j in range(n):
        x_j = x[j]
        k_j = k[j]
        for p in range(h):
            k_total = 0.0
            Wk_p = Wk[p]
            for r in range(d):
                k_total += x_j[r] * Wk_p[r]  # line 7
            k_j[p] = k_total
    h_sqrt = sqrt(h)  # line 9
    v = [[0.0] * n for _ in range(h)]
    dweights = [[0.0] * n for _ in range(n)]
    for p in range(h):
        # forward
        Wv_p = Wv[p]
        v_p = v[p]
        for j in range(n):
            v_total = 0.0
            x_j = x[j]
            for r in range(d):
                v_total += x_j[r] * Wv_p[r]  # line 8
            v_p[j] = v_total
        # backward
        for i in range(n):
            dweights_i = dweights[i]
            dout_i_p = dout[i][p]
            for j in range(n):
                # line 12: return weights @ v
                dweights_i[j] += dout_i_p * v_p[j]
    weights = [[0.0] * n for _ in range(n)]
    dk = [[0.0] * h for _ in range(n)]
    dx = [[0.0] * d for _ in range(n)]
    dWq = [[0.0] * d for _ in range(h)]
    for i in range(n):
        # forward
        q = [0.0] * h
        x_i = x[i]
        for p in range(h):
            q_total = 0.0
            Wq_p = Wq[p]
            for r in range(d):
                q_total += x_i[r] * Wq_p[r]  # line 6
            q[p] = q_total
        causal = [0.0] * n
        causal_max = -inf
        for j in range(n):
            k_j = k[j]
            if j <= i:
                scores_sum = 0.0
                for p in range(h):
                    scores_sum += q[p] * k_j[p]  # line 9
                scores = scores_sum / h_sqrt
                causal[j] = scores  # line 10
            else:
                causal[j] = -1000000000.0
            if causal[j] > causal_max or causal[j] != causal[j]:  # line 11
                causal_max = causal[j]
        causal_exp = [0.0] * n
        causal_exp_sum = 0.0
        for j in range(n):
            causal_exp[j] = exp(causal[j] - causal_max)
            causal_exp_sum += causal_exp[j]
        dcausal_exp_sum = 0.0
        weights_i = weights[i]
        dweights_i = dweights[i]
        for j in range(n):
            # forward
            weights_i[j] = causal_exp[j] / causal_exp_sum  # line 11
            # backward
            # line 11: weights = [softmax(causal[i]) for i]
            dcausal_exp_sum -= dweights_i[j] * (weights_i[j] / causal_exp_sum)
        # backward
        dq = [0.0] * h
        for j in range(n):
            k_j = k[j]
            dk_j = dk[j]
            if j <= i:
                # line 11: weights = [softmax(causal[i]) for i]
                dcausal_exp = dweights_i[j] / causal_exp_sum + dcausal_exp_sum
                dcausal = dcausal_exp * causal_exp[j]
                # line 9: scores = q @ k.T / sqrt(h)
                dscores_sum = dcausal / h_sqrt
                for p in range(h):
                    dq[p] += dscores_sum * k_j[p]
                    dk_j[p] += dscores_sum * q[p]
        dx_i = dx[i]
        for p in range(h):
            Wq_p = Wq[p]
            dWq_p = dWq[p]
            for r in range(d):
                # line 6: q = x @ Wq.T
                dx_i[r] += dq[p] * Wq_p[r]
                dWq_p[r] += dq[p] * x_i[r]
    out = [[0.0] * h for _ in range(n)]
    for p in range(h):
        v_p = v[p]
        for i in range(n):
            out_total = 0.0
            weights_i = weights[i]
            for j in range(n):
                out_total += weights_i[j] * v_p[j]  # line 12
            out[i][p] = out_total
    # backward
    dWv = [[0.0] * d for _ in range(h)]
    for p in range(h):
        dv = [0.0] * n
        for i in range(n):
            dout_i_p = dout[i][p]
            weights_i = weights[i]
            for j in range(n):
                # line 12: return weights @ v
                dv[j] += dout_i_p * weights_i[j]
        Wv_p = Wv[p]
        dWv_p = dWv[p]
        for j in range(n):
            dx_j = dx[j]
            x_j = x[j]
            for r in range(d):
                # line 8: v = x @ Wv.T
                dx_j[r] += dv[j] * Wv_p[r]
                dWv_p[r] += dv[j] * x_j[r]
    dWk = [[0.0] * d for _ in range(h)]
    for j in range(n):
        dx_j = dx[j]
        dk_j = dk[j]
        x_j = x[j]
        for p in range(h):
            Wk_p = Wk[p]
            dWk_p = dWk[p]
            for r in range(d):
                # line 7: k = x @ Wk.T
                dx_j[r] += dk_j[p] * Wk_p[r]
                dWk_p[r] += dk_j[p] * x_j[r]
    return out, (dx, dWq, dWk, dWv)
