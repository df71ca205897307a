/* reductions.mg, compiled to C99: values and exact derivatives. */
#include <math.h>

static double maximum(double x, double y) { return x >= y || x != x ? x : y; }

static double minimum(double x, double y) { return x <= y || x != x ? x : y; }

/* sums of reductions.mg, line 2. */
double sums(const double *A, long m, long n) {
    double out_sum = 0.0;
    for (long i = 0; i < m; i++) {
        for (long j = 0; j < n; j++) {
            out_sum += A[i * n + j] * A[i * n + j] * sin(A[i * n + j]);  /* line 3 */
        }
    }
    return out_sum;
}

/* sums of reductions.mg, line 2, and its derivatives. */
double sums_value_and_grad(const double *A, long m, long n, double *dA) {
    double out = 0.0;
    for (long at = 0; at < m * n; at++) dA[at] = 0.0;
    for (long i = 0; i < m; i++) {
        for (long j = 0; j < n; j++) {
            const double out_power = A[i * n + j] * A[i * n + j];  /* line 3 */
            const double out_sin = sin(A[i * n + j]);
            out += out_power * out_sin;
            const double t = out_power * cos(A[i * n + j]);
            dA[i * n + j] = t + out_sin * (2.0 * A[i * n + j]);
        }
    }
    return out;
}

/* means of reductions.mg, line 5. */
double means(const double *A, long m, long n) {
    double out_sum = 0.0;
    for (long i = 0; i < m; i++) {
        for (long j = 0; j < n; j++) {
            out_sum += exp(A[i * n + j]);  /* line 6 */
        }
    }
    double out_sum_2 = 0.0;
    for (long k = 0; k < m; k++) {
        for (long p = 0; p < n; p++) {
            out_sum_2 += A[k * n + p];
        }
    }
    return out_sum / (m * n) + out_sum_2 / (m * n);
}

/* means of reductions.mg, line 5, and its derivatives. */
double means_value_and_grad(const double *A, long m, long n, double *work, double *dA) {
    /* work holds m * n numbers */
    double *out_exp = work;
    for (long at = 0; at < m * n; at++) out_exp[at] = 0.0;
    double out_sum = 0.0;
    for (long i = 0; i < m; i++) {
        for (long j = 0; j < n; j++) {
            out_exp[i * n + j] = exp(A[i * n + j]);  /* line 6 */
            out_sum += out_exp[i * n + j];
        }
    }
    double out_sum_2 = 0.0;
    for (long k = 0; k < m; k++) {
        for (long p = 0; p < n; p++) {
            out_sum_2 += A[k * n + p];
        }
    }
    const double out = out_sum / (m * n) + out_sum_2 / (m * n);
    const double dout_sum_2 = 1.0 / (m * n);
    for (long at = 0; at < m * n; at++) dA[at] = 0.0;
    if (dout_sum_2 != 0.0) {
        for (long i = 0; i < m; i++) {
            for (long j = 0; j < n; j++) {
                dA[i * n + j] += dout_sum_2 * out_exp[i * n + j];
            }
        }
    }
    for (long k = 0; k < m; k++) {
        for (long p = 0; p < n; p++) {
            dA[k * n + p] += dout_sum_2;
        }
    }
    return out;
}

/* products of reductions.mg, line 8. */
double products(const double *x, long n) {
    double out_prod = 1.0;
    for (long i = 0; i < n; i++) {
        out_prod *= 1.0 + 0.5 * (x[i] * x[i]);  /* line 9 */
    }
    double out_prod_2 = 1.0;
    for (long j = 0; j < n; j++) {
        out_prod_2 *= x[j];
    }
    return out_prod + out_prod_2;
}

/* products of reductions.mg, line 8, and its derivatives. */
double products_value_and_grad(const double *x, long n, double *work, double *dx) {
    /* work holds n numbers */
    double *out_sum = work;
    for (long at = 0; at < n; at++) out_sum[at] = 0.0;
    double out_prod = 1.0;
    for (long i = 0; i < n; i++) {
        out_sum[i] = 1.0 + 0.5 * (x[i] * x[i]);  /* line 9 */
        out_prod *= out_sum[i];
    }
    double out_prod_2 = 1.0;
    for (long j = 0; j < n; j++) {
        out_prod_2 *= x[j];
    }
    const double out = out_prod + out_prod_2;
    for (long at = 0; at < n; at++) dx[at] = 0.0;
    for (long j = 0; j < n; j++) {
        double dx_element = 1.0;
        for (long k = 0; k < n; k++) {
            dx_element *= k != j ? x[k] : 1.0;
        }
        dx[j] += dx_element;
    }
    for (long i = 0; i < n; i++) {
        double dout_sum = 1.0;
        for (long j = 0; j < n; j++) {
            dout_sum *= j != i ? out_sum[j] : 1.0;
        }
        dx[i] += dout_sum * 0.5 * (2.0 * x[i]);
    }
    return out;
}

/* extrema of reductions.mg, line 11. */
double extrema(const double *x, const double *y, long n, int *status) {
    double out_max = -INFINITY;
    for (long j = 0; j < n; j++) {
        if (x[j] > out_max || x[j] != x[j]) out_max = x[j];  /* line 12 */
    }
    double out_min = INFINITY;
    for (long i = 0; i < n; i++) {
        const double out_product = x[i] * y[i];
        if (out_product < out_min || out_product != out_product) out_min = out_product;
    }
    const long place = 0;
    if (place < 0 || place >= n) {
        *status = 1;
        return NAN;
    }
    const long place_2 = 1;
    if (place_2 < 0 || place_2 >= n) {
        *status = 1;
        return NAN;
    }
    return out_max + out_min + maximum(maximum(x[place], y[place]), 0.1) - minimum(x[place_2], y[place_2]);
}

/* extrema of reductions.mg, line 11, and its derivatives. */
double extrema_value_and_grad(
    const double *x, const double *y, long n, double *work, double *dx, double *dy, int *status
) {
    /* work holds n + n numbers */
    double *out_product = work;
    work += n;
    double *t_3 = work;
    double out_max = -INFINITY;
    for (long j = 0; j < n; j++) {
        if (x[j] > out_max || x[j] != x[j]) out_max = x[j];  /* line 12 */
    }
    for (long at = 0; at < n; at++) out_product[at] = 0.0;
    double out_min = INFINITY;
    for (long i = 0; i < n; i++) {
        out_product[i] = x[i] * y[i];
        if (out_product[i] < out_min || out_product[i] != out_product[i]) out_min = out_product[i];
    }
    const long place = 0;
    if (place < 0 || place >= n) {
        *status = 1;
        return NAN;
    }
    const double out_max_2 = maximum(maximum(x[place], y[place]), 0.1);
    const long place_2 = 1;
    if (place_2 < 0 || place_2 >= n) {
        *status = 1;
        return NAN;
    }
    const double out = out_max + out_min + out_max_2 - minimum(x[place_2], y[place_2]);
    const double t = x[place_2] == y[place_2] ? -0.5 : 0.0;
    for (long at = 0; at < n; at++) dx[at] = 0.0;
    for (long at = 0; at < n; at++) dy[at] = 0.0;
    if (!(out_max_2 == 0.1)) {
        const double t_2 = x[place] == out_max_2 ? 1.0 : 0.0;
        const double ties = t_2 + (y[place] == out_max_2 ? 1.0 : 0.0);
        double dy_element = 0;
        if (y[place] == out_max_2 || x[place] == out_max_2) {
            dy_element = 1.0 / ties;
        }
        if (x[place] == out_max_2) {
            dx[place] += dy_element;
        }
        if (y[place] == out_max_2) {
            dy[place] += dy_element;
        }
    }
    for (long at = 0; at < n; at++) t_3[at] = 0.0;
    double turns = 0.0;
    for (long i = 0; i < n; i++) {
        t_3[i] = out_product[i] == out_min;
        if (t_3[i]) {
            turns += 1.0;
        }
    }
    double dout_product_2 = 0;
    if (turns > 0.0) {
        dout_product_2 = 1.0 / turns;
    }
    double turns_2 = 0.0;
    for (long j = 0; j < n; j++) {
        if (x[j] == out_max) {
            turns_2 += 1.0;
        }
    }
    dx[place_2] += x[place_2] < y[place_2] ? -1.0 : t;
    for (long i = 0; i < n; i++) {
        if (t_3[i]) {
            dx[i] += dout_product_2 * y[i];
            dy[i] += dout_product_2 * x[i];
        }
    }
    for (long j = 0; j < n; j++) {
        if (x[j] == out_max) {
            dx[j] += 1.0 / turns_2;
        }
    }
    dy[place_2] += y[place_2] < x[place_2] ? -1.0 : t;
    return out;
}

/* triangle of reductions.mg, line 14. */
double triangle(const double *L, long n) {
    double out_sum = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < i; j++) {
            out_sum += L[i * n + j] * L[j * n + i];  /* line 15 */
        }
    }
    double out_sum_2 = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = i + 1; j < n; j++) {
            out_sum_2 += L[i * n + j] * L[i * n + j] * L[i * n + j];
        }
    }
    return out_sum + out_sum_2;
}

/* triangle of reductions.mg, line 14, and its derivatives. */
double triangle_value_and_grad(const double *L, long n, double *dL) {
    double out_sum = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < i; j++) {
            out_sum += L[i * n + j] * L[j * n + i];  /* line 15 */
        }
    }
    double out_sum_2 = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = i + 1; j < n; j++) {
            out_sum_2 += L[i * n + j] * L[i * n + j] * L[i * n + j];
        }
    }
    const double out = out_sum + out_sum_2;
    for (long at = 0; at < n * n; at++) dL[at] = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = i + 1; j < n; j++) {
            dL[i * n + j] += 3.0 * (L[i * n + j] * L[i * n + j]);
        }
    }
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < i; j++) {
            dL[j * n + i] += L[i * n + j];
            dL[i * n + j] += L[j * n + i];
        }
    }
    return out;
}

/* pairs of reductions.mg, line 17. */
double pairs(const double *x, long n) {
    double out_sum = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < n; j++) {
            if (i != j) {
                const double out_difference = x[i] - x[j];  /* line 18 */
                out_sum += 1.0 / (1.0 + out_difference * out_difference);
            }
        }
    }
    double out_sum_2 = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < n; j++) {
            if (j > i) {
                const double out_difference_2 = x[i] - x[j];
                out_sum_2 += out_difference_2 * out_difference_2;
            }
        }
    }
    return out_sum + out_sum_2;
}

/* pairs of reductions.mg, line 17, and its derivatives. */
double pairs_value_and_grad(const double *x, long n, double *dx) {
    double out_sum_2 = 0.0;
    for (long at = 0; at < n; at++) dx[at] = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < n; j++) {
            if (i != j) {
                const double out_difference = x[i] - x[j];  /* line 18 */
                const double out_sum = 1.0 + out_difference * out_difference;
                const double out_ratio = 1.0 / out_sum;
                out_sum_2 += out_ratio;
                const double dout_sum = -out_ratio / out_sum;
                const double dout_difference = dout_sum * (2.0 * out_difference);
                dx[i] += dout_difference;
                dx[j] += -dout_difference;
            }
        }
    }
    double out_sum_3 = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < n; j++) {
            if (j > i) {
                const double out_difference_2 = x[i] - x[j];
                out_sum_3 += out_difference_2 * out_difference_2;
                const double dout_difference_2 = 2.0 * out_difference_2;
                dx[i] += dout_difference_2;
                dx[j] += -dout_difference_2;
            }
        }
    }
    const double out = out_sum_2 + out_sum_3;
    return out;
}

/* filtered of reductions.mg, line 20. */
double filtered(const double *x, const double *y, long n) {
    double out_sum = 0.0;
    for (long i = 0; i < n; i++) {
        if (x[i] > 0.0) {
            out_sum += x[i] * y[i];  /* line 21 */
        }
    }
    double out_prod = 1.0;
    for (long i = 0; i < n; i++) {
        out_prod *= y[i] < 0.0 ? y[i] : 1.0;
    }
    double out_sum_2 = 0.0;
    double out_sum_3 = 0.0;
    for (long i = 0; i < n; i++) {
        if (y[i] > -9.0) {
            out_sum_2 += x[i] * x[i];
            out_sum_3 += 1.0;
        }
    }
    return out_sum + out_prod + out_sum_2 / out_sum_3;
}

/* filtered of reductions.mg, line 20, and its derivatives. */
double filtered_value_and_grad(
    const double *x, const double *y, long n, double *work, double *dx, double *dy
) {
    /* work holds n numbers */
    double *out_chosen = work;
    double out_sum = 0.0;
    for (long i = 0; i < n; i++) {
        if (x[i] > 0.0) {
            out_sum += x[i] * y[i];  /* line 21 */
        }
    }
    for (long at = 0; at < n; at++) out_chosen[at] = 0.0;
    double out_prod = 1.0;
    for (long i = 0; i < n; i++) {
        if (y[i] < 0.0) {
            out_chosen[i] = y[i];
        } else {
            out_chosen[i] = 1.0;
        }
        out_prod *= out_chosen[i];
    }
    double out_sum_2 = 0.0;
    double out_sum_3 = 0.0;
    for (long i = 0; i < n; i++) {
        if (y[i] > -9.0) {
            out_sum_2 += x[i] * x[i];
            out_sum_3 += 1.0;
        }
    }
    const double out = out_sum + out_prod + out_sum_2 / out_sum_3;
    const double dout_sum_2 = 1.0 / out_sum_3;
    for (long at = 0; at < n; at++) dy[at] = 0.0;
    for (long i = 0; i < n; i++) {
        if (y[i] < 0.0) {
            double dout_chosen = 1.0;
            for (long j = 0; j < n; j++) {
                dout_chosen *= j != i ? out_chosen[j] : 1.0;
            }
            dy[i] += dout_chosen;
        }
    }
    for (long at = 0; at < n; at++) dx[at] = 0.0;
    for (long i = 0; i < n; i++) {
        if (y[i] > -9.0) {
            dx[i] += dout_sum_2 * (2.0 * x[i]);
        }
    }
    for (long i = 0; i < n; i++) {
        if (x[i] > 0.0) {
            dx[i] += y[i];
            dy[i] += x[i];
        }
    }
    return out;
}

/* largest_under_condition of reductions.mg, line 23. */
double largest_under_condition(const double *x, long n) {
    double out_max = -INFINITY;
    for (long i = 0; i < n; i++) {
        const double out_chosen = x[i] < 0.5 ? x[i] : -INFINITY;  /* line 24 */
        if (out_chosen > out_max || out_chosen != out_chosen) out_max = out_chosen;
    }
    double out_min = INFINITY;
    for (long i = 0; i < n; i++) {
        const double out_chosen_2 = x[i] > -2.0 ? x[i] : INFINITY;
        if (out_chosen_2 < out_min || out_chosen_2 != out_chosen_2) out_min = out_chosen_2;
    }
    return out_max + out_min;
}

/* largest_under_condition of reductions.mg, line 23, and its derivatives. */
double largest_under_condition_value_and_grad(const double *x, long n, double *work, double *dx) {
    /* work holds n + n + n + n numbers */
    double *out_chosen = work;
    work += n;
    double *out_chosen_2 = work;
    work += n;
    double *t = work;
    work += n;
    double *t_3 = work;
    for (long at = 0; at < n; at++) out_chosen[at] = 0.0;
    double out_max = -INFINITY;
    for (long i = 0; i < n; i++) {
        out_chosen[i] = x[i] < 0.5 ? x[i] : -INFINITY;  /* line 24 */
        if (out_chosen[i] > out_max || out_chosen[i] != out_chosen[i]) out_max = out_chosen[i];
    }
    for (long at = 0; at < n; at++) out_chosen_2[at] = 0.0;
    double out_min = INFINITY;
    for (long i = 0; i < n; i++) {
        out_chosen_2[i] = x[i] > -2.0 ? x[i] : INFINITY;
        if (out_chosen_2[i] < out_min || out_chosen_2[i] != out_chosen_2[i]) out_min = out_chosen_2[i];
    }
    const double out = out_max + out_min;
    for (long at = 0; at < n; at++) t[at] = 0.0;
    double t_2 = 0.0;
    for (long i = 0; i < n; i++) {
        t[i] = out_chosen_2[i] == out_min;
        if (t[i]) {
            t_2 += 1.0;
        }
    }
    for (long at = 0; at < n; at++) t_3[at] = 0.0;
    double t_4 = 0.0;
    for (long i = 0; i < n; i++) {
        t_3[i] = out_chosen[i] == out_max;
        if (t_3[i]) {
            t_4 += 1.0;
        }
    }
    for (long at = 0; at < n; at++) dx[at] = 0.0;
    for (long i = 0; i < n; i++) {
        if (t[i]) {
            if (x[i] > -2.0) {
                dx[i] += 1.0 / t_2;
            }
        }
    }
    for (long i = 0; i < n; i++) {
        if (t_3[i]) {
            if (x[i] < 0.5) {
                dx[i] += 1.0 / t_4;
            }
        }
    }
    return out;
}

/* nested_sums of reductions.mg, line 26. */
double nested_sums(const double *A, const double *x, long m, long n) {
    double out_sum_2 = 0.0;
    for (long i = 0; i < m; i++) {
        double out_sum = 0.0;
        for (long j = 0; j < n; j++) {
            out_sum += A[i * n + j] * x[j];  /* line 27 */
        }
        out_sum_2 += exp(out_sum);
    }
    return out_sum_2;
}

/* nested_sums of reductions.mg, line 26, and its derivatives. */
double nested_sums_value_and_grad(const double *A, const double *x, long m, long n, double *dA, double *dx) {
    double out = 0.0;
    for (long at = 0; at < m * n; at++) dA[at] = 0.0;
    for (long at = 0; at < n; at++) dx[at] = 0.0;
    for (long i = 0; i < m; i++) {
        double out_sum = 0.0;
        for (long j = 0; j < n; j++) {
            out_sum += A[i * n + j] * x[j];  /* line 27 */
        }
        const double out_exp = exp(out_sum);
        out += out_exp;
        for (long j = 0; j < n; j++) {
            dA[i * n + j] = out_exp * x[j];
            dx[j] += out_exp * A[i * n + j];
        }
    }
    return out;
}

/* sum_of_sums of reductions.mg, line 29. */
double sum_of_sums(const double *A, long m, long n) {
    double out_sum = 0.0;
    double out_sum_2 = 0.0;
    for (long i = 0; i < m; i++) {
        double rows = 0.0;
        for (long j = 0; j < n; j++) {
            rows += A[i * n + j];  /* line 30 */
        }
        out_sum += rows * rows;  /* line 31 */
        out_sum_2 += rows;
    }
    return out_sum + out_sum_2 * out_sum_2;
}

/* sum_of_sums of reductions.mg, line 29, and its derivatives. */
double sum_of_sums_value_and_grad(const double *A, long m, long n, double *work, double *dA) {
    /* work holds m numbers */
    double *rows = work;
    for (long at = 0; at < m; at++) rows[at] = 0.0;
    double out_sum = 0.0;
    double out_sum_2 = 0.0;
    for (long i = 0; i < m; i++) {
        double rows_total = 0.0;
        for (long j = 0; j < n; j++) {
            rows_total += A[i * n + j];  /* line 30 */
        }
        rows[i] = rows_total;
        out_sum += rows[i] * rows[i];  /* line 31 */
        out_sum_2 += rows[i];
    }
    const double out = out_sum + out_sum_2 * out_sum_2;
    const double dout_sum_2 = 2.0 * out_sum_2;
    for (long at = 0; at < m * n; at++) dA[at] = 0.0;
    for (long i = 0; i < m; i++) {
        const double drows = dout_sum_2 + 2.0 * rows[i];  /* line 30 */
        for (long j = 0; j < n; j++) {
            dA[i * n + j] = drows;
        }
    }
    return out;
}

/* counted of reductions.mg, line 33. */
double counted(const double *x, long n) {
    double out_sum = 0.0;
    for (long i = 0; i < n; i++) {
        if (x[i] > 0.0) {
            out_sum += 1.0;  /* line 34 */
        }
    }
    double out_sum_2 = 0.0;
    for (long i = 0; i < n; i++) {
        if (x[i] > 0.0) {
            out_sum_2 += 1.0;
        }
    }
    return out_sum + out_sum_2 / n;
}

/* counted of reductions.mg, line 33, and its derivatives. */
double counted_value_and_grad(const double *x, long n, double *dx) {
    double out_sum = 0.0;
    for (long i = 0; i < n; i++) {
        if (x[i] > 0.0) {
            out_sum += 1.0;  /* line 34 */
        }
    }
    double out_sum_2 = 0.0;
    for (long i = 0; i < n; i++) {
        if (x[i] > 0.0) {
            out_sum_2 += 1.0;
        }
    }
    const double out = out_sum + out_sum_2 / n;
    for (long at = 0; at < n; at++) dx[at] = 0.0;
    return out;
}

/* places of reductions.mg, line 36. */
long places(const double *x, long n, double *work, int *status) {
    /* work holds n numbers */
    double *out_power = work;
    double out_max = -INFINITY;
    for (long j = 0; j < n; j++) {
        if (x[j] > out_max || x[j] != x[j]) out_max = x[j];  /* line 37 */
    }
    long out_min = 9007199254740992;
    for (long j = 0; j < n; j++) {
        const long out_chosen = x[j] == out_max || x[j] != x[j] ? j : n;
        if (out_chosen < out_min) out_min = out_chosen;
    }
    const long place = out_min;
    if (place < 0 || place >= n) {
        *status = 1;
        return 0;
    }
    for (long at = 0; at < n; at++) out_power[at] = 0.0;
    double out_min_2 = INFINITY;
    for (long i = 0; i < n; i++) {
        out_power[i] = x[i] * x[i];
        if (out_power[i] < out_min_2 || out_power[i] != out_power[i]) out_min_2 = out_power[i];
    }
    long out_min_3 = 9007199254740992;
    for (long i = 0; i < n; i++) {
        const int found = out_power[i] == out_min_2 || out_power[i] != out_power[i];
        const long out_chosen_2 = found ? i : n;
        if (out_chosen_2 < out_min_3) out_min_3 = out_chosen_2;
    }
    const long place_2 = out_min_3;
    if (place_2 < 0 || place_2 >= n) {
        *status = 1;
        return 0;
    }
    return place + 10 * place_2;
}
