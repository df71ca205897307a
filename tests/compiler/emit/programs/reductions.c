/* reductions.mg, compiled to C99: values and exact derivatives. */
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

static double maximum(double x, double y) { return x >= y || x != x ? x : y; }

static double minimum(double x, double y) { return x <= y || x != x ? x : y; }

/* sums of reductions.mg, line 2. */
mgc_status sums(const double *restrict A, int64_t m, int64_t n, double *restrict out) {
    double out_total = 0.0;
    for (int64_t i = 0; i < m; i++) {
        for (int64_t j = 0; j < n; j++) {
            out_total += A[i * n + j] * A[i * n + j] * sin(A[i * n + j]);  /* line 3 */
        }
    }
    *out = out_total;
    return (mgc_status){MGC_OK, 0};
}

/* sums of reductions.mg, line 2, and its derivatives. */
mgc_status sums_value_and_grad(
    const double *restrict A, int64_t m, int64_t n, double *restrict out, double *restrict dA
) {
    double out_total = 0.0;
    for (int64_t i = 0; i < m; i++) {
        for (int64_t j = 0; j < n; j++) {
            const double A_squared = A[i * n + j] * A[i * n + j];  /* line 3 */
            const double A_sin = sin(A[i * n + j]);
            out_total += A_squared * A_sin;
            dA[i * n + j] = A_squared * cos(A[i * n + j]) + 2.0 * A_sin * A[i * n + j];
        }
    }
    *out = out_total;
    return (mgc_status){MGC_OK, 0};
}

/* means of reductions.mg, line 5. */
mgc_status means(const double *restrict A, int64_t m, int64_t n, double *restrict out) {
    double A_exp_sum = 0.0;
    for (int64_t i = 0; i < m; i++) {
        for (int64_t j = 0; j < n; j++) {
            A_exp_sum += exp(A[i * n + j]);  /* line 6 */
        }
    }
    double A_sum = 0.0;
    for (int64_t k = 0; k < m; k++) {
        for (int64_t p = 0; p < n; p++) {
            A_sum += A[k * n + p];
        }
    }
    *out = A_exp_sum / (m * n) + A_sum / (m * n);
    return (mgc_status){MGC_OK, 0};
}

/* means of reductions.mg, line 5, and its derivatives. */
mgc_status means_value_and_grad(
    const double *restrict A, int64_t m, int64_t n, void *restrict work, double *restrict out,
    double *restrict dA
) {
    double *A_exp = work;
    double A_exp_sum = 0.0;
    for (int64_t i = 0; i < m; i++) {
        for (int64_t j = 0; j < n; j++) {
            A_exp[i * n + j] = exp(A[i * n + j]);  /* line 6 */
            A_exp_sum += A_exp[i * n + j];
        }
    }
    double A_sum = 0.0;
    for (int64_t k = 0; k < m; k++) {
        for (int64_t p = 0; p < n; p++) {
            A_sum += A[k * n + p];
        }
    }
    *out = A_exp_sum / (m * n) + A_sum / (m * n);
    const double dA_sum = 1.0 / (m * n);
    for (int64_t at = 0; at < m * n; at++) dA[at] = 0.0;
    if (dA_sum != 0.0) {
        for (int64_t i = 0; i < m; i++) {
            for (int64_t j = 0; j < n; j++) {
                dA[i * n + j] += dA_sum * A_exp[i * n + j];
            }
        }
    }
    for (int64_t k = 0; k < m; k++) {
        for (int64_t p = 0; p < n; p++) {
            dA[k * n + p] += dA_sum;
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
    double x_squared_prod = 1.0;
    for (int64_t i = 0; i < n; i++) {
        x_squared_prod *= 1.0 + 0.5 * (x[i] * x[i]);  /* line 9 */
    }
    double x_prod = 1.0;
    for (int64_t j = 0; j < n; j++) {
        x_prod *= x[j];
    }
    *out = x_squared_prod + x_prod;
    return (mgc_status){MGC_OK, 0};
}

/* products of reductions.mg, line 8, and its derivatives. */
mgc_status products_value_and_grad(
    const double *restrict x, int64_t n, void *restrict work, double *restrict out, double *restrict dx
) {
    double *x_squared_sum = work;
    double x_squared_sum_prod = 1.0;
    for (int64_t i = 0; i < n; i++) {
        x_squared_sum[i] = 1.0 + 0.5 * (x[i] * x[i]);  /* line 9 */
        x_squared_sum_prod *= x_squared_sum[i];
    }
    double x_prod = 1.0;
    for (int64_t j = 0; j < n; j++) {
        x_prod *= x[j];
    }
    *out = x_squared_sum_prod + x_prod;
    for (int64_t at = 0; at < n; at++) dx[at] = 0.0;
    for (int64_t j = 0; j < n; j++) {
        double part_of_dx = 1.0;
        for (int64_t k = 0; k < n; k++) {
            if (k != j) {
                part_of_dx *= x[k];
            }
        }
        dx[j] += part_of_dx;
    }
    for (int64_t i = 0; i < n; i++) {
        double dx_squared_sum = 1.0;
        for (int64_t j = 0; j < n; j++) {
            if (j != i) {
                dx_squared_sum *= x_squared_sum[j];
            }
        }
        dx[i] += dx_squared_sum * x[i];
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
    double x_max = -INFINITY;
    for (int64_t j = 0; j < n; j++) {
        if (x[j] > x_max || x[j] != x[j]) x_max = x[j];  /* line 12 */
    }
    double x_y_min = INFINITY;
    for (int64_t i = 0; i < n; i++) {
        const double x_y = x[i] * y[i];
        if (x_y < x_y_min || x_y != x_y) x_y_min = x_y;
    }
    const int64_t first = 0;
    if (first < 0 || first >= n) {
        mgc_fail(&status, MGC_INDEX, 12);
        return status;
    }
    const int64_t place = 1;
    if (place < 0 || place >= n) {
        mgc_fail(&status, MGC_INDEX, 12);
        return status;
    }
    *out = x_max + x_y_min + maximum(maximum(x[first], y[first]), 0.1) - minimum(x[place], y[place]);
    return status;
}

/* extrema of reductions.mg, line 11, and its derivatives. */
mgc_status extrema_value_and_grad(
    const double *restrict x, const double *restrict y, int64_t n, void *restrict work, double *restrict out,
    double *restrict dx, double *restrict dy
) {
    mgc_status status = {MGC_OK, 0};
    double *x_y = work;
    double x_max = -INFINITY;
    for (int64_t j = 0; j < n; j++) {
        if (x[j] > x_max || x[j] != x[j]) x_max = x[j];  /* line 12 */
    }
    double x_y_min = INFINITY;
    for (int64_t i = 0; i < n; i++) {
        x_y[i] = x[i] * y[i];
        if (x_y[i] < x_y_min || x_y[i] != x_y[i]) x_y_min = x_y[i];
    }
    const int64_t first = 0;
    if (first < 0 || first >= n) {
        mgc_fail(&status, MGC_INDEX, 12);
        return status;
    }
    const double out_max = maximum(maximum(x[first], y[first]), 0.1);
    const int64_t place = 1;
    if (place < 0 || place >= n) {
        mgc_fail(&status, MGC_INDEX, 12);
        return status;
    }
    *out = x_max + x_y_min + out_max - minimum(x[place], y[place]);
    const double slope = x[place] == y[place] ? -0.5 : 0.0;
    for (int64_t at = 0; at < n; at++) dx[at] = 0.0;
    for (int64_t at = 0; at < n; at++) dy[at] = 0.0;
    if (!(out_max == 0.1)) {
        const double ties_chosen = x[first] == out_max ? 1.0 : 0.0;
        const double ties = ties_chosen + (y[first] == out_max ? 1.0 : 0.0);
        double one_over_ties = 0.0;
        if (y[first] == out_max || x[first] == out_max) {
            one_over_ties = 1.0 / ties;
        }
        if (x[first] == out_max) {
            dx[first] += one_over_ties;
        }
        if (y[first] == out_max) {
            dy[first] += one_over_ties;
        }
    }
    double ties2 = 0.0;
    for (int64_t i = 0; i < n; i++) {
        if (x_y[i] == x_y_min) {
            ties2 += 1.0;
        }
    }
    double one_over_ties2 = 0.0;
    if (ties2 > 0.0) {
        one_over_ties2 = 1.0 / ties2;
    }
    double ties_2 = 0.0;
    for (int64_t j = 0; j < n; j++) {
        if (x[j] == x_max) {
            ties_2 += 1.0;
        }
    }
    dx[place] += x[place] < y[place] ? -1.0 : slope;
    for (int64_t i = 0; i < n; i++) {
        if (x_y[i] == x_y_min) {
            dx[i] += one_over_ties2 * y[i];
            dy[i] += one_over_ties2 * x[i];
        }
    }
    for (int64_t j = 0; j < n; j++) {
        if (x[j] == x_max) {
            dx[j] += 1.0 / ties_2;
        }
    }
    dy[place] += y[place] < x[place] ? -1.0 : slope;
    return status;
}

/* How many bytes `work` of extrema_value_and_grad has. */
size_t extrema_value_and_grad_workspace(int64_t n) {
    double work = 0.0;
    work += n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* triangle of reductions.mg, line 14. */
mgc_status triangle(const double *restrict L, int64_t n, double *restrict out) {
    double L_L_sum = 0.0;
    double L_cubed_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < i; j++) {
            L_L_sum += L[i * n + j] * L[j * n + i];  /* line 15 */
        }
        for (int64_t j = i + 1; j < n; j++) {
            L_cubed_sum += L[i * n + j] * L[i * n + j] * L[i * n + j];
        }
    }
    *out = L_L_sum + L_cubed_sum;
    return (mgc_status){MGC_OK, 0};
}

/* triangle of reductions.mg, line 14, and its derivatives. */
mgc_status triangle_value_and_grad(
    const double *restrict L, int64_t n, double *restrict out, double *restrict dL
) {
    double L_L_sum = 0.0;
    double L_cubed_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < i; j++) {
            L_L_sum += L[i * n + j] * L[j * n + i];  /* line 15 */
        }
        for (int64_t j = i + 1; j < n; j++) {
            L_cubed_sum += L[i * n + j] * L[i * n + j] * L[i * n + j];
        }
    }
    *out = L_L_sum + L_cubed_sum;
    for (int64_t at = 0; at < n * n; at++) dL[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = i + 1; j < n; j++) {
            dL[i * n + j] += 3.0 * (L[i * n + j] * L[i * n + j]);
        }
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
                const double x_minus_x = x[i] - x[j];  /* line 18 */
                out_sum += 1.0 / (1.0 + x_minus_x * x_minus_x);
            }
        }
    }
    double x_difference_squared_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            if (j > i) {
                const double x_difference = x[i] - x[j];
                x_difference_squared_sum += x_difference * x_difference;
            }
        }
    }
    *out = out_sum + x_difference_squared_sum;
    return (mgc_status){MGC_OK, 0};
}

/* pairs of reductions.mg, line 17, and its derivatives. */
mgc_status pairs_value_and_grad(
    const double *restrict x, int64_t n, double *restrict out, double *restrict dx
) {
    double out_ratio_sum = 0.0;
    for (int64_t at = 0; at < n; at++) dx[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            if (i != j) {
                const double x_minus_x = x[i] - x[j];  /* line 18 */
                const double x_minus_x_squared_sum = 1.0 + x_minus_x * x_minus_x;
                const double out_ratio = 1.0 / x_minus_x_squared_sum;
                out_ratio_sum += out_ratio;
                const double dx_minus_x = -2.0 * (out_ratio / x_minus_x_squared_sum) * x_minus_x;
                dx[i] += dx_minus_x;
                dx[j] -= dx_minus_x;
            }
        }
    }
    double x_difference_squared_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            if (j > i) {
                const double x_difference = x[i] - x[j];
                x_difference_squared_sum += x_difference * x_difference;
                const double dx_difference = 2.0 * x_difference;
                dx[i] += dx_difference;
                dx[j] -= dx_difference;
            }
        }
    }
    *out = out_ratio_sum + x_difference_squared_sum;
    return (mgc_status){MGC_OK, 0};
}

/* filtered of reductions.mg, line 20. */
mgc_status filtered(const double *restrict x, const double *restrict y, int64_t n, double *restrict out) {
    double x_y_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        if (x[i] > 0.0) {
            x_y_sum += x[i] * y[i];  /* line 21 */
        }
    }
    double y_prod = 1.0;
    for (int64_t i = 0; i < n; i++) {
        if (y[i] < 0.0) {
            y_prod *= y[i];
        }
    }
    double x_squared_sum = 0.0;
    double out_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        if (y[i] > -9.0) {
            x_squared_sum += x[i] * x[i];
            out_sum += 1.0;
        }
    }
    *out = x_y_sum + y_prod + x_squared_sum / out_sum;
    return (mgc_status){MGC_OK, 0};
}

/* filtered of reductions.mg, line 20, and its derivatives. */
mgc_status filtered_value_and_grad(
    const double *restrict x, const double *restrict y, int64_t n, void *restrict work, double *restrict out,
    double *restrict dx, double *restrict dy
) {
    double *y_chosen = work;
    double x_y_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        if (x[i] > 0.0) {
            x_y_sum += x[i] * y[i];  /* line 21 */
        }
    }
    for (int64_t at = 0; at < n; at++) y_chosen[at] = 0.0;
    double y_prod = 1.0;
    for (int64_t i = 0; i < n; i++) {
        if (y[i] < 0.0) {
            y_chosen[i] = y[i];
            y_prod *= y[i];
        } else {
            y_chosen[i] = 1.0;
        }
    }
    double x_squared_sum = 0.0;
    double out_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        if (y[i] > -9.0) {
            x_squared_sum += x[i] * x[i];
            out_sum += 1.0;
        }
    }
    *out = x_y_sum + y_prod + x_squared_sum / out_sum;
    const double two_over_out_sum = 2.0 / out_sum;
    for (int64_t at = 0; at < n; at++) dy[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        if (y[i] < 0.0) {
            double dy_chosen = 1.0;
            for (int64_t j = 0; j < n; j++) {
                if (j != i) {
                    dy_chosen *= y_chosen[j];
                }
            }
            dy[i] += dy_chosen;
        }
    }
    for (int64_t at = 0; at < n; at++) dx[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        if (y[i] > -9.0) {
            dx[i] += two_over_out_sum * x[i];
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
    double x_chosen_max = -INFINITY;
    for (int64_t i = 0; i < n; i++) {
        const double x_chosen = x[i] < 0.5 ? x[i] : -INFINITY;  /* line 24 */
        if (x_chosen > x_chosen_max || x_chosen != x_chosen) x_chosen_max = x_chosen;
    }
    double out_chosen_min = INFINITY;
    for (int64_t i = 0; i < n; i++) {
        const double out_chosen = x[i] > -2.0 ? x[i] : INFINITY;
        if (out_chosen < out_chosen_min || out_chosen != out_chosen) out_chosen_min = out_chosen;
    }
    *out = x_chosen_max + out_chosen_min;
    return (mgc_status){MGC_OK, 0};
}

/* largest_under_condition of reductions.mg, line 23, and its derivatives. */
mgc_status largest_under_condition_value_and_grad(
    const double *restrict x, int64_t n, void *restrict work, double *restrict out, double *restrict dx
) {
    double *x_chosen = work;
    double *out_chosen = x_chosen + n;
    double x_chosen_max = -INFINITY;
    for (int64_t i = 0; i < n; i++) {
        x_chosen[i] = x[i] < 0.5 ? x[i] : -INFINITY;  /* line 24 */
        if (x_chosen[i] > x_chosen_max || x_chosen[i] != x_chosen[i]) x_chosen_max = x_chosen[i];
    }
    double out_chosen_min = INFINITY;
    for (int64_t i = 0; i < n; i++) {
        out_chosen[i] = x[i] > -2.0 ? x[i] : INFINITY;
        if (out_chosen[i] < out_chosen_min || out_chosen[i] != out_chosen[i]) out_chosen_min = out_chosen[i];
    }
    *out = x_chosen_max + out_chosen_min;
    double ties = 0.0;
    for (int64_t i = 0; i < n; i++) {
        if (out_chosen[i] == out_chosen_min) {
            ties += 1.0;
        }
    }
    double ties2 = 0.0;
    for (int64_t i = 0; i < n; i++) {
        if (x_chosen[i] == x_chosen_max) {
            ties2 += 1.0;
        }
    }
    for (int64_t at = 0; at < n; at++) dx[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        if (out_chosen[i] == out_chosen_min) {
            if (x[i] > -2.0) {
                dx[i] += 1.0 / ties;
            }
        }
    }
    for (int64_t i = 0; i < n; i++) {
        if (x_chosen[i] == x_chosen_max) {
            if (x[i] < 0.5) {
                dx[i] += 1.0 / ties2;
            }
        }
    }
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of largest_under_condition_value_and_grad has. */
size_t largest_under_condition_value_and_grad_workspace(int64_t n) {
    double work = 0.0;
    work += 2.0 * n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* nested_sums of reductions.mg, line 26. */
mgc_status nested_sums(
    const double *restrict A, const double *restrict x, int64_t m, int64_t n, double *restrict out
) {
    double out_total = 0.0;
    for (int64_t i = 0; i < m; i++) {
        double A_x_sum = 0.0;
        for (int64_t j = 0; j < n; j++) {
            A_x_sum += A[i * n + j] * x[j];  /* line 27 */
        }
        out_total += exp(A_x_sum);
    }
    *out = out_total;
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
        double A_x_sum = 0.0;
        for (int64_t j = 0; j < n; j++) {
            A_x_sum += A[i * n + j] * x[j];  /* line 27 */
        }
        const double out_exp = exp(A_x_sum);
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
    double rows_squared_sum = 0.0;
    double rows_sum = 0.0;
    for (int64_t i = 0; i < m; i++) {
        double rows = 0.0;
        for (int64_t j = 0; j < n; j++) {
            rows += A[i * n + j];  /* line 30 */
        }
        rows_squared_sum += rows * rows;  /* line 31 */
        rows_sum += rows;
    }
    *out = rows_squared_sum + rows_sum * rows_sum;
    return (mgc_status){MGC_OK, 0};
}

/* sum_of_sums of reductions.mg, line 29, and its derivatives. */
mgc_status sum_of_sums_value_and_grad(
    const double *restrict A, int64_t m, int64_t n, void *restrict work, double *restrict out,
    double *restrict dA
) {
    double *rows = work;
    double rows_squared_sum = 0.0;
    double rows_sum = 0.0;
    for (int64_t i = 0; i < m; i++) {
        double rows_total = 0.0;
        for (int64_t j = 0; j < n; j++) {
            rows_total += A[i * n + j];  /* line 30 */
        }
        rows[i] = rows_total;
        rows_squared_sum += rows[i] * rows[i];  /* line 31 */
        rows_sum += rows[i];
    }
    *out = rows_squared_sum + rows_sum * rows_sum;
    const double drows_sum = 2.0 * rows_sum;
    for (int64_t i = 0; i < m; i++) {
        const double drows = drows_sum + 2.0 * rows[i];  /* line 30 */
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
    double x_above_zero_count = 0.0;
    for (int64_t i = 0; i < n; i++) {
        if (x[i] > 0.0) {
            x_above_zero_count += 1.0;  /* line 34 */
        }
    }
    *out = x_above_zero_count + x_above_zero_count / n;
    return (mgc_status){MGC_OK, 0};
}

/* counted of reductions.mg, line 33, and its derivatives. */
mgc_status counted_value_and_grad(
    const double *restrict x, int64_t n, double *restrict out, double *restrict dx
) {
    double x_above_zero_count = 0.0;
    for (int64_t i = 0; i < n; i++) {
        if (x[i] > 0.0) {
            x_above_zero_count += 1.0;  /* line 34 */
        }
    }
    *out = x_above_zero_count + x_above_zero_count / n;
    for (int64_t at = 0; at < n; at++) dx[at] = 0.0;
    return (mgc_status){MGC_OK, 0};
}

/* places of reductions.mg, line 36. */
mgc_status places(const double *restrict x, int64_t n, void *restrict work, double *restrict out) {
    mgc_status status = {MGC_OK, 0};
    double *x_squared = work;
    double x_max = -INFINITY;
    for (int64_t j = 0; j < n; j++) {
        if (x[j] > x_max || x[j] != x[j]) x_max = x[j];  /* line 37 */
    }
    int64_t x_argmax = INT64_C(9007199254740992);
    for (int64_t j = 0; j < n; j++) {
        const int64_t candidate = x[j] == x_max || x[j] != x[j] ? j : n;
        if (candidate < x_argmax) x_argmax = candidate;
    }
    const int64_t place = x_argmax;
    if (place < 0 || place >= n) {
        mgc_fail(&status, MGC_INDEX, 37);
        return status;
    }
    double candidate2_min = INFINITY;
    for (int64_t i = 0; i < n; i++) {
        x_squared[i] = x[i] * x[i];
        if (x_squared[i] < candidate2_min || x_squared[i] != x_squared[i]) candidate2_min = x_squared[i];
    }
    int64_t first_argmin = INT64_C(9007199254740992);
    for (int64_t i = 0; i < n; i++) {
        const int64_t candidate2 = x_squared[i] == candidate2_min || x_squared[i] != x_squared[i] ? i : n;
        if (candidate2 < first_argmin) first_argmin = candidate2;
    }
    const int64_t first_argmin_place = first_argmin;
    if (first_argmin_place < 0 || first_argmin_place >= n) {
        mgc_fail(&status, MGC_INDEX, 37);
        return status;
    }
    *out = place + 10 * first_argmin_place;
    return status;
}

/* How many bytes `work` of places has. */
size_t places_workspace(int64_t n) {
    double work = 0.0;
    work += n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}
