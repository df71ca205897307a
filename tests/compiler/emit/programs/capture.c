/* capture.mg, compiled to C99: values and exact derivatives. */
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

/* squared of capture.mg, line 2. */
mgc_status squared(const double *restrict A, int64_t n, double *restrict out) {
    double *const out_sum = out;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            double out_sum_total = 0.0;
            for (int64_t k = 0; k < n; k++) {
                out_sum_total += A[i * n + k] * A[k * n + j];  /* line 3 */
            }
            out_sum[i * n + j] = out_sum_total;
        }
    }
    return (mgc_status){MGC_OK, 0};
}

/* squared of capture.mg, line 2, and its derivatives. */
mgc_status squared_vjp(
    const double *restrict A, const double *restrict dout, int64_t n, double *restrict out,
    double *restrict dA
) {
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            double out_total = 0.0;
            for (int64_t k = 0; k < n; k++) {
                out_total += A[i * n + k] * A[k * n + j];  /* line 3 */
            }
            out[i * n + j] = out_total;
        }
    }
    for (int64_t at = 0; at < n * n; at++) dA[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            for (int64_t k = 0; k < n; k++) {
                dA[i * n + k] += dout[i * n + j] * A[k * n + j];
                dA[k * n + j] += dout[i * n + j] * A[i * n + k];
            }
        }
    }
    return (mgc_status){MGC_OK, 0};
}

/* cubed of capture.mg, line 5. */
mgc_status cubed(const double *restrict A, int64_t n, void *restrict work, double *restrict out) {
    double *out_sum = work;
    double out_sum_3 = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t at = 0; at < n; at++) out_sum[at] = 0.0;
        for (int64_t j = 0; j < n; j++) {
            for (int64_t k = 0; k < n; k++) {
                out_sum[k] += A[i * n + j] * A[j * n + k];  /* line 6 */
            }
        }
        for (int64_t j = 0; j < n; j++) {
            double out_sum_2 = 0.0;
            for (int64_t k = 0; k < n; k++) {
                out_sum_2 += out_sum[k] * A[k * n + j];
            }
            out_sum_3 += out_sum_2;
        }
    }
    *out = out_sum_3;
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of cubed has. */
size_t cubed_workspace(int64_t n) {
    double work = 0.0;
    work += n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* cubed of capture.mg, line 5, and its derivatives. */
mgc_status cubed_value_and_grad(
    const double *restrict A, int64_t n, void *restrict work, double *restrict out, double *restrict dA
) {
    double *out_sum = work;
    double *dout_sum = out_sum + n;
    double *t = dout_sum + n;
    double out_total = 0.0;
    for (int64_t at = 0; at < n * n; at++) dA[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t at = 0; at < n; at++) out_sum[at] = 0.0;
        for (int64_t j = 0; j < n; j++) {
            for (int64_t k = 0; k < n; k++) {
                out_sum[k] += A[i * n + j] * A[j * n + k];  /* line 6 */
            }
        }
        for (int64_t j = 0; j < n; j++) {
            double out_sum_2 = 0.0;
            for (int64_t k = 0; k < n; k++) {
                out_sum_2 += out_sum[k] * A[k * n + j];
            }
            out_total += out_sum_2;
        }
        for (int64_t j = 0; j < n; j++) {
            for (int64_t k = 0; k < n; k++) {
                dA[k * n + j] += out_sum[k];
            }
        }
    }
    for (int64_t at = 0; at < n; at++) dout_sum[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            dout_sum[j] += A[j * n + i];
        }
    }
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            t[i * n + j] = dout_sum[j] * A[i * n + j];
        }
    }
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            for (int64_t k = 0; k < n; k++) {
                dA[i * n + j] += t[j * n + k];
            }
        }
    }
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            for (int64_t k = 0; k < n; k++) {
                dA[j * n + k] += dout_sum[k] * A[i * n + j];
            }
        }
    }
    *out = out_total;
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of cubed_value_and_grad has. */
size_t cubed_value_and_grad_workspace(int64_t n) {
    double work = 0.0;
    work += 2.0 * n;
    work += (double)n * n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* power_of_sum of capture.mg, line 8. */
mgc_status power_of_sum(
    const double *restrict A, const double *restrict x, int64_t n, void *restrict work, double *restrict out
) {
    double *y = work;
    for (int64_t i = 0; i < n; i++) {
        double y_total = 0.0;
        for (int64_t j = 0; j < n; j++) {
            y_total += A[i * n + j] * x[j];  /* line 9 */
        }
        y[i] = y_total;
    }
    double out_sum_3 = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double out_sum = 0.0;
        for (int64_t j = 0; j < n; j++) {
            out_sum += A[i * n + j] * y[j];  /* line 10 */
        }
        double out_sum_2 = 0.0;
        for (int64_t j = 0; j < n; j++) {
            out_sum_2 += A[j * n + i] * y[j];
        }
        out_sum_3 += out_sum * out_sum_2;
    }
    *out = out_sum_3;
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of power_of_sum has. */
size_t power_of_sum_workspace(int64_t n) {
    double work = 0.0;
    work += n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* power_of_sum of capture.mg, line 8, and its derivatives. */
mgc_status power_of_sum_value_and_grad(
    const double *restrict A, const double *restrict x, int64_t n, void *restrict work, double *restrict out,
    double *restrict dA, double *restrict dx
) {
    double *y = work;
    double *dout_sum_3 = y + n;
    double *dy_product = dout_sum_3 + n;
    for (int64_t i = 0; i < n; i++) {
        double y_total = 0.0;
        for (int64_t j = 0; j < n; j++) {
            y_total += A[i * n + j] * x[j];  /* line 9 */
        }
        y[i] = y_total;
    }
    double out_total = 0.0;
    for (int64_t at = 0; at < n; at++) dout_sum_3[at] = 0.0;
    for (int64_t at = 0; at < n; at++) dy_product[at] = 0.0;
    for (int64_t at = 0; at < n * n; at++) dA[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double out_sum = 0.0;
        for (int64_t j = 0; j < n; j++) {
            out_sum += A[i * n + j] * y[j];  /* line 10 */
        }
        double out_sum_2 = 0.0;
        for (int64_t j = 0; j < n; j++) {
            out_sum_2 += A[j * n + i] * y[j];
        }
        out_total += out_sum * out_sum_2;
        for (int64_t j = 0; j < n; j++) {
            dout_sum_3[j] += out_sum * A[j * n + i];
            dA[j * n + i] += out_sum * y[j];
        }
        for (int64_t j = 0; j < n; j++) {
            dy_product[j] += out_sum_2 * A[i * n + j];
            dA[i * n + j] += out_sum_2 * y[j];
        }
    }
    for (int64_t at = 0; at < n; at++) dx[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            dA[i * n + j] += dout_sum_3[i] * x[j];
            dx[j] += dout_sum_3[i] * A[i * n + j];
        }
    }
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            dA[i * n + j] += dy_product[i] * x[j];
            dx[j] += dy_product[i] * A[i * n + j];
        }
    }
    *out = out_total;
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of power_of_sum_value_and_grad has. */
size_t power_of_sum_value_and_grad_workspace(int64_t n) {
    double work = 0.0;
    work += 3.0 * n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* symmetric of capture.mg, line 12. */
mgc_status symmetric(const double *restrict A, int64_t n, double *restrict out) {
    double out_sum_2 = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            double out_sum = 0.0;
            for (int64_t k = 0; k < n; k++) {
                out_sum += A[k * n + i] * A[k * n + j];  /* line 13 */
            }
            out_sum_2 += (A[i * n + j] + A[j * n + i]) * (A[i * n + j] - out_sum);
        }
    }
    *out = out_sum_2;
    return (mgc_status){MGC_OK, 0};
}

/* symmetric of capture.mg, line 12, and its derivatives. */
mgc_status symmetric_value_and_grad(
    const double *restrict A, int64_t n, double *restrict out, double *restrict dA
) {
    double out_total = 0.0;
    for (int64_t at = 0; at < n * n; at++) dA[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            double out_sum = 0.0;
            for (int64_t k = 0; k < n; k++) {
                out_sum += A[k * n + i] * A[k * n + j];  /* line 13 */
            }
            const double out_difference = A[i * n + j] - out_sum;
            const double out_sum_2 = A[i * n + j] + A[j * n + i];
            out_total += out_sum_2 * out_difference;
            const double dout_sum = -out_sum_2;
            dA[j * n + i] += out_difference;
            dA[i * n + j] += out_difference + out_sum_2;
            for (int64_t k = 0; k < n; k++) {
                dA[k * n + i] += dout_sum * A[k * n + j];
                dA[k * n + j] += dout_sum * A[k * n + i];
            }
        }
    }
    *out = out_total;
    return (mgc_status){MGC_OK, 0};
}

/* reused of capture.mg, line 15. */
mgc_status reused(const double *restrict x, int64_t n, void *restrict work, double *restrict out) {
    double *y = work;
    for (int64_t i = 0; i < n; i++) {
        double y_total = 0.0;
        for (int64_t j = 0; j < n; j++) {
            y_total += x[i] * x[j];  /* line 16 */
        }
        y[i] = y_total;
    }
    double out_sum = 0.0;
    double out_sum_2 = 0.0;
    for (int64_t j = 0; j < n; j++) {
        double z = 0.0;
        for (int64_t i = 0; i < n; i++) {
            z += y[i] * y[j] * x[i];  /* line 17 */
        }
        for (int64_t i = 0; i < n; i++) {
            out_sum += z * y[i];  /* line 18 */
        }
        out_sum_2 += z * y[j];
    }
    double out_sum_3 = 0.0;
    for (int64_t i = 0; i < 2; i++) {
        out_sum_3 += out_sum_2;
    }
    *out = out_sum + out_sum_3;
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of reused has. */
size_t reused_workspace(int64_t n) {
    double work = 0.0;
    work += n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* reused of capture.mg, line 15, and its derivatives. */
mgc_status reused_value_and_grad(
    const double *restrict x, int64_t n, void *restrict work, double *restrict out, double *restrict dx
) {
    double *y = work;
    double *dz = y + n;
    double *t_3 = dz + n;
    double *dy = t_3 + n;
    double t = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double y_total = 0.0;
        for (int64_t j = 0; j < n; j++) {
            y_total += x[i] * x[j];  /* line 16 */
        }
        y[i] = y_total;
        t += y[i];  /* line 18 */
    }
    double dout_sum_2 = 0.0;
    for (int64_t i = 0; i < 2; i++) {
        dout_sum_2 += 1.0;
    }
    for (int64_t at = 0; at < n; at++) t_3[at] = 0.0;
    for (int64_t at = 0; at < n; at++) dy[at] = 0.0;
    for (int64_t j = 0; j < n; j++) {
        dz[j] = dout_sum_2 * y[j] + t;  /* line 17 */
        for (int64_t i = 0; i < n; i++) {
            const double dz_product = dz[j] * x[i];
            t_3[i] += dz_product * y[j];
            dy[j] += dz_product * y[i];  /* line 16 */
        }
    }
    double out_sum = 0.0;
    double out_sum_2 = 0.0;
    double t_2 = 0.0;
    for (int64_t at = 0; at < n; at++) dx[at] = 0.0;
    for (int64_t j = 0; j < n; j++) {
        double z = 0.0;
        for (int64_t i = 0; i < n; i++) {
            const double z_product = y[i] * y[j];  /* line 17 */
            z += z_product * x[i];
            dx[i] += dz[j] * z_product;
        }
        for (int64_t i = 0; i < n; i++) {
            out_sum += z * y[i];  /* line 18 */
        }
        out_sum_2 += z * y[j];
        t_2 += z;
        dy[j] += dout_sum_2 * z;  /* line 16 */
    }
    double out_sum_3 = 0.0;
    for (int64_t i = 0; i < 2; i++) {
        out_sum_3 += out_sum_2;  /* line 18 */
    }
    *out = out_sum + out_sum_3;
    for (int64_t i = 0; i < n; i++) {
        dy[i] += t_2 + t_3[i];  /* line 16 */
    }
    for (int64_t i = 0; i < n; i++) {
        const double t_4 = dy[i] * x[i];
        for (int64_t j = 0; j < n; j++) {
            dx[i] += dy[i] * x[j];
            dx[j] += t_4;
        }
    }
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of reused_value_and_grad has. */
size_t reused_value_and_grad_workspace(int64_t n) {
    double work = 0.0;
    work += 4.0 * n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* nested of capture.mg, line 20. */
mgc_status nested(const double *restrict x, int64_t n, void *restrict work, double *restrict out) {
    double *y = work;
    for (int64_t i = 0; i < n; i++) {
        y[i] = sin(x[i]);  /* line 21 */
    }
    double out_sum_3 = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double out_sum = 0.0;
        for (int64_t k = 0; k < n; k++) {
            out_sum += y[k] * y[i];  /* line 22 */
        }
        double out_sum_2 = 0.0;
        for (int64_t j = 0; j < n; j++) {
            out_sum_2 += y[j] * out_sum;
        }
        out_sum_3 += y[i] * out_sum_2;
    }
    *out = out_sum_3;
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of nested has. */
size_t nested_workspace(int64_t n) {
    double work = 0.0;
    work += n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* nested of capture.mg, line 20, and its derivatives. */
mgc_status nested_value_and_grad(
    const double *restrict x, int64_t n, void *restrict work, double *restrict out, double *restrict dx
) {
    double *y = work;
    double *t_3 = y + n;
    double *dy = t_3 + n;
    for (int64_t i = 0; i < n; i++) {
        y[i] = sin(x[i]);  /* line 21 */
    }
    for (int64_t at = 0; at < n; at++) dy[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double dout_sum = 0.0;
        for (int64_t j = 0; j < n; j++) {
            dout_sum += y[i] * y[j];  /* line 22 */
        }
        const double t_2 = dout_sum * y[i];
        double t_3_total = 0.0;
        for (int64_t k = 0; k < n; k++) {
            t_3_total += dout_sum * y[k];
            dy[k] += t_2;  /* line 21 */
        }
        t_3[i] = t_3_total;
    }
    double out_total = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double out_sum = 0.0;
        for (int64_t k = 0; k < n; k++) {
            out_sum += y[k] * y[i];  /* line 22 */
        }
        double out_sum_2 = 0.0;
        for (int64_t j = 0; j < n; j++) {
            out_sum_2 += y[j] * out_sum;
        }
        out_total += y[i] * out_sum_2;
        const double t = y[i] * out_sum;
        dy[i] += out_sum_2 + t_3[i];  /* line 21 */
        for (int64_t j = 0; j < n; j++) {
            dy[j] += t;
        }
    }
    for (int64_t i = 0; i < n; i++) {
        dx[i] = dy[i] * cos(x[i]);
    }
    *out = out_total;
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of nested_value_and_grad has. */
size_t nested_value_and_grad_workspace(int64_t n) {
    double work = 0.0;
    work += 3.0 * n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* swapped of capture.mg, line 24. */
mgc_status swapped(const double *restrict A, int64_t n, void *restrict work, double *restrict out) {
    double *B = work;
    double *C = B + n * n;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            B[i * n + j] = A[j * n + i] * A[i * n + j];  /* line 25 */
        }
    }
    for (int64_t at = 0; at < n * n; at++) C[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            C[j * n + i] = B[i * n + j] + B[j * n + j];  /* line 26 */
        }
    }
    double out_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            out_sum += C[j * n + i] * B[i * n + i] * C[i * n + j];  /* line 27 */
        }
    }
    *out = out_sum;
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of swapped has. */
size_t swapped_workspace(int64_t n) {
    double work = 0.0;
    work += 2.0 * n * n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* swapped of capture.mg, line 24, and its derivatives. */
mgc_status swapped_value_and_grad(
    const double *restrict A, int64_t n, void *restrict work, double *restrict out, double *restrict dA
) {
    double *B = work;
    double *C = B + n * n;
    double *out_product = C + n * n;
    double *dC = out_product + n * n;
    double *dB = dC + n * n;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            B[i * n + j] = A[j * n + i] * A[i * n + j];  /* line 25 */
        }
    }
    for (int64_t at = 0; at < n * n; at++) C[at] = 0.0;
    for (int64_t at = 0; at < n * n; at++) dC[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            C[j * n + i] = B[i * n + j] + B[j * n + j];  /* line 26 */
            out_product[i * n + j] = C[j * n + i] * B[i * n + i];  /* line 27 */
            dC[i * n + j] += out_product[i * n + j];  /* line 26 */
        }
    }
    double out_total = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            out_total += out_product[i * n + j] * C[i * n + j];  /* line 27 */
        }
    }
    for (int64_t at = 0; at < n * n; at++) dB[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            dC[j * n + i] += C[i * n + j] * B[i * n + i];  /* line 26 */
            dB[i * n + i] += C[i * n + j] * C[j * n + i];  /* line 25 */
        }
    }
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            dB[i * n + j] += dC[j * n + i];
            dB[j * n + j] += dC[j * n + i];
        }
    }
    for (int64_t at = 0; at < n * n; at++) dA[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            dA[i * n + j] += dB[i * n + j] * A[j * n + i];
            dA[j * n + i] += dB[i * n + j] * A[i * n + j];
        }
    }
    *out = out_total;
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of swapped_value_and_grad has. */
size_t swapped_value_and_grad_workspace(int64_t n) {
    double work = 0.0;
    work += 5.0 * n * n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* double of capture.mg, line 29. */
mgc_status double_(double x, double *restrict out) {
    double *const out_values = out;
    for (int64_t k = 0; k < 3; k++) {
        out_values[k] = x * k;  /* line 30 */
    }
    return (mgc_status){MGC_OK, 0};
}

/* double of capture.mg, line 29, and its derivatives. */
mgc_status double_vjp(double x, const double *restrict dout, double *restrict out, double *restrict dx) {
    for (int64_t k = 0; k < 3; k++) {
        out[k] = x * k;  /* line 30 */
    }
    double dx_total = 0.0;
    for (int64_t k = 0; k < 3; k++) {
        dx_total += dout[k] * k;
    }
    *dx = dx_total;
    return (mgc_status){MGC_OK, 0};
}

/* called_twice of capture.mg, line 32. */
mgc_status called_twice(double x, double y, double *restrict out) {
    double b[3];
    for (int64_t k = 0; k < 3; k++) {
        b[k] = y * k;  /* line 30 */
    }
    double out_sum = 0.0;
    double out_sum_2 = 0.0;
    for (int64_t k = 0; k < 3; k++) {
        const double a = x * k;
        for (int64_t i = 0; i < 3; i++) {
            out_sum += a * b[i];  /* line 35 */
        }
        out_sum_2 += a * b[k];
    }
    *out = out_sum + out_sum_2;
    return (mgc_status){MGC_OK, 0};
}

/* called_twice of capture.mg, line 32, and its derivatives. */
mgc_status called_twice_value_and_grad(
    double x, double y, double *restrict out, double *restrict dx, double *restrict dy
) {
    double a[3];
    double t_2 = 0.0;
    double db[3];
    for (int64_t at = 0; at < 3; at++) db[at] = 0.0;
    for (int64_t k = 0; k < 3; k++) {
        a[k] = x * k;  /* line 30 */
        t_2 += a[k];  /* line 35 */
        db[k] += a[k];  /* line 30 */
    }
    double b[3];
    double t = 0.0;
    for (int64_t k = 0; k < 3; k++) {
        b[k] = y * k;
        t += b[k];  /* line 35 */
    }
    double out_sum = 0.0;
    double out_sum_2 = 0.0;
    for (int64_t k = 0; k < 3; k++) {
        for (int64_t i = 0; i < 3; i++) {
            out_sum += a[k] * b[i];
        }
        out_sum_2 += a[k] * b[k];
    }
    *out = out_sum + out_sum_2;
    for (int64_t k = 0; k < 3; k++) {
        db[k] += t_2;  /* line 30 */
    }
    double dy_total = 0.0;
    for (int64_t k = 0; k < 3; k++) {
        dy_total += db[k] * k;
    }
    double dx_total = 0.0;
    for (int64_t k = 0; k < 3; k++) {
        const double da = b[k] + t;
        dx_total += da * k;
    }
    *dx = dx_total;
    *dy = dy_total;
    return (mgc_status){MGC_OK, 0};
}

/* distances of capture.mg, line 37. */
mgc_status distances(const double *restrict x, int64_t n, int64_t d, double *restrict out) {
    double out_sum_2 = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            double out_sum = 0.0;
            for (int64_t k = 0; k < d; k++) {
                const double out_difference = x[i * d + k] - x[j * d + k];  /* line 38 */
                out_sum += out_difference * out_difference;
            }
            out_sum_2 += sqrt(out_sum + 1.0);
        }
    }
    *out = out_sum_2;
    return (mgc_status){MGC_OK, 0};
}

/* distances of capture.mg, line 37, and its derivatives. */
mgc_status distances_value_and_grad(
    const double *restrict x, int64_t n, int64_t d, void *restrict work, double *restrict out,
    double *restrict dx
) {
    double *out_difference = work;
    double out_total = 0.0;
    for (int64_t at = 0; at < n * d; at++) dx[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            double out_sum = 0.0;
            for (int64_t k = 0; k < d; k++) {
                out_difference[k] = x[i * d + k] - x[j * d + k];  /* line 38 */
                out_sum += out_difference[k] * out_difference[k];
            }
            const double out_sqrt = sqrt(out_sum + 1.0);
            out_total += out_sqrt;
            const double dout_sum = 0.5 / out_sqrt;
            for (int64_t k = 0; k < d; k++) {
                const double dout_difference = dout_sum * (2.0 * out_difference[k]);
                dx[i * d + k] += dout_difference;
                dx[j * d + k] += -dout_difference;
            }
        }
    }
    *out = out_total;
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of distances_value_and_grad has. */
size_t distances_value_and_grad_workspace(int64_t d) {
    double work = 0.0;
    work += d;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* attention of capture.mg, line 40. */
mgc_status attention(
    const double *restrict Q, const double *restrict K, const double *restrict V, int64_t t, int64_t d,
    int64_t s, void *restrict work, double *restrict out
) {
    double *const out_sum_2 = out;
    double *v = work;
    double *weight = v + s;
    double *out_ratio = weight + s;
    const double weight_sqrt = sqrt(d);  /* line 41 */
    for (int64_t i = 0; i < t; i++) {
        double largest = -INFINITY;
        for (int64_t j = 0; j < s; j++) {
            double weight_sum = 0.0;
            for (int64_t k = 0; k < d; k++) {
                weight_sum += Q[i * d + k] * K[j * d + k];
            }
            v[j] = weight_sum / weight_sqrt;
            if (v[j] > largest || v[j] != v[j]) largest = v[j];
        }
        double out_sum = 0.0;
        for (int64_t j = 0; j < s; j++) {
            weight[j] = exp(v[j] - largest);
            out_sum += weight[j];
        }
        for (int64_t j = 0; j < s; j++) {
            out_ratio[j] = weight[j] / out_sum;
        }
        for (int64_t c = 0; c < d; c++) {
            double out_sum_2_total = 0.0;
            for (int64_t j = 0; j < s; j++) {
                out_sum_2_total += out_ratio[j] * V[j * d + c];
            }
            out_sum_2[i * d + c] = out_sum_2_total;
        }
    }
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of attention has. */
size_t attention_workspace(int64_t s) {
    double work = 0.0;
    work += 3.0 * s;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* attention of capture.mg, line 40, and its derivatives. */
mgc_status attention_vjp(
    const double *restrict Q, const double *restrict K, const double *restrict V, const double *restrict dout,
    int64_t t, int64_t d, int64_t s, void *restrict work, double *restrict out, double *restrict dQ,
    double *restrict dK, double *restrict dV
) {
    double *dout_ratio = work;
    double *v = dout_ratio + t * s;
    double *weight = v + s;
    double *out_ratio = weight + s;
    const double weight_sqrt = sqrt(d);  /* line 41 */
    for (int64_t at = 0; at < t * s; at++) dout_ratio[at] = 0.0;
    for (int64_t i = 0; i < t; i++) {
        for (int64_t c = 0; c < d; c++) {
            for (int64_t j = 0; j < s; j++) {
                dout_ratio[i * s + j] += dout[i * d + c] * V[j * d + c];
            }
        }
    }
    for (int64_t at = 0; at < t * d; at++) dQ[at] = 0.0;
    for (int64_t at = 0; at < s * d; at++) dK[at] = 0.0;
    for (int64_t at = 0; at < s * d; at++) dV[at] = 0.0;
    for (int64_t i = 0; i < t; i++) {
        double largest = -INFINITY;
        for (int64_t j = 0; j < s; j++) {
            double weight_sum = 0.0;
            for (int64_t k = 0; k < d; k++) {
                weight_sum += Q[i * d + k] * K[j * d + k];
            }
            v[j] = weight_sum / weight_sqrt;
            if (v[j] > largest || v[j] != v[j]) largest = v[j];
        }
        double out_sum = 0.0;
        for (int64_t j = 0; j < s; j++) {
            weight[j] = exp(v[j] - largest);
            out_sum += weight[j];
        }
        double dout_sum = 0.0;
        for (int64_t j = 0; j < s; j++) {
            out_ratio[j] = weight[j] / out_sum;
            dout_sum += dout_ratio[i * s + j] * (-out_ratio[j] / out_sum);
        }
        for (int64_t c = 0; c < d; c++) {
            double out_total = 0.0;
            for (int64_t j = 0; j < s; j++) {
                out_total += out_ratio[j] * V[j * d + c];
            }
            out[i * d + c] = out_total;
        }
        for (int64_t j = 0; j < s; j++) {
            const double dweight = dout_ratio[i * s + j] / out_sum + dout_sum;
            if (dweight != 0.0) {
                const double dweight_sum = dweight * weight[j] / weight_sqrt;
                for (int64_t k = 0; k < d; k++) {
                    dQ[i * d + k] += dweight_sum * K[j * d + k];
                    dK[j * d + k] += dweight_sum * Q[i * d + k];
                }
            }
        }
        for (int64_t c = 0; c < d; c++) {
            for (int64_t j = 0; j < s; j++) {
                dV[j * d + c] += dout[i * d + c] * out_ratio[j];
            }
        }
    }
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of attention_vjp has. */
size_t attention_vjp_workspace(int64_t t, int64_t s) {
    double work = 0.0;
    work += (double)t * s;
    work += 3.0 * s;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* stored_row of capture.mg, line 43. */
mgc_status stored_row(
    const double *restrict x, int64_t k, int64_t d, void *restrict work, double *restrict out
) {
    double *v = work;
    double largest = -INFINITY;
    for (int64_t c = 0; c < k; c++) {
        double v_total = 0.0;
        for (int64_t r = 0; r < d; r++) {
            const double ties_sin = sin(x[c * d + r]);  /* line 44 */
            v_total += ties_sin * ties_sin;
        }
        v[c] = v_total;
        if (v[c] > largest || v[c] != v[c]) largest = v[c];
    }
    double out_chosen = 0.0;
    if (!(largest == -INFINITY)) {
        if (largest == INFINITY) {
            out_chosen = largest;
        } else {
            double others = 0.0;
            double ties = 0.0;
            for (int64_t c = 0; c < k; c++) {
                const double weight = exp(v[c] - largest);
                others += v[c] == largest ? weight - 1.0 : weight;
                if (v[c] == largest) {
                    ties += 1.0;
                }
            }
            const double stable = largest + log1p(others + (ties - 1.0));
            out_chosen = stable;
        }
    }
    *out = largest == -INFINITY ? largest : out_chosen;
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of stored_row has. */
size_t stored_row_workspace(int64_t k) {
    double work = 0.0;
    work += k;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* stored_row of capture.mg, line 43, and its derivatives. */
mgc_status stored_row_value_and_grad(
    const double *restrict x, int64_t k, int64_t d, void *restrict work, double *restrict out,
    double *restrict dx
) {
    double *ties_sin = work;
    double *v = ties_sin + k * d;
    double *dties_in = v + k;
    double *dv = dties_in + k * d;
    double *weight = dv + k;
    double largest = -INFINITY;
    for (int64_t c = 0; c < k; c++) {
        double v_total = 0.0;
        for (int64_t r = 0; r < d; r++) {
            ties_sin[c * d + r] = sin(x[c * d + r]);  /* line 44 */
            v_total += ties_sin[c * d + r] * ties_sin[c * d + r];
        }
        v[c] = v_total;
        if (v[c] > largest || v[c] != v[c]) largest = v[c];
    }
    *out = 0.0;
    for (int64_t at = 0; at < k * d; at++) dties_in[at] = 0.0;
    if (largest == -INFINITY) {
        *out = largest;
    } else {
        double ties = 0.0;
        for (int64_t c = 0; c < k; c++) {
            if (v[c] == largest) {
                ties += 1.0;
            }
        }
        double out_chosen = 0.0;
        for (int64_t at = 0; at < k; at++) dv[at] = 0.0;
        if (!(largest == INFINITY)) {
            double others = 0.0;
            for (int64_t c = 0; c < k; c++) {
                weight[c] = exp(v[c] - largest);
                others += v[c] == largest ? weight[c] - 1.0 : weight[c];
            }
            const double stable_in = others + (ties - 1.0);
            const double stable = largest + log1p(stable_in);
            out_chosen = stable;
            const double dothers = stable_in >= -1.0 ? 1.0 / (1.0 + stable_in) : NAN;
            for (int64_t c = 0; c < k; c++) {
                const double t = dothers != 0.0 ? dothers * weight[c] : 0.0;
                dv[c] = t;
            }
        }
        if (largest == INFINITY) {
            out_chosen = largest;
        }
        *out = out_chosen;
        if (largest == INFINITY) {
            for (int64_t c = 0; c < k; c++) {
                dv[c] = v[c] == largest ? 1.0 / ties : 0.0;
            }
        }
        for (int64_t c = 0; c < k; c++) {
            for (int64_t r = 0; r < d; r++) {
                dties_in[c * d + r] = dv[c] * (2.0 * ties_sin[c * d + r]) * cos(x[c * d + r]);
            }
        }
    }
    for (int64_t c = 0; c < k; c++) {
        for (int64_t r = 0; r < d; r++) {
            dx[c * d + r] = largest == -INFINITY ? 0.0 : dties_in[c * d + r];
        }
    }
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of stored_row_value_and_grad has. */
size_t stored_row_value_and_grad_workspace(int64_t k, int64_t d) {
    double work = 0.0;
    work += 2.0 * k * d;
    work += 3.0 * k;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* kernel of capture.mg, line 46. */
mgc_status kernel(
    const double *restrict x, const double *restrict y, double c, int64_t n, void *restrict work,
    double *restrict out
) {
    double *G = work;
    double *out_sum = G + n * n;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            const double G_difference = x[i] - x[j];  /* line 47 */
            G[i * n + j] = exp(-c * (G_difference * G_difference));
        }
    }
    for (int64_t j = 0; j < n; j++) {
        double out_sum_total = 0.0;
        for (int64_t k = 0; k < n; k++) {
            out_sum_total += G[j * n + k] * y[k];  /* line 48 */
        }
        out_sum[j] = out_sum_total;
    }
    double out_sum_3 = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double out_sum_2 = 0.0;
        for (int64_t j = 0; j < n; j++) {
            out_sum_2 += G[i * n + j] * out_sum[j];
        }
        out_sum_3 += y[i] * out_sum_2;
    }
    *out = out_sum_3;
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of kernel has. */
size_t kernel_workspace(int64_t n) {
    double work = 0.0;
    work += (double)n * n;
    work += n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* kernel of capture.mg, line 46, and its derivatives. */
mgc_status kernel_value_and_grad(
    const double *restrict x, const double *restrict y, double c, int64_t n, void *restrict work,
    double *restrict out, double *restrict dx, double *restrict dy, double *restrict dc
) {
    double *G_difference = work;
    double *G_power = G_difference + n * n;
    double *G = G_power + n * n;
    double *dout_sum = G + n * n;
    double *out_sum = dout_sum + n;
    double *dG = out_sum + n;
    for (int64_t at = 0; at < n; at++) dout_sum[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            G_difference[i * n + j] = x[i] - x[j];  /* line 47 */
            G_power[i * n + j] = G_difference[i * n + j] * G_difference[i * n + j];
            G[i * n + j] = exp(-c * G_power[i * n + j]);
            dout_sum[j] += y[i] * G[i * n + j];  /* line 48 */
        }
    }
    for (int64_t j = 0; j < n; j++) {
        double out_sum_total = 0.0;
        for (int64_t k = 0; k < n; k++) {
            out_sum_total += G[j * n + k] * y[k];
        }
        out_sum[j] = out_sum_total;
    }
    double out_total = 0.0;
    for (int64_t at = 0; at < n; at++) dy[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double out_sum_2 = 0.0;
        for (int64_t j = 0; j < n; j++) {
            out_sum_2 += G[i * n + j] * out_sum[j];
        }
        out_total += y[i] * out_sum_2;
        dy[i] += out_sum_2;
    }
    for (int64_t at = 0; at < n * n; at++) dG[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            dG[i * n + j] += y[i] * out_sum[j];  /* line 47 */
        }
    }
    for (int64_t j = 0; j < n; j++) {
        for (int64_t k = 0; k < n; k++) {
            dG[j * n + k] += dout_sum[j] * y[k];
            dy[k] += dout_sum[j] * G[j * n + k];
        }
    }
    double dneg_c = 0.0;
    for (int64_t at = 0; at < n; at++) dx[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            if (dG[i * n + j] != 0.0) {
                const double dG_in = dG[i * n + j] * G[i * n + j];
                const double t = dG_in * G_power[i * n + j];
                dneg_c += t;
                const double dG_difference = -dG_in * c * (2.0 * G_difference[i * n + j]);
                dx[i] += dG_difference;
                dx[j] += -dG_difference;
            }
        }
    }
    *dc = -dneg_c;
    *out = out_total;
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of kernel_value_and_grad has. */
size_t kernel_value_and_grad_workspace(int64_t n) {
    double work = 0.0;
    work += 4.0 * n * n;
    work += 2.0 * n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}
