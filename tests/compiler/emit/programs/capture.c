/* capture.mg, compiled to C99: values and exact derivatives. */
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

/* squared of capture.mg, line 2. */
mgc_status squared(const double *restrict A, int64_t n, double *restrict out) {
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            double out_total = 0.0;
            for (int64_t k = 0; k < n; k++) {
                out_total += A[i * n + k] * A[k * n + j];  /* line 3 */
            }
            out[i * n + j] = out_total;
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
    double *A_A_sum = work;
    double out_total = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t at = 0; at < n; at++) A_A_sum[at] = 0.0;
        for (int64_t j = 0; j < n; j++) {
            for (int64_t k = 0; k < n; k++) {
                A_A_sum[k] += A[i * n + j] * A[j * n + k];  /* line 6 */
            }
        }
        for (int64_t j = 0; j < n; j++) {
            double A_A_sum_A_sum = 0.0;
            for (int64_t k = 0; k < n; k++) {
                A_A_sum_A_sum += A_A_sum[k] * A[k * n + j];
            }
            out_total += A_A_sum_A_sum;
        }
    }
    *out = out_total;
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
    double *A_A_sum = work;
    double *dA_A_sum = A_A_sum + n;
    double *part_of_dA = dA_A_sum + n;
    double out_total = 0.0;
    for (int64_t at = 0; at < n * n; at++) dA[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t at = 0; at < n; at++) A_A_sum[at] = 0.0;
        for (int64_t j = 0; j < n; j++) {
            for (int64_t k = 0; k < n; k++) {
                A_A_sum[k] += A[i * n + j] * A[j * n + k];  /* line 6 */
            }
        }
        for (int64_t j = 0; j < n; j++) {
            double A_A_sum_A_sum = 0.0;
            for (int64_t k = 0; k < n; k++) {
                A_A_sum_A_sum += A_A_sum[k] * A[k * n + j];
            }
            out_total += A_A_sum_A_sum;
        }
        for (int64_t j = 0; j < n; j++) {
            for (int64_t k = 0; k < n; k++) {
                dA[k * n + j] += A_A_sum[k];
            }
        }
    }
    for (int64_t at = 0; at < n; at++) dA_A_sum[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            dA_A_sum[j] += A[j * n + i];
        }
    }
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            part_of_dA[i * n + j] = dA_A_sum[j] * A[i * n + j];
        }
    }
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            for (int64_t k = 0; k < n; k++) {
                dA[i * n + j] += part_of_dA[j * n + k];
            }
        }
    }
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            for (int64_t k = 0; k < n; k++) {
                dA[j * n + k] += dA_A_sum[k] * A[i * n + j];
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
    double out_total = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double A_y_sum = 0.0;
        double out_sum = 0.0;
        for (int64_t j = 0; j < n; j++) {
            A_y_sum += A[i * n + j] * y[j];  /* line 10 */
            out_sum += A[j * n + i] * y[j];
        }
        out_total += A_y_sum * out_sum;
    }
    *out = out_total;
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
    double *A_y_sum_A_sum = y + n;
    double *out_sum_A_sum = A_y_sum_A_sum + n;
    for (int64_t i = 0; i < n; i++) {
        double y_total = 0.0;
        for (int64_t j = 0; j < n; j++) {
            y_total += A[i * n + j] * x[j];  /* line 9 */
        }
        y[i] = y_total;
    }
    double out_total = 0.0;
    for (int64_t at = 0; at < n; at++) A_y_sum_A_sum[at] = 0.0;
    for (int64_t at = 0; at < n; at++) out_sum_A_sum[at] = 0.0;
    for (int64_t at = 0; at < n * n; at++) dA[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double A_y_sum = 0.0;
        double out_sum = 0.0;
        for (int64_t j = 0; j < n; j++) {
            A_y_sum += A[i * n + j] * y[j];  /* line 10 */
            out_sum += A[j * n + i] * y[j];
        }
        out_total += A_y_sum * out_sum;
        for (int64_t j = 0; j < n; j++) {
            A_y_sum_A_sum[j] += A_y_sum * A[j * n + i];
            out_sum_A_sum[j] += out_sum * A[i * n + j];
            dA[j * n + i] += A_y_sum * y[j];
            dA[i * n + j] += out_sum * y[j];
        }
    }
    for (int64_t at = 0; at < n; at++) dx[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        const double dy = A_y_sum_A_sum[i] + out_sum_A_sum[i];  /* line 9 */
        for (int64_t j = 0; j < n; j++) {
            dA[i * n + j] += dy * x[j];
            dx[j] += dy * A[i * n + j];
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
    double out_total = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            double A_A_sum = 0.0;
            for (int64_t k = 0; k < n; k++) {
                A_A_sum += A[k * n + i] * A[k * n + j];  /* line 13 */
            }
            out_total += (A[i * n + j] + A[j * n + i]) * (A[i * n + j] - A_A_sum);
        }
    }
    *out = out_total;
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
            double A_A_sum = 0.0;
            for (int64_t k = 0; k < n; k++) {
                A_A_sum += A[k * n + i] * A[k * n + j];  /* line 13 */
            }
            const double out_difference = A[i * n + j] - A_A_sum;
            const double A_plus_A = A[i * n + j] + A[j * n + i];
            out_total += A_plus_A * out_difference;
            const double dA_A_sum = -A_plus_A;
            dA[j * n + i] += out_difference;
            dA[i * n + j] += out_difference + A_plus_A;
            for (int64_t k = 0; k < n; k++) {
                dA[k * n + i] += dA_A_sum * A[k * n + j];
                dA[k * n + j] += dA_A_sum * A[k * n + i];
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
    double z_y_sum = 0.0;
    for (int64_t j = 0; j < n; j++) {
        double z = 0.0;
        for (int64_t i = 0; i < n; i++) {
            z += y[i] * y[j] * x[i];  /* line 17 */
        }
        for (int64_t i = 0; i < n; i++) {
            out_sum += z * y[i];  /* line 18 */
        }
        z_y_sum += z * y[j];
    }
    double z_y_sum_sum = 0.0;
    for (int64_t i = 0; i < 2; i++) {
        z_y_sum_sum += z_y_sum;
    }
    *out = out_sum + z_y_sum_sum;
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
    double *part_of_dy = dz + n;
    double *dy = part_of_dy + n;
    double y_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double y_total = 0.0;
        for (int64_t j = 0; j < n; j++) {
            y_total += x[i] * x[j];  /* line 16 */
        }
        y[i] = y_total;
        y_sum += y[i];  /* line 18 */
    }
    double dz_y_sum = 0.0;
    for (int64_t i = 0; i < 2; i++) {
        dz_y_sum += 1.0;
    }
    for (int64_t at = 0; at < n; at++) part_of_dy[at] = 0.0;
    for (int64_t at = 0; at < n; at++) dy[at] = 0.0;
    for (int64_t j = 0; j < n; j++) {
        dz[j] = dz_y_sum * y[j] + y_sum;  /* line 17 */
        for (int64_t i = 0; i < n; i++) {
            const double dz_product = dz[j] * x[i];
            part_of_dy[i] += dz_product * y[j];
            dy[j] += dz_product * y[i];  /* line 16 */
        }
    }
    double out_sum = 0.0;
    double z_y_sum = 0.0;
    double z_sum = 0.0;
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
        z_y_sum += z * y[j];
        z_sum += z;
        dy[j] += dz_y_sum * z;  /* line 16 */
    }
    double z_y_sum_sum = 0.0;
    for (int64_t i = 0; i < 2; i++) {
        z_y_sum_sum += z_y_sum;  /* line 18 */
    }
    *out = out_sum + z_y_sum_sum;
    for (int64_t i = 0; i < n; i++) {
        dy[i] += z_sum + part_of_dy[i];  /* line 16 */
    }
    for (int64_t i = 0; i < n; i++) {
        const double part_of_dx = dy[i] * x[i];
        for (int64_t j = 0; j < n; j++) {
            dx[i] += dy[i] * x[j];
            dx[j] += part_of_dx;
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
    double out_total = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double y_y_sum = 0.0;
        for (int64_t k = 0; k < n; k++) {
            y_y_sum += y[k] * y[i];  /* line 22 */
        }
        double y_y_sum_sum = 0.0;
        for (int64_t j = 0; j < n; j++) {
            y_y_sum_sum += y[j] * y_y_sum;
        }
        out_total += y[i] * y_y_sum_sum;
    }
    *out = out_total;
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
    double *part_of_dy_2 = y + n;
    double *dy = part_of_dy_2 + n;
    for (int64_t i = 0; i < n; i++) {
        y[i] = sin(x[i]);  /* line 21 */
    }
    for (int64_t at = 0; at < n; at++) dy[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double dy_y_sum = 0.0;
        for (int64_t j = 0; j < n; j++) {
            dy_y_sum += y[i] * y[j];  /* line 22 */
        }
        const double part_of_dy = dy_y_sum * y[i];
        double part_of_dy_2_total = 0.0;
        for (int64_t k = 0; k < n; k++) {
            part_of_dy_2_total += dy_y_sum * y[k];
            dy[k] += part_of_dy;  /* line 21 */
        }
        part_of_dy_2[i] = part_of_dy_2_total;
    }
    double out_total = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double y_y_sum = 0.0;
        for (int64_t k = 0; k < n; k++) {
            y_y_sum += y[k] * y[i];  /* line 22 */
        }
        double y_y_sum_sum = 0.0;
        for (int64_t j = 0; j < n; j++) {
            y_y_sum_sum += y[j] * y_y_sum;
        }
        out_total += y[i] * y_y_sum_sum;
        const double y_y_sum_2 = y[i] * y_y_sum;
        dy[i] += y_y_sum_sum + part_of_dy_2[i];  /* line 21 */
        for (int64_t j = 0; j < n; j++) {
            dy[j] += y_y_sum_2;
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
    double out_total = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            out_total += C[j * n + i] * B[i * n + i] * C[i * n + j];  /* line 27 */
        }
    }
    *out = out_total;
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
    double *C_B = C + n * n;
    double *dC = C_B + n * n;
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
            C_B[i * n + j] = C[j * n + i] * B[i * n + i];  /* line 27 */
            dC[i * n + j] += C_B[i * n + j];  /* line 26 */
        }
    }
    double out_total = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            out_total += C_B[i * n + j] * C[i * n + j];  /* line 27 */
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
    for (int64_t k = 0; k < 3; k++) {
        out[k] = x * k;  /* line 30 */
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
    double a_b_sum = 0.0;
    for (int64_t k = 0; k < 3; k++) {
        const double a = x * k;
        for (int64_t i = 0; i < 3; i++) {
            out_sum += a * b[i];  /* line 35 */
        }
        a_b_sum += a * b[k];
    }
    *out = out_sum + a_b_sum;
    return (mgc_status){MGC_OK, 0};
}

/* called_twice of capture.mg, line 32, and its derivatives. */
mgc_status called_twice_value_and_grad(
    double x, double y, double *restrict out, double *restrict dx, double *restrict dy
) {
    double a[3];
    double a_sum = 0.0;
    double db[3];
    for (int64_t at = 0; at < 3; at++) db[at] = 0.0;
    for (int64_t k = 0; k < 3; k++) {
        a[k] = x * k;  /* line 30 */
        a_sum += a[k];  /* line 35 */
        db[k] += a[k];  /* line 30 */
    }
    double b[3];
    double b_sum = 0.0;
    for (int64_t k = 0; k < 3; k++) {
        b[k] = y * k;
        b_sum += b[k];  /* line 35 */
    }
    double out_sum = 0.0;
    double a_b_sum = 0.0;
    for (int64_t k = 0; k < 3; k++) {
        for (int64_t i = 0; i < 3; i++) {
            out_sum += a[k] * b[i];
        }
        a_b_sum += a[k] * b[k];
    }
    *out = out_sum + a_b_sum;
    for (int64_t k = 0; k < 3; k++) {
        db[k] += a_sum;  /* line 30 */
    }
    double dy_total = 0.0;
    for (int64_t k = 0; k < 3; k++) {
        dy_total += db[k] * k;
    }
    double dx_total = 0.0;
    for (int64_t k = 0; k < 3; k++) {
        const double da = b[k] + b_sum;
        dx_total += da * k;
    }
    *dx = dx_total;
    *dy = dy_total;
    return (mgc_status){MGC_OK, 0};
}

/* distances of capture.mg, line 37. */
mgc_status distances(const double *restrict x, int64_t n, int64_t d, double *restrict out) {
    double out_total = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            double x_minus_x_squared_sum = 0.0;
            for (int64_t k = 0; k < d; k++) {
                const double x_minus_x = x[i * d + k] - x[j * d + k];  /* line 38 */
                x_minus_x_squared_sum += x_minus_x * x_minus_x;
            }
            out_total += sqrt(x_minus_x_squared_sum + 1.0);
        }
    }
    *out = out_total;
    return (mgc_status){MGC_OK, 0};
}

/* distances of capture.mg, line 37, and its derivatives. */
mgc_status distances_value_and_grad(
    const double *restrict x, int64_t n, int64_t d, void *restrict work, double *restrict out,
    double *restrict dx
) {
    double *x_minus_x = work;
    double out_total = 0.0;
    for (int64_t at = 0; at < n * d; at++) dx[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            double x_minus_x_squared_sum = 0.0;
            for (int64_t k = 0; k < d; k++) {
                x_minus_x[k] = x[i * d + k] - x[j * d + k];  /* line 38 */
                x_minus_x_squared_sum += x_minus_x[k] * x_minus_x[k];
            }
            const double out_sqrt = sqrt(x_minus_x_squared_sum + 1.0);
            out_total += out_sqrt;
            const double one_over_out_sqrt = 1.0 / out_sqrt;
            for (int64_t k = 0; k < d; k++) {
                const double dx_minus_x = one_over_out_sqrt * x_minus_x[k];
                dx[i * d + k] += dx_minus_x;
                dx[j * d + k] -= dx_minus_x;
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
    double *v = work;
    double *v_exp = v + s;
    double *v_softmax = v_exp + s;
    const double d_sqrt = sqrt(d);  /* line 41 */
    for (int64_t i = 0; i < t; i++) {
        double v_max = -INFINITY;
        for (int64_t j = 0; j < s; j++) {
            double Q_dot = 0.0;
            for (int64_t k = 0; k < d; k++) {
                Q_dot += Q[i * d + k] * K[j * d + k];
            }
            v[j] = Q_dot / d_sqrt;
            if (v[j] > v_max || v[j] != v[j]) v_max = v[j];
        }
        double v_exp_sum = 0.0;
        for (int64_t j = 0; j < s; j++) {
            v_exp[j] = exp(v[j] - v_max);
            v_exp_sum += v_exp[j];
        }
        for (int64_t j = 0; j < s; j++) {
            v_softmax[j] = v_exp[j] / v_exp_sum;
        }
        for (int64_t c = 0; c < d; c++) {
            double out_total = 0.0;
            for (int64_t j = 0; j < s; j++) {
                out_total += v_softmax[j] * V[j * d + c];
            }
            out[i * d + c] = out_total;
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
    double *dv_softmax = work;
    double *v = dv_softmax + t * s;
    double *v_exp = v + s;
    double *v_softmax = v_exp + s;
    const double d_sqrt = sqrt(d);  /* line 41 */
    for (int64_t at = 0; at < t * s; at++) dv_softmax[at] = 0.0;
    for (int64_t i = 0; i < t; i++) {
        for (int64_t c = 0; c < d; c++) {
            for (int64_t j = 0; j < s; j++) {
                dv_softmax[i * s + j] += dout[i * d + c] * V[j * d + c];
            }
        }
    }
    for (int64_t at = 0; at < t * d; at++) dQ[at] = 0.0;
    for (int64_t at = 0; at < s * d; at++) dK[at] = 0.0;
    for (int64_t at = 0; at < s * d; at++) dV[at] = 0.0;
    for (int64_t i = 0; i < t; i++) {
        double v_max = -INFINITY;
        for (int64_t j = 0; j < s; j++) {
            double Q_dot = 0.0;
            for (int64_t k = 0; k < d; k++) {
                Q_dot += Q[i * d + k] * K[j * d + k];
            }
            v[j] = Q_dot / d_sqrt;
            if (v[j] > v_max || v[j] != v[j]) v_max = v[j];
        }
        double v_exp_sum = 0.0;
        for (int64_t j = 0; j < s; j++) {
            v_exp[j] = exp(v[j] - v_max);
            v_exp_sum += v_exp[j];
        }
        double dv_exp_sum = 0.0;
        for (int64_t j = 0; j < s; j++) {
            v_softmax[j] = v_exp[j] / v_exp_sum;
            dv_exp_sum -= dv_softmax[i * s + j] * (v_softmax[j] / v_exp_sum);
        }
        for (int64_t c = 0; c < d; c++) {
            double out_total = 0.0;
            for (int64_t j = 0; j < s; j++) {
                out_total += v_softmax[j] * V[j * d + c];
            }
            out[i * d + c] = out_total;
        }
        for (int64_t j = 0; j < s; j++) {
            const double dv_exp = dv_softmax[i * s + j] / v_exp_sum + dv_exp_sum;
            if (dv_exp != 0.0) {
                const double dQ_dot = dv_exp * v_exp[j] / d_sqrt;
                for (int64_t k = 0; k < d; k++) {
                    dQ[i * d + k] += dQ_dot * K[j * d + k];
                    dK[j * d + k] += dQ_dot * Q[i * d + k];
                }
            }
        }
        for (int64_t c = 0; c < d; c++) {
            for (int64_t j = 0; j < s; j++) {
                dV[j * d + c] += dout[i * d + c] * v_softmax[j];
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
    double v_max = -INFINITY;
    for (int64_t c = 0; c < k; c++) {
        double v_total = 0.0;
        for (int64_t r = 0; r < d; r++) {
            const double x_sin = sin(x[c * d + r]);  /* line 44 */
            v_total += x_sin * x_sin;
        }
        v[c] = v_total;
        if (v[c] > v_max || v[c] != v[c]) v_max = v[c];
    }
    double v_logsumexp = 0.0;
    if (!(v_max == -INFINITY)) {
        if (!(v_max == INFINITY)) {
            double v_others = 0.0;
            double v_ties = 0.0;
            for (int64_t c = 0; c < k; c++) {
                const double v_exp = exp(v[c] - v_max);
                v_others += v[c] == v_max ? v_exp - 1.0 : v_exp;
                if (v[c] == v_max) {
                    v_ties += 1.0;
                }
            }
            v_logsumexp = v_max + log1p(v_others + (v_ties - 1.0));
        }
    }
    *out = v_max == -INFINITY ? v_max : v_max == INFINITY ? v_max : v_logsumexp;
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
    double *x_sin = work;
    double *v = x_sin + k * d;
    double *dv = v + k;
    double *v_exp = dv + k;
    double v_max = -INFINITY;
    for (int64_t c = 0; c < k; c++) {
        double v_total = 0.0;
        for (int64_t r = 0; r < d; r++) {
            x_sin[c * d + r] = sin(x[c * d + r]);  /* line 44 */
            v_total += x_sin[c * d + r] * x_sin[c * d + r];
        }
        v[c] = v_total;
        if (v[c] > v_max || v[c] != v[c]) v_max = v[c];
    }
    *out = 0.0;
    for (int64_t at = 0; at < k * d; at++) dx[at] = 0.0;
    if (v_max == -INFINITY) {
        *out = v_max;
        for (int64_t c = 0; c < k; c++) {
            for (int64_t r = 0; r < d; r++) {
                dx[c * d + r] = 0.0;
            }
        }
    } else {
        double v_ties = 0.0;
        for (int64_t c = 0; c < k; c++) {
            if (v[c] == v_max) {
                v_ties += 1.0;
            }
        }
        double v_logsumexp = 0.0;
        for (int64_t at = 0; at < k; at++) dv[at] = 0.0;
        if (v_max == INFINITY) {
            for (int64_t c = 0; c < k; c++) {
                const double part_of_dv = v[c] == v_max ? 1.0 / v_ties : 0.0;
                dv[c] = part_of_dv;
            }
        } else {
            double v_others = 0.0;
            for (int64_t c = 0; c < k; c++) {
                v_exp[c] = exp(v[c] - v_max);
                v_others += v[c] == v_max ? v_exp[c] - 1.0 : v_exp[c];
            }
            const double v_logsumexp_sum = v_others + (v_ties - 1.0);
            v_logsumexp = v_max + log1p(v_logsumexp_sum);
            const double dv_others = v_logsumexp_sum >= -1.0 ? 1.0 / (1.0 + v_logsumexp_sum) : NAN;
            for (int64_t c = 0; c < k; c++) {
                dv[c] = dv_others != 0.0 ? dv_others * v_exp[c] : 0.0;
            }
        }
        *out = v_max == INFINITY ? v_max : v_logsumexp;
        for (int64_t c = 0; c < k; c++) {
            for (int64_t r = 0; r < d; r++) {
                dx[c * d + r] = dv[c] * (2.0 * x_sin[c * d + r]) * cos(x[c * d + r]);
            }
        }
    }
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of stored_row_value_and_grad has. */
size_t stored_row_value_and_grad_workspace(int64_t k, int64_t d) {
    double work = 0.0;
    work += (double)k * d;
    work += 3.0 * k;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* kernel of capture.mg, line 46. */
mgc_status kernel(
    const double *restrict x, const double *restrict y, double c, int64_t n, void *restrict work,
    double *restrict out
) {
    double *G = work;
    double *G_y_sum = G + n * n;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            const double G_difference = x[i] - x[j];  /* line 47 */
            G[i * n + j] = exp(-c * (G_difference * G_difference));
        }
    }
    for (int64_t j = 0; j < n; j++) {
        double G_y_sum_total = 0.0;
        for (int64_t k = 0; k < n; k++) {
            G_y_sum_total += G[j * n + k] * y[k];  /* line 48 */
        }
        G_y_sum[j] = G_y_sum_total;
    }
    double out_total = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double G_y_sum_sum = 0.0;
        for (int64_t j = 0; j < n; j++) {
            G_y_sum_sum += G[i * n + j] * G_y_sum[j];
        }
        out_total += y[i] * G_y_sum_sum;
    }
    *out = out_total;
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
    double *G_difference_squared = G_difference + n * n;
    double *G = G_difference_squared + n * n;
    double *dG_y_sum = G + n * n;
    double *G_y_sum = dG_y_sum + n;
    double *dG = G_y_sum + n;
    for (int64_t at = 0; at < n; at++) dG_y_sum[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            G_difference[i * n + j] = x[i] - x[j];  /* line 47 */
            G_difference_squared[i * n + j] = G_difference[i * n + j] * G_difference[i * n + j];
            G[i * n + j] = exp(-c * G_difference_squared[i * n + j]);
            dG_y_sum[j] += y[i] * G[i * n + j];  /* line 48 */
        }
    }
    for (int64_t j = 0; j < n; j++) {
        double G_y_sum_total = 0.0;
        for (int64_t k = 0; k < n; k++) {
            G_y_sum_total += G[j * n + k] * y[k];
        }
        G_y_sum[j] = G_y_sum_total;
    }
    double out_total = 0.0;
    for (int64_t at = 0; at < n; at++) dy[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double G_y_sum_sum = 0.0;
        for (int64_t j = 0; j < n; j++) {
            G_y_sum_sum += G[i * n + j] * G_y_sum[j];
        }
        out_total += y[i] * G_y_sum_sum;
        dy[i] += G_y_sum_sum;
    }
    for (int64_t at = 0; at < n * n; at++) dG[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            dG[i * n + j] += y[i] * G_y_sum[j];  /* line 47 */
        }
    }
    for (int64_t j = 0; j < n; j++) {
        for (int64_t k = 0; k < n; k++) {
            dG[j * n + k] += dG_y_sum[j] * y[k];
            dy[k] += dG_y_sum[j] * G[j * n + k];
        }
    }
    double part_of_dc = 0.0;
    for (int64_t at = 0; at < n; at++) dx[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            if (dG[i * n + j] != 0.0) {
                const double slope = dG[i * n + j] * G[i * n + j];
                part_of_dc += slope * G_difference_squared[i * n + j];
                const double dG_difference = -2.0 * (slope * c) * G_difference[i * n + j];
                dx[i] += dG_difference;
                dx[j] -= dG_difference;
            }
        }
    }
    *dc = -part_of_dc;
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
