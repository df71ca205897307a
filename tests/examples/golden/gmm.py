"""gmm.mg, compiled to Python: values and exact derivatives.

d<name> is the derivative of the result with respect to <name>.
"""

from math import copysign, cos, exp, inf, lgamma, log, log1p, remainder, sin


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


def digamma(x):
    if x >= 0.5:
        z = x
    else:
        z = 1.0 - x
    z_sum = z + 10.0
    r = 1.0 / z_sum
    u = r * r
    series_product = u * (0.007575757575757576 - u * (0.021092796092796094 - u / 12.0))
    series_product_2 = u * (
        0.003968253968253968 - u * (0.004166666666666667 - series_product)
    )
    series = u * (0.08333333333333333 - u * (0.008333333333333333 - series_product_2))
    z_inverse_sum = 0.0
    for k in range(10):
        z_inverse_sum += 1.0 / (z + k)
    right = log(z_sum) - 0.5 * r - series - z_inverse_sum
    if x >= 0.5:
        reflected = right
    else:
        reflected_difference = right - 3.141592653589793 * cos_pi(x) / sin_pi(x)
        reflected = reflected_difference
    return reflected


def cos_pi(x):
    turn = abs(remainder(x, 2.0))
    if turn > 0.25:
        turn_sin = sin(3.141592653589793 * (0.5 - turn))
    return turn_sin if turn > 0.25 else cos(3.141592653589793 * turn)


def sin_pi(x):
    turn = remainder(x, 2.0)
    turn_abs = abs(turn)
    if not turn_abs <= 0.5:
        out_copysign = copysign(sin(3.141592653589793 * (1.0 - turn_abs)), turn)
    return sin(3.141592653589793 * turn) if turn_abs <= 0.5 else out_copysign


def squared_length(q, l, v):
    """|Q @ v|**2: the squared Mahalanobis length of v (gmm.mg, line 8).

    q: [d] of float
    l: [d*(d - 1)/2] of float
    v: [d] of float
    """
    d = len(q)
    check_shape("q", q, d)
    check_shape("l", l, d * (d - 1) // 2)
    check_shape("v", v, d)
    out = 0.0
    for r in range(d):
        Qv_sum = 0.0
        for j in range(r):
            # line 10
            place = element(d * j - j * (j + 1) // 2 + r - j - 1, d * (d - 1) // 2)
            Qv_sum += l[place] * v[j]
        Qv = exp(q[r]) * v[r] + Qv_sum
        out += Qv * Qv  # line 11
    return out


def squared_length_value_and_grad(q, l, v):
    """|Q @ v|**2: the squared Mahalanobis length of v (gmm.mg, line 8), and its
    derivatives.

    q: [d] of float
    l: [d*(d - 1)/2] of float
    v: [d] of float

    Returns (value, grads); grads holds those of q, l, v.
    """
    d = len(q)
    check_shape("q", q, d)
    check_shape("l", l, d * (d - 1) // 2)
    check_shape("v", v, d)
    out = 0.0
    dq = [0.0] * d
    dl = [0.0] * (d * (d - 1) // 2)
    dv = [0.0] * d
    for r in range(d):
        # forward
        q_exp = exp(q[r])  # line 10
        place = [0] * r
        Qv_sum = 0.0
        for j in range(r):
            place[j] = element(d * j - j * (j + 1) // 2 + r - j - 1, d * (d - 1) // 2)
            Qv_sum += l[place[j]] * v[j]
        Qv = q_exp * v[r] + Qv_sum
        out += Qv * Qv  # line 11
        # backward
        # line 11: return sum(Qv**2)
        dQv = 2.0 * Qv
        dq[r] = dQv * v[r] * q_exp
        for j in range(r):
            # line 10: Qv = [exp(q[r])*v[r] + sum(l[d*j - j*(j+1)//2 + r - j - 1]*v[j...
            dl[place[j]] += dQv * v[j]
            dv[j] += dQv * l[place[j]]
        dv[r] += dQv * q_exp
    return out, (dq, dl, dv)


def log_likelihood(alpha, mu, q, l, x):
    """Sum over the points x[i] of the logarithm of the mixture's density there
    (gmm.mg, line 13).

    alpha: [k] of float
    mu: [k, d] of float
    q: [k, d] of float
    l: [k, d*(d - 1)/2] of float
    x: [n, d] of float
    """
    k = len(alpha)
    d = len(mu[0]) if len(mu) else len(x[0]) if len(x) else 0
    n = len(x)
    check_shape("alpha", alpha, k)
    check_shape("mu", mu, k, d)
    check_shape("q", q, k, d)
    check_shape("l", l, k, d * (d - 1) // 2)
    check_shape("x", x, n, d)
    logsumexp_v_sum = [0.0] * k
    q_exp = [[0.0] * d for _ in range(k)]
    for c in range(k):
        q_sum = 0.0
        q_c = q[c]
        for p in range(d):
            q_sum += q_c[p]  # line 15
        logsumexp_v_sum[c] = alpha[c] + q_sum
        q_exp_c = q_exp[c]
        for r in range(d):
            q_exp_c[r] = exp(q_c[r])  # line 10
    place = [[0] * row_1 for row_1 in range(d)]
    for r in range(d):
        place_r = place[r]
        for j in range(r):
            place_r[j] = element(d * j - j * (j + 1) // 2 + r - j - 1, d * (d - 1) // 2)
    points = 0.0
    for i in range(n):
        logsumexp_v = [0.0] * k
        v_max = -inf
        x_i = x[i]
        for c in range(k):
            v = [0.0] * d
            mu_c = mu[c]
            for r in range(d):
                v[r] = x_i[r] - mu_c[r]  # line 15
            squared_length = 0.0
            l_c = l[c]
            q_exp_c = q_exp[c]
            for r in range(d):
                Qv_sum = 0.0
                place_r = place[r]
                for j in range(r):
                    Qv_sum += l_c[place_r[j]] * v[j]  # line 10
                Qv = q_exp_c[r] * v[r] + Qv_sum
                squared_length += Qv * Qv  # line 11
            logsumexp_v[c] = logsumexp_v_sum[c] - 0.5 * squared_length  # line 15
            if logsumexp_v[c] > v_max or logsumexp_v[c] != logsumexp_v[c]:
                v_max = logsumexp_v[c]
        v_others = 0.0
        v_ties = 0.0
        for c in range(k):
            v_exp = exp(logsumexp_v[c] - v_max)
            v_others += v_exp - 1.0 if logsumexp_v[c] == v_max else v_exp
            if logsumexp_v[c] == v_max:
                v_ties += 1.0
        v_logsumexp = v_max + log1p(v_others + (v_ties - 1.0))
        points += v_logsumexp
    alpha_max = -inf
    for p in range(k):
        if alpha[p] > alpha_max or alpha[p] != alpha[p]:  # line 16
            alpha_max = alpha[p]
    alpha_others = 0.0
    alpha_ties = 0.0
    for p in range(k):
        alpha_exp = exp(alpha[p] - alpha_max)
        alpha_others += alpha_exp - 1.0 if alpha[p] == alpha_max else alpha_exp
        if alpha[p] == alpha_max:
            alpha_ties += 1.0
    alpha_logsumexp = alpha_max + log1p(alpha_others + (alpha_ties - 1.0))
    return points - n * alpha_logsumexp - 0.5 * n * d * log(6.283185307179586)


def log_likelihood_value_and_grad(alpha, mu, q, l, x):
    """Sum over the points x[i] of the logarithm of the mixture's density there
    (gmm.mg, line 13), and its derivatives.

    alpha: [k] of float
    mu: [k, d] of float
    q: [k, d] of float
    l: [k, d*(d - 1)/2] of float
    x: [n, d] of float

    Returns (value, grads); grads holds those of alpha, mu, q, l, x.
    """
    k = len(alpha)
    d = len(mu[0]) if len(mu) else len(x[0]) if len(x) else 0
    n = len(x)
    check_shape("alpha", alpha, k)
    check_shape("mu", mu, k, d)
    check_shape("q", q, k, d)
    check_shape("l", l, k, d * (d - 1) // 2)
    check_shape("x", x, n, d)
    # forward
    logsumexp_v_sum = [0.0] * k
    q_exp = [[0.0] * d for _ in range(k)]
    for c in range(k):
        q_sum = 0.0
        q_c = q[c]
        for p in range(d):
            q_sum += q_c[p]  # line 15
        logsumexp_v_sum[c] = alpha[c] + q_sum
        q_exp_c = q_exp[c]
        for r in range(d):
            q_exp_c[r] = exp(q_c[r])  # line 10
    place = [[0] * row_1 for row_1 in range(d)]
    for r in range(d):
        place_r = place[r]
        for j in range(r):
            place_r[j] = element(d * j - j * (j + 1) // 2 + r - j - 1, d * (d - 1) // 2)
    points = 0.0
    dlogsumexp_v_sum = [0.0] * k
    dq_exp = [[0.0] * d for _ in range(k)]
    dmu = [[0.0] * d for _ in range(k)]
    dl = [[0.0] * (d * (d - 1) // 2) for _ in range(k)]
    dx = [[0.0] * d for _ in range(n)]
    for i in range(n):
        # forward
        v = [[0.0] * d for _ in range(k)]
        Qv = [[0.0] * d for _ in range(k)]
        logsumexp_v = [0.0] * k
        v_max = -inf
        x_i = x[i]
        for c in range(k):
            v_c = v[c]
            mu_c = mu[c]
            for r in range(d):
                v_c[r] = x_i[r] - mu_c[r]  # line 15
            squared_length = 0.0
            l_c = l[c]
            Qv_c = Qv[c]
            q_exp_c = q_exp[c]
            for r in range(d):
                Qv_sum = 0.0
                place_r = place[r]
                for j in range(r):
                    Qv_sum += l_c[place_r[j]] * v_c[j]  # line 10
                Qv_c[r] = q_exp_c[r] * v_c[r] + Qv_sum
                squared_length += Qv_c[r] ** 2  # line 11
            logsumexp_v[c] = logsumexp_v_sum[c] - 0.5 * squared_length  # line 15
            if logsumexp_v[c] > v_max or logsumexp_v[c] != logsumexp_v[c]:
                v_max = logsumexp_v[c]
        v_exp = [0.0] * k
        v_others = 0.0
        v_ties = 0.0
        for c in range(k):
            v_exp[c] = exp(logsumexp_v[c] - v_max)
            v_others += v_exp[c] - 1.0 if logsumexp_v[c] == v_max else v_exp[c]
            if logsumexp_v[c] == v_max:
                v_ties += 1.0
        v_logsumexp_sum = v_others + (v_ties - 1.0)
        v_logsumexp = v_max + log1p(v_logsumexp_sum)
        points += v_logsumexp
        # backward
        # line 15: points = sum(logsumexp(alpha[c] + sum(q[c]) - 0.5*squared_length(q...
        dv_others = 1.0 / (1.0 + v_logsumexp_sum)
        dx_i = dx[i]
        for c in range(k):
            dlogsumexp_v = dv_others * v_exp[c]
            dlogsumexp_v_sum[c] += dlogsumexp_v
            minus_dlogsumexp_v = -dlogsumexp_v
            dv = [0.0] * d
            Qv_c = Qv[c]
            dq_exp_c = dq_exp[c]
            v_c = v[c]
            q_exp_c = q_exp[c]
            l_c = l[c]
            dl_c = dl[c]
            for r in range(d):
                # line 11: return sum(Qv**2)
                dQv = minus_dlogsumexp_v * Qv_c[r]
                # line 10: Qv = [exp(q[r])*v[r] + sum(l[d*j - j*(j+1)//2 + r - j - 1]...
                dq_exp_c[r] += dQv * v_c[r]
                dv[r] += dQv * q_exp_c[r]
                place_r = place[r]
                for j in range(r):
                    dv[j] += dQv * l_c[place_r[j]]
                    dl_c[place_r[j]] += dQv * v_c[j]
            dmu_c = dmu[c]
            for r in range(d):
                dmu_c[r] -= dv[r]
                dx_i[r] += dv[r]
    alpha_max = -inf
    for p in range(k):
        if alpha[p] > alpha_max or alpha[p] != alpha[p]:  # line 16
            alpha_max = alpha[p]
    alpha_exp = [0.0] * k
    alpha_others = 0.0
    alpha_ties = 0.0
    for p in range(k):
        alpha_exp[p] = exp(alpha[p] - alpha_max)
        alpha_others += alpha_exp[p] - 1.0 if alpha[p] == alpha_max else alpha_exp[p]
        if alpha[p] == alpha_max:
            alpha_ties += 1.0
    alpha_logsumexp_sum = alpha_others + (alpha_ties - 1.0)
    alpha_logsumexp = alpha_max + log1p(alpha_logsumexp_sum)
    out = points - n * alpha_logsumexp - 0.5 * n * d * log(6.283185307179586)
    # backward
    # line 16: return points - n*logsumexp(alpha) - 0.5*n*d*log(2*pi)
    dalpha_logsumexp = -n
    dalpha_others = dalpha_logsumexp / (1.0 + alpha_logsumexp_sum)
    dalpha = [0.0] * k
    dq = [[0.0] * d for _ in range(k)]
    for c in range(k):
        dalpha[c] += dlogsumexp_v_sum[c]
        dq_c = dq[c]
        dq_exp_c = dq_exp[c]
        q_exp_c = q_exp[c]
        for r in range(d):
            # line 10: Qv = [exp(q[r])*v[r] + sum(l[d*j - j*(j+1)//2 + r - j - 1]*v[j...
            dq_c[r] += dq_exp_c[r] * q_exp_c[r]
        for p in range(d):
            dq_c[p] += dlogsumexp_v_sum[c]
    for p in range(k):
        # line 16: return points - n*logsumexp(alpha) - 0.5*n*d*log(2*pi)
        dalpha[p] += dalpha_others * alpha_exp[p]
    return out, (dalpha, dmu, dq, dl, dx)


def log_prior(q, l, wishart_gamma, wishart_m):
    """Logarithm of the Wishart density of the inverse covariances, `d + wishart_m +
    1` degrees of freedom (gmm.mg, line 18).

    q: [k, d] of float
    l: [k, d*(d - 1)/2] of float
    """
    k = len(q)
    d = len(q[0]) if len(q) else 0
    check_shape("q", q, k, d)
    check_shape("l", l, k, d * (d - 1) // 2)
    freedom = d + wishart_m + 1.0  # line 20
    q_exp_sum = 0.0
    l_squared_sum = 0.0
    q_sum = 0.0
    for i in range(k):
        q_i = q[i]
        for p in range(d):
            q_exp_sum += exp(2.0 * q_i[p])  # line 21
            q_sum += q_i[p]  # line 24
        l_i = l[i]
        for p in range(d * (d - 1) // 2):
            l_squared_sum += l_i[p] ** 2  # line 21
    squares = q_exp_sum + l_squared_sum
    freedom_lgamma_sum = 0.0
    for j in range(d):
        freedom_lgamma_sum += lgamma(0.5 * (freedom - j))  # line 22
    log_gamma_d = 0.25 * d * (d - 1) * log(3.141592653589793) + freedom_lgamma_sum
    # line 23
    log_normaliser = freedom * d * (log(wishart_gamma) - 0.5 * log(2.0)) - log_gamma_d
    return (
        0.5 * (wishart_gamma * wishart_gamma) * squares
        - wishart_m * q_sum
        - k * log_normaliser
    )


def log_prior_value_and_grad(q, l, wishart_gamma, wishart_m):
    """Logarithm of the Wishart density of the inverse covariances, `d + wishart_m +
    1` degrees of freedom (gmm.mg, line 18), and its derivatives.

    q: [k, d] of float
    l: [k, d*(d - 1)/2] of float

    Returns (value, grads); grads holds those of q, l, wishart_gamma, wishart_m.
    """
    k = len(q)
    d = len(q[0]) if len(q) else 0
    check_shape("q", q, k, d)
    check_shape("l", l, k, d * (d - 1) // 2)
    # forward
    freedom = d + wishart_m + 1.0  # line 20
    wishart_gamma_squared = wishart_gamma * wishart_gamma  # line 24
    wishart_gamma_squared_product = 0.5 * wishart_gamma_squared
    squares_sum = 0.0
    l_squared_sum = 0.0
    q_sum = 0.0
    dq = [[0.0] * d for _ in range(k)]
    for i in range(k):
        q_i = q[i]
        dq_i = dq[i]
        for p in range(d):
            # forward
            q_exp = exp(2.0 * q_i[p])  # line 21
            squares_sum += q_exp
            q_sum += q_i[p]  # line 24
            # backward
            dq_i[p] = wishart_gamma_squared_product * q_exp * 2.0 - wishart_m
        l_i = l[i]
        for p in range(d * (d - 1) // 2):
            l_squared_sum += l_i[p] ** 2  # line 21
    squares = squares_sum + l_squared_sum
    log_gamma_d_sum = 0.0
    part_of_dfreedom = 0.0
    for j in range(d):
        # forward
        log_gamma_d_product = 0.5 * (freedom - j)  # line 22
        log_gamma_d_sum += lgamma(log_gamma_d_product)
        # backward
        # line 22: log_gamma_d = 0.25*d*(d - 1)*log(pi) + sum(lgamma(0.5*(freedom - j...
        part_of_dfreedom += k * digamma(log_gamma_d_product) * 0.5
    log_gamma_d = 0.25 * d * (d - 1) * log(3.141592653589793) + log_gamma_d_sum
    log_normaliser_product = freedom * d  # line 23
    log_normaliser_difference = log(wishart_gamma) - 0.5 * log(2.0)
    log_normaliser = log_normaliser_product * log_normaliser_difference - log_gamma_d
    out = (  # line 24
        wishart_gamma_squared_product * squares - wishart_m * q_sum - k * log_normaliser
    )
    # backward
    # line 24: return 0.5*wishart_gamma**2*squares - wishart_m*sum(q) - k*log_normaliser
    dlog_normaliser = -k
    # line 20: freedom = d + wishart_m + 1
    dfreedom = dlog_normaliser * log_normaliser_difference * d + part_of_dfreedom
    dl = [[0.0] * (d * (d - 1) // 2) for _ in range(k)]
    for i in range(k):
        dl_i = dl[i]
        l_i = l[i]
        for p in range(d * (d - 1) // 2):
            dl_i[p] = wishart_gamma_squared * l_i[p]
    dwishart_gamma = (
        squares * wishart_gamma
        + dlog_normaliser * log_normaliser_product / wishart_gamma
    )
    dwishart_m = dfreedom - q_sum
    return out, (dq, dl, dwishart_gamma, dwishart_m)


def objective(alpha, mu, q, l, x, wishart_gamma=1.0, wishart_m=0.0):
    """objective of gmm.mg, line 26.

    alpha: [k] of float
    mu: [k, d] of float
    q: [k, d] of float
    l: [k, d*(d - 1)/2] of float
    x: [n, d] of float
    """
    k = len(alpha)
    d = len(mu[0]) if len(mu) else len(x[0]) if len(x) else 0
    n = len(x)
    check_shape("alpha", alpha, k)
    check_shape("mu", mu, k, d)
    check_shape("q", q, k, d)
    check_shape("l", l, k, d * (d - 1) // 2)
    check_shape("x", x, n, d)
    logsumexp_v_sum = [0.0] * k
    q_exp = [[0.0] * d for _ in range(k)]
    for c in range(k):
        q_sum = 0.0
        q_c = q[c]
        for p in range(d):
            q_sum += q_c[p]  # line 15
        logsumexp_v_sum[c] = alpha[c] + q_sum
        q_exp_c = q_exp[c]
        for r in range(d):
            q_exp_c[r] = exp(q_c[r])  # line 10
    place = [[0] * row_1 for row_1 in range(d)]
    for r in range(d):
        place_r = place[r]
        for j in range(r):
            place_r[j] = element(d * j - j * (j + 1) // 2 + r - j - 1, d * (d - 1) // 2)
    points = 0.0
    for i in range(n):
        logsumexp_v = [0.0] * k
        v_max = -inf
        x_i = x[i]
        for c in range(k):
            v = [0.0] * d
            mu_c = mu[c]
            for r in range(d):
                v[r] = x_i[r] - mu_c[r]  # line 15
            squared_length = 0.0
            l_c = l[c]
            q_exp_c = q_exp[c]
            for r in range(d):
                Qv_sum = 0.0
                place_r = place[r]
                for j in range(r):
                    Qv_sum += l_c[place_r[j]] * v[j]  # line 10
                Qv = q_exp_c[r] * v[r] + Qv_sum
                squared_length += Qv * Qv  # line 11
            logsumexp_v[c] = logsumexp_v_sum[c] - 0.5 * squared_length  # line 15
            if logsumexp_v[c] > v_max or logsumexp_v[c] != logsumexp_v[c]:
                v_max = logsumexp_v[c]
        v_others = 0.0
        v_ties = 0.0
        for c in range(k):
            v_exp = exp(logsumexp_v[c] - v_max)
            v_others += v_exp - 1.0 if logsumexp_v[c] == v_max else v_exp
            if logsumexp_v[c] == v_max:
                v_ties += 1.0
        v_logsumexp = v_max + log1p(v_others + (v_ties - 1.0))
        points += v_logsumexp
    alpha_max = -inf
    for p in range(k):
        if alpha[p] > alpha_max or alpha[p] != alpha[p]:  # line 16
            alpha_max = alpha[p]
    alpha_others = 0.0
    alpha_ties = 0.0
    for p in range(k):
        alpha_exp = exp(alpha[p] - alpha_max)
        alpha_others += alpha_exp - 1.0 if alpha[p] == alpha_max else alpha_exp
        if alpha[p] == alpha_max:
            alpha_ties += 1.0
    alpha_logsumexp = alpha_max + log1p(alpha_others + (alpha_ties - 1.0))
    freedom = d + wishart_m + 1.0  # line 20
    q_exp_sum = 0.0
    l_squared_sum = 0.0
    out_sum = 0.0
    for p in range(k):
        q_p = q[p]
        for s in range(d):
            q_exp_sum += exp(2.0 * q_p[s])  # line 21
            out_sum += q_p[s]  # line 24
        l_p = l[p]
        for s in range(d * (d - 1) // 2):
            l_squared_sum += l_p[s] ** 2  # line 21
    squares = q_exp_sum + l_squared_sum
    freedom_lgamma_sum = 0.0
    for j in range(d):
        freedom_lgamma_sum += lgamma(0.5 * (freedom - j))  # line 22
    log_gamma_d = 0.25 * d * (d - 1) * log(3.141592653589793) + freedom_lgamma_sum
    # line 23
    log_normaliser = freedom * d * (log(wishart_gamma) - 0.5 * log(2.0)) - log_gamma_d
    return (
        points
        - n * alpha_logsumexp
        - 0.5 * n * d * log(6.283185307179586)
        + (
            0.5 * (wishart_gamma * wishart_gamma) * squares
            - wishart_m * out_sum
            - k * log_normaliser
        )
    )


def objective_value_and_grad(alpha, mu, q, l, x, wishart_gamma=1.0, wishart_m=0.0):
    """objective of gmm.mg, line 26, and its derivatives.

    alpha: [k] of float
    mu: [k, d] of float
    q: [k, d] of float
    l: [k, d*(d - 1)/2] of float
    x: [n, d] of float

    Returns (value, grads); grads holds those of alpha, mu, q, l, x, wishart_gamma,
    wishart_m.
    """
    k = len(alpha)
    d = len(mu[0]) if len(mu) else len(x[0]) if len(x) else 0
    n = len(x)
    check_shape("alpha", alpha, k)
    check_shape("mu", mu, k, d)
    check_shape("q", q, k, d)
    check_shape("l", l, k, d * (d - 1) // 2)
    check_shape("x", x, n, d)
    # forward
    logsumexp_v_sum = [0.0] * k
    q_exp = [[0.0] * d for _ in range(k)]
    for c in range(k):
        q_sum = 0.0
        q_c = q[c]
        for p in range(d):
            q_sum += q_c[p]  # line 15
        logsumexp_v_sum[c] = alpha[c] + q_sum
        q_exp_c = q_exp[c]
        for r in range(d):
            q_exp_c[r] = exp(q_c[r])  # line 10
    place = [[0] * row_1 for row_1 in range(d)]
    for r in range(d):
        place_r = place[r]
        for j in range(r):
            place_r[j] = element(d * j - j * (j + 1) // 2 + r - j - 1, d * (d - 1) // 2)
    points = 0.0
    dlogsumexp_v_sum = [0.0] * k
    dq_exp = [[0.0] * d for _ in range(k)]
    dmu = [[0.0] * d for _ in range(k)]
    dl = [[0.0] * (d * (d - 1) // 2) for _ in range(k)]
    dx = [[0.0] * d for _ in range(n)]
    for i in range(n):
        # forward
        v = [[0.0] * d for _ in range(k)]
        Qv = [[0.0] * d for _ in range(k)]
        logsumexp_v = [0.0] * k
        v_max = -inf
        x_i = x[i]
        for c in range(k):
            v_c = v[c]
            mu_c = mu[c]
            for r in range(d):
                v_c[r] = x_i[r] - mu_c[r]  # line 15
            squared_length = 0.0
            l_c = l[c]
            Qv_c = Qv[c]
            q_exp_c = q_exp[c]
            for r in range(d):
                Qv_sum = 0.0
                place_r = place[r]
                for j in range(r):
                    Qv_sum += l_c[place_r[j]] * v_c[j]  # line 10
                Qv_c[r] = q_exp_c[r] * v_c[r] + Qv_sum
                squared_length += Qv_c[r] ** 2  # line 11
            logsumexp_v[c] = logsumexp_v_sum[c] - 0.5 * squared_length  # line 15
            if logsumexp_v[c] > v_max or logsumexp_v[c] != logsumexp_v[c]:
                v_max = logsumexp_v[c]
        v_exp = [0.0] * k
        v_others = 0.0
        v_ties = 0.0
        for c in range(k):
            v_exp[c] = exp(logsumexp_v[c] - v_max)
            v_others += v_exp[c] - 1.0 if logsumexp_v[c] == v_max else v_exp[c]
            if logsumexp_v[c] == v_max:
                v_ties += 1.0
        v_logsumexp_sum = v_others + (v_ties - 1.0)
        v_logsumexp = v_max + log1p(v_logsumexp_sum)
        points += v_logsumexp
        # backward
        # line 15: points = sum(logsumexp(alpha[c] + sum(q[c]) - 0.5*squared_length(q...
        dv_others = 1.0 / (1.0 + v_logsumexp_sum)
        dx_i = dx[i]
        for c in range(k):
            dlogsumexp_v = dv_others * v_exp[c]
            dlogsumexp_v_sum[c] += dlogsumexp_v
            minus_dlogsumexp_v = -dlogsumexp_v
            dv = [0.0] * d
            Qv_c = Qv[c]
            dq_exp_c = dq_exp[c]
            v_c = v[c]
            q_exp_c = q_exp[c]
            l_c = l[c]
            dl_c = dl[c]
            for r in range(d):
                # line 11: return sum(Qv**2)
                dQv = minus_dlogsumexp_v * Qv_c[r]
                # line 10: Qv = [exp(q[r])*v[r] + sum(l[d*j - j*(j+1)//2 + r - j - 1]...
                dq_exp_c[r] += dQv * v_c[r]
                dv[r] += dQv * q_exp_c[r]
                place_r = place[r]
                for j in range(r):
                    dv[j] += dQv * l_c[place_r[j]]
                    dl_c[place_r[j]] += dQv * v_c[j]
            dmu_c = dmu[c]
            for r in range(d):
                dmu_c[r] -= dv[r]
                dx_i[r] += dv[r]
    alpha_max = -inf
    for p in range(k):
        if alpha[p] > alpha_max or alpha[p] != alpha[p]:  # line 16
            alpha_max = alpha[p]
    alpha_exp = [0.0] * k
    alpha_others = 0.0
    alpha_ties = 0.0
    for p in range(k):
        alpha_exp[p] = exp(alpha[p] - alpha_max)
        alpha_others += alpha_exp[p] - 1.0 if alpha[p] == alpha_max else alpha_exp[p]
        if alpha[p] == alpha_max:
            alpha_ties += 1.0
    alpha_logsumexp_sum = alpha_others + (alpha_ties - 1.0)
    alpha_logsumexp = alpha_max + log1p(alpha_logsumexp_sum)
    freedom = d + wishart_m + 1.0  # line 20
    wishart_gamma_squared = wishart_gamma * wishart_gamma  # line 24
    wishart_gamma_squared_product = 0.5 * wishart_gamma_squared
    squares_sum = 0.0
    l_squared_sum = 0.0
    out_sum = 0.0
    dq = [[0.0] * d for _ in range(k)]
    for p in range(k):
        q_p = q[p]
        dq_p = dq[p]
        for s in range(d):
            # forward
            squares_exp = exp(2.0 * q_p[s])  # line 21
            squares_sum += squares_exp
            out_sum += q_p[s]  # line 24
            # backward
            dq_p[s] += wishart_gamma_squared_product * squares_exp * 2.0 - wishart_m
        l_p = l[p]
        for s in range(d * (d - 1) // 2):
            l_squared_sum += l_p[s] ** 2  # line 21
    squares = squares_sum + l_squared_sum
    log_gamma_d_sum = 0.0
    part_of_dfreedom = 0.0
    for j in range(d):
        # forward
        log_gamma_d_product = 0.5 * (freedom - j)  # line 22
        log_gamma_d_sum += lgamma(log_gamma_d_product)
        # backward
        # line 22: log_gamma_d = 0.25*d*(d - 1)*log(pi) + sum(lgamma(0.5*(freedom - j...
        part_of_dfreedom += k * digamma(log_gamma_d_product) * 0.5
    log_gamma_d = 0.25 * d * (d - 1) * log(3.141592653589793) + log_gamma_d_sum
    log_normaliser_product = freedom * d  # line 23
    log_normaliser_difference = log(wishart_gamma) - 0.5 * log(2.0)
    log_normaliser = log_normaliser_product * log_normaliser_difference - log_gamma_d
    out = (  # line 27
        points
        - n * alpha_logsumexp
        - 0.5 * n * d * log(6.283185307179586)
        + (
            wishart_gamma_squared_product * squares
            - wishart_m * out_sum
            - k * log_normaliser
        )
    )
    # backward
    # line 24: return 0.5*wishart_gamma**2*squares - wishart_m*sum(q) - k*log_normaliser
    dlog_normaliser = -k
    # line 20: freedom = d + wishart_m + 1
    dfreedom = dlog_normaliser * log_normaliser_difference * d + part_of_dfreedom
    # line 16: return points - n*logsumexp(alpha) - 0.5*n*d*log(2*pi)
    dalpha_logsumexp = -n
    dalpha_others = dalpha_logsumexp / (1.0 + alpha_logsumexp_sum)
    dalpha = [0.0] * k
    for c in range(k):
        dalpha[c] += dlogsumexp_v_sum[c]
        dq_c = dq[c]
        dq_exp_c = dq_exp[c]
        q_exp_c = q_exp[c]
        for r in range(d):
            # line 10: Qv = [exp(q[r])*v[r] + sum(l[d*j - j*(j+1)//2 + r - j - 1]*v[j...
            dq_c[r] += dq_exp_c[r] * q_exp_c[r]
        for p in range(d):
            dq_c[p] += dlogsumexp_v_sum[c]
    for p in range(k):
        # line 16: return points - n*logsumexp(alpha) - 0.5*n*d*log(2*pi)
        dalpha[p] += dalpha_others * alpha_exp[p]
    for p in range(k):
        dl_p = dl[p]
        l_p = l[p]
        for s in range(d * (d - 1) // 2):
            # line 21: squares = sum(exp(2*q)) + sum(l**2)
            dl_p[s] += wishart_gamma_squared * l_p[s]
    dwishart_gamma = (
        squares * wishart_gamma
        + dlog_normaliser * log_normaliser_product / wishart_gamma
    )
    dwishart_m = dfreedom - out_sum
    return out, (dalpha, dmu, dq, dl, dx, dwishart_gamma, dwishart_m)
