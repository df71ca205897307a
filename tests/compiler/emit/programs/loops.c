/* loops.mg, compiled to C99: values and exact derivatives. */
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

/* rotation of loops.mg, line 2. */
mgc_status rotation(double a, const double *restrict v, double *restrict out) {
    const double a_cos = cos(a);  /* line 3 */
    const double a_sin = sin(a);
    double M[9];
    M[0] = a_cos;
    M[1] = -a_sin;
    M[2] = 0.0;
    M[3] = a_sin;
    M[4] = a_cos;
    M[5] = 0.0;
    M[6] = 0.0;
    M[7] = 0.0;
    M[8] = 1.0;
    for (int64_t i = 0; i < 3; i++) {
        double out_total = 0.0;
        for (int64_t j = 0; j < 3; j++) {
            out_total += M[i * 3 + j] * v[j];  /* line 4 */
        }
        out[i] = out_total;
    }
    return (mgc_status){MGC_OK, 0};
}

/* rotation of loops.mg, line 2, and its derivatives. */
mgc_status rotation_vjp(
    double a, const double *restrict v, const double *restrict dout, double *restrict out,
    double *restrict da, double *restrict dv
) {
    const double a_cos = cos(a);  /* line 3 */
    const double a_sin = sin(a);
    double M[9];
    M[0] = a_cos;
    M[1] = -a_sin;
    M[2] = 0.0;
    M[3] = a_sin;
    M[4] = a_cos;
    M[5] = 0.0;
    M[6] = 0.0;
    M[7] = 0.0;
    M[8] = 1.0;
    for (int64_t i = 0; i < 3; i++) {
        double out_total = 0.0;
        for (int64_t j = 0; j < 3; j++) {
            out_total += M[i * 3 + j] * v[j];  /* line 4 */
        }
        out[i] = out_total;
    }
    double dM[9];
    for (int64_t at = 0; at < 3; at++) dv[at] = 0.0;
    for (int64_t i = 0; i < 3; i++) {
        for (int64_t j = 0; j < 3; j++) {
            dM[i * 3 + j] = dout[i] * v[j];
            dv[j] += dout[i] * M[i * 3 + j];
        }
    }
    *da = (dM[1 * 3] - dM[1]) * a_cos - (dM[0] + dM[1 * 3 + 1]) * a_sin;
    return (mgc_status){MGC_OK, 0};
}

/* fixed of loops.mg, line 6. */
mgc_status fixed(const double *restrict x, const double *restrict A, double *restrict out) {
    double out_total = 0.0;
    for (int64_t i = 0; i < 3; i++) {
        for (int64_t j = 0; j < 2; j++) {
            out_total += x[i] * pow(A[i * 2 + j], j + 1);  /* line 7 */
        }
    }
    *out = out_total;
    return (mgc_status){MGC_OK, 0};
}

/* fixed of loops.mg, line 6, and its derivatives. */
mgc_status fixed_value_and_grad(
    const double *restrict x, const double *restrict A, double *restrict out, double *restrict dx,
    double *restrict dA
) {
    double out_total = 0.0;
    for (int64_t i = 0; i < 3; i++) {
        double dx_total = 0.0;
        for (int64_t j = 0; j < 2; j++) {
            const double out_power = pow(A[i * 2 + j], j + 1);  /* line 7 */
            out_total += x[i] * out_power;
            dx_total += out_power;
        }
        dx[i] = dx_total;
    }
    for (int64_t at = 0; at < 6; at++) dA[at] = 0.0;
    for (int64_t i = 0; i < 3; i++) {
        for (int64_t j = 0; j < 2; j++) {
            if (j + 1 != 0) {
                dA[i * 2 + j] = x[i] * ((j + 1) * pow(A[i * 2 + j], j + 1 - 1));
            }
        }
    }
    *out = out_total;
    return (mgc_status){MGC_OK, 0};
}

/* horner of loops.mg, line 9. */
mgc_status horner(const double *restrict c, double x, double *restrict out) {
    *out = c[0] + x * (c[1] + x * (c[2] + x * c[3]));
    return (mgc_status){MGC_OK, 0};
}

/* horner of loops.mg, line 9, and its derivatives. */
mgc_status horner_value_and_grad(
    const double *restrict c, double x, double *restrict out, double *restrict dc, double *restrict dx
) {
    const double out_product = x * (c[2] + x * c[3]);  /* line 10 */
    const double c_plus_out_product = c[1] + out_product;
    *out = c[0] + x * c_plus_out_product;
    const double dc_2 = x * x;
    dc[0] = 1.0;
    dc[1] = x;
    dc[2] = dc_2;
    dc[3] = dc_2 * x;
    *dx = c_plus_out_product + out_product + dc_2 * c[3];
    return (mgc_status){MGC_OK, 0};
}

/* small_softmax of loops.mg, line 12. */
mgc_status small_softmax(const double *restrict x, double *restrict out) {
    double x_max = -INFINITY;
    for (int64_t i = 0; i < 3; i++) {
        if (x[i] > x_max || x[i] != x[i]) x_max = x[i];  /* line 13 */
    }
    double x_exp[3];
    double x_exp_sum = 0.0;
    for (int64_t i = 0; i < 3; i++) {
        x_exp[i] = exp(x[i] - x_max);
        x_exp_sum += x_exp[i];
    }
    double p_log_sum = 0.0;
    for (int64_t i = 0; i < 3; i++) {
        const double p = x_exp[i] / x_exp_sum;
        p_log_sum += p * log(p);  /* line 14 */
    }
    *out = -p_log_sum;
    return (mgc_status){MGC_OK, 0};
}

/* small_softmax of loops.mg, line 12, and its derivatives. */
mgc_status small_softmax_value_and_grad(const double *restrict x, double *restrict out, double *restrict dx) {
    double x_max = -INFINITY;
    for (int64_t i = 0; i < 3; i++) {
        if (x[i] > x_max || x[i] != x[i]) x_max = x[i];  /* line 13 */
    }
    double x_exp[3];
    double x_exp_sum = 0.0;
    for (int64_t i = 0; i < 3; i++) {
        x_exp[i] = exp(x[i] - x_max);
        x_exp_sum += x_exp[i];
    }
    double p_log_sum = 0.0;
    double dp[3];
    double dx_exp_sum = 0.0;
    for (int64_t i = 0; i < 3; i++) {
        const double p = x_exp[i] / x_exp_sum;
        const double p_log = log(p);  /* line 14 */
        p_log_sum += p * p_log;
        dp[i] = (p >= 0.0 ? -1.0 : -p * NAN) - p_log;  /* line 13 */
        dx_exp_sum -= dp[i] * (p / x_exp_sum);
    }
    *out = -p_log_sum;  /* line 14 */
    for (int64_t at = 0; at < 3; at++) dx[at] = 0.0;
    for (int64_t i = 0; i < 3; i++) {
        const double dx_exp = dp[i] / x_exp_sum + dx_exp_sum;  /* line 13 */
        if (dx_exp != 0.0) {
            dx[i] = dx_exp * x_exp[i];
        }
    }
    return (mgc_status){MGC_OK, 0};
}

/* triangular of loops.mg, line 16. */
mgc_status triangular(const double *restrict x, double *restrict out) {
    double out_total = 0.0;
    for (int64_t i = 0; i < 4; i++) {
        for (int64_t j = 0; j < i; j++) {
            out_total += x[i] * x[j];  /* line 17 */
        }
    }
    *out = out_total;
    return (mgc_status){MGC_OK, 0};
}

/* triangular of loops.mg, line 16, and its derivatives. */
mgc_status triangular_value_and_grad(const double *restrict x, double *restrict out, double *restrict dx) {
    double out_total = 0.0;
    for (int64_t i = 0; i < 4; i++) {
        for (int64_t j = 0; j < i; j++) {
            out_total += x[i] * x[j];  /* line 17 */
        }
    }
    for (int64_t at = 0; at < 4; at++) dx[at] = 0.0;
    for (int64_t i = 0; i < 4; i++) {
        for (int64_t j = 0; j < i; j++) {
            dx[i] += x[j];
            dx[j] += x[i];
        }
    }
    *out = out_total;
    return (mgc_status){MGC_OK, 0};
}

/* mixed of loops.mg, line 19. */
mgc_status mixed(const double *restrict X, const double *restrict w, int64_t n, double *restrict out) {
    double out_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double X_w_sum = 0.0;
        for (int64_t j = 0; j < 2; j++) {
            X_w_sum += X[i * 2 + j] * w[j];  /* line 20 */
        }
        out_sum += exp(X_w_sum);
    }
    *out = out_sum / n;
    return (mgc_status){MGC_OK, 0};
}

/* mixed of loops.mg, line 19, and its derivatives. */
mgc_status mixed_value_and_grad(
    const double *restrict X, const double *restrict w, int64_t n, void *restrict work, double *restrict out,
    double *restrict dX, double *restrict dw
) {
    double *out_exp = work;
    double out_exp_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double X_w_sum = 0.0;
        for (int64_t j = 0; j < 2; j++) {
            X_w_sum += X[i * 2 + j] * w[j];  /* line 20 */
        }
        out_exp[i] = exp(X_w_sum);
        out_exp_sum += out_exp[i];
    }
    *out = out_exp_sum / n;
    const double dout_exp_sum = 1.0 / n;
    for (int64_t at = 0; at < 2 * n; at++) dX[at] = 0.0;
    for (int64_t at = 0; at < 2; at++) dw[at] = 0.0;
    if (dout_exp_sum != 0.0) {
        double part_of_dw[2];
        for (int64_t at = 0; at < 2; at++) part_of_dw[at] = 0.0;
        for (int64_t i = 0; i < n; i++) {
            const double dX_w_sum = dout_exp_sum * out_exp[i];
            for (int64_t j = 0; j < 2; j++) {
                dX[i * 2 + j] = dX_w_sum * w[j];
                part_of_dw[j] += dX_w_sum * X[i * 2 + j];
            }
        }
        for (int64_t j = 0; j < 2; j++) {
            dw[j] = part_of_dw[j];
        }
    }
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of mixed_value_and_grad has. */
size_t mixed_value_and_grad_workspace(int64_t n) {
    double work = 0.0;
    work += n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}
