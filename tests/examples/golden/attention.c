/* attention.mg, compiled to C99: values and exact derivatives. */
#include <math.h>
#include <stddef.h>
#include <stdint.h>

#ifndef MGC_STATUS
#define MGC_STATUS
/* What a call came to; where it failed, in which line of the model, and its results mean nothing. */
enum mgc_error { MGC_OK = 0, MGC_INDEX = 1, MGC_ZERO_DIVISION = 2, MGC_OVERFLOW = 3, MGC_REQUIRE = 4 };
typedef struct {
    enum mgc_error error;
    int line;
} mgc_status;
#endif

/* attention of attention.mg, line 5. */
mgc_status attention(
    const double *restrict x, const double *restrict Wq, const double *restrict Wk, const double *restrict Wv,
    int64_t n, int64_t d, int64_t h, void *restrict work, double *restrict out
) {
    double *k = work;
    double *weights = k + n * h;
    double *q = weights + n * n;
    double *causal = q + h;
    double *causal_exp = causal + n;
    double *v = causal_exp + n;
    for (int64_t j = 0; j < n; j++) {
        for (int64_t p = 0; p < h; p++) {
            double k_total = 0.0;
            for (int64_t r = 0; r < d; r++) {
                k_total += x[j * d + r] * Wk[p * d + r];  /* line 7 */
            }
            k[j * h + p] = k_total;
        }
    }
    const double h_sqrt = sqrt(h);  /* line 9 */
    for (int64_t i = 0; i < n; i++) {
        for (int64_t p = 0; p < h; p++) {
            double q_total = 0.0;
            for (int64_t r = 0; r < d; r++) {
                q_total += x[i * d + r] * Wq[p * d + r];  /* line 6 */
            }
            q[p] = q_total;
        }
        for (int64_t at = 0; at < n; at++) causal[at] = 0.0;
        double causal_max = -INFINITY;
        for (int64_t j = 0; j < n; j++) {
            if (j <= i) {
                double scores_sum = 0.0;
                for (int64_t p = 0; p < h; p++) {
                    scores_sum += q[p] * k[j * h + p];  /* line 9 */
                }
                const double scores = scores_sum / h_sqrt;
                causal[j] = scores;  /* line 10 */
            } else {
                causal[j] = -1000000000.0;
            }
            if (causal[j] > causal_max || causal[j] != causal[j]) causal_max = causal[j];  /* line 11 */
        }
        double causal_exp_sum = 0.0;
        for (int64_t j = 0; j < n; j++) {
            causal_exp[j] = exp(causal[j] - causal_max);
            causal_exp_sum += causal_exp[j];
        }
        for (int64_t j = 0; j < n; j++) {
            weights[i * n + j] = causal_exp[j] / causal_exp_sum;
        }
    }
    for (int64_t at = 0; at < n * h; at++) out[at] = 0.0;
    for (int64_t p = 0; p < h; p++) {
        for (int64_t j = 0; j < n; j++) {
            double v_total = 0.0;
            for (int64_t r = 0; r < d; r++) {
                v_total += x[j * d + r] * Wv[p * d + r];  /* line 8 */
            }
            v[j] = v_total;
        }
        for (int64_t i = 0; i < n; i++) {
            double out_total = 0.0;
            for (int64_t j = 0; j < n; j++) {
                out_total += weights[i * n + j] * v[j];  /* line 12 */
            }
            out[i * h + p] = out_total;
        }
    }
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of attention has. */
size_t attention_workspace(int64_t n, int64_t h) {
    double work = 0.0;
    work += (double)n * h;
    work += (double)n * n;
    work += h;
    work += 3.0 * n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* attention of attention.mg, line 5, and its derivatives. */
mgc_status attention_vjp(
    const double *restrict x, const double *restrict Wq, const double *restrict Wk, const double *restrict Wv,
    const double *restrict dout, int64_t n, int64_t d, int64_t h, void *restrict work, double *restrict out,
    double *restrict dx, double *restrict dWq, double *restrict dWk, double *restrict dWv
) {
    double *k = work;
    double *v = k + n * h;
    double *dweights = v + h * n;
    double *weights = dweights + n * n;
    double *dk = weights + n * n;
    double *q = dk + n * h;
    double *causal = q + h;
    double *causal_exp = causal + n;
    double *dq = causal_exp + n;
    double *dv = dq + h;
    for (int64_t j = 0; j < n; j++) {
        for (int64_t p = 0; p < h; p++) {
            double k_total = 0.0;
            for (int64_t r = 0; r < d; r++) {
                k_total += x[j * d + r] * Wk[p * d + r];  /* line 7 */
            }
            k[j * h + p] = k_total;
        }
    }
    const double h_sqrt = sqrt(h);  /* line 9 */
    for (int64_t at = 0; at < n * n; at++) dweights[at] = 0.0;
    for (int64_t p = 0; p < h; p++) {
        for (int64_t j = 0; j < n; j++) {
            double v_total = 0.0;
            for (int64_t r = 0; r < d; r++) {
                v_total += x[j * d + r] * Wv[p * d + r];  /* line 8 */
            }
            v[p * n + j] = v_total;
        }
        for (int64_t i = 0; i < n; i++) {
            for (int64_t j = 0; j < n; j++) {
                dweights[i * n + j] += dout[i * h + p] * v[p * n + j];  /* line 12 */
            }
        }
    }
    for (int64_t at = 0; at < n * h; at++) dk[at] = 0.0;
    for (int64_t at = 0; at < n * d; at++) dx[at] = 0.0;
    for (int64_t at = 0; at < h * d; at++) dWq[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t p = 0; p < h; p++) {
            double q_total = 0.0;
            for (int64_t r = 0; r < d; r++) {
                q_total += x[i * d + r] * Wq[p * d + r];  /* line 6 */
            }
            q[p] = q_total;
        }
        for (int64_t at = 0; at < n; at++) causal[at] = 0.0;
        double causal_max = -INFINITY;
        for (int64_t j = 0; j < n; j++) {
            if (j <= i) {
                double scores_sum = 0.0;
                for (int64_t p = 0; p < h; p++) {
                    scores_sum += q[p] * k[j * h + p];  /* line 9 */
                }
                const double scores = scores_sum / h_sqrt;
                causal[j] = scores;  /* line 10 */
            } else {
                causal[j] = -1000000000.0;
            }
            if (causal[j] > causal_max || causal[j] != causal[j]) causal_max = causal[j];  /* line 11 */
        }
        double causal_exp_sum = 0.0;
        for (int64_t j = 0; j < n; j++) {
            causal_exp[j] = exp(causal[j] - causal_max);
            causal_exp_sum += causal_exp[j];
        }
        double dcausal_exp_sum = 0.0;
        for (int64_t j = 0; j < n; j++) {
            weights[i * n + j] = causal_exp[j] / causal_exp_sum;
            dcausal_exp_sum -= dweights[i * n + j] * (weights[i * n + j] / causal_exp_sum);
        }
        for (int64_t at = 0; at < h; at++) dq[at] = 0.0;
        for (int64_t j = 0; j < n; j++) {
            const double dcausal_exp = dweights[i * n + j] / causal_exp_sum + dcausal_exp_sum;
            if (dcausal_exp != 0.0) {
                if (j <= i) {
                    const double dcausal = dcausal_exp * causal_exp[j];
                    const double dscores_sum = dcausal / h_sqrt;  /* line 9 */
                    for (int64_t p = 0; p < h; p++) {
                        dq[p] += dscores_sum * k[j * h + p];
                        dk[j * h + p] += dscores_sum * q[p];
                    }
                }
            }
        }
        for (int64_t p = 0; p < h; p++) {
            for (int64_t r = 0; r < d; r++) {
                dx[i * d + r] += dq[p] * Wq[p * d + r];
                dWq[p * d + r] += dq[p] * x[i * d + r];
            }
        }
    }
    for (int64_t at = 0; at < n * h; at++) out[at] = 0.0;
    for (int64_t p = 0; p < h; p++) {
        for (int64_t i = 0; i < n; i++) {
            double out_total = 0.0;
            for (int64_t j = 0; j < n; j++) {
                out_total += weights[i * n + j] * v[p * n + j];  /* line 12 */
            }
            out[i * h + p] = out_total;
        }
    }
    for (int64_t at = 0; at < h * d; at++) dWv[at] = 0.0;
    for (int64_t p = 0; p < h; p++) {
        for (int64_t at = 0; at < n; at++) dv[at] = 0.0;
        for (int64_t i = 0; i < n; i++) {
            for (int64_t j = 0; j < n; j++) {
                dv[j] += dout[i * h + p] * weights[i * n + j];
            }
        }
        for (int64_t j = 0; j < n; j++) {
            for (int64_t r = 0; r < d; r++) {
                dx[j * d + r] += dv[j] * Wv[p * d + r];
                dWv[p * d + r] += dv[j] * x[j * d + r];
            }
        }
    }
    for (int64_t at = 0; at < h * d; at++) dWk[at] = 0.0;
    for (int64_t j = 0; j < n; j++) {
        for (int64_t p = 0; p < h; p++) {
            for (int64_t r = 0; r < d; r++) {
                dx[j * d + r] += dk[j * h + p] * Wk[p * d + r];
                dWk[p * d + r] += dk[j * h + p] * x[j * d + r];
            }
        }
    }
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of attention_vjp has. */
size_t attention_vjp_workspace(int64_t n, int64_t h) {
    double work = 0.0;
    work += 2.0 * n * h;
    work += (double)h * n;
    work += 2.0 * n * n;
    work += 2.0 * h;
    work += 3.0 * n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}
