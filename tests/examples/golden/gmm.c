/* gmm.mg, compiled to C99: values and exact derivatives. */
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

static void mgc_fail(mgc_status *status, enum mgc_error error, int line) {  /* what failed first stays */
    if (status->error == MGC_OK) {
        status->error = error;
        status->line = line;
    }
}

static int64_t floor_divide(int64_t i, int64_t n) {
    return n != 0 ? i / n - (i % n != 0 && (i < 0) != (n < 0)) : 0;
}

static int64_t checked_add(int64_t i, int64_t j, mgc_status *status, int line) {
    if (j > 0 ? i <= INT64_MAX - j : i >= -INT64_MAX - j) return i + j;
    mgc_fail(status, MGC_OVERFLOW, line);
    return 0;
}

static int64_t checked_subtract(int64_t i, int64_t j, mgc_status *status, int line) {
    return checked_add(i, -j, status, line);
}

static int64_t larger(int64_t i, int64_t j) { return i > j ? i : j; }

static double cos_pi(double x) {
    const double turn = fabs(remainder(x, 2.0));
    double turn_sin = 0.0;
    if (turn > 0.25) {
        turn_sin = sin(3.141592653589793 * (0.5 - turn));
    }
    return turn > 0.25 ? turn_sin : cos(3.141592653589793 * turn);
}

static double sin_pi(double x) {
    const double turn = remainder(x, 2.0);
    const double turn_abs = fabs(turn);
    double out_copysign = 0.0;
    if (!(turn_abs <= 0.5)) {
        out_copysign = copysign(sin(3.141592653589793 * (1.0 - turn_abs)), turn);
    }
    return turn_abs <= 0.5 ? sin(3.141592653589793 * turn) : out_copysign;
}

static double digamma(double x) {
    double reflected = 0.0;
    if (!(x < 0.0 && x == floor(x))) {
        double z = 0.0;
        if (x >= 0.5) {
            z = x;
        } else {
            z = 1.0 - x;
        }
        const double z_sum = z + 10.0;
        const double r = 1.0 / z_sum;
        const double u = r * r;
        const double series_product = u * (0.007575757575757576 - u * (0.021092796092796094 - u / 12.0));
        const double series_product_2 = u * (0.003968253968253968 - u * (0.004166666666666667 - series_product));
        const double series = u * (0.08333333333333333 - u * (0.008333333333333333 - series_product_2));
        double z_inverse_sum = 0.0;
        for (int64_t k = 0; k < 10; k++) {
            z_inverse_sum += 1.0 / (z + k);
        }
        const double right = log(z_sum) - 0.5 * r - series - z_inverse_sum;
        if (x >= 0.5) {
            reflected = right;
        } else {
            const double reflected_difference = right - 3.141592653589793 * cos_pi(x) / sin_pi(x);
            reflected = reflected_difference;
        }
    }
    return x < 0.0 && x == floor(x) ? NAN : reflected;
}

/* |Q @ v|**2: the squared Mahalanobis length of v (gmm.mg, line 8). */
mgc_status squared_length(
    const double *restrict q, const double *restrict l, const double *restrict v, int64_t d,
    double *restrict out
) {
    mgc_status status = {MGC_OK, 0};
    double out_total = 0.0;
    for (int64_t r = 0; r < d; r++) {
        double Qv_sum = 0.0;
        for (int64_t j = 0; j < r; j++) {
            const int64_t place = checked_subtract(checked_subtract(checked_add(d * j - floor_divide(j * (j + 1), 2), r, &status, 10), j, &status, 10), 1, &status, 10);  /* line 10 */
            if (place < 0 || place >= d * (d - 1) / 2) {
                mgc_fail(&status, MGC_INDEX, 10);
                return status;
            }
            Qv_sum += l[place] * v[j];
        }
        const double Qv = exp(q[r]) * v[r] + Qv_sum;
        out_total += Qv * Qv;  /* line 11 */
    }
    *out = out_total;
    return status;
}

/* |Q @ v|**2: the squared Mahalanobis length of v (gmm.mg, line 8), and its derivatives. */
mgc_status squared_length_value_and_grad(
    const double *restrict q, const double *restrict l, const double *restrict v, int64_t d,
    void *restrict work, double *restrict out, double *restrict dq, double *restrict dl, double *restrict dv
) {
    mgc_status status = {MGC_OK, 0};
    int64_t *place = work;
    double out_total = 0.0;
    for (int64_t at = 0; at < d; at++) dq[at] = 0.0;
    for (int64_t at = 0; at < d * (d - 1) / 2; at++) dl[at] = 0.0;
    for (int64_t at = 0; at < d; at++) dv[at] = 0.0;
    for (int64_t r = 0; r < d; r++) {
        const double q_exp = exp(q[r]);  /* line 10 */
        double Qv_sum = 0.0;
        for (int64_t j = 0; j < r; j++) {
            place[j] = checked_subtract(checked_subtract(checked_add(d * j - floor_divide(j * (j + 1), 2), r, &status, 10), j, &status, 10), 1, &status, 10);
            if (place[j] < 0 || place[j] >= d * (d - 1) / 2) {
                mgc_fail(&status, MGC_INDEX, 10);
                return status;
            }
            Qv_sum += l[place[j]] * v[j];
        }
        const double Qv = q_exp * v[r] + Qv_sum;
        out_total += Qv * Qv;  /* line 11 */
        const double dQv = 2.0 * Qv;
        const double dq_exp = dQv * v[r];  /* line 10 */
        if (dq_exp != 0.0) {
            dq[r] = dq_exp * q_exp;
        }
        for (int64_t j = 0; j < r; j++) {
            dl[place[j]] += dQv * v[j];
            dv[j] += dQv * l[place[j]];
        }
        dv[r] += dQv * q_exp;
    }
    *out = out_total;
    return status;
}

/* How many bytes `work` of squared_length_value_and_grad has. */
size_t squared_length_value_and_grad_workspace(int64_t d) {
    double work = 0.0;
    work += larger(d - 1, 0);
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* Sum over the points x[i] of the logarithm of the mixture's density there (gmm.mg, line 13). */
mgc_status log_likelihood(
    const double *restrict alpha, const double *restrict mu, const double *restrict q,
    const double *restrict l, const double *restrict x, int64_t k, int64_t d, int64_t n, void *restrict work,
    double *restrict out
) {
    mgc_status status = {MGC_OK, 0};
    double *logsumexp_v_sum = work;
    double *q_exp = logsumexp_v_sum + k;
    int64_t *place = (int64_t *)(q_exp + k * d);
    double *logsumexp_v = (double *)(place + d * (d - 1));
    double *v = logsumexp_v + k;
    for (int64_t c = 0; c < k; c++) {
        double q_sum = 0.0;
        for (int64_t p = 0; p < d; p++) {
            q_sum += q[c * d + p];  /* line 15 */
        }
        logsumexp_v_sum[c] = alpha[c] + q_sum;
        for (int64_t r = 0; r < d; r++) {
            q_exp[c * d + r] = exp(q[c * d + r]);  /* line 10 */
        }
    }
    for (int64_t at = 0; at < d * (d - 1); at++) place[at] = 0;
    for (int64_t r = 0; r < d; r++) {
        for (int64_t j = 0; j < r; j++) {
            place[r * (d - 1) + j] = checked_subtract(checked_subtract(checked_add(d * j - floor_divide(j * (j + 1), 2), r, &status, 10), j, &status, 10), 1, &status, 10);
            if (place[r * (d - 1) + j] < 0 || place[r * (d - 1) + j] >= d * (d - 1) / 2) {
                mgc_fail(&status, MGC_INDEX, 10);
                return status;
            }
        }
    }
    double points = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double v_max = -INFINITY;
        for (int64_t c = 0; c < k; c++) {
            for (int64_t r = 0; r < d; r++) {
                v[r] = x[i * d + r] - mu[c * d + r];  /* line 15 */
            }
            double squared_length = 0.0;
            for (int64_t r = 0; r < d; r++) {
                double Qv_sum = 0.0;
                for (int64_t j = 0; j < r; j++) {
                    Qv_sum += l[c * (d * (d - 1) / 2) + place[r * (d - 1) + j]] * v[j];  /* line 10 */
                }
                const double Qv = q_exp[c * d + r] * v[r] + Qv_sum;
                squared_length += Qv * Qv;  /* line 11 */
            }
            logsumexp_v[c] = logsumexp_v_sum[c] - 0.5 * squared_length;  /* line 15 */
            if (logsumexp_v[c] > v_max || logsumexp_v[c] != logsumexp_v[c]) v_max = logsumexp_v[c];
        }
        double v_logsumexp2 = 0.0;
        if (v_max == -INFINITY) {
            v_logsumexp2 = v_max;
        } else {
            double v_logsumexp = 0.0;
            if (!(v_max == INFINITY)) {
                double v_others = 0.0;
                double v_ties = 0.0;
                for (int64_t c = 0; c < k; c++) {
                    const double v_exp = exp(logsumexp_v[c] - v_max);
                    v_others += logsumexp_v[c] == v_max ? v_exp - 1.0 : v_exp;
                    if (logsumexp_v[c] == v_max) {
                        v_ties += 1.0;
                    }
                }
                v_logsumexp = v_max + log1p(v_others + (v_ties - 1.0));
            }
            v_logsumexp2 = v_max == INFINITY ? v_max : v_logsumexp;
        }
        points += v_logsumexp2;
    }
    double alpha_max = -INFINITY;
    for (int64_t p = 0; p < k; p++) {
        if (alpha[p] > alpha_max || alpha[p] != alpha[p]) alpha_max = alpha[p];  /* line 16 */
    }
    double alpha_logsumexp = 0.0;
    if (!(alpha_max == -INFINITY)) {
        if (!(alpha_max == INFINITY)) {
            double alpha_others = 0.0;
            double alpha_ties = 0.0;
            for (int64_t p = 0; p < k; p++) {
                const double alpha_exp = exp(alpha[p] - alpha_max);
                alpha_others += alpha[p] == alpha_max ? alpha_exp - 1.0 : alpha_exp;
                if (alpha[p] == alpha_max) {
                    alpha_ties += 1.0;
                }
            }
            alpha_logsumexp = alpha_max + log1p(alpha_others + (alpha_ties - 1.0));
        }
    }
    *out = points - n * (alpha_max == -INFINITY ? alpha_max : alpha_max == INFINITY ? alpha_max : alpha_logsumexp) - 0.5 * n * d * log(6.283185307179586);
    return status;
}

/* How many bytes `work` of log_likelihood has. */
size_t log_likelihood_workspace(int64_t k, int64_t d) {
    double work = 0.0;
    work += 2.0 * k;
    work += (double)k * d;
    work += (double)d * (d - 1);
    work += d;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* Sum over the points x[i] of the logarithm of the mixture's density there (gmm.mg, line 13), and its derivatives. */
mgc_status log_likelihood_value_and_grad(
    const double *restrict alpha, const double *restrict mu, const double *restrict q,
    const double *restrict l, const double *restrict x, int64_t k, int64_t d, int64_t n, void *restrict work,
    double *restrict out, double *restrict dalpha, double *restrict dmu, double *restrict dq,
    double *restrict dl, double *restrict dx
) {
    mgc_status status = {MGC_OK, 0};
    double *logsumexp_v_sum = work;
    double *q_exp = logsumexp_v_sum + k;
    int64_t *place = (int64_t *)(q_exp + k * d);
    double *dlogsumexp_v_sum = (double *)(place + d * (d - 1));
    double *dq_exp = dlogsumexp_v_sum + k;
    double *v = dq_exp + k * d;
    double *Qv = v + k * d;
    double *logsumexp_v = Qv + k * d;
    double *dQv = logsumexp_v + k;
    double *dlogsumexp_v = dQv + k * d;
    double *v_exp = dlogsumexp_v + k;
    double *dv = v_exp + k;
    double *part_of_dalpha_2 = dv + d;
    double *alpha_exp = part_of_dalpha_2 + k;
    for (int64_t c = 0; c < k; c++) {
        double q_sum = 0.0;
        for (int64_t p = 0; p < d; p++) {
            q_sum += q[c * d + p];  /* line 15 */
        }
        logsumexp_v_sum[c] = alpha[c] + q_sum;
        for (int64_t r = 0; r < d; r++) {
            q_exp[c * d + r] = exp(q[c * d + r]);  /* line 10 */
        }
    }
    for (int64_t at = 0; at < d * (d - 1); at++) place[at] = 0;
    for (int64_t r = 0; r < d; r++) {
        for (int64_t j = 0; j < r; j++) {
            place[r * (d - 1) + j] = checked_subtract(checked_subtract(checked_add(d * j - floor_divide(j * (j + 1), 2), r, &status, 10), j, &status, 10), 1, &status, 10);
            if (place[r * (d - 1) + j] < 0 || place[r * (d - 1) + j] >= d * (d - 1) / 2) {
                mgc_fail(&status, MGC_INDEX, 10);
                return status;
            }
        }
    }
    double points = 0.0;
    for (int64_t at = 0; at < k; at++) dlogsumexp_v_sum[at] = 0.0;
    for (int64_t at = 0; at < k * d; at++) dq_exp[at] = 0.0;
    for (int64_t at = 0; at < k * d; at++) dmu[at] = 0.0;
    for (int64_t at = 0; at < k * (d * (d - 1) / 2); at++) dl[at] = 0.0;
    for (int64_t at = 0; at < n * d; at++) dx[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double v_max = -INFINITY;
        for (int64_t c = 0; c < k; c++) {
            for (int64_t r = 0; r < d; r++) {
                v[c * d + r] = x[i * d + r] - mu[c * d + r];  /* line 15 */
            }
            double squared_length = 0.0;
            for (int64_t r = 0; r < d; r++) {
                double Qv_sum = 0.0;
                for (int64_t j = 0; j < r; j++) {
                    Qv_sum += l[c * (d * (d - 1) / 2) + place[r * (d - 1) + j]] * v[c * d + j];  /* line 10 */
                }
                Qv[c * d + r] = q_exp[c * d + r] * v[c * d + r] + Qv_sum;
                squared_length += Qv[c * d + r] * Qv[c * d + r];  /* line 11 */
            }
            logsumexp_v[c] = logsumexp_v_sum[c] - 0.5 * squared_length;  /* line 15 */
            if (logsumexp_v[c] > v_max || logsumexp_v[c] != logsumexp_v[c]) v_max = logsumexp_v[c];
        }
        double v_logsumexp2 = 0.0;
        for (int64_t at = 0; at < k * d; at++) dQv[at] = 0.0;
        if (v_max == -INFINITY) {
            v_logsumexp2 = v_max;
        } else {
            double v_ties = 0.0;
            for (int64_t c = 0; c < k; c++) {
                if (logsumexp_v[c] == v_max) {
                    v_ties += 1.0;
                }
            }
            double v_logsumexp = 0.0;
            for (int64_t at = 0; at < k; at++) dlogsumexp_v[at] = 0.0;
            if (v_max == INFINITY) {
                for (int64_t c = 0; c < k; c++) {
                    const double part_of_dlogsumexp_v = logsumexp_v[c] == v_max ? 1.0 / v_ties : 0.0;
                    dlogsumexp_v[c] = part_of_dlogsumexp_v;
                }
            } else {
                double v_others = 0.0;
                for (int64_t c = 0; c < k; c++) {
                    v_exp[c] = exp(logsumexp_v[c] - v_max);
                    v_others += logsumexp_v[c] == v_max ? v_exp[c] - 1.0 : v_exp[c];
                }
                const double v_logsumexp_sum = v_others + (v_ties - 1.0);
                v_logsumexp = v_max + log1p(v_logsumexp_sum);
                const double dv_others = v_logsumexp_sum >= -1.0 ? 1.0 / (1.0 + v_logsumexp_sum) : NAN;
                for (int64_t c = 0; c < k; c++) {
                    dlogsumexp_v[c] = dv_others != 0.0 ? dv_others * v_exp[c] : 0.0;
                }
            }
            v_logsumexp2 = v_max == INFINITY ? v_max : v_logsumexp;
            for (int64_t c = 0; c < k; c++) {
                dlogsumexp_v_sum[c] += dlogsumexp_v[c];
                const double minus_dlogsumexp_v = -dlogsumexp_v[c];
                for (int64_t r = 0; r < d; r++) {
                    dQv[c * d + r] = minus_dlogsumexp_v * Qv[c * d + r];  /* line 11 */
                    dq_exp[c * d + r] += dQv[c * d + r] * v[c * d + r];  /* line 10 */
                    for (int64_t j = 0; j < r; j++) {
                        dl[c * (d * (d - 1) / 2) + place[r * (d - 1) + j]] += dQv[c * d + r] * v[c * d + j];
                    }
                }
            }
        }
        points += v_logsumexp2;  /* line 15 */
        for (int64_t c = 0; c < k; c++) {
            for (int64_t at = 0; at < d; at++) dv[at] = 0.0;
            if (!(v_max == -INFINITY)) {
                for (int64_t r = 0; r < d; r++) {
                    dv[r] += dQv[c * d + r] * q_exp[c * d + r];
                    for (int64_t j = 0; j < r; j++) {
                        dv[j] += dQv[c * d + r] * l[c * (d * (d - 1) / 2) + place[r * (d - 1) + j]];
                    }
                }
            }
            for (int64_t r = 0; r < d; r++) {
                dmu[c * d + r] -= dv[r];
                dx[i * d + r] += dv[r];
            }
        }
    }
    double alpha_max = -INFINITY;
    for (int64_t p = 0; p < k; p++) {
        if (alpha[p] > alpha_max || alpha[p] != alpha[p]) alpha_max = alpha[p];  /* line 16 */
    }
    double alpha_logsumexp = 0.0;
    for (int64_t at = 0; at < k; at++) dalpha[at] = 0.0;
    if (!(alpha_max == -INFINITY)) {
        double alpha_ties = 0.0;
        for (int64_t p = 0; p < k; p++) {
            if (alpha[p] == alpha_max) {
                alpha_ties += 1.0;
            }
        }
        const int64_t dlogsumexp_alpha_logsumexp = -n;
        for (int64_t at = 0; at < k; at++) part_of_dalpha_2[at] = 0.0;
        if (alpha_max == INFINITY) {
            for (int64_t p = 0; p < k; p++) {
                const double part_of_dalpha = alpha[p] == alpha_max ? dlogsumexp_alpha_logsumexp / alpha_ties : 0.0;
                part_of_dalpha_2[p] = part_of_dalpha;
            }
        } else {
            double alpha_others = 0.0;
            for (int64_t p = 0; p < k; p++) {
                alpha_exp[p] = exp(alpha[p] - alpha_max);
                alpha_others += alpha[p] == alpha_max ? alpha_exp[p] - 1.0 : alpha_exp[p];
            }
            const double alpha_logsumexp_sum = alpha_others + (alpha_ties - 1.0);
            alpha_logsumexp = alpha_max + log1p(alpha_logsumexp_sum);
            const double dalpha_others = alpha_logsumexp_sum >= -1.0 ? dlogsumexp_alpha_logsumexp / (1.0 + alpha_logsumexp_sum) : dlogsumexp_alpha_logsumexp * NAN;
            for (int64_t p = 0; p < k; p++) {
                part_of_dalpha_2[p] = dalpha_others != 0.0 ? dalpha_others * alpha_exp[p] : 0.0;
            }
        }
        for (int64_t p = 0; p < k; p++) {
            dalpha[p] += part_of_dalpha_2[p];
        }
    }
    *out = points - n * (alpha_max == -INFINITY ? alpha_max : alpha_max == INFINITY ? alpha_max : alpha_logsumexp) - 0.5 * n * d * log(6.283185307179586);
    for (int64_t at = 0; at < k * d; at++) dq[at] = 0.0;
    for (int64_t c = 0; c < k; c++) {
        dalpha[c] += dlogsumexp_v_sum[c];
        for (int64_t r = 0; r < d; r++) {
            if (dq_exp[c * d + r] != 0.0) {
                dq[c * d + r] += dq_exp[c * d + r] * q_exp[c * d + r];
            }
        }
        for (int64_t p = 0; p < d; p++) {
            dq[c * d + p] += dlogsumexp_v_sum[c];
        }
    }
    return status;
}

/* How many bytes `work` of log_likelihood_value_and_grad has. */
size_t log_likelihood_value_and_grad_workspace(int64_t k, int64_t d) {
    double work = 0.0;
    work += 7.0 * k;
    work += 5.0 * k * d;
    work += (double)d * (d - 1);
    work += d;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* Logarithm of the Wishart density of the inverse covariances, `d + wishart_m + 1` degrees of freedom (gmm.mg, line 18). */
mgc_status log_prior(
    const double *restrict q, const double *restrict l, double wishart_gamma, double wishart_m, int64_t k,
    int64_t d, double *restrict out
) {
    const double freedom = d + wishart_m + 1.0;  /* line 20 */
    double q_exp_sum = 0.0;
    double l_squared_sum = 0.0;
    double q_sum = 0.0;
    for (int64_t i = 0; i < k; i++) {
        for (int64_t p = 0; p < d; p++) {
            q_exp_sum += exp(2.0 * q[i * d + p]);  /* line 21 */
            q_sum += q[i * d + p];  /* line 24 */
        }
        for (int64_t p = 0; p < d * (d - 1) / 2; p++) {
            l_squared_sum += l[i * (d * (d - 1) / 2) + p] * l[i * (d * (d - 1) / 2) + p];  /* line 21 */
        }
    }
    const double squares = q_exp_sum + l_squared_sum;
    double freedom_lgamma_sum = 0.0;
    for (int64_t j = 0; j < d; j++) {
        freedom_lgamma_sum += lgamma(0.5 * (freedom - j));  /* line 22 */
    }
    const double log_gamma_d = 0.25 * d * (d - 1) * log(3.141592653589793) + freedom_lgamma_sum;
    const double log_normaliser = freedom * d * (log(wishart_gamma) - 0.5 * log(2.0)) - log_gamma_d;  /* line 23 */
    *out = 0.5 * (wishart_gamma * wishart_gamma) * squares - wishart_m * q_sum - k * log_normaliser;
    return (mgc_status){MGC_OK, 0};
}

/* Logarithm of the Wishart density of the inverse covariances, `d + wishart_m + 1` degrees of freedom (gmm.mg, line 18), and its derivatives. */
mgc_status log_prior_value_and_grad(
    const double *restrict q, const double *restrict l, double wishart_gamma, double wishart_m, int64_t k,
    int64_t d, double *restrict out, double *restrict dq, double *restrict dl,
    double *restrict dwishart_gamma, double *restrict dwishart_m
) {
    const double freedom = d + wishart_m + 1.0;  /* line 20 */
    const double wishart_gamma_squared = wishart_gamma * wishart_gamma;  /* line 24 */
    const double wishart_gamma_squared_product = 0.5 * wishart_gamma_squared;
    double squares_sum = 0.0;
    double l_squared_sum = 0.0;
    double q_sum = 0.0;
    for (int64_t i = 0; i < k; i++) {
        for (int64_t p = 0; p < d; p++) {
            const double q_exp = exp(2.0 * q[i * d + p]);  /* line 21 */
            squares_sum += q_exp;
            q_sum += q[i * d + p];  /* line 24 */
            dq[i * d + p] = (wishart_gamma_squared_product != 0.0 ? wishart_gamma_squared_product * q_exp * 2.0 : 0.0) - wishart_m;
        }
        for (int64_t p = 0; p < d * (d - 1) / 2; p++) {
            l_squared_sum += l[i * (d * (d - 1) / 2) + p] * l[i * (d * (d - 1) / 2) + p];  /* line 21 */
        }
    }
    const double squares = squares_sum + l_squared_sum;
    double log_gamma_d_sum = 0.0;
    double part_of_dfreedom = 0.0;
    for (int64_t j = 0; j < d; j++) {
        const double log_gamma_d_product = 0.5 * (freedom - j);  /* line 22 */
        log_gamma_d_sum += lgamma(log_gamma_d_product);
        part_of_dfreedom += k * digamma(log_gamma_d_product) * 0.5;
    }
    const double log_gamma_d = 0.25 * d * (d - 1) * log(3.141592653589793) + log_gamma_d_sum;
    const double log_normaliser_product = freedom * d;  /* line 23 */
    const double log_normaliser_difference = log(wishart_gamma) - 0.5 * log(2.0);
    const double log_normaliser = log_normaliser_product * log_normaliser_difference - log_gamma_d;
    *out = wishart_gamma_squared_product * squares - wishart_m * q_sum - k * log_normaliser;  /* line 24 */
    const int64_t dlog_normaliser = -k;
    const double dlog_normaliser_difference = dlog_normaliser * log_normaliser_product;  /* line 23 */
    const double dfreedom = dlog_normaliser * log_normaliser_difference * d + part_of_dfreedom;  /* line 20 */
    for (int64_t i = 0; i < k; i++) {
        for (int64_t p = 0; p < d * (d - 1) / 2; p++) {
            dl[i * (d * (d - 1) / 2) + p] = wishart_gamma_squared * l[i * (d * (d - 1) / 2) + p];
        }
    }
    *dwishart_gamma = squares * wishart_gamma + (wishart_gamma >= 0.0 ? dlog_normaliser_difference / wishart_gamma : dlog_normaliser_difference * NAN);
    *dwishart_m = dfreedom - q_sum;
    return (mgc_status){MGC_OK, 0};
}

/* objective of gmm.mg, line 26. */
mgc_status objective(
    const double *restrict alpha, const double *restrict mu, const double *restrict q,
    const double *restrict l, const double *restrict x, double wishart_gamma, double wishart_m, int64_t k,
    int64_t d, int64_t n, void *restrict work, double *restrict out
) {
    mgc_status status = {MGC_OK, 0};
    double *logsumexp_v_sum = work;
    double *q_exp = logsumexp_v_sum + k;
    int64_t *place = (int64_t *)(q_exp + k * d);
    double *logsumexp_v = (double *)(place + d * (d - 1));
    double *v = logsumexp_v + k;
    for (int64_t c = 0; c < k; c++) {
        double q_sum = 0.0;
        for (int64_t p = 0; p < d; p++) {
            q_sum += q[c * d + p];  /* line 15 */
        }
        logsumexp_v_sum[c] = alpha[c] + q_sum;
        for (int64_t r = 0; r < d; r++) {
            q_exp[c * d + r] = exp(q[c * d + r]);  /* line 10 */
        }
    }
    for (int64_t at = 0; at < d * (d - 1); at++) place[at] = 0;
    for (int64_t r = 0; r < d; r++) {
        for (int64_t j = 0; j < r; j++) {
            place[r * (d - 1) + j] = checked_subtract(checked_subtract(checked_add(d * j - floor_divide(j * (j + 1), 2), r, &status, 10), j, &status, 10), 1, &status, 10);
            if (place[r * (d - 1) + j] < 0 || place[r * (d - 1) + j] >= d * (d - 1) / 2) {
                mgc_fail(&status, MGC_INDEX, 10);
                return status;
            }
        }
    }
    double points = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double v_max = -INFINITY;
        for (int64_t c = 0; c < k; c++) {
            for (int64_t r = 0; r < d; r++) {
                v[r] = x[i * d + r] - mu[c * d + r];  /* line 15 */
            }
            double squared_length = 0.0;
            for (int64_t r = 0; r < d; r++) {
                double Qv_sum = 0.0;
                for (int64_t j = 0; j < r; j++) {
                    Qv_sum += l[c * (d * (d - 1) / 2) + place[r * (d - 1) + j]] * v[j];  /* line 10 */
                }
                const double Qv = q_exp[c * d + r] * v[r] + Qv_sum;
                squared_length += Qv * Qv;  /* line 11 */
            }
            logsumexp_v[c] = logsumexp_v_sum[c] - 0.5 * squared_length;  /* line 15 */
            if (logsumexp_v[c] > v_max || logsumexp_v[c] != logsumexp_v[c]) v_max = logsumexp_v[c];
        }
        double v_logsumexp2 = 0.0;
        if (v_max == -INFINITY) {
            v_logsumexp2 = v_max;
        } else {
            double v_logsumexp = 0.0;
            if (!(v_max == INFINITY)) {
                double v_others = 0.0;
                double v_ties = 0.0;
                for (int64_t c = 0; c < k; c++) {
                    const double v_exp = exp(logsumexp_v[c] - v_max);
                    v_others += logsumexp_v[c] == v_max ? v_exp - 1.0 : v_exp;
                    if (logsumexp_v[c] == v_max) {
                        v_ties += 1.0;
                    }
                }
                v_logsumexp = v_max + log1p(v_others + (v_ties - 1.0));
            }
            v_logsumexp2 = v_max == INFINITY ? v_max : v_logsumexp;
        }
        points += v_logsumexp2;
    }
    double alpha_max = -INFINITY;
    for (int64_t p = 0; p < k; p++) {
        if (alpha[p] > alpha_max || alpha[p] != alpha[p]) alpha_max = alpha[p];  /* line 16 */
    }
    double alpha_logsumexp = 0.0;
    if (!(alpha_max == -INFINITY)) {
        if (!(alpha_max == INFINITY)) {
            double alpha_others = 0.0;
            double alpha_ties = 0.0;
            for (int64_t p = 0; p < k; p++) {
                const double alpha_exp = exp(alpha[p] - alpha_max);
                alpha_others += alpha[p] == alpha_max ? alpha_exp - 1.0 : alpha_exp;
                if (alpha[p] == alpha_max) {
                    alpha_ties += 1.0;
                }
            }
            alpha_logsumexp = alpha_max + log1p(alpha_others + (alpha_ties - 1.0));
        }
    }
    const double freedom = d + wishart_m + 1.0;  /* line 20 */
    double q_exp_sum = 0.0;
    double l_squared_sum = 0.0;
    double out_sum = 0.0;
    for (int64_t p = 0; p < k; p++) {
        for (int64_t s = 0; s < d; s++) {
            q_exp_sum += exp(2.0 * q[p * d + s]);  /* line 21 */
            out_sum += q[p * d + s];  /* line 24 */
        }
        for (int64_t s = 0; s < d * (d - 1) / 2; s++) {
            l_squared_sum += l[p * (d * (d - 1) / 2) + s] * l[p * (d * (d - 1) / 2) + s];  /* line 21 */
        }
    }
    const double squares = q_exp_sum + l_squared_sum;
    double freedom_lgamma_sum = 0.0;
    for (int64_t j = 0; j < d; j++) {
        freedom_lgamma_sum += lgamma(0.5 * (freedom - j));  /* line 22 */
    }
    const double log_gamma_d = 0.25 * d * (d - 1) * log(3.141592653589793) + freedom_lgamma_sum;
    const double log_normaliser = freedom * d * (log(wishart_gamma) - 0.5 * log(2.0)) - log_gamma_d;  /* line 23 */
    *out = points - n * (alpha_max == -INFINITY ? alpha_max : alpha_max == INFINITY ? alpha_max : alpha_logsumexp) - 0.5 * n * d * log(6.283185307179586) + (0.5 * (wishart_gamma * wishart_gamma) * squares - wishart_m * out_sum - k * log_normaliser);
    return status;
}

/* How many bytes `work` of objective has. */
size_t objective_workspace(int64_t k, int64_t d) {
    double work = 0.0;
    work += 2.0 * k;
    work += (double)k * d;
    work += (double)d * (d - 1);
    work += d;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* objective of gmm.mg, line 26, and its derivatives. */
mgc_status objective_value_and_grad(
    const double *restrict alpha, const double *restrict mu, const double *restrict q,
    const double *restrict l, const double *restrict x, double wishart_gamma, double wishart_m, int64_t k,
    int64_t d, int64_t n, void *restrict work, double *restrict out, double *restrict dalpha,
    double *restrict dmu, double *restrict dq, double *restrict dl, double *restrict dx,
    double *restrict dwishart_gamma, double *restrict dwishart_m
) {
    mgc_status status = {MGC_OK, 0};
    double *logsumexp_v_sum = work;
    double *q_exp = logsumexp_v_sum + k;
    int64_t *place = (int64_t *)(q_exp + k * d);
    double *dlogsumexp_v_sum = (double *)(place + d * (d - 1));
    double *dq_exp = dlogsumexp_v_sum + k;
    double *v = dq_exp + k * d;
    double *Qv = v + k * d;
    double *logsumexp_v = Qv + k * d;
    double *dQv = logsumexp_v + k;
    double *dlogsumexp_v = dQv + k * d;
    double *v_exp = dlogsumexp_v + k;
    double *dv = v_exp + k;
    double *part_of_dalpha_2 = dv + d;
    double *alpha_exp = part_of_dalpha_2 + k;
    for (int64_t c = 0; c < k; c++) {
        double q_sum = 0.0;
        for (int64_t p = 0; p < d; p++) {
            q_sum += q[c * d + p];  /* line 15 */
        }
        logsumexp_v_sum[c] = alpha[c] + q_sum;
        for (int64_t r = 0; r < d; r++) {
            q_exp[c * d + r] = exp(q[c * d + r]);  /* line 10 */
        }
    }
    for (int64_t at = 0; at < d * (d - 1); at++) place[at] = 0;
    for (int64_t r = 0; r < d; r++) {
        for (int64_t j = 0; j < r; j++) {
            place[r * (d - 1) + j] = checked_subtract(checked_subtract(checked_add(d * j - floor_divide(j * (j + 1), 2), r, &status, 10), j, &status, 10), 1, &status, 10);
            if (place[r * (d - 1) + j] < 0 || place[r * (d - 1) + j] >= d * (d - 1) / 2) {
                mgc_fail(&status, MGC_INDEX, 10);
                return status;
            }
        }
    }
    double points = 0.0;
    for (int64_t at = 0; at < k; at++) dlogsumexp_v_sum[at] = 0.0;
    for (int64_t at = 0; at < k * d; at++) dq_exp[at] = 0.0;
    for (int64_t at = 0; at < k * d; at++) dmu[at] = 0.0;
    for (int64_t at = 0; at < k * (d * (d - 1) / 2); at++) dl[at] = 0.0;
    for (int64_t at = 0; at < n * d; at++) dx[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double v_max = -INFINITY;
        for (int64_t c = 0; c < k; c++) {
            for (int64_t r = 0; r < d; r++) {
                v[c * d + r] = x[i * d + r] - mu[c * d + r];  /* line 15 */
            }
            double squared_length = 0.0;
            for (int64_t r = 0; r < d; r++) {
                double Qv_sum = 0.0;
                for (int64_t j = 0; j < r; j++) {
                    Qv_sum += l[c * (d * (d - 1) / 2) + place[r * (d - 1) + j]] * v[c * d + j];  /* line 10 */
                }
                Qv[c * d + r] = q_exp[c * d + r] * v[c * d + r] + Qv_sum;
                squared_length += Qv[c * d + r] * Qv[c * d + r];  /* line 11 */
            }
            logsumexp_v[c] = logsumexp_v_sum[c] - 0.5 * squared_length;  /* line 15 */
            if (logsumexp_v[c] > v_max || logsumexp_v[c] != logsumexp_v[c]) v_max = logsumexp_v[c];
        }
        double v_logsumexp2 = 0.0;
        for (int64_t at = 0; at < k * d; at++) dQv[at] = 0.0;
        if (v_max == -INFINITY) {
            v_logsumexp2 = v_max;
        } else {
            double v_ties = 0.0;
            for (int64_t c = 0; c < k; c++) {
                if (logsumexp_v[c] == v_max) {
                    v_ties += 1.0;
                }
            }
            double v_logsumexp = 0.0;
            for (int64_t at = 0; at < k; at++) dlogsumexp_v[at] = 0.0;
            if (v_max == INFINITY) {
                for (int64_t c = 0; c < k; c++) {
                    const double part_of_dlogsumexp_v = logsumexp_v[c] == v_max ? 1.0 / v_ties : 0.0;
                    dlogsumexp_v[c] = part_of_dlogsumexp_v;
                }
            } else {
                double v_others = 0.0;
                for (int64_t c = 0; c < k; c++) {
                    v_exp[c] = exp(logsumexp_v[c] - v_max);
                    v_others += logsumexp_v[c] == v_max ? v_exp[c] - 1.0 : v_exp[c];
                }
                const double v_logsumexp_sum = v_others + (v_ties - 1.0);
                v_logsumexp = v_max + log1p(v_logsumexp_sum);
                const double dv_others = v_logsumexp_sum >= -1.0 ? 1.0 / (1.0 + v_logsumexp_sum) : NAN;
                for (int64_t c = 0; c < k; c++) {
                    dlogsumexp_v[c] = dv_others != 0.0 ? dv_others * v_exp[c] : 0.0;
                }
            }
            v_logsumexp2 = v_max == INFINITY ? v_max : v_logsumexp;
            for (int64_t c = 0; c < k; c++) {
                dlogsumexp_v_sum[c] += dlogsumexp_v[c];
                const double minus_dlogsumexp_v = -dlogsumexp_v[c];
                for (int64_t r = 0; r < d; r++) {
                    dQv[c * d + r] = minus_dlogsumexp_v * Qv[c * d + r];  /* line 11 */
                    dq_exp[c * d + r] += dQv[c * d + r] * v[c * d + r];  /* line 10 */
                    for (int64_t j = 0; j < r; j++) {
                        dl[c * (d * (d - 1) / 2) + place[r * (d - 1) + j]] += dQv[c * d + r] * v[c * d + j];
                    }
                }
            }
        }
        points += v_logsumexp2;  /* line 15 */
        for (int64_t c = 0; c < k; c++) {
            for (int64_t at = 0; at < d; at++) dv[at] = 0.0;
            if (!(v_max == -INFINITY)) {
                for (int64_t r = 0; r < d; r++) {
                    dv[r] += dQv[c * d + r] * q_exp[c * d + r];
                    for (int64_t j = 0; j < r; j++) {
                        dv[j] += dQv[c * d + r] * l[c * (d * (d - 1) / 2) + place[r * (d - 1) + j]];
                    }
                }
            }
            for (int64_t r = 0; r < d; r++) {
                dmu[c * d + r] -= dv[r];
                dx[i * d + r] += dv[r];
            }
        }
    }
    double alpha_max = -INFINITY;
    for (int64_t p = 0; p < k; p++) {
        if (alpha[p] > alpha_max || alpha[p] != alpha[p]) alpha_max = alpha[p];  /* line 16 */
    }
    double alpha_logsumexp = 0.0;
    for (int64_t at = 0; at < k; at++) dalpha[at] = 0.0;
    if (!(alpha_max == -INFINITY)) {
        double alpha_ties = 0.0;
        for (int64_t p = 0; p < k; p++) {
            if (alpha[p] == alpha_max) {
                alpha_ties += 1.0;
            }
        }
        const int64_t dlogsumexp_alpha_logsumexp = -n;
        for (int64_t at = 0; at < k; at++) part_of_dalpha_2[at] = 0.0;
        if (alpha_max == INFINITY) {
            for (int64_t p = 0; p < k; p++) {
                const double part_of_dalpha = alpha[p] == alpha_max ? dlogsumexp_alpha_logsumexp / alpha_ties : 0.0;
                part_of_dalpha_2[p] = part_of_dalpha;
            }
        } else {
            double alpha_others = 0.0;
            for (int64_t p = 0; p < k; p++) {
                alpha_exp[p] = exp(alpha[p] - alpha_max);
                alpha_others += alpha[p] == alpha_max ? alpha_exp[p] - 1.0 : alpha_exp[p];
            }
            const double alpha_logsumexp_sum = alpha_others + (alpha_ties - 1.0);
            alpha_logsumexp = alpha_max + log1p(alpha_logsumexp_sum);
            const double dalpha_others = alpha_logsumexp_sum >= -1.0 ? dlogsumexp_alpha_logsumexp / (1.0 + alpha_logsumexp_sum) : dlogsumexp_alpha_logsumexp * NAN;
            for (int64_t p = 0; p < k; p++) {
                part_of_dalpha_2[p] = dalpha_others != 0.0 ? dalpha_others * alpha_exp[p] : 0.0;
            }
        }
        for (int64_t p = 0; p < k; p++) {
            dalpha[p] += part_of_dalpha_2[p];
        }
    }
    const double freedom = d + wishart_m + 1.0;  /* line 20 */
    const double wishart_gamma_squared = wishart_gamma * wishart_gamma;  /* line 24 */
    const double wishart_gamma_squared_product = 0.5 * wishart_gamma_squared;
    double squares_sum = 0.0;
    double l_squared_sum = 0.0;
    double out_sum = 0.0;
    for (int64_t at = 0; at < k * d; at++) dq[at] = 0.0;
    for (int64_t p = 0; p < k; p++) {
        for (int64_t s = 0; s < d; s++) {
            const double squares_exp = exp(2.0 * q[p * d + s]);  /* line 21 */
            squares_sum += squares_exp;
            out_sum += q[p * d + s];  /* line 24 */
            dq[p * d + s] += (wishart_gamma_squared_product != 0.0 ? wishart_gamma_squared_product * squares_exp * 2.0 : 0.0) - wishart_m;
        }
        for (int64_t s = 0; s < d * (d - 1) / 2; s++) {
            l_squared_sum += l[p * (d * (d - 1) / 2) + s] * l[p * (d * (d - 1) / 2) + s];  /* line 21 */
        }
    }
    const double squares = squares_sum + l_squared_sum;
    double log_gamma_d_sum = 0.0;
    double part_of_dfreedom = 0.0;
    for (int64_t j = 0; j < d; j++) {
        const double log_gamma_d_product = 0.5 * (freedom - j);  /* line 22 */
        log_gamma_d_sum += lgamma(log_gamma_d_product);
        part_of_dfreedom += k * digamma(log_gamma_d_product) * 0.5;
    }
    const double log_gamma_d = 0.25 * d * (d - 1) * log(3.141592653589793) + log_gamma_d_sum;
    const double log_normaliser_product = freedom * d;  /* line 23 */
    const double log_normaliser_difference = log(wishart_gamma) - 0.5 * log(2.0);
    const double log_normaliser = log_normaliser_product * log_normaliser_difference - log_gamma_d;
    *out = points - n * (alpha_max == -INFINITY ? alpha_max : alpha_max == INFINITY ? alpha_max : alpha_logsumexp) - 0.5 * n * d * log(6.283185307179586) + (wishart_gamma_squared_product * squares - wishart_m * out_sum - k * log_normaliser);  /* line 27 */
    const int64_t dlog_normaliser = -k;  /* line 24 */
    const double dlog_normaliser_difference = dlog_normaliser * log_normaliser_product;  /* line 23 */
    const double dfreedom = dlog_normaliser * log_normaliser_difference * d + part_of_dfreedom;  /* line 20 */
    for (int64_t c = 0; c < k; c++) {
        dalpha[c] += dlogsumexp_v_sum[c];
        for (int64_t r = 0; r < d; r++) {
            if (dq_exp[c * d + r] != 0.0) {
                dq[c * d + r] += dq_exp[c * d + r] * q_exp[c * d + r];
            }
        }
        for (int64_t p = 0; p < d; p++) {
            dq[c * d + p] += dlogsumexp_v_sum[c];
        }
    }
    for (int64_t p = 0; p < k; p++) {
        for (int64_t s = 0; s < d * (d - 1) / 2; s++) {
            dl[p * (d * (d - 1) / 2) + s] += wishart_gamma_squared * l[p * (d * (d - 1) / 2) + s];
        }
    }
    *dwishart_gamma = squares * wishart_gamma + (wishart_gamma >= 0.0 ? dlog_normaliser_difference / wishart_gamma : dlog_normaliser_difference * NAN);
    *dwishart_m = dfreedom - out_sum;
    return status;
}

/* How many bytes `work` of objective_value_and_grad has. */
size_t objective_value_and_grad_workspace(int64_t k, int64_t d) {
    double work = 0.0;
    work += 7.0 * k;
    work += 5.0 * k * d;
    work += (double)d * (d - 1);
    work += d;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}
