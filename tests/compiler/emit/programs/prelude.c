/* prelude.mg, compiled to C99: values and exact derivatives. */
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

static double sigmoid(double x) {
    double exp_x = 0.0;
    if (!(x >= 0.0)) {
        exp_x = exp(x);
    }
    return x >= 0.0 ? 1.0 / (1.0 + exp(-x)) : exp_x / (1.0 + exp_x);
}

static double softplus(double x) {
    return (x <= 0.0 ? 0.0 : x) + log1p(exp(-fabs(x)));
}

static double maximum(double x, double y) { return x >= y || x != x ? x : y; }

static double logaddexp(double x, double y) {
    double out_sum = 0.0;
    if (!(x == y)) {
        out_sum = maximum(x, y) + log1p(exp(-fabs(x - y)));
    }
    return x == y ? x + log(2.0) : out_sum;
}

static void mgc_fail(mgc_status *status, enum mgc_error error, int line) {  /* what failed first stays */
    if (status->error == MGC_OK) {
        status->error = error;
        status->line = line;
    }
}

/* activations of prelude.mg, line 2. */
mgc_status activations(double x, double *restrict out) {
    const double sigmoid_x = sigmoid(x);  /* line 3 */
    const double out_in = x + 2.0;
    *out = sigmoid_x + softplus(x) + x * sigmoid_x + 0.5 * x * erfc(-x / 1.4142135623730951) + (x > 0.0 ? x : expm1(x)) + (x > 0.0 ? x : 0.01 * x) + (out_in <= 0.0 ? 0.0 : out_in);
    return (mgc_status){MGC_OK, 0};
}

/* activations of prelude.mg, line 2, and its derivatives. */
mgc_status activations_value_and_grad(double x, double *restrict out, double *restrict dx) {
    const double sigmoid_x = sigmoid(x);  /* line 3 */
    const double out_product = 0.5 * x;
    const double out_in = -x / 1.4142135623730951;
    const double out_erfc = erfc(out_in);
    const double out_in_2 = x + 2.0;
    const double out_relu = out_in_2 <= 0.0 ? 0.0 : out_in_2;
    *out = sigmoid_x + softplus(x) + x * sigmoid_x + out_product * out_erfc + (x > 0.0 ? x : expm1(x)) + (x > 0.0 ? x : 0.01 * x) + out_relu;
    const double dout_in = out_product * (-1.1283791670955126 * exp(-out_in * out_in));
    *dx = out_erfc * 0.5 - dout_in * 0.7071067811865475 + sigmoid_x + sigmoid_x + (x + 1.0) * (sigmoid_x * (1.0 - sigmoid_x)) + (out_relu > 0.0 ? 1.0 : 0.0) + (x > 0.0 ? 2.0 : 0.01 + exp(x));
    return (mgc_status){MGC_OK, 0};
}

/* over_arrays of prelude.mg, line 5. */
mgc_status over_arrays(const double *restrict x, int64_t n, double *restrict out) {
    double out_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        const double out_product = 0.5 * x[i] * erfc(-x[i] / 1.4142135623730951);  /* line 6 */
        const double out_product_2 = out_product * (x[i] > 0.0 ? x[i] : 0.5 * expm1(x[i]));
        out_sum += out_product_2;
    }
    *out = out_sum;
    return (mgc_status){MGC_OK, 0};
}

/* over_arrays of prelude.mg, line 5, and its derivatives. */
mgc_status over_arrays_value_and_grad(
    const double *restrict x, int64_t n, double *restrict out, double *restrict dx
) {
    double out_total = 0.0;
    for (int64_t i = 0; i < n; i++) {
        const double out_product = 0.5 * x[i];  /* line 6 */
        const double out_in = -x[i] / 1.4142135623730951;
        const double out_erfc = erfc(out_in);
        const double out_product_2 = out_product * out_erfc;
        double out_chosen = 0.0;
        if (x[i] > 0.0) {
            out_chosen = x[i];
        } else {
            out_chosen = 0.5 * expm1(x[i]);
        }
        out_total += out_product_2 * out_chosen;
        double t = 0.0;
        if (!(x[i] > 0.0)) {
            const double dout_expm1 = out_product_2 * 0.5;
            t = dout_expm1 != 0.0 ? dout_expm1 * exp(x[i]) : 0.0;
        }
        const double t_2 = -1.1283791670955126 * exp(-out_in * out_in);
        const double dout_negated = out_chosen * out_product * t_2 * 0.7071067811865475;
        dx[i] = out_chosen * out_erfc * 0.5 - dout_negated + (x[i] > 0.0 ? out_product_2 : t);
    }
    *out = out_total;
    return (mgc_status){MGC_OK, 0};
}

/* probabilities of prelude.mg, line 8. */
mgc_status probabilities(const double *restrict x, int64_t n, void *restrict work, double *restrict out) {
    double *const out_values = out;
    double *weight = work;
    double largest = -INFINITY;
    for (int64_t i = 0; i < n; i++) {
        if (x[i] > largest || x[i] != x[i]) largest = x[i];  /* line 9 */
    }
    double out_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        weight[i] = exp(x[i] - largest);
        out_sum += weight[i];
    }
    for (int64_t i = 0; i < n; i++) {
        out_values[i] = weight[i] / out_sum;
    }
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of probabilities has. */
size_t probabilities_workspace(int64_t n) {
    double work = 0.0;
    work += n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* probabilities of prelude.mg, line 8, and its derivatives. */
mgc_status probabilities_vjp(
    const double *restrict x, const double *restrict dout, int64_t n, void *restrict work,
    double *restrict out, double *restrict dx
) {
    double *weight = work;
    double largest = -INFINITY;
    for (int64_t i = 0; i < n; i++) {
        if (x[i] > largest || x[i] != x[i]) largest = x[i];  /* line 9 */
    }
    double out_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        weight[i] = exp(x[i] - largest);
        out_sum += weight[i];
    }
    double dout_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        out[i] = weight[i] / out_sum;
        dout_sum += dout[i] * (-out[i] / out_sum);
    }
    for (int64_t i = 0; i < n; i++) {
        const double dweight = dout[i] / out_sum + dout_sum;
        dx[i] = dweight != 0.0 ? dweight * weight[i] : 0.0;
    }
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of probabilities_vjp has. */
size_t probabilities_vjp_workspace(int64_t n) {
    double work = 0.0;
    work += n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* log_probabilities of prelude.mg, line 11. */
mgc_status log_probabilities(const double *restrict x, int64_t n, void *restrict work, double *restrict out) {
    double *weight_in = work;
    double largest = -INFINITY;
    for (int64_t i = 0; i < n; i++) {
        if (x[i] > largest || x[i] != x[i]) largest = x[i];  /* line 12 */
    }
    double others = 0.0;
    double ties = 0.0;
    for (int64_t i = 0; i < n; i++) {
        weight_in[i] = x[i] - largest;
        const double weight = exp(weight_in[i]);
        others += x[i] == largest ? weight - 1.0 : weight;
        if (x[i] == largest) {
            ties += 1.0;
        }
    }
    const double log_total = log1p(others + (ties - 1.0));
    double out_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        out_sum += (weight_in[i] - log_total) * x[i];
    }
    *out = out_sum;
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of log_probabilities has. */
size_t log_probabilities_workspace(int64_t n) {
    double work = 0.0;
    work += n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* log_probabilities of prelude.mg, line 11, and its derivatives. */
mgc_status log_probabilities_value_and_grad(
    const double *restrict x, int64_t n, void *restrict work, double *restrict out, double *restrict dx
) {
    double *weight_in = work;
    double *weight = weight_in + n;
    double *out_difference = weight + n;
    double largest = -INFINITY;
    for (int64_t i = 0; i < n; i++) {
        if (x[i] > largest || x[i] != x[i]) largest = x[i];  /* line 12 */
    }
    double others = 0.0;
    double ties = 0.0;
    for (int64_t i = 0; i < n; i++) {
        weight_in[i] = x[i] - largest;
        weight[i] = exp(weight_in[i]);
        others += x[i] == largest ? weight[i] - 1.0 : weight[i];
        if (x[i] == largest) {
            ties += 1.0;
        }
    }
    const double log_total_in = others + (ties - 1.0);
    const double log_total = log1p(log_total_in);
    double out_total = 0.0;
    for (int64_t i = 0; i < n; i++) {
        out_difference[i] = weight_in[i] - log_total;
        out_total += out_difference[i] * x[i];
    }
    double dlog_total = 0.0;
    for (int64_t i = 0; i < n; i++) {
        dlog_total += -x[i];
    }
    double dothers = 0.0;
    if (log_total_in >= -1.0) {
        const double t = dlog_total / (1.0 + log_total_in);
        dothers = t;
    } else {
        dothers = dlog_total * NAN;
    }
    for (int64_t i = 0; i < n; i++) {
        const double dweight_in = x[i] + (dothers != 0.0 ? dothers * weight[i] : 0.0);
        dx[i] = out_difference[i] + dweight_in;
    }
    *out = out_total;
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of log_probabilities_value_and_grad has. */
size_t log_probabilities_value_and_grad_workspace(int64_t n) {
    double work = 0.0;
    work += 3.0 * n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* normalisers of prelude.mg, line 14. */
mgc_status normalisers(
    const double *restrict x, const double *restrict y, int64_t n, void *restrict work, double *restrict out
) {
    mgc_status status = {MGC_OK, 0};
    double *v = work;
    double largest = -INFINITY;
    for (int64_t j = 0; j < n; j++) {
        if (x[j] > largest || x[j] != x[j]) largest = x[j];  /* line 15 */
    }
    double out_chosen_2 = 0.0;
    if (largest == -INFINITY) {
        out_chosen_2 = largest;
    } else {
        double out_chosen = 0.0;
        if (largest == INFINITY) {
            out_chosen = largest;
        } else {
            double others = 0.0;
            double ties = 0.0;
            for (int64_t j = 0; j < n; j++) {
                const double weight = exp(x[j] - largest);
                others += x[j] == largest ? weight - 1.0 : weight;
                if (x[j] == largest) {
                    ties += 1.0;
                }
            }
            const double stable = largest + log1p(others + (ties - 1.0));
            out_chosen = stable;
        }
        out_chosen_2 = out_chosen;
    }
    double largest_2 = -INFINITY;
    for (int64_t i = 0; i < n; i++) {
        v[i] = x[i] * y[i];
        if (v[i] > largest_2 || v[i] != v[i]) largest_2 = v[i];
    }
    double out_chosen_3 = 0.0;
    if (!(largest_2 == -INFINITY)) {
        if (largest_2 == INFINITY) {
            out_chosen_3 = largest_2;
        } else {
            double others_2 = 0.0;
            double ties_2 = 0.0;
            for (int64_t i = 0; i < n; i++) {
                const double weight_2 = exp(v[i] - largest_2);
                others_2 += v[i] == largest_2 ? weight_2 - 1.0 : weight_2;
                if (v[i] == largest_2) {
                    ties_2 += 1.0;
                }
            }
            const double stable_2 = largest_2 + log1p(others_2 + (ties_2 - 1.0));
            out_chosen_3 = stable_2;
        }
    }
    const int64_t place = 0;
    if (place < 0 || place >= n) {
        mgc_fail(&status, MGC_INDEX, 15);
        return status;
    }
    *out = out_chosen_2 + (largest_2 == -INFINITY ? largest_2 : out_chosen_3) + logaddexp(x[place], y[place]);
    return status;
}

/* How many bytes `work` of normalisers has. */
size_t normalisers_workspace(int64_t n) {
    double work = 0.0;
    work += n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* normalisers of prelude.mg, line 14, and its derivatives. */
mgc_status normalisers_value_and_grad(
    const double *restrict x, const double *restrict y, int64_t n, void *restrict work, double *restrict out,
    double *restrict dx, double *restrict dy
) {
    mgc_status status = {MGC_OK, 0};
    double *dx_element = work;
    double *weight = dx_element + n;
    double *v = weight + n;
    double *dv = v + n;
    double *weight_2 = dv + n;
    double largest = -INFINITY;
    for (int64_t j = 0; j < n; j++) {
        if (x[j] > largest || x[j] != x[j]) largest = x[j];  /* line 15 */
    }
    double out_chosen_2 = 0.0;
    for (int64_t at = 0; at < n; at++) dx[at] = 0.0;
    if (largest == -INFINITY) {
        out_chosen_2 = largest;
    } else {
        double ties = 0.0;
        for (int64_t j = 0; j < n; j++) {
            if (x[j] == largest) {
                ties += 1.0;
            }
        }
        double out_chosen = 0.0;
        for (int64_t at = 0; at < n; at++) dx_element[at] = 0.0;
        if (!(largest == INFINITY)) {
            double others = 0.0;
            for (int64_t j = 0; j < n; j++) {
                weight[j] = exp(x[j] - largest);
                others += x[j] == largest ? weight[j] - 1.0 : weight[j];
            }
            const double stable_in = others + (ties - 1.0);
            const double stable = largest + log1p(stable_in);
            out_chosen = stable;
            const double dothers = stable_in >= -1.0 ? 1.0 / (1.0 + stable_in) : NAN;
            for (int64_t j = 0; j < n; j++) {
                const double t_4 = dothers != 0.0 ? dothers * weight[j] : 0.0;
                dx_element[j] = t_4;
            }
        }
        if (largest == INFINITY) {
            out_chosen = largest;
        }
        out_chosen_2 = out_chosen;
        if (largest == INFINITY) {
            for (int64_t j = 0; j < n; j++) {
                dx_element[j] = x[j] == largest ? 1.0 / ties : 0.0;
            }
        }
        for (int64_t j = 0; j < n; j++) {
            dx[j] += dx_element[j];
        }
    }
    double largest_2 = -INFINITY;
    for (int64_t i = 0; i < n; i++) {
        v[i] = x[i] * y[i];
        if (v[i] > largest_2 || v[i] != v[i]) largest_2 = v[i];
    }
    double out_chosen_3 = 0.0;
    for (int64_t at = 0; at < n; at++) dy[at] = 0.0;
    if (!(largest_2 == -INFINITY)) {
        double ties_2 = 0.0;
        for (int64_t i = 0; i < n; i++) {
            if (v[i] == largest_2) {
                ties_2 += 1.0;
            }
        }
        for (int64_t at = 0; at < n; at++) dv[at] = 0.0;
        if (!(largest_2 == INFINITY)) {
            double others_2 = 0.0;
            for (int64_t i = 0; i < n; i++) {
                weight_2[i] = exp(v[i] - largest_2);
                others_2 += v[i] == largest_2 ? weight_2[i] - 1.0 : weight_2[i];
            }
            const double stable_in_2 = others_2 + (ties_2 - 1.0);
            const double stable_2 = largest_2 + log1p(stable_in_2);
            out_chosen_3 = stable_2;
            const double dothers_2 = stable_in_2 >= -1.0 ? 1.0 / (1.0 + stable_in_2) : NAN;
            for (int64_t i = 0; i < n; i++) {
                const double t_3 = dothers_2 != 0.0 ? dothers_2 * weight_2[i] : 0.0;
                dv[i] = t_3;
            }
        }
        if (largest_2 == INFINITY) {
            out_chosen_3 = largest_2;
        }
        if (largest_2 == INFINITY) {
            for (int64_t i = 0; i < n; i++) {
                dv[i] = v[i] == largest_2 ? 1.0 / ties_2 : 0.0;
            }
        }
        for (int64_t i = 0; i < n; i++) {
            dx[i] += dv[i] * y[i];
            dy[i] += dv[i] * x[i];
        }
    }
    const int64_t place = 0;
    if (place < 0 || place >= n) {
        mgc_fail(&status, MGC_INDEX, 15);
        return status;
    }
    *out = out_chosen_2 + (largest_2 == -INFINITY ? largest_2 : out_chosen_3) + logaddexp(x[place], y[place]);
    const int t = x[place] != y[place];
    double t_2 = 0.0;
    if (!(t)) {
        t_2 = x[place] > -INFINITY ? 0.5 : 0.0;
    }
    dx[place] += t ? sigmoid(x[place] - y[place]) : t_2;
    dy[place] += t ? sigmoid(y[place] - x[place]) : t_2;
    return status;
}

/* How many bytes `work` of normalisers_value_and_grad has. */
size_t normalisers_value_and_grad_workspace(int64_t n) {
    double work = 0.0;
    work += 5.0 * n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* losses of prelude.mg, line 17. */
mgc_status losses(
    const double *restrict x, const double *restrict y, int64_t k, int64_t n, double *restrict out
) {
    mgc_status status = {MGC_OK, 0};
    double out_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        const double out_difference = x[i] - y[i];  /* line 18 */
        out_sum += out_difference * out_difference;
    }
    double out_sum_2 = 0.0;
    double largest = -INFINITY;
    double out_sum_3 = 0.0;
    for (int64_t j = 0; j < n; j++) {
        const double out_in = 1.0 - y[j] * x[j];
        out_sum_2 += out_in <= 0.0 ? 0.0 : out_in;
        if (x[j] > largest || x[j] != x[j]) largest = x[j];
        out_sum_3 += y[j] * softplus(-x[j]) + (1.0 - y[j]) * softplus(x[j]);
    }
    double others = 0.0;
    for (int64_t i = 0; i < n; i++) {
        const double weight = exp(x[i] - largest);
        others += i == k ? weight - 1.0 : weight;
    }
    const int64_t place = k;
    if (place < 0 || place >= n) {
        mgc_fail(&status, MGC_INDEX, 18);
        return status;
    }
    double out_sum_4 = 0.0;
    for (int64_t i = 0; i < n; i++) {
        out_sum_4 += x[i] * y[i];
    }
    double largest_2 = -INFINITY;
    for (int64_t i = 0; i < n; i++) {
        const double largest_abs = fabs(x[i]);
        if (largest_abs > largest_2 || largest_abs != largest_abs) largest_2 = largest_abs;
    }
    double length = 0.0;
    double limit = 0.0;
    if (largest_2 <= 0.0 || largest_2 == INFINITY) {
        limit = largest_2 <= 0.0 ? 0.0 : largest_2;
    } else {
        double length_sum = 0.0;
        for (int64_t i = 0; i < n; i++) {
            const double length_ratio = x[i] / largest_2;
            length_sum += length_ratio * length_ratio;
        }
        length = largest_2 * sqrt(length_sum);
    }
    *out = out_sum / n + out_sum_2 + (log1p(others) - (x[place] - largest)) + out_sum_3 + out_sum_4 + (largest_2 <= 0.0 || largest_2 == INFINITY ? limit : length);
    return status;
}

/* losses of prelude.mg, line 17, and its derivatives. */
mgc_status losses_value_and_grad(
    const double *restrict x, const double *restrict y, int64_t k, int64_t n, void *restrict work,
    double *restrict out, double *restrict dx, double *restrict dy
) {
    mgc_status status = {MGC_OK, 0};
    double *weight = work;
    double *length_ratio = weight + n;
    const double dout_sum = 1.0 / n;  /* line 18 */
    double out_sum = 0.0;
    for (int64_t at = 0; at < n; at++) dx[at] = 0.0;
    for (int64_t at = 0; at < n; at++) dy[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        const double out_difference = x[i] - y[i];
        out_sum += out_difference * out_difference;
        const double dout_difference = dout_sum * (2.0 * out_difference);
        dx[i] += dout_difference;
        dy[i] += -dout_difference;
    }
    double out_sum_2 = 0.0;
    double largest = -INFINITY;
    double out_sum_3 = 0.0;
    for (int64_t j = 0; j < n; j++) {
        const double out_in = 1.0 - y[j] * x[j];
        const double out_relu = out_in <= 0.0 ? 0.0 : out_in;
        out_sum_2 += out_relu;
        if (x[j] > largest || x[j] != x[j]) largest = x[j];
        const double out_in_2 = -x[j];
        const double out_softplus = softplus(out_in_2);
        const double out_difference_2 = 1.0 - y[j];
        const double out_softplus_2 = softplus(x[j]);
        const double out_product = out_difference_2 * out_softplus_2;
        out_sum_3 += y[j] * out_softplus + out_product;
        const double t = out_difference_2 * sigmoid(x[j]);
        dx[j] += t - y[j] * sigmoid(out_in_2) + (out_relu > 0.0 ? -y[j] : 0.0);
        dy[j] += out_softplus - out_softplus_2 + (out_relu > 0.0 ? out_in_2 : 0.0);
    }
    double others = 0.0;
    for (int64_t i = 0; i < n; i++) {
        weight[i] = exp(x[i] - largest);
        others += i == k ? weight[i] - 1.0 : weight[i];
    }
    const int64_t place = k;
    if (place < 0 || place >= n) {
        mgc_fail(&status, MGC_INDEX, 18);
        return status;
    }
    double out_sum_4 = 0.0;
    for (int64_t i = 0; i < n; i++) {
        out_sum_4 += x[i] * y[i];
    }
    double largest_2 = -INFINITY;
    for (int64_t i = 0; i < n; i++) {
        const double largest_abs = fabs(x[i]);
        if (largest_abs > largest_2 || largest_abs != largest_abs) largest_2 = largest_abs;
    }
    const int out_or = largest_2 <= 0.0 || largest_2 == INFINITY;
    double length = 0.0;
    double limit = 0.0;
    if (out_or) {
        limit = largest_2 <= 0.0 ? 0.0 : largest_2;
    } else {
        double length_sum = 0.0;
        for (int64_t i = 0; i < n; i++) {
            length_ratio[i] = x[i] / largest_2;
            length_sum += length_ratio[i] * length_ratio[i];
        }
        const double length_sqrt = sqrt(length_sum);
        length = largest_2 * length_sqrt;
        const double dlength_sum = largest_2 * (0.5 / length_sqrt);
        for (int64_t i = 0; i < n; i++) {
            const double dx_element = dlength_sum * (2.0 * length_ratio[i]) / largest_2;
            dx[i] += dx_element;
        }
    }
    *out = out_sum / n + out_sum_2 + (log1p(others) - (x[place] - largest)) + out_sum_3 + out_sum_4 + (out_or ? limit : length);
    const double dothers = others >= -1.0 ? 1.0 / (1.0 + others) : NAN;
    for (int64_t i = 0; i < n; i++) {
        dx[i] += y[i];
        dy[i] += x[i];
    }
    dx[place] += -1.0;
    if (dothers != 0.0) {
        for (int64_t i = 0; i < n; i++) {
            dx[i] += dothers * weight[i];
        }
    }
    return status;
}

/* How many bytes `work` of losses_value_and_grad has. */
size_t losses_value_and_grad_workspace(int64_t n) {
    double work = 0.0;
    work += 2.0 * n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* softmax_inside of prelude.mg, line 20. */
mgc_status softmax_inside(
    const double *restrict X, int64_t m, int64_t n, void *restrict work, double *restrict out
) {
    double *weight = work;
    double out_sum_2 = 0.0;
    for (int64_t i = 0; i < m; i++) {
        double largest = -INFINITY;
        for (int64_t j = 0; j < n; j++) {
            if (X[i * n + j] > largest || X[i * n + j] != X[i * n + j]) largest = X[i * n + j];  /* line 21 */
        }
        double out_sum = 0.0;
        for (int64_t j = 0; j < n; j++) {
            weight[j] = exp(X[i * n + j] - largest);
            out_sum += weight[j];
        }
        for (int64_t j = 0; j < n; j++) {
            out_sum_2 += weight[j] / out_sum * (X[i * n + j] * X[i * n + j]);
        }
    }
    *out = out_sum_2;
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of softmax_inside has. */
size_t softmax_inside_workspace(int64_t n) {
    double work = 0.0;
    work += n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* softmax_inside of prelude.mg, line 20, and its derivatives. */
mgc_status softmax_inside_value_and_grad(
    const double *restrict X, int64_t m, int64_t n, void *restrict work, double *restrict out,
    double *restrict dX
) {
    double *weight = work;
    double *out_ratio = weight + n;
    double *out_power = out_ratio + n;
    double out_total = 0.0;
    for (int64_t i = 0; i < m; i++) {
        double largest = -INFINITY;
        for (int64_t j = 0; j < n; j++) {
            if (X[i * n + j] > largest || X[i * n + j] != X[i * n + j]) largest = X[i * n + j];  /* line 21 */
        }
        double out_sum = 0.0;
        for (int64_t j = 0; j < n; j++) {
            weight[j] = exp(X[i * n + j] - largest);
            out_sum += weight[j];
        }
        double dout_sum = 0.0;
        for (int64_t j = 0; j < n; j++) {
            out_ratio[j] = weight[j] / out_sum;
            out_power[j] = X[i * n + j] * X[i * n + j];
            out_total += out_ratio[j] * out_power[j];
            dout_sum += out_power[j] * (-out_ratio[j] / out_sum);
        }
        for (int64_t j = 0; j < n; j++) {
            const double dweight = out_power[j] / out_sum + dout_sum;
            double t = 0.0;
            if (dweight != 0.0) {
                const double dweight_in = dweight * weight[j];
                t = dweight_in;
            } else {
                t = 0.0;
            }
            dX[i * n + j] = out_ratio[j] * (2.0 * X[i * n + j]) + t;
        }
    }
    *out = out_total;
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of softmax_inside_value_and_grad has. */
size_t softmax_inside_value_and_grad_workspace(int64_t n) {
    double work = 0.0;
    work += 3.0 * n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}
