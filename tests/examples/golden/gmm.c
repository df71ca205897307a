/* gmm.mg, compiled to C99: values and exact derivatives. */
#include <math.h>
#include <stddef.h>
#include <stdint.h>

#ifndef MGC_STATUS
#define MGC_STATUS
/* What a call came to; where it failed, in which line of the model, and its results mean nothing. */
enum mgc_error { MGC_OK = 0, MGC_INDEX = 1, MGC_ZERO_DIVISION = 2, MGC_OVERFLOW = 3 };
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

static int64_t floor_divide(int64_t i, int64_t n) { return i / n - (i % n != 0 && (i < 0) != (n < 0)); }

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
    double out_sin = 0.0;
    if (turn > 0.25) {
        out_sin = sin(3.141592653589793 * (0.5 - turn));
    }
    return turn > 0.25 ? out_sin : cos(3.141592653589793 * turn);
}

static double sin_pi(double x) {
    const double turn = remainder(x, 2.0);
    const double abs_turn = fabs(turn);
    double out_copysign = 0.0;
    if (!(abs_turn <= 0.5)) {
        out_copysign = copysign(sin(3.141592653589793 * (1.0 - abs_turn)), turn);
    }
    return abs_turn <= 0.5 ? sin(3.141592653589793 * turn) : out_copysign;
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
        const double right_in = z + 10.0;
        const double r = 1.0 / right_in;
        const double u = r * r;
        const double series_difference = 0.007575757575757576 - u * (0.021092796092796094 - u / 12.0);
        const double series_product = u * (0.004166666666666667 - u * series_difference);
        const double series_product_2 = u * (0.003968253968253968 - series_product);
        const double series_product_3 = u * (0.008333333333333333 - series_product_2);
        const double series = u * (0.08333333333333333 - series_product_3);
        double right_sum = 0.0;
        for (int64_t k = 0; k < 10; k++) {
            right_sum += 1.0 / (z + k);
        }
        const double right = log(right_in) - 0.5 * r - series - right_sum;
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
    double out_sum = 0.0;
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
        out_sum += Qv * Qv;  /* line 11 */
    }
    *out = out_sum;
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
    for (int64_t at = 0; at < d * (d - 1) / 2; at++) dl[at] = 0.0;
    for (int64_t at = 0; at < d; at++) dv[at] = 0.0;
    for (int64_t r = 0; r < d; r++) {
        const double Qv_exp = exp(q[r]);  /* line 10 */
        double Qv_sum = 0.0;
        for (int64_t j = 0; j < r; j++) {
            place[j] = checked_subtract(checked_subtract(checked_add(d * j - floor_divide(j * (j + 1), 2), r, &status, 10), j, &status, 10), 1, &status, 10);
            if (place[j] < 0 || place[j] >= d * (d - 1) / 2) {
                mgc_fail(&status, MGC_INDEX, 10);
                return status;
            }
            Qv_sum += l[place[j]] * v[j];
        }
        const double Qv = Qv_exp * v[r] + Qv_sum;
        out_total += Qv * Qv;  /* line 11 */
        const double dQv = 2.0 * Qv;
        const double dQv_exp = dQv * v[r];  /* line 10 */
        dq[r] = dQv_exp != 0.0 ? dQv_exp * Qv_exp : 0.0;
        for (int64_t j = 0; j < r; j++) {
            dl[place[j]] += dQv * v[j];
            dv[j] += dQv * l[place[j]];
        }
        dv[r] += dQv * Qv_exp;
    }
    *out = out_total;
    return status;
}

/* How many bytes `work` of squared_length_value_and_grad has. */
size_t squared_length_value_and_grad_workspace(int64_t d) {
    double work = 0.0;
    work += larger(d + -1, 0);
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* Sum over the points x[i] of the logarithm of the mixture's density there (gmm.mg, line 13). */
mgc_status log_likelihood(
    const double *restrict alpha, const double *restrict mu, const double *restrict q,
    const double *restrict l, const double *restrict x, int64_t k, int64_t d, int64_t n, void *restrict work,
    double *restrict out
) {
    mgc_status status = {MGC_OK, 0};
    double *ties_sum_2 = work;
    double *Qv_exp = ties_sum_2 + k;
    int64_t *place = (int64_t *)(Qv_exp + k * d);
    double *v_2 = (double *)(place + d * (d + -1));
    double *v = v_2 + k;
    for (int64_t c = 0; c < k; c++) {
        double ties_sum = 0.0;
        for (int64_t p = 0; p < d; p++) {
            ties_sum += q[c * d + p];  /* line 15 */
        }
        ties_sum_2[c] = alpha[c] + ties_sum;
        for (int64_t r = 0; r < d; r++) {
            Qv_exp[c * d + r] = exp(q[c * d + r]);  /* line 10 */
        }
    }
    for (int64_t at = 0; at < d * (d + -1); at++) place[at] = 0;
    for (int64_t r = 0; r < d; r++) {
        for (int64_t j = 0; j < r; j++) {
            place[r * (d + -1) + j] = checked_subtract(checked_subtract(checked_add(d * j - floor_divide(j * (j + 1), 2), r, &status, 10), j, &status, 10), 1, &status, 10);
            if (place[r * (d + -1) + j] < 0 || place[r * (d + -1) + j] >= d * (d - 1) / 2) {
                mgc_fail(&status, MGC_INDEX, 10);
                return status;
            }
        }
    }
    double points = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double largest = -INFINITY;
        for (int64_t c = 0; c < k; c++) {
            for (int64_t r = 0; r < d; r++) {
                v[r] = x[i * d + r] - mu[c * d + r];  /* line 15 */
            }
            double ties_sum_3 = 0.0;
            for (int64_t r = 0; r < d; r++) {
                double Qv_sum = 0.0;
                for (int64_t j = 0; j < r; j++) {
                    Qv_sum += l[c * (d * (d - 1) / 2) + place[r * (d + -1) + j]] * v[j];  /* line 10 */
                }
                const double Qv = Qv_exp[c * d + r] * v[r] + Qv_sum;
                ties_sum_3 += Qv * Qv;  /* line 11 */
            }
            v_2[c] = ties_sum_2[c] - 0.5 * ties_sum_3;  /* line 15 */
            if (v_2[c] > largest || v_2[c] != v_2[c]) largest = v_2[c];
        }
        double points_chosen = 0.0;
        if (!(largest == -INFINITY)) {
            if (largest == INFINITY) {
                points_chosen = largest;
            } else {
                double others = 0.0;
                double ties = 0.0;
                for (int64_t c = 0; c < k; c++) {
                    const double weight = exp(v_2[c] - largest);
                    const int ties_eq = v_2[c] == largest;
                    others += ties_eq ? weight - 1.0 : weight;
                    if (ties_eq) {
                        ties += 1.0;
                    }
                }
                const double stable = largest + log1p(others + (ties - 1.0));
                points_chosen = stable;
            }
        }
        points += largest == -INFINITY ? largest : points_chosen;
    }
    double largest_2 = -INFINITY;
    for (int64_t p = 0; p < k; p++) {
        if (alpha[p] > largest_2 || alpha[p] != alpha[p]) largest_2 = alpha[p];  /* line 16 */
    }
    double out_chosen = 0.0;
    if (!(largest_2 == -INFINITY)) {
        if (largest_2 == INFINITY) {
            out_chosen = largest_2;
        } else {
            double others_2 = 0.0;
            double ties_2 = 0.0;
            for (int64_t p = 0; p < k; p++) {
                const double weight_2 = exp(alpha[p] - largest_2);
                others_2 += alpha[p] == largest_2 ? weight_2 - 1.0 : weight_2;
                if (alpha[p] == largest_2) {
                    ties_2 += 1.0;
                }
            }
            const double stable_2 = largest_2 + log1p(others_2 + (ties_2 - 1.0));
            out_chosen = stable_2;
        }
    }
    *out = points - n * (largest_2 == -INFINITY ? largest_2 : out_chosen) - 0.5 * n * d * log(6.283185307179586);
    return status;
}

/* How many bytes `work` of log_likelihood has. */
size_t log_likelihood_workspace(int64_t k, int64_t d) {
    double work = 0.0;
    work += 2.0 * k;
    work += (double)k * d;
    work += (double)d * (d + -1);
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
    double *ties_sum_2 = work;
    double *Qv_exp = ties_sum_2 + k;
    int64_t *place = (int64_t *)(Qv_exp + k * d);
    double *dties_sum_2 = (double *)(place + d * (d + -1));
    double *dQv_exp = dties_sum_2 + k;
    double *v = dQv_exp + k * d;
    double *Qv = v + k * d;
    double *v_2 = Qv + k * d;
    double *dQv_2 = v_2 + k;
    double *dQv_element = dQv_2 + k * d;
    double *dv_2 = dQv_element + k * d * (d + -1);
    double *weight = dv_2 + k;
    double *dv = weight + k;
    double *dalpha_element = dv + d;
    double *weight_2 = dalpha_element + k;
    int *ties_eq = (int *)(weight_2 + k);
    for (int64_t c = 0; c < k; c++) {
        double ties_sum = 0.0;
        for (int64_t p = 0; p < d; p++) {
            ties_sum += q[c * d + p];  /* line 15 */
        }
        ties_sum_2[c] = alpha[c] + ties_sum;
        for (int64_t r = 0; r < d; r++) {
            Qv_exp[c * d + r] = exp(q[c * d + r]);  /* line 10 */
        }
    }
    for (int64_t at = 0; at < d * (d + -1); at++) place[at] = 0;
    for (int64_t r = 0; r < d; r++) {
        for (int64_t j = 0; j < r; j++) {
            place[r * (d + -1) + j] = checked_subtract(checked_subtract(checked_add(d * j - floor_divide(j * (j + 1), 2), r, &status, 10), j, &status, 10), 1, &status, 10);
            if (place[r * (d + -1) + j] < 0 || place[r * (d + -1) + j] >= d * (d - 1) / 2) {
                mgc_fail(&status, MGC_INDEX, 10);
                return status;
            }
        }
    }
    double points = 0.0;
    for (int64_t at = 0; at < k; at++) dties_sum_2[at] = 0.0;
    for (int64_t at = 0; at < k * d; at++) dQv_exp[at] = 0.0;
    for (int64_t at = 0; at < k * d; at++) dmu[at] = 0.0;
    for (int64_t at = 0; at < k * (d * (d - 1) / 2); at++) dl[at] = 0.0;
    for (int64_t at = 0; at < n * d; at++) dx[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double largest = -INFINITY;
        for (int64_t c = 0; c < k; c++) {
            for (int64_t r = 0; r < d; r++) {
                v[c * d + r] = x[i * d + r] - mu[c * d + r];  /* line 15 */
            }
            double ties_sum_3 = 0.0;
            for (int64_t r = 0; r < d; r++) {
                double Qv_sum = 0.0;
                for (int64_t j = 0; j < r; j++) {
                    Qv_sum += l[c * (d * (d - 1) / 2) + place[r * (d + -1) + j]] * v[c * d + j];  /* line 10 */
                }
                Qv[c * d + r] = Qv_exp[c * d + r] * v[c * d + r] + Qv_sum;
                ties_sum_3 += Qv[c * d + r] * Qv[c * d + r];  /* line 11 */
            }
            v_2[c] = ties_sum_2[c] - 0.5 * ties_sum_3;  /* line 15 */
            if (v_2[c] > largest || v_2[c] != v_2[c]) largest = v_2[c];
        }
        double points_chosen = 0.0;
        for (int64_t at = 0; at < k * d; at++) dQv_2[at] = 0.0;
        for (int64_t at = 0; at < k * d * (d + -1); at++) dQv_element[at] = 0.0;
        if (!(largest == -INFINITY)) {
            double ties = 0.0;
            for (int64_t c = 0; c < k; c++) {
                ties_eq[c] = v_2[c] == largest;
                if (ties_eq[c]) {
                    ties += 1.0;
                }
            }
            for (int64_t at = 0; at < k; at++) dv_2[at] = 0.0;
            if (!(largest == INFINITY)) {
                double others = 0.0;
                for (int64_t c = 0; c < k; c++) {
                    weight[c] = exp(v_2[c] - largest);
                    others += ties_eq[c] ? weight[c] - 1.0 : weight[c];
                }
                const double stable_in = others + (ties - 1.0);
                const double stable = largest + log1p(stable_in);
                points_chosen = stable;
                const double dothers = stable_in >= -1.0 ? 1.0 / (1.0 + stable_in) : NAN;
                for (int64_t c = 0; c < k; c++) {
                    const double t_3 = dothers != 0.0 ? dothers * weight[c] : 0.0;
                    dv_2[c] = t_3;
                }
            }
            if (largest == INFINITY) {
                points_chosen = largest;
            }
            if (largest == INFINITY) {
                for (int64_t c = 0; c < k; c++) {
                    dv_2[c] = ties_eq[c] ? 1.0 / ties : 0.0;
                }
            }
            for (int64_t c = 0; c < k; c++) {
                dties_sum_2[c] += dv_2[c];
                const double dties_sum_3 = -dv_2[c] * 0.5;
                for (int64_t r = 0; r < d; r++) {
                    dQv_2[c * d + r] = dties_sum_3 * (2.0 * Qv[c * d + r]);  /* line 11 */
                    for (int64_t j = 0; j < r; j++) {
                        dQv_element[(c * d + r) * (d + -1) + j] = dQv_2[c * d + r] * l[c * (d * (d - 1) / 2) + place[r * (d + -1) + j]];  /* line 10 */
                        dl[c * (d * (d - 1) / 2) + place[r * (d + -1) + j]] += dQv_2[c * d + r] * v[c * d + j];
                    }
                    dQv_exp[c * d + r] += dQv_2[c * d + r] * v[c * d + r];
                }
            }
        }
        points += largest == -INFINITY ? largest : points_chosen;  /* line 15 */
        for (int64_t c = 0; c < k; c++) {
            for (int64_t at = 0; at < d; at++) dv[at] = 0.0;
            if (!(largest == -INFINITY)) {
                for (int64_t r = 0; r < d; r++) {
                    dv[r] += dQv_2[c * d + r] * Qv_exp[c * d + r];
                    for (int64_t j = 0; j < r; j++) {
                        dv[j] += dQv_element[(c * d + r) * (d + -1) + j];
                    }
                }
            }
            for (int64_t r = 0; r < d; r++) {
                dmu[c * d + r] += -dv[r];
                dx[i * d + r] += dv[r];
            }
        }
    }
    double largest_2 = -INFINITY;
    for (int64_t p = 0; p < k; p++) {
        if (alpha[p] > largest_2 || alpha[p] != alpha[p]) largest_2 = alpha[p];  /* line 16 */
    }
    int64_t dout_chosen = 0;
    if (!(largest_2 == -INFINITY)) {
        dout_chosen = -n;
    }
    double out_chosen = 0.0;
    for (int64_t at = 0; at < k; at++) dalpha[at] = 0.0;
    if (!(largest_2 == -INFINITY)) {
        double ties_2 = 0.0;
        for (int64_t p = 0; p < k; p++) {
            if (alpha[p] == largest_2) {
                ties_2 += 1.0;
            }
        }
        for (int64_t at = 0; at < k; at++) dalpha_element[at] = 0.0;
        if (!(largest_2 == INFINITY)) {
            double others_2 = 0.0;
            for (int64_t p = 0; p < k; p++) {
                weight_2[p] = exp(alpha[p] - largest_2);
                others_2 += alpha[p] == largest_2 ? weight_2[p] - 1.0 : weight_2[p];
            }
            const double stable_in_2 = others_2 + (ties_2 - 1.0);
            const double stable_2 = largest_2 + log1p(stable_in_2);
            out_chosen = stable_2;
            double dothers_2 = 0.0;
            if (stable_in_2 >= -1.0) {
                const double t = dout_chosen / (1.0 + stable_in_2);
                dothers_2 = t;
            } else {
                dothers_2 = dout_chosen * NAN;
            }
            for (int64_t p = 0; p < k; p++) {
                dalpha_element[p] = dothers_2 != 0.0 ? dothers_2 * weight_2[p] : 0.0;
            }
        }
        if (largest_2 == INFINITY) {
            out_chosen = largest_2;
        }
        if (largest_2 == INFINITY) {
            for (int64_t p = 0; p < k; p++) {
                const double t_2 = alpha[p] == largest_2 ? dout_chosen / ties_2 : 0.0;
                dalpha_element[p] = t_2;
            }
        }
        for (int64_t p = 0; p < k; p++) {
            dalpha[p] += dalpha_element[p];
        }
    }
    *out = points - n * (largest_2 == -INFINITY ? largest_2 : out_chosen) - 0.5 * n * d * log(6.283185307179586);
    for (int64_t at = 0; at < k * d; at++) dq[at] = 0.0;
    for (int64_t c = 0; c < k; c++) {
        for (int64_t r = 0; r < d; r++) {
            if (dQv_exp[c * d + r] != 0.0) {
                const double dQv_in = dQv_exp[c * d + r] * Qv_exp[c * d + r];  /* line 10 */
                dq[c * d + r] += dQv_in;
            }
        }
        dalpha[c] += dties_sum_2[c];
        for (int64_t p = 0; p < d; p++) {
            dq[c * d + p] += dties_sum_2[c];
        }
    }
    return status;
}

/* How many bytes `work` of log_likelihood_value_and_grad has. */
size_t log_likelihood_value_and_grad_workspace(int64_t k, int64_t d) {
    double work = 0.0;
    work += 8.0 * k;
    work += 5.0 * k * d;
    work += (double)d * (d + -1);
    work += (double)k * d * (d + -1);
    work += d;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* Logarithm of the Wishart density of the inverse covariances, `d + wishart_m + 1` degrees of freedom (gmm.mg, line 18). */
mgc_status log_prior(
    const double *restrict q, const double *restrict l, double wishart_gamma, double wishart_m, int64_t k,
    int64_t d, double *restrict out
) {
    const double freedom = d + wishart_m + 1.0;  /* line 20 */
    double squares_sum = 0.0;
    double out_sum = 0.0;
    for (int64_t i = 0; i < k; i++) {
        for (int64_t p = 0; p < d; p++) {
            squares_sum += exp(2.0 * q[i * d + p]);  /* line 21 */
            out_sum += q[i * d + p];  /* line 24 */
        }
    }
    double squares_sum_2 = 0.0;
    for (int64_t i = 0; i < k; i++) {
        for (int64_t p = 0; p < d * (d - 1) / 2; p++) {
            squares_sum_2 += l[i * (d * (d - 1) / 2) + p] * l[i * (d * (d - 1) / 2) + p];  /* line 21 */
        }
    }
    const double squares = squares_sum + squares_sum_2;
    double log_gamma_d_sum = 0.0;
    for (int64_t j = 0; j < d; j++) {
        log_gamma_d_sum += lgamma(0.5 * (freedom - j));  /* line 22 */
    }
    const double log_gamma_d = 0.25 * d * (d - 1) * log(3.141592653589793) + log_gamma_d_sum;
    const double log_normaliser_product = freedom * d * (log(wishart_gamma) - 0.5 * log(2.0));  /* line 23 */
    const double log_normaliser = log_normaliser_product - log_gamma_d;
    *out = 0.5 * (wishart_gamma * wishart_gamma) * squares - wishart_m * out_sum - k * log_normaliser;
    return (mgc_status){MGC_OK, 0};
}

/* Logarithm of the Wishart density of the inverse covariances, `d + wishart_m + 1` degrees of freedom (gmm.mg, line 18), and its derivatives. */
mgc_status log_prior_value_and_grad(
    const double *restrict q, const double *restrict l, double wishart_gamma, double wishart_m, int64_t k,
    int64_t d, void *restrict work, double *restrict out, double *restrict dq, double *restrict dl,
    double *restrict dwishart_gamma, double *restrict dwishart_m
) {
    double *squares_exp = work;
    double *t_4 = squares_exp + k * d;
    const double freedom = d + wishart_m + 1.0;  /* line 20 */
    double squares_sum = 0.0;
    double out_sum = 0.0;
    for (int64_t i = 0; i < k; i++) {
        for (int64_t p = 0; p < d; p++) {
            squares_exp[i * d + p] = exp(2.0 * q[i * d + p]);  /* line 21 */
            squares_sum += squares_exp[i * d + p];
            out_sum += q[i * d + p];  /* line 24 */
        }
    }
    double squares_sum_2 = 0.0;
    for (int64_t i = 0; i < k; i++) {
        for (int64_t p = 0; p < d * (d - 1) / 2; p++) {
            squares_sum_2 += l[i * (d * (d - 1) / 2) + p] * l[i * (d * (d - 1) / 2) + p];  /* line 21 */
        }
    }
    const double squares = squares_sum + squares_sum_2;
    double log_gamma_d_sum = 0.0;
    double t_3 = 0.0;
    for (int64_t j = 0; j < d; j++) {
        const double log_gamma_d_in = 0.5 * (freedom - j);  /* line 22 */
        log_gamma_d_sum += lgamma(log_gamma_d_in);
        t_3 += k * digamma(log_gamma_d_in) * 0.5;
    }
    const double log_gamma_d = 0.25 * d * (d - 1) * log(3.141592653589793) + log_gamma_d_sum;
    const double log_normaliser_product = freedom * d;  /* line 23 */
    const double log_normaliser_difference = log(wishart_gamma) - 0.5 * log(2.0);
    const double log_normaliser_product_2 = log_normaliser_product * log_normaliser_difference;
    const double log_normaliser = log_normaliser_product_2 - log_gamma_d;
    const double out_product = 0.5 * (wishart_gamma * wishart_gamma);  /* line 24 */
    *out = out_product * squares - wishart_m * out_sum - k * log_normaliser;
    const int64_t dlog_normaliser = -k;
    const double dlog_normaliser_difference = dlog_normaliser * log_normaliser_product;  /* line 23 */
    double t_2 = 0.0;
    if (wishart_gamma >= 0.0) {
        const double t = dlog_normaliser_difference / wishart_gamma;
        t_2 = t;
    } else {
        t_2 = dlog_normaliser_difference * NAN;
    }
    for (int64_t at = 0; at < k * d; at++) t_4[at] = 0.0;
    if (out_product != 0.0) {
        for (int64_t i = 0; i < k; i++) {
            for (int64_t p = 0; p < d; p++) {
                t_4[i * d + p] = out_product * squares_exp[i * d + p] * 2.0;  /* line 21 */
            }
        }
    }
    const double dfreedom = dlog_normaliser * log_normaliser_difference * d + t_3;  /* line 20 */
    for (int64_t i = 0; i < k; i++) {
        for (int64_t p = 0; p < d; p++) {
            dq[i * d + p] = (out_product != 0.0 ? t_4[i * d + p] : 0.0) - wishart_m;
        }
    }
    for (int64_t i = 0; i < k; i++) {
        for (int64_t p = 0; p < d * (d - 1) / 2; p++) {
            dl[i * (d * (d - 1) / 2) + p] = out_product * (2.0 * l[i * (d * (d - 1) / 2) + p]);
        }
    }
    *dwishart_gamma = squares * 0.5 * (2.0 * wishart_gamma) + t_2;
    *dwishart_m = dfreedom - out_sum;
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of log_prior_value_and_grad has. */
size_t log_prior_value_and_grad_workspace(int64_t k, int64_t d) {
    double work = 0.0;
    work += 2.0 * k * d;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* objective of gmm.mg, line 26. */
mgc_status objective(
    const double *restrict alpha, const double *restrict mu, const double *restrict q,
    const double *restrict l, const double *restrict x, double wishart_gamma, double wishart_m, int64_t k,
    int64_t d, int64_t n, void *restrict work, double *restrict out
) {
    mgc_status status = {MGC_OK, 0};
    double *ties_sum_2 = work;
    double *Qv_exp = ties_sum_2 + k;
    int64_t *place = (int64_t *)(Qv_exp + k * d);
    double *v_2 = (double *)(place + d * (d + -1));
    double *v = v_2 + k;
    for (int64_t c = 0; c < k; c++) {
        double ties_sum = 0.0;
        for (int64_t p = 0; p < d; p++) {
            ties_sum += q[c * d + p];  /* line 15 */
        }
        ties_sum_2[c] = alpha[c] + ties_sum;
        for (int64_t r = 0; r < d; r++) {
            Qv_exp[c * d + r] = exp(q[c * d + r]);  /* line 10 */
        }
    }
    for (int64_t at = 0; at < d * (d + -1); at++) place[at] = 0;
    for (int64_t r = 0; r < d; r++) {
        for (int64_t j = 0; j < r; j++) {
            place[r * (d + -1) + j] = checked_subtract(checked_subtract(checked_add(d * j - floor_divide(j * (j + 1), 2), r, &status, 10), j, &status, 10), 1, &status, 10);
            if (place[r * (d + -1) + j] < 0 || place[r * (d + -1) + j] >= d * (d - 1) / 2) {
                mgc_fail(&status, MGC_INDEX, 10);
                return status;
            }
        }
    }
    double points = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double largest = -INFINITY;
        for (int64_t c = 0; c < k; c++) {
            for (int64_t r = 0; r < d; r++) {
                v[r] = x[i * d + r] - mu[c * d + r];  /* line 15 */
            }
            double ties_sum_3 = 0.0;
            for (int64_t r = 0; r < d; r++) {
                double Qv_sum = 0.0;
                for (int64_t j = 0; j < r; j++) {
                    Qv_sum += l[c * (d * (d - 1) / 2) + place[r * (d + -1) + j]] * v[j];  /* line 10 */
                }
                const double Qv = Qv_exp[c * d + r] * v[r] + Qv_sum;
                ties_sum_3 += Qv * Qv;  /* line 11 */
            }
            v_2[c] = ties_sum_2[c] - 0.5 * ties_sum_3;  /* line 15 */
            if (v_2[c] > largest || v_2[c] != v_2[c]) largest = v_2[c];
        }
        double points_chosen = 0.0;
        if (!(largest == -INFINITY)) {
            if (largest == INFINITY) {
                points_chosen = largest;
            } else {
                double others = 0.0;
                double ties = 0.0;
                for (int64_t c = 0; c < k; c++) {
                    const double weight = exp(v_2[c] - largest);
                    const int ties_eq = v_2[c] == largest;
                    others += ties_eq ? weight - 1.0 : weight;
                    if (ties_eq) {
                        ties += 1.0;
                    }
                }
                const double stable = largest + log1p(others + (ties - 1.0));
                points_chosen = stable;
            }
        }
        points += largest == -INFINITY ? largest : points_chosen;
    }
    double largest_2 = -INFINITY;
    for (int64_t p = 0; p < k; p++) {
        if (alpha[p] > largest_2 || alpha[p] != alpha[p]) largest_2 = alpha[p];  /* line 16 */
    }
    double out_chosen = 0.0;
    if (!(largest_2 == -INFINITY)) {
        if (largest_2 == INFINITY) {
            out_chosen = largest_2;
        } else {
            double others_2 = 0.0;
            double ties_2 = 0.0;
            for (int64_t p = 0; p < k; p++) {
                const double weight_2 = exp(alpha[p] - largest_2);
                others_2 += alpha[p] == largest_2 ? weight_2 - 1.0 : weight_2;
                if (alpha[p] == largest_2) {
                    ties_2 += 1.0;
                }
            }
            const double stable_2 = largest_2 + log1p(others_2 + (ties_2 - 1.0));
            out_chosen = stable_2;
        }
    }
    const double out_difference = points - n * (largest_2 == -INFINITY ? largest_2 : out_chosen) - 0.5 * n * d * log(6.283185307179586);
    const double freedom = d + wishart_m + 1.0;  /* line 20 */
    double squares_sum = 0.0;
    double out_sum = 0.0;
    for (int64_t p = 0; p < k; p++) {
        for (int64_t s = 0; s < d; s++) {
            squares_sum += exp(2.0 * q[p * d + s]);  /* line 21 */
            out_sum += q[p * d + s];  /* line 24 */
        }
    }
    double squares_sum_2 = 0.0;
    for (int64_t p = 0; p < k; p++) {
        for (int64_t s = 0; s < d * (d - 1) / 2; s++) {
            squares_sum_2 += l[p * (d * (d - 1) / 2) + s] * l[p * (d * (d - 1) / 2) + s];  /* line 21 */
        }
    }
    const double squares = squares_sum + squares_sum_2;
    double log_gamma_d_sum = 0.0;
    for (int64_t j = 0; j < d; j++) {
        log_gamma_d_sum += lgamma(0.5 * (freedom - j));  /* line 22 */
    }
    const double log_gamma_d = 0.25 * d * (d - 1) * log(3.141592653589793) + log_gamma_d_sum;
    const double log_normaliser_product = freedom * d * (log(wishart_gamma) - 0.5 * log(2.0));  /* line 23 */
    const double log_normaliser = log_normaliser_product - log_gamma_d;
    *out = out_difference + (0.5 * (wishart_gamma * wishart_gamma) * squares - wishart_m * out_sum - k * log_normaliser);
    return status;
}

/* How many bytes `work` of objective has. */
size_t objective_workspace(int64_t k, int64_t d) {
    double work = 0.0;
    work += 2.0 * k;
    work += (double)k * d;
    work += (double)d * (d + -1);
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
    double *ties_sum_2 = work;
    double *Qv_exp = ties_sum_2 + k;
    int64_t *place = (int64_t *)(Qv_exp + k * d);
    double *dties_sum_2 = (double *)(place + d * (d + -1));
    double *dQv_exp = dties_sum_2 + k;
    double *v = dQv_exp + k * d;
    double *Qv = v + k * d;
    double *v_2 = Qv + k * d;
    double *dQv_2 = v_2 + k;
    double *dQv_element = dQv_2 + k * d;
    double *dv_2 = dQv_element + k * d * (d + -1);
    double *weight = dv_2 + k;
    double *dv = weight + k;
    double *dalpha_element = dv + d;
    double *weight_2 = dalpha_element + k;
    double *squares_exp = weight_2 + k;
    double *t_4 = squares_exp + k * d;
    int *ties_eq = (int *)(t_4 + k * d);
    for (int64_t c = 0; c < k; c++) {
        double ties_sum = 0.0;
        for (int64_t p = 0; p < d; p++) {
            ties_sum += q[c * d + p];  /* line 15 */
        }
        ties_sum_2[c] = alpha[c] + ties_sum;
        for (int64_t r = 0; r < d; r++) {
            Qv_exp[c * d + r] = exp(q[c * d + r]);  /* line 10 */
        }
    }
    for (int64_t at = 0; at < d * (d + -1); at++) place[at] = 0;
    for (int64_t r = 0; r < d; r++) {
        for (int64_t j = 0; j < r; j++) {
            place[r * (d + -1) + j] = checked_subtract(checked_subtract(checked_add(d * j - floor_divide(j * (j + 1), 2), r, &status, 10), j, &status, 10), 1, &status, 10);
            if (place[r * (d + -1) + j] < 0 || place[r * (d + -1) + j] >= d * (d - 1) / 2) {
                mgc_fail(&status, MGC_INDEX, 10);
                return status;
            }
        }
    }
    double points = 0.0;
    for (int64_t at = 0; at < k; at++) dties_sum_2[at] = 0.0;
    for (int64_t at = 0; at < k * d; at++) dQv_exp[at] = 0.0;
    for (int64_t at = 0; at < k * d; at++) dmu[at] = 0.0;
    for (int64_t at = 0; at < k * (d * (d - 1) / 2); at++) dl[at] = 0.0;
    for (int64_t at = 0; at < n * d; at++) dx[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double largest = -INFINITY;
        for (int64_t c = 0; c < k; c++) {
            for (int64_t r = 0; r < d; r++) {
                v[c * d + r] = x[i * d + r] - mu[c * d + r];  /* line 15 */
            }
            double ties_sum_3 = 0.0;
            for (int64_t r = 0; r < d; r++) {
                double Qv_sum = 0.0;
                for (int64_t j = 0; j < r; j++) {
                    Qv_sum += l[c * (d * (d - 1) / 2) + place[r * (d + -1) + j]] * v[c * d + j];  /* line 10 */
                }
                Qv[c * d + r] = Qv_exp[c * d + r] * v[c * d + r] + Qv_sum;
                ties_sum_3 += Qv[c * d + r] * Qv[c * d + r];  /* line 11 */
            }
            v_2[c] = ties_sum_2[c] - 0.5 * ties_sum_3;  /* line 15 */
            if (v_2[c] > largest || v_2[c] != v_2[c]) largest = v_2[c];
        }
        double points_chosen = 0.0;
        for (int64_t at = 0; at < k * d; at++) dQv_2[at] = 0.0;
        for (int64_t at = 0; at < k * d * (d + -1); at++) dQv_element[at] = 0.0;
        if (!(largest == -INFINITY)) {
            double ties = 0.0;
            for (int64_t c = 0; c < k; c++) {
                ties_eq[c] = v_2[c] == largest;
                if (ties_eq[c]) {
                    ties += 1.0;
                }
            }
            for (int64_t at = 0; at < k; at++) dv_2[at] = 0.0;
            if (!(largest == INFINITY)) {
                double others = 0.0;
                for (int64_t c = 0; c < k; c++) {
                    weight[c] = exp(v_2[c] - largest);
                    others += ties_eq[c] ? weight[c] - 1.0 : weight[c];
                }
                const double stable_in = others + (ties - 1.0);
                const double stable = largest + log1p(stable_in);
                points_chosen = stable;
                const double dothers = stable_in >= -1.0 ? 1.0 / (1.0 + stable_in) : NAN;
                for (int64_t c = 0; c < k; c++) {
                    const double t_7 = dothers != 0.0 ? dothers * weight[c] : 0.0;
                    dv_2[c] = t_7;
                }
            }
            if (largest == INFINITY) {
                points_chosen = largest;
            }
            if (largest == INFINITY) {
                for (int64_t c = 0; c < k; c++) {
                    dv_2[c] = ties_eq[c] ? 1.0 / ties : 0.0;
                }
            }
            for (int64_t c = 0; c < k; c++) {
                dties_sum_2[c] += dv_2[c];
                const double dties_sum_3 = -dv_2[c] * 0.5;
                for (int64_t r = 0; r < d; r++) {
                    dQv_2[c * d + r] = dties_sum_3 * (2.0 * Qv[c * d + r]);  /* line 11 */
                    for (int64_t j = 0; j < r; j++) {
                        dQv_element[(c * d + r) * (d + -1) + j] = dQv_2[c * d + r] * l[c * (d * (d - 1) / 2) + place[r * (d + -1) + j]];  /* line 10 */
                        dl[c * (d * (d - 1) / 2) + place[r * (d + -1) + j]] += dQv_2[c * d + r] * v[c * d + j];
                    }
                    dQv_exp[c * d + r] += dQv_2[c * d + r] * v[c * d + r];
                }
            }
        }
        points += largest == -INFINITY ? largest : points_chosen;  /* line 15 */
        for (int64_t c = 0; c < k; c++) {
            for (int64_t at = 0; at < d; at++) dv[at] = 0.0;
            if (!(largest == -INFINITY)) {
                for (int64_t r = 0; r < d; r++) {
                    dv[r] += dQv_2[c * d + r] * Qv_exp[c * d + r];
                    for (int64_t j = 0; j < r; j++) {
                        dv[j] += dQv_element[(c * d + r) * (d + -1) + j];
                    }
                }
            }
            for (int64_t r = 0; r < d; r++) {
                dmu[c * d + r] += -dv[r];
                dx[i * d + r] += dv[r];
            }
        }
    }
    double largest_2 = -INFINITY;
    for (int64_t p = 0; p < k; p++) {
        if (alpha[p] > largest_2 || alpha[p] != alpha[p]) largest_2 = alpha[p];  /* line 16 */
    }
    int64_t dout_chosen = 0;
    if (!(largest_2 == -INFINITY)) {
        dout_chosen = -n;
    }
    double out_chosen = 0.0;
    for (int64_t at = 0; at < k; at++) dalpha[at] = 0.0;
    if (!(largest_2 == -INFINITY)) {
        double ties_2 = 0.0;
        for (int64_t p = 0; p < k; p++) {
            if (alpha[p] == largest_2) {
                ties_2 += 1.0;
            }
        }
        for (int64_t at = 0; at < k; at++) dalpha_element[at] = 0.0;
        if (!(largest_2 == INFINITY)) {
            double others_2 = 0.0;
            for (int64_t p = 0; p < k; p++) {
                weight_2[p] = exp(alpha[p] - largest_2);
                others_2 += alpha[p] == largest_2 ? weight_2[p] - 1.0 : weight_2[p];
            }
            const double stable_in_2 = others_2 + (ties_2 - 1.0);
            const double stable_2 = largest_2 + log1p(stable_in_2);
            out_chosen = stable_2;
            double dothers_2 = 0.0;
            if (stable_in_2 >= -1.0) {
                const double t_5 = dout_chosen / (1.0 + stable_in_2);
                dothers_2 = t_5;
            } else {
                dothers_2 = dout_chosen * NAN;
            }
            for (int64_t p = 0; p < k; p++) {
                dalpha_element[p] = dothers_2 != 0.0 ? dothers_2 * weight_2[p] : 0.0;
            }
        }
        if (largest_2 == INFINITY) {
            out_chosen = largest_2;
        }
        if (largest_2 == INFINITY) {
            for (int64_t p = 0; p < k; p++) {
                const double t_6 = alpha[p] == largest_2 ? dout_chosen / ties_2 : 0.0;
                dalpha_element[p] = t_6;
            }
        }
        for (int64_t p = 0; p < k; p++) {
            dalpha[p] += dalpha_element[p];
        }
    }
    const double out_difference = points - n * (largest_2 == -INFINITY ? largest_2 : out_chosen) - 0.5 * n * d * log(6.283185307179586);
    const double freedom = d + wishart_m + 1.0;  /* line 20 */
    double squares_sum = 0.0;
    double out_sum = 0.0;
    for (int64_t p = 0; p < k; p++) {
        for (int64_t s = 0; s < d; s++) {
            squares_exp[p * d + s] = exp(2.0 * q[p * d + s]);  /* line 21 */
            squares_sum += squares_exp[p * d + s];
            out_sum += q[p * d + s];  /* line 24 */
        }
    }
    double squares_sum_2 = 0.0;
    for (int64_t p = 0; p < k; p++) {
        for (int64_t s = 0; s < d * (d - 1) / 2; s++) {
            squares_sum_2 += l[p * (d * (d - 1) / 2) + s] * l[p * (d * (d - 1) / 2) + s];  /* line 21 */
        }
    }
    const double squares = squares_sum + squares_sum_2;
    double log_gamma_d_sum = 0.0;
    double t_3 = 0.0;
    for (int64_t j = 0; j < d; j++) {
        const double log_gamma_d_in = 0.5 * (freedom - j);  /* line 22 */
        log_gamma_d_sum += lgamma(log_gamma_d_in);
        t_3 += k * digamma(log_gamma_d_in) * 0.5;
    }
    const double log_gamma_d = 0.25 * d * (d - 1) * log(3.141592653589793) + log_gamma_d_sum;
    const double log_normaliser_product = freedom * d;  /* line 23 */
    const double log_normaliser_difference = log(wishart_gamma) - 0.5 * log(2.0);
    const double log_normaliser_product_2 = log_normaliser_product * log_normaliser_difference;
    const double log_normaliser = log_normaliser_product_2 - log_gamma_d;
    const double out_product = 0.5 * (wishart_gamma * wishart_gamma);  /* line 24 */
    *out = out_difference + (out_product * squares - wishart_m * out_sum - k * log_normaliser);  /* line 27 */
    const int64_t dlog_normaliser = -k;  /* line 24 */
    const double dlog_normaliser_difference = dlog_normaliser * log_normaliser_product;  /* line 23 */
    double t_2 = 0.0;
    if (wishart_gamma >= 0.0) {
        const double t = dlog_normaliser_difference / wishart_gamma;
        t_2 = t;
    } else {
        t_2 = dlog_normaliser_difference * NAN;
    }
    for (int64_t at = 0; at < k * d; at++) t_4[at] = 0.0;
    if (out_product != 0.0) {
        for (int64_t p = 0; p < k; p++) {
            for (int64_t s = 0; s < d; s++) {
                t_4[p * d + s] = out_product * squares_exp[p * d + s] * 2.0;  /* line 21 */
            }
        }
    }
    const double dfreedom = dlog_normaliser * log_normaliser_difference * d + t_3;  /* line 20 */
    for (int64_t at = 0; at < k * d; at++) dq[at] = 0.0;
    for (int64_t c = 0; c < k; c++) {
        for (int64_t r = 0; r < d; r++) {
            if (dQv_exp[c * d + r] != 0.0) {
                const double dQv_in = dQv_exp[c * d + r] * Qv_exp[c * d + r];  /* line 10 */
                dq[c * d + r] += dQv_in;
            }
        }
        dalpha[c] += dties_sum_2[c];
        for (int64_t p = 0; p < d; p++) {
            dq[c * d + p] += dties_sum_2[c];
        }
    }
    for (int64_t p = 0; p < k; p++) {
        for (int64_t s = 0; s < d; s++) {
            dq[p * d + s] += (out_product != 0.0 ? t_4[p * d + s] : 0.0) - wishart_m;
        }
    }
    for (int64_t p = 0; p < k; p++) {
        for (int64_t s = 0; s < d * (d - 1) / 2; s++) {
            dl[p * (d * (d - 1) / 2) + s] += out_product * (2.0 * l[p * (d * (d - 1) / 2) + s]);
        }
    }
    *dwishart_gamma = squares * 0.5 * (2.0 * wishart_gamma) + t_2;
    *dwishart_m = dfreedom - out_sum;
    return status;
}

/* How many bytes `work` of objective_value_and_grad has. */
size_t objective_value_and_grad_workspace(int64_t k, int64_t d) {
    double work = 0.0;
    work += 8.0 * k;
    work += 7.0 * k * d;
    work += (double)d * (d + -1);
    work += (double)k * d * (d + -1);
    work += d;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}
