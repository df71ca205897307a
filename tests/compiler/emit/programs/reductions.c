/* reductions.mg, compiled to C99: values and exact derivatives. */
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

static double maximum(double x, double y) { return x >= y || x != x ? x : y; }

static double minimum(double x, double y) { return x <= y || x != x ? x : y; }

/* sums of reductions.mg, line 2. */
mgc_status sums(const double *restrict A, int64_t m, int64_t n, double *restrict out) {
    double out_sum = 0.0;
    for (int64_t i = 0; i < m; i++) {
        for (int64_t j = 0; j < n; j++) {
            out_sum += A[i * n + j] * A[i * n + j] * sin(A[i * n + j]);  /* line 3 */
        }
    }
    *out = out_sum;
    return (mgc_status){MGC_OK, 0};
}

/* sums of reductions.mg, line 2, and its derivatives. */
mgc_status sums_value_and_grad(
    const double *restrict A, int64_t m, int64_t n, double *restrict out, double *restrict dA
) {
    double out_total = 0.0;
    for (int64_t i = 0; i < m; i++) {
        for (int64_t j = 0; j < n; j++) {
            const double out_power = A[i * n + j] * A[i * n + j];  /* line 3 */
            const double out_sin = sin(A[i * n + j]);
            out_total += out_power * out_sin;
            const double t = out_power * cos(A[i * n + j]);
            dA[i * n + j] = t + out_sin * (2.0 * A[i * n + j]);
        }
    }
    *out = out_total;
    return (mgc_status){MGC_OK, 0};
}

/* means of reductions.mg, line 5. */
mgc_status means(const double *restrict A, int64_t m, int64_t n, double *restrict out) {
    double out_sum = 0.0;
    for (int64_t i = 0; i < m; i++) {
        for (int64_t j = 0; j < n; j++) {
            out_sum += exp(A[i * n + j]);  /* line 6 */
        }
    }
    double out_sum_2 = 0.0;
    for (int64_t k = 0; k < m; k++) {
        for (int64_t p = 0; p < n; p++) {
            out_sum_2 += A[k * n + p];
        }
    }
    *out = out_sum / (m * n) + out_sum_2 / (m * n);
    return (mgc_status){MGC_OK, 0};
}

/* means of reductions.mg, line 5, and its derivatives. */
mgc_status means_value_and_grad(
    const double *restrict A, int64_t m, int64_t n, void *restrict work, double *restrict out,
    double *restrict dA
) {
    double *out_exp = work;
    double out_sum = 0.0;
    for (int64_t i = 0; i < m; i++) {
        for (int64_t j = 0; j < n; j++) {
            out_exp[i * n + j] = exp(A[i * n + j]);  /* line 6 */
            out_sum += out_exp[i * n + j];
        }
    }
    double out_sum_2 = 0.0;
    for (int64_t k = 0; k < m; k++) {
        for (int64_t p = 0; p < n; p++) {
            out_sum_2 += A[k * n + p];
        }
    }
    *out = out_sum / (m * n) + out_sum_2 / (m * n);
    const double dout_sum_2 = 1.0 / (m * n);
    for (int64_t at = 0; at < m * n; at++) dA[at] = 0.0;
    if (dout_sum_2 != 0.0) {
        for (int64_t i = 0; i < m; i++) {
            for (int64_t j = 0; j < n; j++) {
                dA[i * n + j] += dout_sum_2 * out_exp[i * n + j];
            }
        }
    }
    for (int64_t k = 0; k < m; k++) {
        for (int64_t p = 0; p < n; p++) {
            dA[k * n + p] += dout_sum_2;
        }
    }
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of means_value_and_grad has. */
size_t means_value_and_grad_workspace(int64_t m, int64_t n) {
    double work = 0.0;
    work += (double)m * n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* products of reductions.mg, line 8. */
mgc_status products(const double *restrict x, int64_t n, double *restrict out) {
    double out_prod = 1.0;
    for (int64_t i = 0; i < n; i++) {
        out_prod *= 1.0 + 0.5 * (x[i] * x[i]);  /* line 9 */
    }
    double out_prod_2 = 1.0;
    for (int64_t j = 0; j < n; j++) {
        out_prod_2 *= x[j];
    }
    *out = out_prod + out_prod_2;
    return (mgc_status){MGC_OK, 0};
}

/* products of reductions.mg, line 8, and its derivatives. */
mgc_status products_value_and_grad(
    const double *restrict x, int64_t n, void *restrict work, double *restrict out, double *restrict dx
) {
    double *out_sum = work;
    double out_prod = 1.0;
    for (int64_t i = 0; i < n; i++) {
        out_sum[i] = 1.0 + 0.5 * (x[i] * x[i]);  /* line 9 */
        out_prod *= out_sum[i];
    }
    double out_prod_2 = 1.0;
    for (int64_t j = 0; j < n; j++) {
        out_prod_2 *= x[j];
    }
    *out = out_prod + out_prod_2;
    for (int64_t at = 0; at < n; at++) dx[at] = 0.0;
    for (int64_t j = 0; j < n; j++) {
        double dx_element = 1.0;
        for (int64_t k = 0; k < n; k++) {
            if (k != j) {
                dx_element *= x[k];
            }
        }
        dx[j] += dx_element;
    }
    for (int64_t i = 0; i < n; i++) {
        double dout_sum = 1.0;
        for (int64_t j = 0; j < n; j++) {
            if (j != i) {
                dout_sum *= out_sum[j];
            }
        }
        dx[i] += dout_sum * 0.5 * (2.0 * x[i]);
    }
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of products_value_and_grad has. */
size_t products_value_and_grad_workspace(int64_t n) {
    double work = 0.0;
    work += n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* extrema of reductions.mg, line 11. */
mgc_status extrema(const double *restrict x, const double *restrict y, int64_t n, double *restrict out) {
    mgc_status status = {MGC_OK, 0};
    double out_max = -INFINITY;
    for (int64_t j = 0; j < n; j++) {
        if (x[j] > out_max || x[j] != x[j]) out_max = x[j];  /* line 12 */
    }
    double out_min = INFINITY;
    for (int64_t i = 0; i < n; i++) {
        const double out_product = x[i] * y[i];
        if (out_product < out_min || out_product != out_product) out_min = out_product;
    }
    const int64_t place = 0;
    if (place < 0 || place >= n) {
        mgc_fail(&status, MGC_INDEX, 12);
        return status;
    }
    const int64_t place_2 = 1;
    if (place_2 < 0 || place_2 >= n) {
        mgc_fail(&status, MGC_INDEX, 12);
        return status;
    }
    *out = out_max + out_min + maximum(maximum(x[place], y[place]), 0.1) - minimum(x[place_2], y[place_2]);
    return status;
}

/* extrema of reductions.mg, line 11, and its derivatives. */
mgc_status extrema_value_and_grad(
    const double *restrict x, const double *restrict y, int64_t n, void *restrict work, double *restrict out,
    double *restrict dx, double *restrict dy
) {
    mgc_status status = {MGC_OK, 0};
    double *out_product = work;
    int *t_3 = (int *)(out_product + n);
    double out_max = -INFINITY;
    for (int64_t j = 0; j < n; j++) {
        if (x[j] > out_max || x[j] != x[j]) out_max = x[j];  /* line 12 */
    }
    double out_min = INFINITY;
    for (int64_t i = 0; i < n; i++) {
        out_product[i] = x[i] * y[i];
        if (out_product[i] < out_min || out_product[i] != out_product[i]) out_min = out_product[i];
    }
    const int64_t place = 0;
    if (place < 0 || place >= n) {
        mgc_fail(&status, MGC_INDEX, 12);
        return status;
    }
    const double out_max_2 = maximum(maximum(x[place], y[place]), 0.1);
    const int64_t place_2 = 1;
    if (place_2 < 0 || place_2 >= n) {
        mgc_fail(&status, MGC_INDEX, 12);
        return status;
    }
    *out = out_max + out_min + out_max_2 - minimum(x[place_2], y[place_2]);
    const double t = x[place_2] == y[place_2] ? -0.5 : 0.0;
    for (int64_t at = 0; at < n; at++) dx[at] = 0.0;
    for (int64_t at = 0; at < n; at++) dy[at] = 0.0;
    if (!(out_max_2 == 0.1)) {
        const double t_2 = x[place] == out_max_2 ? 1.0 : 0.0;
        const double ties = t_2 + (y[place] == out_max_2 ? 1.0 : 0.0);
        double dy_element = 0.0;
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
    double ties_2 = 0.0;
    for (int64_t i = 0; i < n; i++) {
        t_3[i] = out_product[i] == out_min;
        if (t_3[i]) {
            ties_2 += 1.0;
        }
    }
    double dout_product_2 = 0.0;
    if (ties_2 > 0.0) {
        dout_product_2 = 1.0 / ties_2;
    }
    double ties_3 = 0.0;
    for (int64_t j = 0; j < n; j++) {
        if (x[j] == out_max) {
            ties_3 += 1.0;
        }
    }
    dx[place_2] += x[place_2] < y[place_2] ? -1.0 : t;
    for (int64_t i = 0; i < n; i++) {
        if (t_3[i]) {
            dx[i] += dout_product_2 * y[i];
            dy[i] += dout_product_2 * x[i];
        }
    }
    for (int64_t j = 0; j < n; j++) {
        if (x[j] == out_max) {
            dx[j] += 1.0 / ties_3;
        }
    }
    dy[place_2] += y[place_2] < x[place_2] ? -1.0 : t;
    return status;
}

/* How many bytes `work` of extrema_value_and_grad has. */
size_t extrema_value_and_grad_workspace(int64_t n) {
    double work = 0.0;
    work += 2.0 * n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* triangle of reductions.mg, line 14. */
mgc_status triangle(const double *restrict L, int64_t n, double *restrict out) {
    double out_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < i; j++) {
            out_sum += L[i * n + j] * L[j * n + i];  /* line 15 */
        }
    }
    double out_sum_2 = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = i + 1; j < n; j++) {
            out_sum_2 += L[i * n + j] * L[i * n + j] * L[i * n + j];
        }
    }
    *out = out_sum + out_sum_2;
    return (mgc_status){MGC_OK, 0};
}

/* triangle of reductions.mg, line 14, and its derivatives. */
mgc_status triangle_value_and_grad(
    const double *restrict L, int64_t n, double *restrict out, double *restrict dL
) {
    double out_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < i; j++) {
            out_sum += L[i * n + j] * L[j * n + i];  /* line 15 */
        }
    }
    double out_sum_2 = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = i + 1; j < n; j++) {
            out_sum_2 += L[i * n + j] * L[i * n + j] * L[i * n + j];
        }
    }
    *out = out_sum + out_sum_2;
    for (int64_t at = 0; at < n * n; at++) dL[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = i + 1; j < n; j++) {
            dL[i * n + j] += 3.0 * (L[i * n + j] * L[i * n + j]);
        }
    }
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < i; j++) {
            dL[j * n + i] += L[i * n + j];
            dL[i * n + j] += L[j * n + i];
        }
    }
    return (mgc_status){MGC_OK, 0};
}

/* pairs of reductions.mg, line 17. */
mgc_status pairs(const double *restrict x, int64_t n, double *restrict out) {
    double out_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            if (i != j) {
                const double out_difference = x[i] - x[j];  /* line 18 */
                out_sum += 1.0 / (1.0 + out_difference * out_difference);
            }
        }
    }
    double out_sum_2 = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            if (j > i) {
                const double out_difference_2 = x[i] - x[j];
                out_sum_2 += out_difference_2 * out_difference_2;
            }
        }
    }
    *out = out_sum + out_sum_2;
    return (mgc_status){MGC_OK, 0};
}

/* pairs of reductions.mg, line 17, and its derivatives. */
mgc_status pairs_value_and_grad(
    const double *restrict x, int64_t n, double *restrict out, double *restrict dx
) {
    double out_sum_2 = 0.0;
    for (int64_t at = 0; at < n; at++) dx[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
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
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            if (j > i) {
                const double out_difference_2 = x[i] - x[j];
                out_sum_3 += out_difference_2 * out_difference_2;
                const double dout_difference_2 = 2.0 * out_difference_2;
                dx[i] += dout_difference_2;
                dx[j] += -dout_difference_2;
            }
        }
    }
    *out = out_sum_2 + out_sum_3;
    return (mgc_status){MGC_OK, 0};
}

/* filtered of reductions.mg, line 20. */
mgc_status filtered(const double *restrict x, const double *restrict y, int64_t n, double *restrict out) {
    double out_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        if (x[i] > 0.0) {
            out_sum += x[i] * y[i];  /* line 21 */
        }
    }
    double out_prod = 1.0;
    for (int64_t i = 0; i < n; i++) {
        if (y[i] < 0.0) {
            out_prod *= y[i];
        }
    }
    double out_sum_2 = 0.0;
    double out_sum_3 = 0.0;
    for (int64_t i = 0; i < n; i++) {
        if (y[i] > -9.0) {
            out_sum_2 += x[i] * x[i];
            out_sum_3 += 1.0;
        }
    }
    *out = out_sum + out_prod + out_sum_2 / out_sum_3;
    return (mgc_status){MGC_OK, 0};
}

/* filtered of reductions.mg, line 20, and its derivatives. */
mgc_status filtered_value_and_grad(
    const double *restrict x, const double *restrict y, int64_t n, void *restrict work, double *restrict out,
    double *restrict dx, double *restrict dy
) {
    double *out_chosen = work;
    double out_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        if (x[i] > 0.0) {
            out_sum += x[i] * y[i];  /* line 21 */
        }
    }
    for (int64_t at = 0; at < n; at++) out_chosen[at] = 0.0;
    double out_prod = 1.0;
    for (int64_t i = 0; i < n; i++) {
        if (y[i] < 0.0) {
            out_chosen[i] = y[i];
            out_prod *= y[i];
        } else {
            out_chosen[i] = 1.0;
        }
    }
    double out_sum_2 = 0.0;
    double out_sum_3 = 0.0;
    for (int64_t i = 0; i < n; i++) {
        if (y[i] > -9.0) {
            out_sum_2 += x[i] * x[i];
            out_sum_3 += 1.0;
        }
    }
    *out = out_sum + out_prod + out_sum_2 / out_sum_3;
    const double dout_sum_2 = 1.0 / out_sum_3;
    for (int64_t at = 0; at < n; at++) dy[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        if (y[i] < 0.0) {
            double dout_chosen = 1.0;
            for (int64_t j = 0; j < n; j++) {
                if (j != i) {
                    dout_chosen *= out_chosen[j];
                }
            }
            dy[i] += dout_chosen;
        }
    }
    for (int64_t at = 0; at < n; at++) dx[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        if (y[i] > -9.0) {
            dx[i] += dout_sum_2 * (2.0 * x[i]);
        }
    }
    for (int64_t i = 0; i < n; i++) {
        if (x[i] > 0.0) {
            dx[i] += y[i];
            dy[i] += x[i];
        }
    }
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of filtered_value_and_grad has. */
size_t filtered_value_and_grad_workspace(int64_t n) {
    double work = 0.0;
    work += n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* largest_under_condition of reductions.mg, line 23. */
mgc_status largest_under_condition(const double *restrict x, int64_t n, double *restrict out) {
    double out_max = -INFINITY;
    for (int64_t i = 0; i < n; i++) {
        const double out_chosen = x[i] < 0.5 ? x[i] : -INFINITY;  /* line 24 */
        if (out_chosen > out_max || out_chosen != out_chosen) out_max = out_chosen;
    }
    double out_min = INFINITY;
    for (int64_t i = 0; i < n; i++) {
        const double out_chosen_2 = x[i] > -2.0 ? x[i] : INFINITY;
        if (out_chosen_2 < out_min || out_chosen_2 != out_chosen_2) out_min = out_chosen_2;
    }
    *out = out_max + out_min;
    return (mgc_status){MGC_OK, 0};
}

/* largest_under_condition of reductions.mg, line 23, and its derivatives. */
mgc_status largest_under_condition_value_and_grad(
    const double *restrict x, int64_t n, void *restrict work, double *restrict out, double *restrict dx
) {
    double *out_chosen = work;
    double *out_chosen_2 = out_chosen + n;
    int *t = (int *)(out_chosen_2 + n);
    int *t_2 = t + n;
    double out_max = -INFINITY;
    for (int64_t i = 0; i < n; i++) {
        out_chosen[i] = x[i] < 0.5 ? x[i] : -INFINITY;  /* line 24 */
        if (out_chosen[i] > out_max || out_chosen[i] != out_chosen[i]) out_max = out_chosen[i];
    }
    double out_min = INFINITY;
    for (int64_t i = 0; i < n; i++) {
        out_chosen_2[i] = x[i] > -2.0 ? x[i] : INFINITY;
        if (out_chosen_2[i] < out_min || out_chosen_2[i] != out_chosen_2[i]) out_min = out_chosen_2[i];
    }
    *out = out_max + out_min;
    double ties = 0.0;
    for (int64_t i = 0; i < n; i++) {
        t[i] = out_chosen_2[i] == out_min;
        if (t[i]) {
            ties += 1.0;
        }
    }
    double ties_2 = 0.0;
    for (int64_t i = 0; i < n; i++) {
        t_2[i] = out_chosen[i] == out_max;
        if (t_2[i]) {
            ties_2 += 1.0;
        }
    }
    for (int64_t at = 0; at < n; at++) dx[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        if (t[i]) {
            if (x[i] > -2.0) {
                dx[i] += 1.0 / ties;
            }
        }
    }
    for (int64_t i = 0; i < n; i++) {
        if (t_2[i]) {
            if (x[i] < 0.5) {
                dx[i] += 1.0 / ties_2;
            }
        }
    }
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of largest_under_condition_value_and_grad has. */
size_t largest_under_condition_value_and_grad_workspace(int64_t n) {
    double work = 0.0;
    work += 4.0 * n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* nested_sums of reductions.mg, line 26. */
mgc_status nested_sums(
    const double *restrict A, const double *restrict x, int64_t m, int64_t n, double *restrict out
) {
    double out_sum_2 = 0.0;
    for (int64_t i = 0; i < m; i++) {
        double out_sum = 0.0;
        for (int64_t j = 0; j < n; j++) {
            out_sum += A[i * n + j] * x[j];  /* line 27 */
        }
        out_sum_2 += exp(out_sum);
    }
    *out = out_sum_2;
    return (mgc_status){MGC_OK, 0};
}

/* nested_sums of reductions.mg, line 26, and its derivatives. */
mgc_status nested_sums_value_and_grad(
    const double *restrict A, const double *restrict x, int64_t m, int64_t n, double *restrict out,
    double *restrict dA, double *restrict dx
) {
    double out_total = 0.0;
    for (int64_t at = 0; at < n; at++) dx[at] = 0.0;
    for (int64_t i = 0; i < m; i++) {
        double out_sum = 0.0;
        for (int64_t j = 0; j < n; j++) {
            out_sum += A[i * n + j] * x[j];  /* line 27 */
        }
        const double out_exp = exp(out_sum);
        out_total += out_exp;
        for (int64_t j = 0; j < n; j++) {
            dA[i * n + j] = out_exp * x[j];
            dx[j] += out_exp * A[i * n + j];
        }
    }
    *out = out_total;
    return (mgc_status){MGC_OK, 0};
}

/* sum_of_sums of reductions.mg, line 29. */
mgc_status sum_of_sums(const double *restrict A, int64_t m, int64_t n, double *restrict out) {
    double out_sum = 0.0;
    double out_sum_2 = 0.0;
    for (int64_t i = 0; i < m; i++) {
        double rows = 0.0;
        for (int64_t j = 0; j < n; j++) {
            rows += A[i * n + j];  /* line 30 */
        }
        out_sum += rows * rows;  /* line 31 */
        out_sum_2 += rows;
    }
    *out = out_sum + out_sum_2 * out_sum_2;
    return (mgc_status){MGC_OK, 0};
}

/* sum_of_sums of reductions.mg, line 29, and its derivatives. */
mgc_status sum_of_sums_value_and_grad(
    const double *restrict A, int64_t m, int64_t n, void *restrict work, double *restrict out,
    double *restrict dA
) {
    double *rows = work;
    double out_sum = 0.0;
    double out_sum_2 = 0.0;
    for (int64_t i = 0; i < m; i++) {
        double rows_total = 0.0;
        for (int64_t j = 0; j < n; j++) {
            rows_total += A[i * n + j];  /* line 30 */
        }
        rows[i] = rows_total;
        out_sum += rows[i] * rows[i];  /* line 31 */
        out_sum_2 += rows[i];
    }
    *out = out_sum + out_sum_2 * out_sum_2;
    const double dout_sum_2 = 2.0 * out_sum_2;
    for (int64_t i = 0; i < m; i++) {
        const double drows = dout_sum_2 + 2.0 * rows[i];  /* line 30 */
        for (int64_t j = 0; j < n; j++) {
            dA[i * n + j] = drows;
        }
    }
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of sum_of_sums_value_and_grad has. */
size_t sum_of_sums_value_and_grad_workspace(int64_t m) {
    double work = 0.0;
    work += m;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* counted of reductions.mg, line 33. */
mgc_status counted(const double *restrict x, int64_t n, double *restrict out) {
    double out_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        if (x[i] > 0.0) {
            out_sum += 1.0;  /* line 34 */
        }
    }
    double out_sum_2 = 0.0;
    for (int64_t i = 0; i < n; i++) {
        if (x[i] > 0.0) {
            out_sum_2 += 1.0;
        }
    }
    *out = out_sum + out_sum_2 / n;
    return (mgc_status){MGC_OK, 0};
}

/* counted of reductions.mg, line 33, and its derivatives. */
mgc_status counted_value_and_grad(
    const double *restrict x, int64_t n, double *restrict out, double *restrict dx
) {
    double out_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        if (x[i] > 0.0) {
            out_sum += 1.0;  /* line 34 */
        }
    }
    double out_sum_2 = 0.0;
    for (int64_t i = 0; i < n; i++) {
        if (x[i] > 0.0) {
            out_sum_2 += 1.0;
        }
    }
    *out = out_sum + out_sum_2 / n;
    for (int64_t at = 0; at < n; at++) dx[at] = 0.0;
    return (mgc_status){MGC_OK, 0};
}

/* places of reductions.mg, line 36. */
mgc_status places(const double *restrict x, int64_t n, void *restrict work, double *restrict out) {
    mgc_status status = {MGC_OK, 0};
    double *out_power = work;
    double out_max = -INFINITY;
    for (int64_t j = 0; j < n; j++) {
        if (x[j] > out_max || x[j] != x[j]) out_max = x[j];  /* line 37 */
    }
    int64_t out_min = INT64_C(9007199254740992);
    for (int64_t j = 0; j < n; j++) {
        const int64_t out_chosen = x[j] == out_max || x[j] != x[j] ? j : n;
        if (out_chosen < out_min) out_min = out_chosen;
    }
    const int64_t place = out_min;
    if (place < 0 || place >= n) {
        mgc_fail(&status, MGC_INDEX, 37);
        return status;
    }
    double out_min_2 = INFINITY;
    for (int64_t i = 0; i < n; i++) {
        out_power[i] = x[i] * x[i];
        if (out_power[i] < out_min_2 || out_power[i] != out_power[i]) out_min_2 = out_power[i];
    }
    int64_t out_min_3 = INT64_C(9007199254740992);
    for (int64_t i = 0; i < n; i++) {
        const int found = out_power[i] == out_min_2 || out_power[i] != out_power[i];
        const int64_t out_chosen_2 = found ? i : n;
        if (out_chosen_2 < out_min_3) out_min_3 = out_chosen_2;
    }
    const int64_t place_2 = out_min_3;
    if (place_2 < 0 || place_2 >= n) {
        mgc_fail(&status, MGC_INDEX, 37);
        return status;
    }
    *out = place + 10 * place_2;
    return status;
}

/* How many bytes `work` of places has. */
size_t places_workspace(int64_t n) {
    double work = 0.0;
    work += n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}
