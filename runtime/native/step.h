/* A step of gradient descent on numbers of a type REAL: the arithmetic of training/optimisers.py, in its order, so that
   it makes the same bits. `p` are parameters, `g` derivatives, `m` and `v` running means. 0: some are not finite, or so
   large that their norm may not be; then no number was changed. */

static int STEP(const Rule *by, double rate, double steps, Py_ssize_t n, REAL *restrict p, REAL *restrict g,
                REAL *restrict m, REAL *restrict v) {
    const REAL r = (REAL)rate, decay = (REAL)by->decay, pull = (REAL)(rate * by->decay), kept = (REAL)by->momentum;
    const REAL b = (REAL)by->beta1, c = (REAL)by->beta2, epsilon = (REAL)by->epsilon;
    const REAL rest_b = (REAL)(1.0 - by->beta1), rest_c = (REAL)(1.0 - by->beta2);
    int large = 0;
    for (Py_ssize_t i = 0; i < n; i++) large |= !(g[i] <= LARGE && g[i] >= -LARGE);
    if (large) return 0;
    if (by->decay != 0.0 && by->number != ADAMW) for (Py_ssize_t i = 0; i < n; i++) g[i] = g[i] + decay * p[i];
    if (by->decay != 0.0 && by->number == ADAMW) for (Py_ssize_t i = 0; i < n; i++) p[i] = p[i] - pull * p[i];
    if (by->number == SGD) for (Py_ssize_t i = 0; i < n; i++) p[i] = p[i] - r * g[i];
    else if (by->number == MOMENTUM) for (Py_ssize_t i = 0; i < n; i++) {
        m[i] = kept * m[i] + g[i];
        p[i] = p[i] - r * m[i];
    } else if (by->number == NESTEROV) for (Py_ssize_t i = 0; i < n; i++) {
        m[i] = kept * m[i] + g[i];
        p[i] = p[i] - r * (g[i] + kept * m[i]);
    } else {
        const REAL bias_m = (REAL)(1.0 - pow(by->beta1, steps)), bias_v = (REAL)(1.0 - pow(by->beta2, steps));
        for (Py_ssize_t i = 0; i < n; i++) {
            m[i] = b * m[i] + rest_b * g[i];
            v[i] = c * v[i] + rest_c * g[i] * g[i];
            p[i] = p[i] - r * ((m[i] / bias_m) / (ROOT(v[i] / bias_v) + epsilon));
        }
    }
    return 1;
}
