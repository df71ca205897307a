/* arrays.mg, compiled to C99: values and exact derivatives. */
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

/* axpy of arrays.mg, line 2. */
mgc_status axpy(
    double a, const double *restrict x, const double *restrict y, int64_t n, double *restrict out
) {
    for (int64_t i = 0; i < n; i++) {
        out[i] = a * x[i] + y[i];  /* line 3 */
    }
    return (mgc_status){MGC_OK, 0};
}

/* axpy of arrays.mg, line 2, and its derivatives. */
mgc_status axpy_vjp(
    double a, const double *restrict x, const double *restrict y, const double *restrict dout, int64_t n,
    double *restrict out, double *restrict da, double *restrict dx, double *restrict dy
) {
    for (int64_t i = 0; i < n; i++) {
        out[i] = a * x[i] + y[i];  /* line 3 */
    }
    double da_total = 0.0;
    for (int64_t i = 0; i < n; i++) {
        dy[i] = dout[i];
        da_total += dout[i] * x[i];
        dx[i] = dout[i] * a;
    }
    *da = da_total;
    return (mgc_status){MGC_OK, 0};
}

/* outer of arrays.mg, line 5. */
mgc_status outer(
    const double *restrict x, const double *restrict y, int64_t m, int64_t n, double *restrict out
) {
    for (int64_t i = 0; i < m; i++) {
        for (int64_t j = 0; j < n; j++) {
            out[i * n + j] = x[i] * y[j];  /* line 6 */
        }
    }
    return (mgc_status){MGC_OK, 0};
}

/* outer of arrays.mg, line 5, and its derivatives. */
mgc_status outer_vjp(
    const double *restrict x, const double *restrict y, const double *restrict dout, int64_t m, int64_t n,
    double *restrict out, double *restrict dx, double *restrict dy
) {
    for (int64_t i = 0; i < m; i++) {
        for (int64_t j = 0; j < n; j++) {
            out[i * n + j] = x[i] * y[j];  /* line 6 */
        }
    }
    for (int64_t at = 0; at < n; at++) dy[at] = 0.0;
    for (int64_t i = 0; i < m; i++) {
        double dx_total = 0.0;
        for (int64_t j = 0; j < n; j++) {
            dx_total += dout[i * n + j] * y[j];
            dy[j] += dout[i * n + j] * x[i];
        }
        dx[i] = dx_total;
    }
    return (mgc_status){MGC_OK, 0};
}

/* affine of arrays.mg, line 8. */
mgc_status affine(
    const double *restrict W, const double *restrict x, const double *restrict b, int64_t m, int64_t n,
    double *restrict out
) {
    for (int64_t i = 0; i < m; i++) {
        double W_x_sum = 0.0;
        for (int64_t j = 0; j < n; j++) {
            W_x_sum += W[i * n + j] * x[j];  /* line 9 */
        }
        out[i] = W_x_sum + b[i];
    }
    return (mgc_status){MGC_OK, 0};
}

/* affine of arrays.mg, line 8, and its derivatives. */
mgc_status affine_vjp(
    const double *restrict W, const double *restrict x, const double *restrict b, const double *restrict dout,
    int64_t m, int64_t n, double *restrict out, double *restrict dW, double *restrict dx, double *restrict db
) {
    for (int64_t i = 0; i < m; i++) {
        double W_x_sum = 0.0;
        for (int64_t j = 0; j < n; j++) {
            W_x_sum += W[i * n + j] * x[j];  /* line 9 */
        }
        out[i] = W_x_sum + b[i];
    }
    for (int64_t at = 0; at < n; at++) dx[at] = 0.0;
    for (int64_t i = 0; i < m; i++) {
        db[i] = dout[i];
        for (int64_t j = 0; j < n; j++) {
            dW[i * n + j] = dout[i] * x[j];
            dx[j] += dout[i] * W[i * n + j];
        }
    }
    return (mgc_status){MGC_OK, 0};
}

/* chain of arrays.mg, line 11. */
mgc_status chain(
    const double *restrict A, const double *restrict B, const double *restrict x, int64_t m, int64_t n,
    int64_t k, void *restrict work, double *restrict out
) {
    double *B_x_sum = work;
    for (int64_t i = 0; i < n; i++) {
        double B_x_sum_total = 0.0;
        for (int64_t j = 0; j < k; j++) {
            B_x_sum_total += B[i * k + j] * x[j];  /* line 12 */
        }
        B_x_sum[i] = B_x_sum_total;
    }
    for (int64_t i = 0; i < m; i++) {
        double out_total = 0.0;
        for (int64_t j = 0; j < n; j++) {
            out_total += A[i * n + j] * B_x_sum[j];
        }
        out[i] = out_total;
    }
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of chain has. */
size_t chain_workspace(int64_t n) {
    double work = 0.0;
    work += n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* chain of arrays.mg, line 11, and its derivatives. */
mgc_status chain_vjp(
    const double *restrict A, const double *restrict B, const double *restrict x, const double *restrict dout,
    int64_t m, int64_t n, int64_t k, void *restrict work, double *restrict out, double *restrict dA,
    double *restrict dB, double *restrict dx
) {
    double *B_x_sum = work;
    double *dB_x_sum = B_x_sum + n;
    for (int64_t i = 0; i < n; i++) {
        double B_x_sum_total = 0.0;
        for (int64_t j = 0; j < k; j++) {
            B_x_sum_total += B[i * k + j] * x[j];  /* line 12 */
        }
        B_x_sum[i] = B_x_sum_total;
    }
    for (int64_t i = 0; i < m; i++) {
        double out_total = 0.0;
        for (int64_t j = 0; j < n; j++) {
            out_total += A[i * n + j] * B_x_sum[j];
        }
        out[i] = out_total;
    }
    for (int64_t at = 0; at < n; at++) dB_x_sum[at] = 0.0;
    for (int64_t i = 0; i < m; i++) {
        for (int64_t j = 0; j < n; j++) {
            dB_x_sum[j] += dout[i] * A[i * n + j];
        }
    }
    for (int64_t i = 0; i < m; i++) {
        for (int64_t j = 0; j < n; j++) {
            dA[i * n + j] = dout[i] * B_x_sum[j];
        }
    }
    for (int64_t at = 0; at < k; at++) dx[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < k; j++) {
            dB[i * k + j] = dB_x_sum[i] * x[j];
            dx[j] += dB_x_sum[i] * B[i * k + j];
        }
    }
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of chain_vjp has. */
size_t chain_vjp_workspace(int64_t n) {
    double work = 0.0;
    work += 2.0 * n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* product of arrays.mg, line 14. */
mgc_status product(
    const double *restrict A, const double *restrict B, int64_t m, int64_t n, int64_t k, double *restrict out
) {
    for (int64_t i = 0; i < m; i++) {
        for (int64_t j = 0; j < k; j++) {
            double out_total = 0.0;
            for (int64_t p = 0; p < n; p++) {
                out_total += A[i * n + p] * B[p * k + j];  /* line 15 */
            }
            out[i * k + j] = out_total;
        }
    }
    return (mgc_status){MGC_OK, 0};
}

/* product of arrays.mg, line 14, and its derivatives. */
mgc_status product_vjp(
    const double *restrict A, const double *restrict B, const double *restrict dout, int64_t m, int64_t n,
    int64_t k, double *restrict out, double *restrict dA, double *restrict dB
) {
    for (int64_t i = 0; i < m; i++) {
        for (int64_t j = 0; j < k; j++) {
            double out_total = 0.0;
            for (int64_t p = 0; p < n; p++) {
                out_total += A[i * n + p] * B[p * k + j];  /* line 15 */
            }
            out[i * k + j] = out_total;
        }
    }
    for (int64_t at = 0; at < m * n; at++) dA[at] = 0.0;
    for (int64_t at = 0; at < n * k; at++) dB[at] = 0.0;
    for (int64_t i = 0; i < m; i++) {
        for (int64_t j = 0; j < k; j++) {
            for (int64_t p = 0; p < n; p++) {
                dA[i * n + p] += dout[i * k + j] * B[p * k + j];
                dB[p * k + j] += dout[i * k + j] * A[i * n + p];
            }
        }
    }
    return (mgc_status){MGC_OK, 0};
}

/* twice of arrays.mg, line 17. */
mgc_status twice(
    const double *restrict A, const double *restrict x, int64_t n, void *restrict work, double *restrict out
) {
    double *A_x_sum = work;
    for (int64_t i = 0; i < n; i++) {
        double A_x_sum_total = 0.0;
        for (int64_t j = 0; j < n; j++) {
            A_x_sum_total += A[i * n + j] * x[j];  /* line 18 */
        }
        A_x_sum[i] = A_x_sum_total;
    }
    for (int64_t i = 0; i < n; i++) {
        double out_total = 0.0;
        for (int64_t j = 0; j < n; j++) {
            out_total += A[i * n + j] * A_x_sum[j];
        }
        out[i] = out_total;
    }
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of twice has. */
size_t twice_workspace(int64_t n) {
    double work = 0.0;
    work += n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* twice of arrays.mg, line 17, and its derivatives. */
mgc_status twice_vjp(
    const double *restrict A, const double *restrict x, const double *restrict dout, int64_t n,
    void *restrict work, double *restrict out, double *restrict dA, double *restrict dx
) {
    double *A_x_sum = work;
    double *dA_x_sum = A_x_sum + n;
    for (int64_t i = 0; i < n; i++) {
        double A_x_sum_total = 0.0;
        for (int64_t j = 0; j < n; j++) {
            A_x_sum_total += A[i * n + j] * x[j];  /* line 18 */
        }
        A_x_sum[i] = A_x_sum_total;
    }
    for (int64_t i = 0; i < n; i++) {
        double out_total = 0.0;
        for (int64_t j = 0; j < n; j++) {
            out_total += A[i * n + j] * A_x_sum[j];
        }
        out[i] = out_total;
    }
    for (int64_t at = 0; at < n; at++) dA_x_sum[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            dA_x_sum[j] += dout[i] * A[i * n + j];
        }
    }
    for (int64_t at = 0; at < n * n; at++) dA[at] = 0.0;
    for (int64_t at = 0; at < n; at++) dx[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            dA[i * n + j] += dA_x_sum[i] * x[j];
            dx[j] += dA_x_sum[i] * A[i * n + j];
        }
    }
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            dA[i * n + j] += dout[i] * A_x_sum[j];
        }
    }
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of twice_vjp has. */
size_t twice_vjp_workspace(int64_t n) {
    double work = 0.0;
    work += 2.0 * n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* quadratic of arrays.mg, line 20. */
mgc_status quadratic(const double *restrict A, const double *restrict x, int64_t n, double *restrict out) {
    double out_total = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double x_A_sum = 0.0;
        for (int64_t j = 0; j < n; j++) {
            x_A_sum += x[j] * A[j * n + i];  /* line 21 */
        }
        out_total += x_A_sum * x[i];
    }
    *out = out_total;
    return (mgc_status){MGC_OK, 0};
}

/* quadratic of arrays.mg, line 20, and its derivatives. */
mgc_status quadratic_value_and_grad(
    const double *restrict A, const double *restrict x, int64_t n, double *restrict out, double *restrict dA,
    double *restrict dx
) {
    double out_total = 0.0;
    for (int64_t at = 0; at < n; at++) dx[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double x_A_sum = 0.0;
        for (int64_t j = 0; j < n; j++) {
            x_A_sum += x[j] * A[j * n + i];  /* line 21 */
        }
        out_total += x_A_sum * x[i];
        dx[i] += x_A_sum;
    }
    for (int64_t at = 0; at < n * n; at++) dA[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            dA[j * n + i] = x[i] * x[j];
            dx[j] += x[i] * A[j * n + i];
        }
    }
    *out = out_total;
    return (mgc_status){MGC_OK, 0};
}

/* gram of arrays.mg, line 23. */
mgc_status gram(const double *restrict A, int64_t m, int64_t n, double *restrict out) {
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            double out_total = 0.0;
            for (int64_t k = 0; k < m; k++) {
                out_total += A[k * n + i] * A[k * n + j];  /* line 24 */
            }
            out[i * n + j] = out_total;
        }
    }
    return (mgc_status){MGC_OK, 0};
}

/* gram of arrays.mg, line 23, and its derivatives. */
mgc_status gram_vjp(
    const double *restrict A, const double *restrict dout, int64_t m, int64_t n, double *restrict out,
    double *restrict dA
) {
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            double out_total = 0.0;
            for (int64_t k = 0; k < m; k++) {
                out_total += A[k * n + i] * A[k * n + j];  /* line 24 */
            }
            out[i * n + j] = out_total;
        }
    }
    for (int64_t at = 0; at < m * n; at++) dA[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            for (int64_t k = 0; k < m; k++) {
                dA[k * n + i] += dout[i * n + j] * A[k * n + j];
                dA[k * n + j] += dout[i * n + j] * A[k * n + i];
            }
        }
    }
    return (mgc_status){MGC_OK, 0};
}

/* residual of arrays.mg, line 26. */
mgc_status residual(
    const double *restrict A, const double *restrict x, const double *restrict b, int64_t m, int64_t n,
    double *restrict out
) {
    double r_squared_sum = 0.0;
    for (int64_t i = 0; i < m; i++) {
        double r_sum = 0.0;
        for (int64_t j = 0; j < n; j++) {
            r_sum += A[i * n + j] * x[j];  /* line 27 */
        }
        const double r = r_sum - b[i];
        r_squared_sum += r * r;  /* line 28 */
    }
    *out = r_squared_sum / 2.0;
    return (mgc_status){MGC_OK, 0};
}

/* residual of arrays.mg, line 26, and its derivatives. */
mgc_status residual_value_and_grad(
    const double *restrict A, const double *restrict x, const double *restrict b, int64_t m, int64_t n,
    double *restrict out, double *restrict dA, double *restrict dx, double *restrict db
) {
    double r_squared_sum = 0.0;
    for (int64_t at = 0; at < n; at++) dx[at] = 0.0;
    for (int64_t i = 0; i < m; i++) {
        double r_sum = 0.0;
        for (int64_t j = 0; j < n; j++) {
            r_sum += A[i * n + j] * x[j];  /* line 27 */
        }
        const double r = r_sum - b[i];
        r_squared_sum += r * r;  /* line 28 */
        for (int64_t j = 0; j < n; j++) {
            dA[i * n + j] = r * x[j];
            dx[j] += r * A[i * n + j];
        }
        db[i] = -r;
    }
    *out = r_squared_sum / 2.0;
    return (mgc_status){MGC_OK, 0};
}

/* bilinear of arrays.mg, line 30. */
mgc_status bilinear(
    const double *restrict x, const double *restrict A, const double *restrict y, int64_t m, int64_t n,
    double *restrict out
) {
    double out_sum = 0.0;
    double out_sum_2 = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double x_A_sum = 0.0;
        for (int64_t j = 0; j < m; j++) {
            x_A_sum += x[j] * A[j * n + i];  /* line 31 */
        }
        out_sum += x_A_sum * y[i];
        double A_x_sum = 0.0;
        for (int64_t j = 0; j < m; j++) {
            A_x_sum += A[j * n + i] * x[j];
        }
        out_sum_2 += A_x_sum;
    }
    *out = out_sum + out_sum_2;
    return (mgc_status){MGC_OK, 0};
}

/* bilinear of arrays.mg, line 30, and its derivatives. */
mgc_status bilinear_value_and_grad(
    const double *restrict x, const double *restrict A, const double *restrict y, int64_t m, int64_t n,
    double *restrict out, double *restrict dx, double *restrict dA, double *restrict dy
) {
    double out_sum = 0.0;
    double out_sum_2 = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double dy_total = 0.0;
        for (int64_t j = 0; j < m; j++) {
            dy_total += x[j] * A[j * n + i];  /* line 31 */
        }
        dy[i] = dy_total;
        out_sum += dy[i] * y[i];
        double A_x_sum = 0.0;
        for (int64_t j = 0; j < m; j++) {
            A_x_sum += A[j * n + i] * x[j];
        }
        out_sum_2 += A_x_sum;
    }
    *out = out_sum + out_sum_2;
    for (int64_t at = 0; at < m; at++) dx[at] = 0.0;
    for (int64_t at = 0; at < m * n; at++) dA[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < m; j++) {
            dx[j] += A[j * n + i];
            dA[j * n + i] += x[j];
        }
        for (int64_t j = 0; j < m; j++) {
            dx[j] += y[i] * A[j * n + i];
            dA[j * n + i] += y[i] * x[j];
        }
    }
    return (mgc_status){MGC_OK, 0};
}

/* trailing of arrays.mg, line 33. */
mgc_status trailing(
    const double *restrict A, const double *restrict x, int64_t m, int64_t n, double *restrict out
) {
    double out_total = 0.0;
    for (int64_t i = 0; i < m; i++) {
        for (int64_t j = 0; j < n; j++) {
            const double A_plus_x = A[i * n + j] + x[j];  /* line 34 */
            out_total += A_plus_x * A_plus_x * x[j];
        }
    }
    *out = out_total;
    return (mgc_status){MGC_OK, 0};
}

/* trailing of arrays.mg, line 33, and its derivatives. */
mgc_status trailing_value_and_grad(
    const double *restrict A, const double *restrict x, int64_t m, int64_t n, double *restrict out,
    double *restrict dA, double *restrict dx
) {
    double out_total = 0.0;
    for (int64_t at = 0; at < n; at++) dx[at] = 0.0;
    for (int64_t i = 0; i < m; i++) {
        for (int64_t j = 0; j < n; j++) {
            const double A_plus_x = A[i * n + j] + x[j];  /* line 34 */
            const double A_plus_x_squared = A_plus_x * A_plus_x;
            out_total += A_plus_x_squared * x[j];
            dA[i * n + j] = x[j] * (2.0 * A_plus_x);
            dx[j] += A_plus_x_squared;
            dx[j] += dA[i * n + j];
        }
    }
    *out = out_total;
    return (mgc_status){MGC_OK, 0};
}

/* slices of arrays.mg, line 36. */
mgc_status slices(const double *restrict x, int64_t n, double *restrict out) {
    mgc_status status = {MGC_OK, 0};
    const int64_t place = 1;  /* line 37 */
    if (place < 0 || place >= n + 1) {
        mgc_fail(&status, MGC_INDEX, 37);
        return status;
    }
    const int64_t place_place = n - place;
    if (place_place < 0 || place_place >= n + 1) {
        mgc_fail(&status, MGC_INDEX, 37);
        return status;
    }
    double x_minus_x_squared_sum = 0.0;
    for (int64_t i = 0; i < place_place; i++) {
        const double x_minus_x = x[place + i] - x[i];
        x_minus_x_squared_sum += x_minus_x * x_minus_x;
    }
    const int64_t out_place = floor_divide(n + 1, 2);
    if (out_place < 0 || out_place >= n + 1) {
        mgc_fail(&status, MGC_INDEX, 37);
        return status;
    }
    double out_value_cubed_sum = 0.0;
    for (int64_t i = 0; i < out_place; i++) {
        const double out_value = x[2 * i];
        out_value_cubed_sum += out_value * out_value * out_value;
    }
    const int64_t last = n - 1;
    if (last < 0 || last >= n) {
        mgc_fail(&status, MGC_INDEX, 37);
        return status;
    }
    const int64_t first = 0;
    if (first < 0 || first >= n) {
        mgc_fail(&status, MGC_INDEX, 37);
        return status;
    }
    *out = x_minus_x_squared_sum + out_value_cubed_sum + x[last] * x[first];
    return status;
}

/* slices of arrays.mg, line 36, and its derivatives. */
mgc_status slices_value_and_grad(
    const double *restrict x, int64_t n, double *restrict out, double *restrict dx
) {
    mgc_status status = {MGC_OK, 0};
    const int64_t place = 1;  /* line 37 */
    if (place < 0 || place >= n + 1) {
        mgc_fail(&status, MGC_INDEX, 37);
        return status;
    }
    const int64_t place_place = n - place;
    if (place_place < 0 || place_place >= n + 1) {
        mgc_fail(&status, MGC_INDEX, 37);
        return status;
    }
    double x_minus_x_squared_sum = 0.0;
    for (int64_t at = 0; at < n; at++) dx[at] = 0.0;
    for (int64_t i = 0; i < place_place; i++) {
        const double x_minus_x = x[place + i] - x[i];
        x_minus_x_squared_sum += x_minus_x * x_minus_x;
        const double dx_minus_x = 2.0 * x_minus_x;
        dx[i] -= dx_minus_x;
        dx[place + i] += dx_minus_x;
    }
    const int64_t out_place = floor_divide(n + 1, 2);
    if (out_place < 0 || out_place >= n + 1) {
        mgc_fail(&status, MGC_INDEX, 37);
        return status;
    }
    double out_value_cubed_sum = 0.0;
    for (int64_t i = 0; i < out_place; i++) {
        const double out_value = x[2 * i];
        out_value_cubed_sum += out_value * out_value * out_value;
        dx[2 * i] += 3.0 * (out_value * out_value);
    }
    const int64_t last = n - 1;
    if (last < 0 || last >= n) {
        mgc_fail(&status, MGC_INDEX, 37);
        return status;
    }
    const int64_t first = 0;
    if (first < 0 || first >= n) {
        mgc_fail(&status, MGC_INDEX, 37);
        return status;
    }
    *out = x_minus_x_squared_sum + out_value_cubed_sum + x[last] * x[first];
    dx[first] += x[last];
    dx[last] += x[first];
    return status;
}

/* rows of arrays.mg, line 39. */
mgc_status rows(const double *restrict A, int64_t m, int64_t n, double *restrict out) {
    mgc_status status = {MGC_OK, 0};
    int64_t first = 0;
    if (m > 0) {
        if (n > 0) {
            first = 0;  /* line 40 */
            if (first < 0 || first >= m) {
                mgc_fail(&status, MGC_INDEX, 40);
                return status;
            }
        }
    }
    double A_dot_sum = 0.0;
    for (int64_t i = 0; i < m; i++) {
        double A_dot = 0.0;
        for (int64_t j = 0; j < n; j++) {
            A_dot += A[i * n + j] * A[first * n + j];
        }
        A_dot_sum += A_dot;
    }
    int64_t place = 0;
    if (n > 0) {
        place = 1;
        if (place < 0 || place >= m) {
            mgc_fail(&status, MGC_INDEX, 40);
            return status;
        }
    }
    double A_sum = 0.0;
    for (int64_t j = 0; j < n; j++) {
        A_sum += A[place * n + j];
    }
    *out = A_dot_sum + A_sum;
    return status;
}

/* rows of arrays.mg, line 39, and its derivatives. */
mgc_status rows_value_and_grad(
    const double *restrict A, int64_t m, int64_t n, double *restrict out, double *restrict dA
) {
    mgc_status status = {MGC_OK, 0};
    int64_t first = 0;
    if (m > 0) {
        if (n > 0) {
            first = 0;  /* line 40 */
            if (first < 0 || first >= m) {
                mgc_fail(&status, MGC_INDEX, 40);
                return status;
            }
        }
    }
    double A_dot_sum = 0.0;
    for (int64_t i = 0; i < m; i++) {
        double A_dot = 0.0;
        for (int64_t j = 0; j < n; j++) {
            A_dot += A[i * n + j] * A[first * n + j];
        }
        A_dot_sum += A_dot;
    }
    int64_t place = 0;
    if (n > 0) {
        place = 1;
        if (place < 0 || place >= m) {
            mgc_fail(&status, MGC_INDEX, 40);
            return status;
        }
    }
    double A_sum = 0.0;
    for (int64_t j = 0; j < n; j++) {
        A_sum += A[place * n + j];
    }
    *out = A_dot_sum + A_sum;
    for (int64_t at = 0; at < m * n; at++) dA[at] = 0.0;
    for (int64_t j = 0; j < n; j++) {
        dA[place * n + j] += 1.0;
    }
    for (int64_t i = 0; i < m; i++) {
        for (int64_t j = 0; j < n; j++) {
            dA[first * n + j] += A[i * n + j];
            dA[i * n + j] += A[first * n + j];
        }
    }
    return status;
}

/* columns of arrays.mg, line 42. */
mgc_status columns(const double *restrict A, int64_t m, int64_t n, double *restrict out) {
    mgc_status status = {MGC_OK, 0};
    int64_t first = 0;
    int64_t place = 0;
    if (m > 0) {
        first = 0;  /* line 43 */
        if (first < 0 || first >= n) {
            mgc_fail(&status, MGC_INDEX, 43);
            return status;
        }
        place = 1;
        if (place < 0 || place >= n) {
            mgc_fail(&status, MGC_INDEX, 43);
            return status;
        }
    }
    double A_A_sum = 0.0;
    double A_sum = 0.0;
    for (int64_t i = 0; i < m; i++) {
        A_A_sum += A[i * n + first] * A[i * n + place];
        A_sum += A[i * n + first];
    }
    *out = A_A_sum + A_sum;
    return status;
}

/* columns of arrays.mg, line 42, and its derivatives. */
mgc_status columns_value_and_grad(
    const double *restrict A, int64_t m, int64_t n, double *restrict out, double *restrict dA
) {
    mgc_status status = {MGC_OK, 0};
    int64_t first = 0;
    int64_t place = 0;
    if (m > 0) {
        first = 0;  /* line 43 */
        if (first < 0 || first >= n) {
            mgc_fail(&status, MGC_INDEX, 43);
            return status;
        }
        place = 1;
        if (place < 0 || place >= n) {
            mgc_fail(&status, MGC_INDEX, 43);
            return status;
        }
    }
    double A_A_sum = 0.0;
    double A_sum = 0.0;
    for (int64_t i = 0; i < m; i++) {
        A_A_sum += A[i * n + first] * A[i * n + place];
        A_sum += A[i * n + first];
    }
    *out = A_A_sum + A_sum;
    for (int64_t at = 0; at < m * n; at++) dA[at] = 0.0;
    for (int64_t i = 0; i < m; i++) {
        dA[i * n + place] += A[i * n + first];
        dA[i * n + first] += 1.0 + A[i * n + place];
    }
    return status;
}

/* literals of arrays.mg, line 45. */
mgc_status literals(double a, double b, double *restrict out) {
    const double v_2 = a * b;  /* line 46 */
    double v[4];
    v[0] = a;
    v[1] = b;
    v[2] = v_2;
    v[3] = 1.0;
    double M[4];  /* line 47 */
    M[0] = a;
    M[1] = b;
    M[2] = b;
    M[3] = 2.0 * a;
    double v_squared_sum = 0.0;
    for (int64_t i = 0; i < 4; i++) {
        v_squared_sum += v[i] * v[i];  /* line 48 */
    }
    double out_list[2];
    out_list[0] = b;
    out_list[1] = a;
    double out_sum = 0.0;
    for (int64_t i = 0; i < 2; i++) {
        double M_out_list_sum = 0.0;
        for (int64_t j = 0; j < 2; j++) {
            M_out_list_sum += M[i * 2 + j] * out_list[j];
        }
        out_sum += M_out_list_sum;
    }
    *out = v_squared_sum + out_sum + v_2;
    return (mgc_status){MGC_OK, 0};
}

/* literals of arrays.mg, line 45, and its derivatives. */
mgc_status literals_value_and_grad(
    double a, double b, double *restrict out, double *restrict da, double *restrict db
) {
    const double v_2 = a * b;  /* line 46 */
    double v[4];
    v[0] = a;
    v[1] = b;
    v[2] = v_2;
    v[3] = 1.0;
    double M[4];  /* line 47 */
    M[0] = a;
    M[1] = b;
    M[2] = b;
    M[3] = 2.0 * a;
    double v_squared_sum = 0.0;
    for (int64_t i = 0; i < 4; i++) {
        v_squared_sum += v[i] * v[i];  /* line 48 */
    }
    double out_list[2];
    out_list[0] = b;
    out_list[1] = a;
    double out_sum = 0.0;
    for (int64_t i = 0; i < 2; i++) {
        double M_out_list_sum = 0.0;
        for (int64_t j = 0; j < 2; j++) {
            M_out_list_sum += M[i * 2 + j] * out_list[j];
        }
        out_sum += M_out_list_sum;
    }
    *out = v_squared_sum + out_sum + v_2;
    double dout_list[2];
    for (int64_t at = 0; at < 2; at++) dout_list[at] = 0.0;
    double dM[4];
    for (int64_t i = 0; i < 2; i++) {
        for (int64_t j = 0; j < 2; j++) {
            dout_list[j] += M[i * 2 + j];
            dM[i * 2 + j] = out_list[j];  /* line 47 */
        }
    }
    double dv[4];
    for (int64_t i = 0; i < 4; i++) {
        dv[i] = 2.0 * v[i];  /* line 48 */
    }
    const double dv_2 = 1.0 + dv[2];  /* line 46 */
    *da = dout_list[1] + dM[0] + 2.0 * dM[1 * 2 + 1] + dv[0] + dv_2 * b;
    *db = dout_list[0] + dM[1] + dM[1 * 2] + dv[1] + dv_2 * a;
    return (mgc_status){MGC_OK, 0};
}

/* shifted of arrays.mg, line 50. */
mgc_status shifted(const double *restrict x, int64_t n, double *restrict out) {
    mgc_status status = {MGC_OK, 0};
    double x_x_sum = 0.0;
    for (int64_t i = 0; i < n - 1; i++) {
        x_x_sum += x[i + 1] * x[i];  /* line 51 */
    }
    double x_sum = 0.0;
    for (int64_t i = 0; i < floor_divide(n + 1, 2); i++) {
        const int64_t place = 2 * i;
        if (place < 0 || place >= n) {
            mgc_fail(&status, MGC_INDEX, 51);
            return status;
        }
        x_sum += x[place];
    }
    *out = x_x_sum + x_sum;
    return status;
}

/* shifted of arrays.mg, line 50, and its derivatives. */
mgc_status shifted_value_and_grad(
    const double *restrict x, int64_t n, double *restrict out, double *restrict dx
) {
    mgc_status status = {MGC_OK, 0};
    double out_value_x_sum = 0.0;
    for (int64_t at = 0; at < n; at++) dx[at] = 0.0;
    for (int64_t i = 0; i < n - 1; i++) {
        const double out_value = x[i + 1];
        out_value_x_sum += out_value * x[i];  /* line 51 */
        dx[i] += out_value;
    }
    double x_sum = 0.0;
    for (int64_t i = 0; i < floor_divide(n + 1, 2); i++) {
        const int64_t place = 2 * i;
        if (place < 0 || place >= n) {
            mgc_fail(&status, MGC_INDEX, 51);
            return status;
        }
        x_sum += x[place];
        dx[place] += 1.0;
    }
    *out = out_value_x_sum + x_sum;
    for (int64_t i = 0; i < n - 1; i++) {
        dx[i + 1] += x[i];
    }
    return status;
}
