/* prelude.mg, compiled to C99: values and exact derivatives. */
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

static double sigmoid(double x) {
    double x_exp = 0.0;
    if (!(x >= 0.0)) {
        x_exp = exp(x);
    }
    return x >= 0.0 ? 1.0 / (1.0 + exp(-x)) : x_exp / (1.0 + x_exp);
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
    const double x_sigmoid = sigmoid(x);  /* line 3 */
    const double x_plus_two = x + 2.0;
    *out = x_sigmoid + softplus(x) + x * x_sigmoid + 0.5 * x * erfc(-x / 1.4142135623730951) + (x > 0.0 ? x : expm1(x)) + (x > 0.0 ? x : 0.01 * x) + (x_plus_two <= 0.0 ? 0.0 : x_plus_two);
    return (mgc_status){MGC_OK, 0};
}

/* activations of prelude.mg, line 2, and its derivatives. */
mgc_status activations_value_and_grad(double x, double *restrict out, double *restrict dx) {
    const double x_sigmoid = sigmoid(x);  /* line 3 */
    const double x_ratio = -x / 1.4142135623730951;
    const double x_ratio_erfc = erfc(x_ratio);
    const double x_plus_two = x + 2.0;
    const double x_plus_two_relu = x_plus_two <= 0.0 ? 0.0 : x_plus_two;
    *out = x_sigmoid + softplus(x) + x * x_sigmoid + 0.5 * x * x_ratio_erfc + (x > 0.0 ? x : expm1(x)) + (x > 0.0 ? x : 0.01 * x) + x_plus_two_relu;
    const double part_of_dx = -0.5641895835477563 * x * exp(-x_ratio * x_ratio) * 0.7071067811865475;
    *dx = 0.5 * x_ratio_erfc - part_of_dx + 2.0 * x_sigmoid + (x + 1.0) * (x_sigmoid * (1.0 - x_sigmoid)) + (x_plus_two_relu > 0.0 ? 1.0 : 0.0) + (x > 0.0 ? 2.0 : 0.01 + exp(x));
    return (mgc_status){MGC_OK, 0};
}

/* over_arrays of prelude.mg, line 5. */
mgc_status over_arrays(const double *restrict x, int64_t n, double *restrict out) {
    double out_total = 0.0;
    for (int64_t i = 0; i < n; i++) {
        const double x_elu = x[i] > 0.0 ? x[i] : 0.5 * expm1(x[i]);  /* line 6 */
        out_total += 0.5 * x[i] * erfc(-x[i] / 1.4142135623730951) * x_elu;
    }
    *out = out_total;
    return (mgc_status){MGC_OK, 0};
}

/* over_arrays of prelude.mg, line 5, and its derivatives. */
mgc_status over_arrays_value_and_grad(
    const double *restrict x, int64_t n, double *restrict out, double *restrict dx
) {
    double out_total = 0.0;
    for (int64_t i = 0; i < n; i++) {
        const double x_gelu_ratio = -x[i] / 1.4142135623730951;  /* line 6 */
        const double x_gelu_ratio_erfc = erfc(x_gelu_ratio);
        const double x_gelu = 0.5 * x[i] * x_gelu_ratio_erfc;
        double x_elu = 0.0;
        if (x[i] > 0.0) {
            x_elu = x[i];
        } else {
            x_elu = 0.5 * expm1(x[i]);
        }
        out_total += x_gelu * x_elu;
        double part_of_dx = 0.0;
        if (!(x[i] > 0.0)) {
            const double x_gelu_product = x_gelu * 0.5;
            part_of_dx = x_gelu_product != 0.0 ? x_gelu_product * exp(x[i]) : 0.0;
        }
        const double dx_gelu_ratio = -1.1283791670955126 * (0.5 * x_elu * x[i]) * exp(-x_gelu_ratio * x_gelu_ratio);
        dx[i] = x_elu * x_gelu_ratio_erfc * 0.5 - dx_gelu_ratio * 0.7071067811865475 + (x[i] > 0.0 ? x_gelu : part_of_dx);
    }
    *out = out_total;
    return (mgc_status){MGC_OK, 0};
}

/* probabilities of prelude.mg, line 8. */
mgc_status probabilities(const double *restrict x, int64_t n, void *restrict work, double *restrict out) {
    double *x_exp = work;
    double x_max = -INFINITY;
    for (int64_t i = 0; i < n; i++) {
        if (x[i] > x_max || x[i] != x[i]) x_max = x[i];  /* line 9 */
    }
    double x_exp_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        x_exp[i] = exp(x[i] - x_max);
        x_exp_sum += x_exp[i];
    }
    for (int64_t i = 0; i < n; i++) {
        out[i] = x_exp[i] / x_exp_sum;
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
    double *x_exp = work;
    double x_max = -INFINITY;
    for (int64_t i = 0; i < n; i++) {
        if (x[i] > x_max || x[i] != x[i]) x_max = x[i];  /* line 9 */
    }
    double x_exp_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        x_exp[i] = exp(x[i] - x_max);
        x_exp_sum += x_exp[i];
    }
    double dx_exp_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        out[i] = x_exp[i] / x_exp_sum;
        dx_exp_sum -= dout[i] * (out[i] / x_exp_sum);
    }
    for (int64_t at = 0; at < n; at++) dx[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        const double dx_exp = dout[i] / x_exp_sum + dx_exp_sum;
        if (dx_exp != 0.0) {
            dx[i] = dx_exp * x_exp[i];
        }
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
    double *x_minus_max = work;
    double x_max = -INFINITY;
    for (int64_t i = 0; i < n; i++) {
        if (x[i] > x_max || x[i] != x[i]) x_max = x[i];  /* line 12 */
    }
    double x_others = 0.0;
    double x_ties = 0.0;
    for (int64_t i = 0; i < n; i++) {
        x_minus_max[i] = x[i] - x_max;
        const double x_exp = exp(x_minus_max[i]);
        x_others += x[i] == x_max ? x_exp - 1.0 : x_exp;
        if (x[i] == x_max) {
            x_ties += 1.0;
        }
    }
    const double x_log_total = log1p(x_others + (x_ties - 1.0));
    double out_total = 0.0;
    for (int64_t i = 0; i < n; i++) {
        out_total += (x_minus_max[i] - x_log_total) * x[i];
    }
    *out = out_total;
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
    double *x_minus_max = work;
    double *x_exp = x_minus_max + n;
    double x_max = -INFINITY;
    for (int64_t i = 0; i < n; i++) {
        if (x[i] > x_max || x[i] != x[i]) x_max = x[i];  /* line 12 */
    }
    double x_others = 0.0;
    double x_ties = 0.0;
    for (int64_t i = 0; i < n; i++) {
        x_minus_max[i] = x[i] - x_max;
        x_exp[i] = exp(x_minus_max[i]);
        x_others += x[i] == x_max ? x_exp[i] - 1.0 : x_exp[i];
        if (x[i] == x_max) {
            x_ties += 1.0;
        }
    }
    const double x_log_total_sum = x_others + (x_ties - 1.0);
    const double x_log_total = log1p(x_log_total_sum);
    double dx_log_total = 0.0;
    for (int64_t i = 0; i < n; i++) {
        dx_log_total -= x[i];
    }
    const double dx_others = x_log_total_sum >= -1.0 ? dx_log_total / (1.0 + x_log_total_sum) : dx_log_total * NAN;
    double out_total = 0.0;
    for (int64_t i = 0; i < n; i++) {
        const double x_log_softmax = x_minus_max[i] - x_log_total;
        out_total += x_log_softmax * x[i];
        dx[i] = x_log_softmax + (x[i] + (dx_others != 0.0 ? dx_others * x_exp[i] : 0.0));
    }
    *out = out_total;
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of log_probabilities_value_and_grad has. */
size_t log_probabilities_value_and_grad_workspace(int64_t n) {
    double work = 0.0;
    work += 2.0 * n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* normalisers of prelude.mg, line 14. */
mgc_status normalisers(
    const double *restrict x, const double *restrict y, int64_t n, void *restrict work, double *restrict out
) {
    mgc_status status = {MGC_OK, 0};
    double *v = work;
    double x_max = -INFINITY;
    for (int64_t j = 0; j < n; j++) {
        if (x[j] > x_max || x[j] != x[j]) x_max = x[j];  /* line 15 */
    }
    double x_logsumexp2 = 0.0;
    if (x_max == -INFINITY) {
        x_logsumexp2 = x_max;
    } else {
        double x_logsumexp = 0.0;
        if (!(x_max == INFINITY)) {
            double x_others = 0.0;
            double x_ties = 0.0;
            for (int64_t j = 0; j < n; j++) {
                const double x_exp = exp(x[j] - x_max);
                x_others += x[j] == x_max ? x_exp - 1.0 : x_exp;
                if (x[j] == x_max) {
                    x_ties += 1.0;
                }
            }
            x_logsumexp = x_max + log1p(x_others + (x_ties - 1.0));
        }
        x_logsumexp2 = x_max == INFINITY ? x_max : x_logsumexp;
    }
    double v_max = -INFINITY;
    for (int64_t i = 0; i < n; i++) {
        v[i] = x[i] * y[i];
        if (v[i] > v_max || v[i] != v[i]) v_max = v[i];
    }
    double v_logsumexp = 0.0;
    if (!(v_max == -INFINITY)) {
        if (!(v_max == INFINITY)) {
            double v_others = 0.0;
            double v_ties = 0.0;
            for (int64_t i = 0; i < n; i++) {
                const double v_exp = exp(v[i] - v_max);
                v_others += v[i] == v_max ? v_exp - 1.0 : v_exp;
                if (v[i] == v_max) {
                    v_ties += 1.0;
                }
            }
            v_logsumexp = v_max + log1p(v_others + (v_ties - 1.0));
        }
    }
    const int64_t first = 0;
    if (first < 0 || first >= n) {
        mgc_fail(&status, MGC_INDEX, 15);
        return status;
    }
    *out = x_logsumexp2 + (v_max == -INFINITY ? v_max : v_max == INFINITY ? v_max : v_logsumexp) + logaddexp(x[first], y[first]);
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
    double *part_of_dx_2 = work;
    double *x_exp = part_of_dx_2 + n;
    double *v = x_exp + n;
    double *dv = v + n;
    double *v_exp = dv + n;
    double x_max = -INFINITY;
    for (int64_t j = 0; j < n; j++) {
        if (x[j] > x_max || x[j] != x[j]) x_max = x[j];  /* line 15 */
    }
    double x_logsumexp2 = 0.0;
    for (int64_t at = 0; at < n; at++) dx[at] = 0.0;
    if (x_max == -INFINITY) {
        x_logsumexp2 = x_max;
    } else {
        double x_ties = 0.0;
        for (int64_t j = 0; j < n; j++) {
            if (x[j] == x_max) {
                x_ties += 1.0;
            }
        }
        double x_logsumexp = 0.0;
        for (int64_t at = 0; at < n; at++) part_of_dx_2[at] = 0.0;
        if (x_max == INFINITY) {
            for (int64_t j = 0; j < n; j++) {
                const double part_of_dx = x[j] == x_max ? 1.0 / x_ties : 0.0;
                part_of_dx_2[j] = part_of_dx;
            }
        } else {
            double x_others = 0.0;
            for (int64_t j = 0; j < n; j++) {
                x_exp[j] = exp(x[j] - x_max);
                x_others += x[j] == x_max ? x_exp[j] - 1.0 : x_exp[j];
            }
            const double x_logsumexp_sum = x_others + (x_ties - 1.0);
            x_logsumexp = x_max + log1p(x_logsumexp_sum);
            const double dx_others = x_logsumexp_sum >= -1.0 ? 1.0 / (1.0 + x_logsumexp_sum) : NAN;
            for (int64_t j = 0; j < n; j++) {
                part_of_dx_2[j] = dx_others != 0.0 ? dx_others * x_exp[j] : 0.0;
            }
        }
        x_logsumexp2 = x_max == INFINITY ? x_max : x_logsumexp;
        for (int64_t j = 0; j < n; j++) {
            dx[j] += part_of_dx_2[j];
        }
    }
    double v_max = -INFINITY;
    for (int64_t i = 0; i < n; i++) {
        v[i] = x[i] * y[i];
        if (v[i] > v_max || v[i] != v[i]) v_max = v[i];
    }
    double v_logsumexp = 0.0;
    for (int64_t at = 0; at < n; at++) dy[at] = 0.0;
    if (!(v_max == -INFINITY)) {
        double v_ties = 0.0;
        for (int64_t i = 0; i < n; i++) {
            if (v[i] == v_max) {
                v_ties += 1.0;
            }
        }
        for (int64_t at = 0; at < n; at++) dv[at] = 0.0;
        if (v_max == INFINITY) {
            for (int64_t i = 0; i < n; i++) {
                const double part_of_dv = v[i] == v_max ? 1.0 / v_ties : 0.0;
                dv[i] = part_of_dv;
            }
        } else {
            double v_others = 0.0;
            for (int64_t i = 0; i < n; i++) {
                v_exp[i] = exp(v[i] - v_max);
                v_others += v[i] == v_max ? v_exp[i] - 1.0 : v_exp[i];
            }
            const double v_logsumexp_sum = v_others + (v_ties - 1.0);
            v_logsumexp = v_max + log1p(v_logsumexp_sum);
            const double dv_others = v_logsumexp_sum >= -1.0 ? 1.0 / (1.0 + v_logsumexp_sum) : NAN;
            for (int64_t i = 0; i < n; i++) {
                dv[i] = dv_others != 0.0 ? dv_others * v_exp[i] : 0.0;
            }
        }
        for (int64_t i = 0; i < n; i++) {
            dx[i] += dv[i] * y[i];
            dy[i] += dv[i] * x[i];
        }
    }
    const int64_t first = 0;
    if (first < 0 || first >= n) {
        mgc_fail(&status, MGC_INDEX, 15);
        return status;
    }
    *out = x_logsumexp2 + (v_max == -INFINITY ? v_max : v_max == INFINITY ? v_max : v_logsumexp) + logaddexp(x[first], y[first]);
    const int x_is_not_y = x[first] != y[first];
    double slope = 0.0;
    if (!(x_is_not_y)) {
        slope = x[first] > -INFINITY ? 0.5 : 0.0;
    }
    dx[first] += x_is_not_y ? sigmoid(x[first] - y[first]) : slope;
    dy[first] += x_is_not_y ? sigmoid(y[first] - x[first]) : slope;
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
    double x_minus_y_squared_sum = 0.0;
    double x_dot = 0.0;
    for (int64_t i = 0; i < n; i++) {
        const double x_minus_y = x[i] - y[i];  /* line 18 */
        x_minus_y_squared_sum += x_minus_y * x_minus_y;
        x_dot += x[i] * y[i];
    }
    double out_difference_relu_sum = 0.0;
    double x_max = -INFINITY;
    double out_sum = 0.0;
    for (int64_t j = 0; j < n; j++) {
        const double out_difference = 1.0 - y[j] * x[j];
        out_difference_relu_sum += out_difference <= 0.0 ? 0.0 : out_difference;
        if (x[j] > x_max || x[j] != x[j]) x_max = x[j];
        out_sum += y[j] * softplus(-x[j]) + (1.0 - y[j]) * softplus(x[j]);
    }
    double x_others = 0.0;
    for (int64_t i = 0; i < n; i++) {
        const double x_exp = exp(x[i] - x_max);
        x_others += i == k ? x_exp - 1.0 : x_exp;
    }
    const int64_t place = k;
    if (place < 0 || place >= n) {
        mgc_fail(&status, MGC_INDEX, 18);
        return status;
    }
    double x_scale = -INFINITY;
    for (int64_t i = 0; i < n; i++) {
        const double x_abs = fabs(x[i]);
        if (x_abs > x_scale || x_abs != x_abs) x_scale = x_abs;
    }
    double x_length = 0.0;
    double x_limit = 0.0;
    if (x_scale <= 0.0 || x_scale == INFINITY) {
        x_limit = x_scale <= 0.0 ? 0.0 : x_scale;
    } else {
        double x_length_sum = 0.0;
        for (int64_t i = 0; i < n; i++) {
            const double x_length_ratio = x[i] / x_scale;
            x_length_sum += x_length_ratio * x_length_ratio;
        }
        x_length = x_scale * sqrt(x_length_sum);
    }
    *out = x_minus_y_squared_sum / n + out_difference_relu_sum + (log1p(x_others) - (x[place] - x_max)) + out_sum + x_dot + (x_scale <= 0.0 || x_scale == INFINITY ? x_limit : x_length);
    return status;
}

/* losses of prelude.mg, line 17, and its derivatives. */
mgc_status losses_value_and_grad(
    const double *restrict x, const double *restrict y, int64_t k, int64_t n, void *restrict work,
    double *restrict out, double *restrict dx, double *restrict dy
) {
    mgc_status status = {MGC_OK, 0};
    double *x_exp = work;
    double *x_length_ratio = x_exp + n;
    const double two_over_n = 2.0 / n;  /* line 18 */
    double x_minus_y_squared_sum = 0.0;
    double x_dot = 0.0;
    for (int64_t at = 0; at < n; at++) dx[at] = 0.0;
    for (int64_t at = 0; at < n; at++) dy[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        const double x_minus_y = x[i] - y[i];
        x_minus_y_squared_sum += x_minus_y * x_minus_y;
        x_dot += x[i] * y[i];
        const double dx_minus_y = two_over_n * x_minus_y;
        dx[i] += y[i] + dx_minus_y;
        dy[i] += x[i] - dx_minus_y;
    }
    double x_hinge_sum = 0.0;
    double x_max = -INFINITY;
    double out_sum = 0.0;
    for (int64_t j = 0; j < n; j++) {
        const double x_hinge_difference = 1.0 - y[j] * x[j];
        const double x_hinge = x_hinge_difference <= 0.0 ? 0.0 : x_hinge_difference;
        x_hinge_sum += x_hinge;
        if (x[j] > x_max || x[j] != x[j]) x_max = x[j];
        const double minus_x = -x[j];
        const double minus_x_softplus = softplus(minus_x);
        const double one_minus_y = 1.0 - y[j];
        const double x_softplus = softplus(x[j]);
        out_sum += y[j] * minus_x_softplus + one_minus_y * x_softplus;
        dx[j] += one_minus_y * sigmoid(x[j]) - y[j] * sigmoid(minus_x) + (x_hinge > 0.0 ? -y[j] : 0.0);
        dy[j] += minus_x_softplus - x_softplus + (x_hinge > 0.0 ? minus_x : 0.0);
    }
    double x_others = 0.0;
    for (int64_t i = 0; i < n; i++) {
        x_exp[i] = exp(x[i] - x_max);
        x_others += i == k ? x_exp[i] - 1.0 : x_exp[i];
    }
    const int64_t place = k;
    if (place < 0 || place >= n) {
        mgc_fail(&status, MGC_INDEX, 18);
        return status;
    }
    double x_scale = -INFINITY;
    for (int64_t i = 0; i < n; i++) {
        const double x_abs = fabs(x[i]);
        if (x_abs > x_scale || x_abs != x_abs) x_scale = x_abs;
    }
    const int out_either = x_scale <= 0.0 || x_scale == INFINITY;
    double x_length = 0.0;
    double x_limit = 0.0;
    if (out_either) {
        x_limit = x_scale <= 0.0 ? 0.0 : x_scale;
    } else {
        double x_length_sum = 0.0;
        for (int64_t i = 0; i < n; i++) {
            x_length_ratio[i] = x[i] / x_scale;
            x_length_sum += x_length_ratio[i] * x_length_ratio[i];
        }
        const double x_length_sqrt = sqrt(x_length_sum);
        x_length = x_scale * x_length_sqrt;
        const double slope = 2.0 * (x_scale * (0.5 / x_length_sqrt));
        for (int64_t i = 0; i < n; i++) {
            dx[i] += slope * x_length_ratio[i] / x_scale;
        }
    }
    *out = x_minus_y_squared_sum / n + x_hinge_sum + (log1p(x_others) - (x[place] - x_max)) + out_sum + x_dot + (out_either ? x_limit : x_length);
    const double dx_others = x_others >= -1.0 ? 1.0 / (1.0 + x_others) : NAN;
    dx[place] -= 1.0;
    if (dx_others != 0.0) {
        for (int64_t i = 0; i < n; i++) {
            dx[i] += dx_others * x_exp[i];
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
    double *X_exp = work;
    double out_total = 0.0;
    for (int64_t i = 0; i < m; i++) {
        double X_max = -INFINITY;
        for (int64_t j = 0; j < n; j++) {
            if (X[i * n + j] > X_max || X[i * n + j] != X[i * n + j]) X_max = X[i * n + j];  /* line 21 */
        }
        double X_exp_sum = 0.0;
        for (int64_t j = 0; j < n; j++) {
            X_exp[j] = exp(X[i * n + j] - X_max);
            X_exp_sum += X_exp[j];
        }
        for (int64_t j = 0; j < n; j++) {
            out_total += X_exp[j] / X_exp_sum * (X[i * n + j] * X[i * n + j]);
        }
    }
    *out = out_total;
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
    double *X_exp = work;
    double *X_softmax = X_exp + n;
    double *X_squared = X_softmax + n;
    double out_total = 0.0;
    for (int64_t i = 0; i < m; i++) {
        double X_max = -INFINITY;
        for (int64_t j = 0; j < n; j++) {
            if (X[i * n + j] > X_max || X[i * n + j] != X[i * n + j]) X_max = X[i * n + j];  /* line 21 */
        }
        double X_exp_sum = 0.0;
        for (int64_t j = 0; j < n; j++) {
            X_exp[j] = exp(X[i * n + j] - X_max);
            X_exp_sum += X_exp[j];
        }
        double dX_exp_sum = 0.0;
        for (int64_t j = 0; j < n; j++) {
            X_softmax[j] = X_exp[j] / X_exp_sum;
            X_squared[j] = X[i * n + j] * X[i * n + j];
            out_total += X_softmax[j] * X_squared[j];
            dX_exp_sum -= X_squared[j] * (X_softmax[j] / X_exp_sum);
        }
        for (int64_t j = 0; j < n; j++) {
            const double dX_exp = X_squared[j] / X_exp_sum + dX_exp_sum;
            const double part_of_dX = dX_exp != 0.0 ? dX_exp * X_exp[j] : 0.0;
            dX[i * n + j] = 2.0 * X_softmax[j] * X[i * n + j] + part_of_dX;
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
