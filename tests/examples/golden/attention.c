/* attention.mg, compiled to C99: values and exact derivatives. */
#include <math.h>

/* attention of attention.mg, line 5. */
void attention(
    const double *x, const double *Wq, const double *Wk, const double *Wv, long n, long d, long h,
    double *work, double *out_sum
) {
    /* work holds n * h + n * n + h + n + n + n numbers */
    double *k = work;
    work += n * h;
    double *weights = work;
    work += n * n;
    double *q = work;
    work += h;
    double *causal = work;
    work += n;
    double *weight = work;
    work += n;
    double *v = work;
    for (long at = 0; at < n * h; at++) k[at] = 0.0;
    for (long j = 0; j < n; j++) {
        for (long p = 0; p < h; p++) {
            double k_total = 0.0;
            for (long r = 0; r < d; r++) {
                k_total += x[j * d + r] * Wk[p * d + r];  /* line 7 */
            }
            k[j * h + p] = k_total;
        }
    }
    const double scores_sqrt = sqrt(h);  /* line 9 */
    for (long at = 0; at < n * n; at++) weights[at] = 0.0;
    for (long i = 0; i < n; i++) {
        for (long at = 0; at < h; at++) q[at] = 0.0;
        for (long p = 0; p < h; p++) {
            double q_total = 0.0;
            for (long r = 0; r < d; r++) {
                q_total += x[i * d + r] * Wq[p * d + r];  /* line 6 */
            }
            q[p] = q_total;
        }
        for (long at = 0; at < n; at++) causal[at] = 0.0;
        double largest = -INFINITY;
        for (long j = 0; j < n; j++) {
            if (j <= i) {
                double scores_sum = 0.0;
                for (long p = 0; p < h; p++) {
                    scores_sum += q[p] * k[j * h + p];  /* line 9 */
                }
                const double scores = scores_sum / scores_sqrt;
                causal[j] = scores;  /* line 10 */
            } else {
                causal[j] = -1000000000.0;
            }
            if (causal[j] > largest || causal[j] != causal[j]) largest = causal[j];  /* line 11 */
        }
        for (long at = 0; at < n; at++) weight[at] = 0.0;
        double weights_sum = 0.0;
        for (long j = 0; j < n; j++) {
            weight[j] = exp(causal[j] - largest);
            weights_sum += weight[j];
        }
        for (long j = 0; j < n; j++) {
            weights[i * n + j] = weight[j] / weights_sum;
        }
    }
    for (long at = 0; at < n * h; at++) out_sum[at] = 0.0;
    for (long p = 0; p < h; p++) {
        for (long at = 0; at < n; at++) v[at] = 0.0;
        for (long j = 0; j < n; j++) {
            double v_total = 0.0;
            for (long r = 0; r < d; r++) {
                v_total += x[j * d + r] * Wv[p * d + r];  /* line 8 */
            }
            v[j] = v_total;
        }
        for (long i = 0; i < n; i++) {
            double out_sum_total = 0.0;
            for (long j = 0; j < n; j++) {
                out_sum_total += weights[i * n + j] * v[j];  /* line 12 */
            }
            out_sum[i * h + p] = out_sum_total;
        }
    }
}

/* attention of attention.mg, line 5, and its derivatives. */
void attention_vjp(
    const double *x, const double *Wq, const double *Wk, const double *Wv, const double *dout, long n, long d,
    long h, double *work, double *out, double *dx, double *dWq, double *dWk, double *dWv
) {
    /* work holds n * h + h * n + n * n + n * n + n * h + h + n + n + h + n numbers */
    double *k = work;
    work += n * h;
    double *v = work;
    work += h * n;
    double *dweights = work;
    work += n * n;
    double *weights = work;
    work += n * n;
    double *dk = work;
    work += n * h;
    double *q = work;
    work += h;
    double *causal = work;
    work += n;
    double *weight = work;
    work += n;
    double *dq = work;
    work += h;
    double *dv = work;
    for (long at = 0; at < n * h; at++) k[at] = 0.0;
    for (long j = 0; j < n; j++) {
        for (long p = 0; p < h; p++) {
            double k_total = 0.0;
            for (long r = 0; r < d; r++) {
                k_total += x[j * d + r] * Wk[p * d + r];  /* line 7 */
            }
            k[j * h + p] = k_total;
        }
    }
    const double scores_sqrt = sqrt(h);  /* line 9 */
    for (long at = 0; at < h * n; at++) v[at] = 0.0;
    for (long at = 0; at < n * n; at++) dweights[at] = 0.0;
    for (long p = 0; p < h; p++) {
        for (long j = 0; j < n; j++) {
            double v_total = 0.0;
            for (long r = 0; r < d; r++) {
                v_total += x[j * d + r] * Wv[p * d + r];  /* line 8 */
            }
            v[p * n + j] = v_total;
        }
        for (long i = 0; i < n; i++) {
            for (long j = 0; j < n; j++) {
                dweights[i * n + j] += dout[i * h + p] * v[p * n + j];  /* line 12 */
            }
        }
    }
    for (long at = 0; at < n * n; at++) weights[at] = 0.0;
    for (long at = 0; at < n * h; at++) dk[at] = 0.0;
    for (long at = 0; at < n * d; at++) dx[at] = 0.0;
    for (long at = 0; at < h * d; at++) dWq[at] = 0.0;
    for (long i = 0; i < n; i++) {
        for (long at = 0; at < h; at++) q[at] = 0.0;
        for (long p = 0; p < h; p++) {
            double q_total = 0.0;
            for (long r = 0; r < d; r++) {
                q_total += x[i * d + r] * Wq[p * d + r];  /* line 6 */
            }
            q[p] = q_total;
        }
        for (long at = 0; at < n; at++) causal[at] = 0.0;
        double largest = -INFINITY;
        for (long j = 0; j < n; j++) {
            if (j <= i) {
                double scores_sum = 0.0;
                for (long p = 0; p < h; p++) {
                    scores_sum += q[p] * k[j * h + p];  /* line 9 */
                }
                const double scores = scores_sum / scores_sqrt;
                causal[j] = scores;  /* line 10 */
            } else {
                causal[j] = -1000000000.0;
            }
            if (causal[j] > largest || causal[j] != causal[j]) largest = causal[j];  /* line 11 */
        }
        for (long at = 0; at < n; at++) weight[at] = 0.0;
        double weights_sum = 0.0;
        for (long j = 0; j < n; j++) {
            weight[j] = exp(causal[j] - largest);
            weights_sum += weight[j];
        }
        double dweights_sum = 0.0;
        for (long j = 0; j < n; j++) {
            weights[i * n + j] = weight[j] / weights_sum;
            dweights_sum += dweights[i * n + j] * (-weights[i * n + j] / weights_sum);
        }
        for (long at = 0; at < h; at++) dq[at] = 0.0;
        for (long j = 0; j < n; j++) {
            const double dweight = dweights[i * n + j] / weights_sum + dweights_sum;
            if (dweight != 0.0) {
                if (j <= i) {
                    const double dcausal = dweight * weight[j];
                    const double dscores_sum = dcausal / scores_sqrt;  /* line 9 */
                    for (long p = 0; p < h; p++) {
                        dq[p] += dscores_sum * k[j * h + p];
                        dk[j * h + p] += dscores_sum * q[p];
                    }
                }
            }
        }
        for (long p = 0; p < h; p++) {
            for (long r = 0; r < d; r++) {
                dx[i * d + r] += dq[p] * Wq[p * d + r];
                dWq[p * d + r] += dq[p] * x[i * d + r];
            }
        }
    }
    for (long at = 0; at < n * h; at++) out[at] = 0.0;
    for (long p = 0; p < h; p++) {
        for (long i = 0; i < n; i++) {
            double out_total = 0.0;
            for (long j = 0; j < n; j++) {
                out_total += weights[i * n + j] * v[p * n + j];  /* line 12 */
            }
            out[i * h + p] = out_total;
        }
    }
    for (long at = 0; at < h * d; at++) dWv[at] = 0.0;
    for (long p = 0; p < h; p++) {
        for (long at = 0; at < n; at++) dv[at] = 0.0;
        for (long i = 0; i < n; i++) {
            for (long j = 0; j < n; j++) {
                dv[j] += dout[i * h + p] * weights[i * n + j];
            }
        }
        for (long j = 0; j < n; j++) {
            for (long r = 0; r < d; r++) {
                dx[j * d + r] += dv[j] * Wv[p * d + r];
                dWv[p * d + r] += dv[j] * x[j * d + r];
            }
        }
    }
    for (long at = 0; at < h * d; at++) dWk[at] = 0.0;
    for (long j = 0; j < n; j++) {
        for (long p = 0; p < h; p++) {
            for (long r = 0; r < d; r++) {
                dx[j * d + r] += dk[j * h + p] * Wk[p * d + r];
                dWk[p * d + r] += dk[j * h + p] * x[j * d + r];
            }
        }
    }
}
