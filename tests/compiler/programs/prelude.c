/* prelude.mg, compiled to C99: values and exact derivatives. */
#include <math.h>

static double sigmoid(double x) {
    double exp_x = 0;
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
    double out_sum = 0;
    if (!(x == y)) {
        out_sum = maximum(x, y) + log1p(exp(-fabs(x - y)));
    }
    return x == y ? x + log(2.0) : out_sum;
}

/* activations of prelude.mg, line 2. */
double activations(double x) {
    const double sigmoid_x = sigmoid(x);  /* line 3 */
    const double out_in = x + 2.0;
    return sigmoid_x + softplus(x) + x * sigmoid_x + 0.5 * x * erfc(-x / 1.4142135623730951) + (x > 0.0 ? x : expm1(x)) + (x > 0.0 ? x : 0.01 * x) + (out_in <= 0.0 ? 0.0 : out_in);
}

/* activations of prelude.mg, line 2, and its derivatives. */
double activations_value_and_grad(double x, double *dx_out) {
    const double sigmoid_x = sigmoid(x);  /* line 3 */
    const double out_product = 0.5 * x;
    const double out_in = -x / 1.4142135623730951;
    const double out_erfc = erfc(out_in);
    const double out_in_2 = x + 2.0;
    const double out_relu = out_in_2 <= 0.0 ? 0.0 : out_in_2;
    const double out = sigmoid_x + softplus(x) + x * sigmoid_x + out_product * out_erfc + (x > 0.0 ? x : expm1(x)) + (x > 0.0 ? x : 0.01 * x) + out_relu;
    const double dout_in = out_product * (-1.1283791670955126 * exp(-out_in * out_in));
    const double dx = out_erfc * 0.5 - dout_in * 0.7071067811865475 + sigmoid_x + sigmoid_x + (x + 1.0) * (sigmoid_x * (1.0 - sigmoid_x)) + (out_relu > 0.0 ? 1.0 : 0.0) + (x > 0.0 ? 2.0 : 0.01 + exp(x));
    *dx_out = dx;
    return out;
}

/* over_arrays of prelude.mg, line 5. */
double over_arrays(const double *x, long n) {
    double out_sum = 0.0;
    for (long i = 0; i < n; i++) {
        const double out_product = 0.5 * x[i] * erfc(-x[i] / 1.4142135623730951);  /* line 6 */
        const double out_product_2 = out_product * (x[i] > 0.0 ? x[i] : 0.5 * expm1(x[i]));
        out_sum += out_product_2;
    }
    return out_sum;
}

/* over_arrays of prelude.mg, line 5, and its derivatives. */
double over_arrays_value_and_grad(const double *x, long n, double *dx) {
    double out = 0.0;
    for (long at = 0; at < n; at++) dx[at] = 0.0;
    for (long i = 0; i < n; i++) {
        const double out_product = 0.5 * x[i];  /* line 6 */
        const double out_in = -x[i] / 1.4142135623730951;
        const double out_erfc = erfc(out_in);
        const double out_product_2 = out_product * out_erfc;
        double out_chosen = 0;
        if (x[i] > 0.0) {
            out_chosen = x[i];
        } else {
            out_chosen = 0.5 * expm1(x[i]);
        }
        out += out_product_2 * out_chosen;
        double t = 0;
        if (!(x[i] > 0.0)) {
            const double dout_expm1 = out_product_2 * 0.5;
            t = dout_expm1 != 0.0 ? dout_expm1 * exp(x[i]) : 0.0;
        }
        const double t_2 = -1.1283791670955126 * exp(-out_in * out_in);
        const double dout_negated = out_chosen * out_product * t_2 * 0.7071067811865475;
        dx[i] = out_chosen * out_erfc * 0.5 - dout_negated + (x[i] > 0.0 ? out_product_2 : t);
    }
    return out;
}

/* probabilities of prelude.mg, line 8. */
void probabilities(const double *x, long n, double *work, double *out_values) {
    /* work holds n numbers */
    double *weight = work;
    double largest = -INFINITY;
    for (long j = 0; j < n; j++) {
        if (x[j] > largest || x[j] != x[j]) largest = x[j];  /* line 9 */
    }
    for (long at = 0; at < n; at++) weight[at] = 0.0;
    double total = 0.0;
    for (long i = 0; i < n; i++) {
        weight[i] = exp(x[i] - largest);
        total += weight[i];
    }
    for (long at = 0; at < n; at++) out_values[at] = 0.0;
    for (long i = 0; i < n; i++) {
        out_values[i] = weight[i] / total;
    }
}

/* probabilities of prelude.mg, line 8, and its derivatives. */
void probabilities_vjp(const double *x, const double *dout, long n, double *work, double *out, double *dx) {
    /* work holds n numbers */
    double *weight = work;
    double largest = -INFINITY;
    for (long j = 0; j < n; j++) {
        if (x[j] > largest || x[j] != x[j]) largest = x[j];  /* line 9 */
    }
    for (long at = 0; at < n; at++) weight[at] = 0.0;
    double total = 0.0;
    for (long i = 0; i < n; i++) {
        weight[i] = exp(x[i] - largest);
        total += weight[i];
    }
    for (long at = 0; at < n; at++) out[at] = 0.0;
    double dtotal = 0.0;
    for (long i = 0; i < n; i++) {
        out[i] = weight[i] / total;
        dtotal += dout[i] * (-out[i] / total);
    }
    for (long at = 0; at < n; at++) dx[at] = 0.0;
    for (long i = 0; i < n; i++) {
        const double dweight_2 = dout[i] / total;
        if (dweight_2 != 0.0) {
            dx[i] += dweight_2 * weight[i];
        }
    }
    if (dtotal != 0.0) {
        for (long i = 0; i < n; i++) {
            dx[i] += dtotal * weight[i];
        }
    }
}

/* log_probabilities of prelude.mg, line 11. */
double log_probabilities(const double *x, long n, double *work) {
    /* work holds n numbers */
    double *log_total_in = work;
    double largest = -INFINITY;
    for (long j = 0; j < n; j++) {
        if (x[j] > largest || x[j] != x[j]) largest = x[j];  /* line 12 */
    }
    for (long at = 0; at < n; at++) log_total_in[at] = 0.0;
    double log_total_sum = 0.0;
    for (long i = 0; i < n; i++) {
        log_total_in[i] = x[i] - largest;
        log_total_sum += exp(log_total_in[i]);
    }
    const double log_total = log(log_total_sum);
    double out_sum = 0.0;
    for (long i = 0; i < n; i++) {
        out_sum += (log_total_in[i] - log_total) * x[i];
    }
    return out_sum;
}

/* log_probabilities of prelude.mg, line 11, and its derivatives. */
double log_probabilities_value_and_grad(const double *x, long n, double *work, double *dx) {
    /* work holds n + n numbers */
    double *log_total_in = work;
    work += n;
    double *log_total_exp = work;
    double largest = -INFINITY;
    for (long j = 0; j < n; j++) {
        if (x[j] > largest || x[j] != x[j]) largest = x[j];  /* line 12 */
    }
    for (long at = 0; at < n; at++) log_total_in[at] = 0.0;
    for (long at = 0; at < n; at++) log_total_exp[at] = 0.0;
    double log_total_sum = 0.0;
    for (long i = 0; i < n; i++) {
        log_total_in[i] = x[i] - largest;
        log_total_exp[i] = exp(log_total_in[i]);
        log_total_sum += log_total_exp[i];
    }
    const double log_total = log(log_total_sum);
    double out = 0.0;
    for (long at = 0; at < n; at++) dx[at] = 0.0;
    for (long i = 0; i < n; i++) {
        const double out_difference = log_total_in[i] - log_total;
        out += out_difference * x[i];
        dx[i] += out_difference + x[i];
    }
    double dlog_total = 0.0;
    for (long i = 0; i < n; i++) {
        dlog_total += -x[i];
    }
    double dlog_total_sum = 0;
    if (log_total_sum >= 0.0) {
        const double t = dlog_total / log_total_sum;
        dlog_total_sum = t;
    } else {
        dlog_total_sum = dlog_total * NAN;
    }
    if (dlog_total_sum != 0.0) {
        for (long i = 0; i < n; i++) {
            const double dlog_total_in_2 = dlog_total_sum * log_total_exp[i];
            dx[i] += dlog_total_in_2;
        }
    }
    return out;
}

/* normalisers of prelude.mg, line 14. */
double normalisers(const double *x, const double *y, long n, double *work, int *status) {
    /* work holds n numbers */
    double *out_product = work;
    double largest = -INFINITY;
    for (long j = 0; j < n; j++) {
        if (x[j] > largest || x[j] != x[j]) largest = x[j];  /* line 15 */
    }
    double out_chosen_2 = 0;
    if (largest == -INFINITY) {
        out_chosen_2 = largest;
    } else {
        double out_chosen = 0;
        if (largest == INFINITY) {
            out_chosen = largest;
        } else {
            double stable_sum = 0.0;
            for (long i = 0; i < n; i++) {
                stable_sum += exp(x[i] - largest);
            }
            const double stable = largest + log(stable_sum);
            out_chosen = stable;
        }
        out_chosen_2 = out_chosen;
    }
    for (long at = 0; at < n; at++) out_product[at] = 0.0;
    double largest_2 = -INFINITY;
    for (long i = 0; i < n; i++) {
        out_product[i] = x[i] * y[i];
        if (out_product[i] > largest_2 || out_product[i] != out_product[i]) largest_2 = out_product[i];
    }
    double out_chosen_3 = 0;
    if (!(largest_2 == -INFINITY)) {
        if (largest_2 == INFINITY) {
            out_chosen_3 = largest_2;
        } else {
            double stable_sum_2 = 0.0;
            for (long i = 0; i < n; i++) {
                stable_sum_2 += exp(out_product[i] - largest_2);
            }
            const double stable_2 = largest_2 + log(stable_sum_2);
            out_chosen_3 = stable_2;
        }
    }
    const long place = 0;
    if (place < 0 || place >= n) {
        *status = 1;
        return NAN;
    }
    return out_chosen_2 + (largest_2 == -INFINITY ? largest_2 : out_chosen_3) + logaddexp(x[place], y[place]);
}

/* normalisers of prelude.mg, line 14, and its derivatives. */
double normalisers_value_and_grad(
    const double *x, const double *y, long n, double *work, double *dx, double *dy, int *status
) {
    /* work holds n + n + n + n numbers */
    double *stable_exp = work;
    work += n;
    double *out_product = work;
    work += n;
    double *stable_exp_2 = work;
    work += n;
    double *t_3 = work;
    double largest = -INFINITY;
    for (long j = 0; j < n; j++) {
        if (x[j] > largest || x[j] != x[j]) largest = x[j];  /* line 15 */
    }
    double out_chosen_2 = 0;
    for (long at = 0; at < n; at++) dx[at] = 0.0;
    if (largest == -INFINITY) {
        out_chosen_2 = largest;
    } else {
        double out_chosen = 0;
        if (largest == INFINITY) {
            out_chosen = largest;
        } else {
            for (long at = 0; at < n; at++) stable_exp[at] = 0.0;
            double stable_sum = 0.0;
            for (long i = 0; i < n; i++) {
                stable_exp[i] = exp(x[i] - largest);
                stable_sum += stable_exp[i];
            }
            const double stable = largest + log(stable_sum);
            out_chosen = stable;
            const double dstable_sum = stable_sum >= 0.0 ? 1.0 / stable_sum : NAN;
            if (dstable_sum != 0.0) {
                for (long i = 0; i < n; i++) {
                    dx[i] += dstable_sum * stable_exp[i];
                }
            }
        }
        out_chosen_2 = out_chosen;
    }
    for (long at = 0; at < n; at++) out_product[at] = 0.0;
    double largest_2 = -INFINITY;
    for (long i = 0; i < n; i++) {
        out_product[i] = x[i] * y[i];
        if (out_product[i] > largest_2 || out_product[i] != out_product[i]) largest_2 = out_product[i];
    }
    double out_chosen_3 = 0;
    for (long at = 0; at < n; at++) dy[at] = 0.0;
    if (!(largest_2 == -INFINITY)) {
        if (largest_2 == INFINITY) {
            out_chosen_3 = largest_2;
        } else {
            for (long at = 0; at < n; at++) stable_exp_2[at] = 0.0;
            double stable_sum_2 = 0.0;
            for (long i = 0; i < n; i++) {
                stable_exp_2[i] = exp(out_product[i] - largest_2);
                stable_sum_2 += stable_exp_2[i];
            }
            const double stable_2 = largest_2 + log(stable_sum_2);
            out_chosen_3 = stable_2;
            const double dstable_sum_2 = stable_sum_2 >= 0.0 ? 1.0 / stable_sum_2 : NAN;
            if (dstable_sum_2 != 0.0) {
                for (long i = 0; i < n; i++) {
                    const double dstable_in = dstable_sum_2 * stable_exp_2[i];
                    dx[i] += dstable_in * y[i];
                    dy[i] += dstable_in * x[i];
                }
            }
        }
    }
    const long place = 0;
    if (place < 0 || place >= n) {
        *status = 1;
        return NAN;
    }
    const double out = out_chosen_2 + (largest_2 == -INFINITY ? largest_2 : out_chosen_3) + logaddexp(x[place], y[place]);
    const int t = x[place] != y[place];
    double t_2 = 0;
    if (!(t)) {
        t_2 = x[place] > -INFINITY ? 0.5 : 0.0;
    }
    if (!(largest_2 == -INFINITY)) {
        if (largest_2 == INFINITY) {
            for (long at = 0; at < n; at++) t_3[at] = 0.0;
            double t_4 = 0.0;
            for (long i = 0; i < n; i++) {
                t_3[i] = out_product[i] == largest_2;
                if (t_3[i]) {
                    t_4 += 1.0;
                }
            }
            for (long i = 0; i < n; i++) {
                if (t_3[i]) {
                    const double dout_product_2 = 1.0 / t_4;
                    dx[i] += dout_product_2 * y[i];
                    dy[i] += dout_product_2 * x[i];
                }
            }
        }
    }
    if (!(largest == -INFINITY)) {
        if (largest == INFINITY) {
            double t_5 = 0.0;
            for (long j = 0; j < n; j++) {
                if (x[j] == largest) {
                    t_5 += 1.0;
                }
            }
            for (long j = 0; j < n; j++) {
                if (x[j] == largest) {
                    dx[j] += 1.0 / t_5;
                }
            }
        }
    }
    dx[place] += t ? sigmoid(x[place] - y[place]) : t_2;
    dy[place] += t ? sigmoid(y[place] - x[place]) : t_2;
    return out;
}

/* losses of prelude.mg, line 17. */
double losses(const double *x, const double *y, long k, long n, int *status) {
    double out_sum = 0.0;
    for (long i = 0; i < n; i++) {
        const double out_difference = x[i] - y[i];  /* line 18 */
        out_sum += out_difference * out_difference;
    }
    double out_sum_2 = 0.0;
    double largest = -INFINITY;
    double out_sum_4 = 0.0;
    for (long j = 0; j < n; j++) {
        const double out_in = 1.0 - y[j] * x[j];
        out_sum_2 += out_in <= 0.0 ? 0.0 : out_in;
        if (x[j] > largest || x[j] != x[j]) largest = x[j];
        out_sum_4 += y[j] * softplus(-x[j]) + (1.0 - y[j]) * softplus(x[j]);
    }
    double out_sum_3 = 0.0;
    for (long i = 0; i < n; i++) {
        out_sum_3 += exp(x[i] - largest);
    }
    const long place = k;
    if (place < 0 || place >= n) {
        *status = 1;
        return NAN;
    }
    double out_sum_5 = 0.0;
    for (long i = 0; i < n; i++) {
        out_sum_5 += x[i] * y[i];
    }
    double largest_2 = -INFINITY;
    for (long i = 0; i < n; i++) {
        const double largest_abs = fabs(x[i]);
        if (largest_abs > largest_2 || largest_abs != largest_abs) largest_2 = largest_abs;
    }
    double length = 0;
    double limit = 0;
    if (largest_2 <= 0.0 || largest_2 == INFINITY) {
        limit = largest_2 <= 0.0 ? 0.0 : largest_2;
    } else {
        double length_sum = 0.0;
        for (long i = 0; i < n; i++) {
            const double length_ratio = x[i] / largest_2;
            length_sum += length_ratio * length_ratio;
        }
        length = largest_2 * sqrt(length_sum);
    }
    return out_sum / n + out_sum_2 + (log(out_sum_3) - (x[place] - largest)) + out_sum_4 + out_sum_5 + (largest_2 <= 0.0 || largest_2 == INFINITY ? limit : length);
}

/* losses of prelude.mg, line 17, and its derivatives. */
double losses_value_and_grad(
    const double *x, const double *y, long k, long n, double *work, double *dx, double *dy, int *status
) {
    /* work holds n + n numbers */
    double *out_exp = work;
    work += n;
    double *length_ratio = work;
    const double dout_sum = 1.0 / n;  /* line 18 */
    double out_sum = 0.0;
    for (long at = 0; at < n; at++) dx[at] = 0.0;
    for (long at = 0; at < n; at++) dy[at] = 0.0;
    for (long i = 0; i < n; i++) {
        const double out_difference = x[i] - y[i];
        out_sum += out_difference * out_difference;
        const double dout_difference = dout_sum * (2.0 * out_difference);
        dx[i] += dout_difference;
        dy[i] += -dout_difference;
    }
    double out_sum_2 = 0.0;
    double largest = -INFINITY;
    double out_sum_4 = 0.0;
    for (long j = 0; j < n; j++) {
        const double out_in = 1.0 - y[j] * x[j];
        const double out_relu = out_in <= 0.0 ? 0.0 : out_in;
        out_sum_2 += out_relu;
        if (x[j] > largest || x[j] != x[j]) largest = x[j];
        const double out_in_2 = -x[j];
        const double out_softplus = softplus(out_in_2);
        const double out_difference_2 = 1.0 - y[j];
        const double out_softplus_2 = softplus(x[j]);
        const double out_product = out_difference_2 * out_softplus_2;
        out_sum_4 += y[j] * out_softplus + out_product;
        const double t = out_difference_2 * sigmoid(x[j]);
        dx[j] += t - y[j] * sigmoid(out_in_2) + (out_relu > 0.0 ? -y[j] : 0.0);
        dy[j] += out_softplus - out_softplus_2 + (out_relu > 0.0 ? out_in_2 : 0.0);
    }
    for (long at = 0; at < n; at++) out_exp[at] = 0.0;
    double out_sum_3 = 0.0;
    for (long i = 0; i < n; i++) {
        out_exp[i] = exp(x[i] - largest);
        out_sum_3 += out_exp[i];
    }
    const long place = k;
    if (place < 0 || place >= n) {
        *status = 1;
        return NAN;
    }
    double out_sum_5 = 0.0;
    for (long i = 0; i < n; i++) {
        out_sum_5 += x[i] * y[i];
    }
    double largest_2 = -INFINITY;
    for (long i = 0; i < n; i++) {
        const double largest_abs = fabs(x[i]);
        if (largest_abs > largest_2 || largest_abs != largest_abs) largest_2 = largest_abs;
    }
    const int out_or = largest_2 <= 0.0 || largest_2 == INFINITY;
    double length = 0;
    double limit = 0;
    if (out_or) {
        limit = largest_2 <= 0.0 ? 0.0 : largest_2;
    } else {
        for (long at = 0; at < n; at++) length_ratio[at] = 0.0;
        double length_sum = 0.0;
        for (long i = 0; i < n; i++) {
            length_ratio[i] = x[i] / largest_2;
            length_sum += length_ratio[i] * length_ratio[i];
        }
        const double length_sqrt = sqrt(length_sum);
        length = largest_2 * length_sqrt;
        const double dlength_sum = largest_2 * (0.5 / length_sqrt);
        for (long i = 0; i < n; i++) {
            const double dx_element = dlength_sum * (2.0 * length_ratio[i]) / largest_2;
            dx[i] += dx_element;
        }
    }
    const double out = out_sum / n + out_sum_2 + (log(out_sum_3) - (x[place] - largest)) + out_sum_4 + out_sum_5 + (out_or ? limit : length);
    const double dout_sum_3 = out_sum_3 >= 0.0 ? 1.0 / out_sum_3 : NAN;
    for (long i = 0; i < n; i++) {
        dx[i] += y[i];
        dy[i] += x[i];
    }
    dx[place] += -1.0;
    if (dout_sum_3 != 0.0) {
        for (long i = 0; i < n; i++) {
            dx[i] += dout_sum_3 * out_exp[i];
        }
    }
    return out;
}

/* softmax_inside of prelude.mg, line 20. */
double softmax_inside(const double *X, long m, long n, double *work) {
    /* work holds n numbers */
    double *weight = work;
    double out_sum = 0.0;
    for (long i = 0; i < m; i++) {
        double largest = -INFINITY;
        for (long k = 0; k < n; k++) {
            if (X[i * n + k] > largest || X[i * n + k] != X[i * n + k]) largest = X[i * n + k];  /* line 21 */
        }
        for (long at = 0; at < n; at++) weight[at] = 0.0;
        double total = 0.0;
        for (long k = 0; k < n; k++) {
            weight[k] = exp(X[i * n + k] - largest);
            total += weight[k];
        }
        for (long j = 0; j < n; j++) {
            out_sum += weight[j] / total * (X[i * n + j] * X[i * n + j]);
        }
    }
    return out_sum;
}

/* softmax_inside of prelude.mg, line 20, and its derivatives. */
double softmax_inside_value_and_grad(const double *X, long m, long n, double *work, double *dX) {
    /* work holds n numbers */
    double *weight = work;
    double out = 0.0;
    for (long at = 0; at < m * n; at++) dX[at] = 0.0;
    for (long i = 0; i < m; i++) {
        double largest = -INFINITY;
        for (long k = 0; k < n; k++) {
            if (X[i * n + k] > largest || X[i * n + k] != X[i * n + k]) largest = X[i * n + k];  /* line 21 */
        }
        for (long at = 0; at < n; at++) weight[at] = 0.0;
        double total = 0.0;
        for (long k = 0; k < n; k++) {
            weight[k] = exp(X[i * n + k] - largest);
            total += weight[k];
        }
        double dtotal = 0.0;
        for (long j = 0; j < n; j++) {
            const double out_ratio = weight[j] / total;
            const double out_power = X[i * n + j] * X[i * n + j];
            out += out_ratio * out_power;
            const double dweight_2 = out_power / total;
            dtotal += out_power * (-out_ratio / total);
            double t = 0;
            if (dweight_2 != 0.0) {
                const double dweight_in = dweight_2 * weight[j];
                t = dweight_in;
            } else {
                t = 0.0;
            }
            dX[i * n + j] += out_ratio * (2.0 * X[i * n + j]) + t;
        }
        if (dtotal != 0.0) {
            for (long k = 0; k < n; k++) {
                dX[i * n + k] += dtotal * weight[k];
            }
        }
    }
    return out;
}
