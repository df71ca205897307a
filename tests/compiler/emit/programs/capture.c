/* capture.mg, compiled to C99: values and exact derivatives. */
#include <math.h>

/* squared of capture.mg, line 2. */
void squared(const double *A, long n, double *out_sum) {
    for (long at = 0; at < n * n; at++) out_sum[at] = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < n; j++) {
            double out_sum_total = 0.0;
            for (long k = 0; k < n; k++) {
                out_sum_total += A[i * n + k] * A[k * n + j];  /* line 3 */
            }
            out_sum[i * n + j] = out_sum_total;
        }
    }
}

/* squared of capture.mg, line 2, and its derivatives. */
void squared_vjp(const double *A, const double *dout, long n, double *out, double *dA) {
    for (long at = 0; at < n * n; at++) out[at] = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < n; j++) {
            double out_total = 0.0;
            for (long k = 0; k < n; k++) {
                out_total += A[i * n + k] * A[k * n + j];  /* line 3 */
            }
            out[i * n + j] = out_total;
        }
    }
    for (long at = 0; at < n * n; at++) dA[at] = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < n; j++) {
            for (long k = 0; k < n; k++) {
                dA[i * n + k] += dout[i * n + j] * A[k * n + j];
                dA[k * n + j] += dout[i * n + j] * A[i * n + k];
            }
        }
    }
}

/* cubed of capture.mg, line 5. */
double cubed(const double *A, long n, double *work) {
    /* work holds n numbers */
    double *out_sum = work;
    double out_sum_3 = 0.0;
    for (long i = 0; i < n; i++) {
        for (long at = 0; at < n; at++) out_sum[at] = 0.0;
        for (long j = 0; j < n; j++) {
            for (long k = 0; k < n; k++) {
                out_sum[k] += A[i * n + j] * A[j * n + k];  /* line 6 */
            }
        }
        for (long j = 0; j < n; j++) {
            double out_sum_2 = 0.0;
            for (long k = 0; k < n; k++) {
                out_sum_2 += out_sum[k] * A[k * n + j];
            }
            out_sum_3 += out_sum_2;
        }
    }
    return out_sum_3;
}

/* cubed of capture.mg, line 5, and its derivatives. */
double cubed_value_and_grad(const double *A, long n, double *work, double *dA) {
    /* work holds n + n + n * n numbers */
    double *out_sum = work;
    work += n;
    double *dout_sum = work;
    work += n;
    double *t = work;
    double out = 0.0;
    for (long at = 0; at < n * n; at++) dA[at] = 0.0;
    for (long i = 0; i < n; i++) {
        for (long at = 0; at < n; at++) out_sum[at] = 0.0;
        for (long j = 0; j < n; j++) {
            for (long k = 0; k < n; k++) {
                out_sum[k] += A[i * n + j] * A[j * n + k];  /* line 6 */
            }
        }
        for (long j = 0; j < n; j++) {
            double out_sum_2 = 0.0;
            for (long k = 0; k < n; k++) {
                out_sum_2 += out_sum[k] * A[k * n + j];
            }
            out += out_sum_2;
        }
        for (long j = 0; j < n; j++) {
            for (long k = 0; k < n; k++) {
                dA[k * n + j] += out_sum[k];
            }
        }
    }
    for (long at = 0; at < n; at++) dout_sum[at] = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < n; j++) {
            dout_sum[j] += A[j * n + i];
        }
    }
    for (long at = 0; at < n * n; at++) t[at] = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < n; j++) {
            t[i * n + j] = dout_sum[j] * A[i * n + j];
        }
    }
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < n; j++) {
            for (long k = 0; k < n; k++) {
                dA[i * n + j] += t[j * n + k];
            }
        }
    }
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < n; j++) {
            for (long k = 0; k < n; k++) {
                dA[j * n + k] += dout_sum[k] * A[i * n + j];
            }
        }
    }
    return out;
}

/* power_of_sum of capture.mg, line 8. */
double power_of_sum(const double *A, const double *x, long n, double *work) {
    /* work holds n numbers */
    double *y = work;
    for (long at = 0; at < n; at++) y[at] = 0.0;
    for (long i = 0; i < n; i++) {
        double y_total = 0.0;
        for (long j = 0; j < n; j++) {
            y_total += A[i * n + j] * x[j];  /* line 9 */
        }
        y[i] = y_total;
    }
    double out_sum_3 = 0.0;
    for (long i = 0; i < n; i++) {
        double out_sum = 0.0;
        for (long j = 0; j < n; j++) {
            out_sum += A[i * n + j] * y[j];  /* line 10 */
        }
        double out_sum_2 = 0.0;
        for (long j = 0; j < n; j++) {
            out_sum_2 += A[j * n + i] * y[j];
        }
        out_sum_3 += out_sum * out_sum_2;
    }
    return out_sum_3;
}

/* power_of_sum of capture.mg, line 8, and its derivatives. */
double power_of_sum_value_and_grad(
    const double *A, const double *x, long n, double *work, double *dA, double *dx
) {
    /* work holds n + n + n numbers */
    double *y = work;
    work += n;
    double *dout_sum_3 = work;
    work += n;
    double *dy_product = work;
    for (long at = 0; at < n; at++) y[at] = 0.0;
    for (long i = 0; i < n; i++) {
        double y_total = 0.0;
        for (long j = 0; j < n; j++) {
            y_total += A[i * n + j] * x[j];  /* line 9 */
        }
        y[i] = y_total;
    }
    double out = 0.0;
    for (long at = 0; at < n; at++) dout_sum_3[at] = 0.0;
    for (long at = 0; at < n; at++) dy_product[at] = 0.0;
    for (long at = 0; at < n * n; at++) dA[at] = 0.0;
    for (long i = 0; i < n; i++) {
        double out_sum = 0.0;
        for (long j = 0; j < n; j++) {
            out_sum += A[i * n + j] * y[j];  /* line 10 */
        }
        double out_sum_2 = 0.0;
        for (long j = 0; j < n; j++) {
            out_sum_2 += A[j * n + i] * y[j];
        }
        out += out_sum * out_sum_2;
        for (long j = 0; j < n; j++) {
            dout_sum_3[j] += out_sum * A[j * n + i];
            dA[j * n + i] += out_sum * y[j];
        }
        for (long j = 0; j < n; j++) {
            dy_product[j] += out_sum_2 * A[i * n + j];
            dA[i * n + j] += out_sum_2 * y[j];
        }
    }
    for (long at = 0; at < n; at++) dx[at] = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < n; j++) {
            dA[i * n + j] += dout_sum_3[i] * x[j];
            dx[j] += dout_sum_3[i] * A[i * n + j];
        }
    }
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < n; j++) {
            dA[i * n + j] += dy_product[i] * x[j];
            dx[j] += dy_product[i] * A[i * n + j];
        }
    }
    return out;
}

/* symmetric of capture.mg, line 12. */
double symmetric(const double *A, long n) {
    double out_sum_2 = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < n; j++) {
            double out_sum = 0.0;
            for (long k = 0; k < n; k++) {
                out_sum += A[k * n + i] * A[k * n + j];  /* line 13 */
            }
            out_sum_2 += (A[i * n + j] + A[j * n + i]) * (A[i * n + j] - out_sum);
        }
    }
    return out_sum_2;
}

/* symmetric of capture.mg, line 12, and its derivatives. */
double symmetric_value_and_grad(const double *A, long n, double *dA) {
    double out = 0.0;
    for (long at = 0; at < n * n; at++) dA[at] = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < n; j++) {
            double out_sum = 0.0;
            for (long k = 0; k < n; k++) {
                out_sum += A[k * n + i] * A[k * n + j];  /* line 13 */
            }
            const double out_difference = A[i * n + j] - out_sum;
            const double out_sum_2 = A[i * n + j] + A[j * n + i];
            out += out_sum_2 * out_difference;
            const double dout_sum = -out_sum_2;
            dA[j * n + i] += out_difference;
            dA[i * n + j] += out_difference + out_sum_2;
            for (long k = 0; k < n; k++) {
                dA[k * n + i] += dout_sum * A[k * n + j];
                dA[k * n + j] += dout_sum * A[k * n + i];
            }
        }
    }
    return out;
}

/* reused of capture.mg, line 15. */
double reused(const double *x, long n, double *work) {
    /* work holds n numbers */
    double *y = work;
    for (long at = 0; at < n; at++) y[at] = 0.0;
    for (long i = 0; i < n; i++) {
        double y_total = 0.0;
        for (long j = 0; j < n; j++) {
            y_total += x[i] * x[j];  /* line 16 */
        }
        y[i] = y_total;
    }
    double out_sum = 0.0;
    double out_sum_2 = 0.0;
    for (long j = 0; j < n; j++) {
        double z = 0.0;
        for (long i = 0; i < n; i++) {
            z += y[i] * y[j] * x[i];  /* line 17 */
        }
        for (long i = 0; i < n; i++) {
            out_sum += z * y[i];  /* line 18 */
        }
        out_sum_2 += z * y[j];
    }
    double out_sum_3 = 0.0;
    for (long i = 0; i < 2; i++) {
        out_sum_3 += out_sum_2;
    }
    return out_sum + out_sum_3;
}

/* reused of capture.mg, line 15, and its derivatives. */
double reused_value_and_grad(const double *x, long n, double *work, double *dx) {
    /* work holds n + n + n + n numbers */
    double *y = work;
    work += n;
    double *dz = work;
    work += n;
    double *t_3 = work;
    work += n;
    double *dy = work;
    for (long at = 0; at < n; at++) y[at] = 0.0;
    double t = 0.0;
    for (long i = 0; i < n; i++) {
        double y_total = 0.0;
        for (long j = 0; j < n; j++) {
            y_total += x[i] * x[j];  /* line 16 */
        }
        y[i] = y_total;
        t += y[i];  /* line 18 */
    }
    double dout_sum_2 = 0.0;
    for (long i = 0; i < 2; i++) {
        dout_sum_2 += 1.0;
    }
    for (long at = 0; at < n; at++) dz[at] = 0.0;
    for (long at = 0; at < n; at++) t_3[at] = 0.0;
    for (long at = 0; at < n; at++) dy[at] = 0.0;
    for (long j = 0; j < n; j++) {
        dz[j] = dout_sum_2 * y[j] + t;  /* line 17 */
        for (long i = 0; i < n; i++) {
            const double dz_product = dz[j] * x[i];
            t_3[i] += dz_product * y[j];
            dy[j] += dz_product * y[i];  /* line 16 */
        }
    }
    double out_sum = 0.0;
    double out_sum_2 = 0.0;
    double t_2 = 0.0;
    for (long at = 0; at < n; at++) dx[at] = 0.0;
    for (long j = 0; j < n; j++) {
        double z = 0.0;
        for (long i = 0; i < n; i++) {
            const double z_product = y[i] * y[j];  /* line 17 */
            z += z_product * x[i];
            dx[i] += dz[j] * z_product;
        }
        for (long i = 0; i < n; i++) {
            out_sum += z * y[i];  /* line 18 */
        }
        out_sum_2 += z * y[j];
        t_2 += z;
        dy[j] += dout_sum_2 * z;  /* line 16 */
    }
    double out_sum_3 = 0.0;
    for (long i = 0; i < 2; i++) {
        out_sum_3 += out_sum_2;  /* line 18 */
    }
    const double out = out_sum + out_sum_3;
    for (long i = 0; i < n; i++) {
        dy[i] += t_2 + t_3[i];  /* line 16 */
    }
    for (long i = 0; i < n; i++) {
        const double t_4 = dy[i] * x[i];
        for (long j = 0; j < n; j++) {
            dx[i] += dy[i] * x[j];
            dx[j] += t_4;
        }
    }
    return out;
}

/* nested of capture.mg, line 20. */
double nested(const double *x, long n, double *work) {
    /* work holds n numbers */
    double *y = work;
    for (long at = 0; at < n; at++) y[at] = 0.0;
    for (long i = 0; i < n; i++) {
        y[i] = sin(x[i]);  /* line 21 */
    }
    double out_sum_3 = 0.0;
    for (long i = 0; i < n; i++) {
        double out_sum = 0.0;
        for (long k = 0; k < n; k++) {
            out_sum += y[k] * y[i];  /* line 22 */
        }
        double out_sum_2 = 0.0;
        for (long j = 0; j < n; j++) {
            out_sum_2 += y[j] * out_sum;
        }
        out_sum_3 += y[i] * out_sum_2;
    }
    return out_sum_3;
}

/* nested of capture.mg, line 20, and its derivatives. */
double nested_value_and_grad(const double *x, long n, double *work, double *dx) {
    /* work holds n + n + n numbers */
    double *y = work;
    work += n;
    double *t_3 = work;
    work += n;
    double *dy = work;
    for (long at = 0; at < n; at++) y[at] = 0.0;
    for (long i = 0; i < n; i++) {
        y[i] = sin(x[i]);  /* line 21 */
    }
    for (long at = 0; at < n; at++) t_3[at] = 0.0;
    for (long at = 0; at < n; at++) dy[at] = 0.0;
    for (long i = 0; i < n; i++) {
        double dout_sum = 0.0;
        for (long j = 0; j < n; j++) {
            dout_sum += y[i] * y[j];  /* line 22 */
        }
        const double t_2 = dout_sum * y[i];
        double t_3_total = 0.0;
        for (long k = 0; k < n; k++) {
            t_3_total += dout_sum * y[k];
            dy[k] += t_2;  /* line 21 */
        }
        t_3[i] = t_3_total;
    }
    double out = 0.0;
    for (long i = 0; i < n; i++) {
        double out_sum = 0.0;
        for (long k = 0; k < n; k++) {
            out_sum += y[k] * y[i];  /* line 22 */
        }
        double out_sum_2 = 0.0;
        for (long j = 0; j < n; j++) {
            out_sum_2 += y[j] * out_sum;
        }
        out += y[i] * out_sum_2;
        const double t = y[i] * out_sum;
        dy[i] += out_sum_2 + t_3[i];  /* line 21 */
        for (long j = 0; j < n; j++) {
            dy[j] += t;
        }
    }
    for (long at = 0; at < n; at++) dx[at] = 0.0;
    for (long i = 0; i < n; i++) {
        dx[i] = dy[i] * cos(x[i]);
    }
    return out;
}

/* swapped of capture.mg, line 24. */
double swapped(const double *A, long n, double *work) {
    /* work holds n * n + n * n numbers */
    double *B = work;
    work += n * n;
    double *C = work;
    for (long at = 0; at < n * n; at++) B[at] = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < n; j++) {
            B[i * n + j] = A[j * n + i] * A[i * n + j];  /* line 25 */
        }
    }
    for (long at = 0; at < n * n; at++) C[at] = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < n; j++) {
            C[j * n + i] = B[i * n + j] + B[j * n + j];  /* line 26 */
        }
    }
    double out_sum = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < n; j++) {
            out_sum += C[j * n + i] * B[i * n + i] * C[i * n + j];  /* line 27 */
        }
    }
    return out_sum;
}

/* swapped of capture.mg, line 24, and its derivatives. */
double swapped_value_and_grad(const double *A, long n, double *work, double *dA) {
    /* work holds n * n + n * n + n * n + n * n + n * n numbers */
    double *B = work;
    work += n * n;
    double *C = work;
    work += n * n;
    double *out_product = work;
    work += n * n;
    double *dC = work;
    work += n * n;
    double *dB = work;
    for (long at = 0; at < n * n; at++) B[at] = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < n; j++) {
            B[i * n + j] = A[j * n + i] * A[i * n + j];  /* line 25 */
        }
    }
    for (long at = 0; at < n * n; at++) C[at] = 0.0;
    for (long at = 0; at < n * n; at++) out_product[at] = 0.0;
    for (long at = 0; at < n * n; at++) dC[at] = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < n; j++) {
            C[j * n + i] = B[i * n + j] + B[j * n + j];  /* line 26 */
            out_product[i * n + j] = C[j * n + i] * B[i * n + i];  /* line 27 */
            dC[i * n + j] += out_product[i * n + j];  /* line 26 */
        }
    }
    double out = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < n; j++) {
            out += out_product[i * n + j] * C[i * n + j];  /* line 27 */
        }
    }
    for (long at = 0; at < n * n; at++) dB[at] = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < n; j++) {
            dC[j * n + i] += C[i * n + j] * B[i * n + i];  /* line 26 */
            dB[i * n + i] += C[i * n + j] * C[j * n + i];  /* line 25 */
        }
    }
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < n; j++) {
            dB[i * n + j] += dC[j * n + i];
            dB[j * n + j] += dC[j * n + i];
        }
    }
    for (long at = 0; at < n * n; at++) dA[at] = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < n; j++) {
            dA[i * n + j] += dB[i * n + j] * A[j * n + i];
            dA[j * n + i] += dB[i * n + j] * A[i * n + j];
        }
    }
    return out;
}

/* double of capture.mg, line 29. */
void double_(double x, double *out_values) {
    for (long at = 0; at < 3; at++) out_values[at] = 0.0;
    for (long k = 0; k < 3; k++) {
        out_values[k] = x * k;  /* line 30 */
    }
}

/* double of capture.mg, line 29, and its derivatives. */
void double_vjp(double x, const double *dout, double *out, double *dx_out) {
    for (long at = 0; at < 3; at++) out[at] = 0.0;
    for (long k = 0; k < 3; k++) {
        out[k] = x * k;  /* line 30 */
    }
    double dx = 0.0;
    for (long k = 0; k < 3; k++) {
        dx += dout[k] * k;
    }
    *dx_out = dx;
}

/* called_twice of capture.mg, line 32. */
double called_twice(double x, double y) {
    double b[3];
    for (long at = 0; at < 3; at++) b[at] = 0.0;
    for (long k = 0; k < 3; k++) {
        b[k] = y * k;  /* line 30 */
    }
    double out_sum = 0.0;
    double out_sum_2 = 0.0;
    for (long k = 0; k < 3; k++) {
        const double a = x * k;
        for (long i = 0; i < 3; i++) {
            out_sum += a * b[i];  /* line 35 */
        }
        out_sum_2 += a * b[k];
    }
    return out_sum + out_sum_2;
}

/* called_twice of capture.mg, line 32, and its derivatives. */
double called_twice_value_and_grad(double x, double y, double *dx_out, double *dy_out) {
    double a[3];
    for (long at = 0; at < 3; at++) a[at] = 0.0;
    double t_2 = 0.0;
    double db[3];
    for (long at = 0; at < 3; at++) db[at] = 0.0;
    for (long k = 0; k < 3; k++) {
        a[k] = x * k;  /* line 30 */
        t_2 += a[k];  /* line 35 */
        db[k] += a[k];  /* line 30 */
    }
    double b[3];
    for (long at = 0; at < 3; at++) b[at] = 0.0;
    double t = 0.0;
    for (long k = 0; k < 3; k++) {
        b[k] = y * k;
        t += b[k];  /* line 35 */
    }
    double out_sum = 0.0;
    double out_sum_2 = 0.0;
    for (long k = 0; k < 3; k++) {
        for (long i = 0; i < 3; i++) {
            out_sum += a[k] * b[i];
        }
        out_sum_2 += a[k] * b[k];
    }
    const double out = out_sum + out_sum_2;
    for (long k = 0; k < 3; k++) {
        db[k] += t_2;  /* line 30 */
    }
    double dy = 0.0;
    for (long k = 0; k < 3; k++) {
        dy += db[k] * k;
    }
    double dx = 0.0;
    for (long k = 0; k < 3; k++) {
        const double da = b[k] + t;
        dx += da * k;
    }
    *dx_out = dx;
    *dy_out = dy;
    return out;
}

/* distances of capture.mg, line 37. */
double distances(const double *x, long n, long d) {
    double out_sum_2 = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < n; j++) {
            double out_sum = 0.0;
            for (long k = 0; k < d; k++) {
                const double out_difference = x[i * d + k] - x[j * d + k];  /* line 38 */
                out_sum += out_difference * out_difference;
            }
            out_sum_2 += sqrt(out_sum + 1.0);
        }
    }
    return out_sum_2;
}

/* distances of capture.mg, line 37, and its derivatives. */
double distances_value_and_grad(const double *x, long n, long d, double *work, double *dx) {
    /* work holds d numbers */
    double *out_difference = work;
    double out = 0.0;
    for (long at = 0; at < n * d; at++) dx[at] = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < n; j++) {
            for (long at = 0; at < d; at++) out_difference[at] = 0.0;
            double out_sum = 0.0;
            for (long k = 0; k < d; k++) {
                out_difference[k] = x[i * d + k] - x[j * d + k];  /* line 38 */
                out_sum += out_difference[k] * out_difference[k];
            }
            const double out_sqrt = sqrt(out_sum + 1.0);
            out += out_sqrt;
            const double dout_sum = 0.5 / out_sqrt;
            for (long k = 0; k < d; k++) {
                const double dout_difference = dout_sum * (2.0 * out_difference[k]);
                dx[i * d + k] += dout_difference;
                dx[j * d + k] += -dout_difference;
            }
        }
    }
    return out;
}

/* attention of capture.mg, line 40. */
void attention(
    const double *Q, const double *K, const double *V, long t, long d, long s, double *work, double *out_sum_2
) {
    /* work holds s + s + s numbers */
    double *v = work;
    work += s;
    double *weight = work;
    work += s;
    double *out_ratio = work;
    const double weight_sqrt = sqrt(d);  /* line 41 */
    for (long at = 0; at < t * d; at++) out_sum_2[at] = 0.0;
    for (long i = 0; i < t; i++) {
        for (long at = 0; at < s; at++) v[at] = 0.0;
        double largest = -INFINITY;
        for (long j = 0; j < s; j++) {
            double weight_sum = 0.0;
            for (long k = 0; k < d; k++) {
                weight_sum += Q[i * d + k] * K[j * d + k];
            }
            v[j] = weight_sum / weight_sqrt;
            if (v[j] > largest || v[j] != v[j]) largest = v[j];
        }
        for (long at = 0; at < s; at++) weight[at] = 0.0;
        double out_sum = 0.0;
        for (long j = 0; j < s; j++) {
            weight[j] = exp(v[j] - largest);
            out_sum += weight[j];
        }
        for (long at = 0; at < s; at++) out_ratio[at] = 0.0;
        for (long j = 0; j < s; j++) {
            out_ratio[j] = weight[j] / out_sum;
        }
        for (long c = 0; c < d; c++) {
            double out_sum_2_total = 0.0;
            for (long j = 0; j < s; j++) {
                out_sum_2_total += out_ratio[j] * V[j * d + c];
            }
            out_sum_2[i * d + c] = out_sum_2_total;
        }
    }
}

/* attention of capture.mg, line 40, and its derivatives. */
void attention_vjp(
    const double *Q, const double *K, const double *V, const double *dout, long t, long d, long s,
    double *work, double *out, double *dQ, double *dK, double *dV
) {
    /* work holds t * s + s + s + s numbers */
    double *dout_ratio = work;
    work += t * s;
    double *v = work;
    work += s;
    double *weight = work;
    work += s;
    double *out_ratio = work;
    const double weight_sqrt = sqrt(d);  /* line 41 */
    for (long at = 0; at < t * s; at++) dout_ratio[at] = 0.0;
    for (long i = 0; i < t; i++) {
        for (long c = 0; c < d; c++) {
            for (long j = 0; j < s; j++) {
                dout_ratio[i * s + j] += dout[i * d + c] * V[j * d + c];
            }
        }
    }
    for (long at = 0; at < t * d; at++) out[at] = 0.0;
    for (long at = 0; at < t * d; at++) dQ[at] = 0.0;
    for (long at = 0; at < s * d; at++) dK[at] = 0.0;
    for (long at = 0; at < s * d; at++) dV[at] = 0.0;
    for (long i = 0; i < t; i++) {
        for (long at = 0; at < s; at++) v[at] = 0.0;
        double largest = -INFINITY;
        for (long j = 0; j < s; j++) {
            double weight_sum = 0.0;
            for (long k = 0; k < d; k++) {
                weight_sum += Q[i * d + k] * K[j * d + k];
            }
            v[j] = weight_sum / weight_sqrt;
            if (v[j] > largest || v[j] != v[j]) largest = v[j];
        }
        for (long at = 0; at < s; at++) weight[at] = 0.0;
        double out_sum = 0.0;
        for (long j = 0; j < s; j++) {
            weight[j] = exp(v[j] - largest);
            out_sum += weight[j];
        }
        for (long at = 0; at < s; at++) out_ratio[at] = 0.0;
        double dout_sum = 0.0;
        for (long j = 0; j < s; j++) {
            out_ratio[j] = weight[j] / out_sum;
            dout_sum += dout_ratio[i * s + j] * (-out_ratio[j] / out_sum);
        }
        for (long c = 0; c < d; c++) {
            double out_total = 0.0;
            for (long j = 0; j < s; j++) {
                out_total += out_ratio[j] * V[j * d + c];
            }
            out[i * d + c] = out_total;
        }
        for (long j = 0; j < s; j++) {
            const double dweight = dout_ratio[i * s + j] / out_sum + dout_sum;
            if (dweight != 0.0) {
                const double dweight_sum = dweight * weight[j] / weight_sqrt;
                for (long k = 0; k < d; k++) {
                    dQ[i * d + k] += dweight_sum * K[j * d + k];
                    dK[j * d + k] += dweight_sum * Q[i * d + k];
                }
            }
        }
        for (long c = 0; c < d; c++) {
            for (long j = 0; j < s; j++) {
                dV[j * d + c] += dout[i * d + c] * out_ratio[j];
            }
        }
    }
}

/* stored_row of capture.mg, line 43. */
double stored_row(const double *x, long k, long d, double *work) {
    /* work holds k numbers */
    double *v = work;
    for (long at = 0; at < k; at++) v[at] = 0.0;
    double largest = -INFINITY;
    for (long c = 0; c < k; c++) {
        double v_total = 0.0;
        for (long r = 0; r < d; r++) {
            const double ties_sin = sin(x[c * d + r]);  /* line 44 */
            v_total += ties_sin * ties_sin;
        }
        v[c] = v_total;
        if (v[c] > largest || v[c] != v[c]) largest = v[c];
    }
    double out_chosen = 0;
    if (!(largest == -INFINITY)) {
        if (largest == INFINITY) {
            out_chosen = largest;
        } else {
            double others = 0.0;
            double ties = 0.0;
            for (long c = 0; c < k; c++) {
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
    return largest == -INFINITY ? largest : out_chosen;
}

/* stored_row of capture.mg, line 43, and its derivatives. */
double stored_row_value_and_grad(const double *x, long k, long d, double *work, double *dx) {
    /* work holds k * d + k + k * d + k + k numbers */
    double *ties_sin = work;
    work += k * d;
    double *v = work;
    work += k;
    double *dties_in = work;
    work += k * d;
    double *dv = work;
    work += k;
    double *weight = work;
    for (long at = 0; at < k * d; at++) ties_sin[at] = 0.0;
    for (long at = 0; at < k; at++) v[at] = 0.0;
    double largest = -INFINITY;
    for (long c = 0; c < k; c++) {
        double v_total = 0.0;
        for (long r = 0; r < d; r++) {
            ties_sin[c * d + r] = sin(x[c * d + r]);  /* line 44 */
            v_total += ties_sin[c * d + r] * ties_sin[c * d + r];
        }
        v[c] = v_total;
        if (v[c] > largest || v[c] != v[c]) largest = v[c];
    }
    double out = 0;
    for (long at = 0; at < k * d; at++) dties_in[at] = 0.0;
    if (largest == -INFINITY) {
        out = largest;
    } else {
        double ties = 0.0;
        for (long c = 0; c < k; c++) {
            if (v[c] == largest) {
                ties += 1.0;
            }
        }
        double out_chosen = 0;
        for (long at = 0; at < k; at++) dv[at] = 0.0;
        if (!(largest == INFINITY)) {
            for (long at = 0; at < k; at++) weight[at] = 0.0;
            double others = 0.0;
            for (long c = 0; c < k; c++) {
                weight[c] = exp(v[c] - largest);
                others += v[c] == largest ? weight[c] - 1.0 : weight[c];
            }
            const double stable_in = others + (ties - 1.0);
            const double stable = largest + log1p(stable_in);
            out_chosen = stable;
            const double dothers = stable_in >= -1.0 ? 1.0 / (1.0 + stable_in) : NAN;
            for (long c = 0; c < k; c++) {
                const double t = dothers != 0.0 ? dothers * weight[c] : 0.0;
                dv[c] = t;
            }
        }
        if (largest == INFINITY) {
            out_chosen = largest;
        }
        out = out_chosen;
        if (largest == INFINITY) {
            for (long c = 0; c < k; c++) {
                dv[c] = v[c] == largest ? 1.0 / ties : 0.0;
            }
        }
        for (long c = 0; c < k; c++) {
            for (long r = 0; r < d; r++) {
                dties_in[c * d + r] = dv[c] * (2.0 * ties_sin[c * d + r]) * cos(x[c * d + r]);
            }
        }
    }
    for (long at = 0; at < k * d; at++) dx[at] = 0.0;
    for (long c = 0; c < k; c++) {
        for (long r = 0; r < d; r++) {
            dx[c * d + r] = largest == -INFINITY ? 0.0 : dties_in[c * d + r];
        }
    }
    return out;
}

/* kernel of capture.mg, line 46. */
double kernel(const double *x, const double *y, double c, long n, double *work) {
    /* work holds n * n + n numbers */
    double *G = work;
    work += n * n;
    double *out_sum = work;
    for (long at = 0; at < n * n; at++) G[at] = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < n; j++) {
            const double G_difference = x[i] - x[j];  /* line 47 */
            G[i * n + j] = exp(-c * (G_difference * G_difference));
        }
    }
    for (long at = 0; at < n; at++) out_sum[at] = 0.0;
    for (long j = 0; j < n; j++) {
        double out_sum_total = 0.0;
        for (long k = 0; k < n; k++) {
            out_sum_total += G[j * n + k] * y[k];  /* line 48 */
        }
        out_sum[j] = out_sum_total;
    }
    double out_sum_3 = 0.0;
    for (long i = 0; i < n; i++) {
        double out_sum_2 = 0.0;
        for (long j = 0; j < n; j++) {
            out_sum_2 += G[i * n + j] * out_sum[j];
        }
        out_sum_3 += y[i] * out_sum_2;
    }
    return out_sum_3;
}

/* kernel of capture.mg, line 46, and its derivatives. */
double kernel_value_and_grad(
    const double *x, const double *y, double c, long n, double *work, double *dx, double *dy, double *dc_out
) {
    /* work holds n * n + n * n + n * n + n + n + n * n numbers */
    double *G_difference = work;
    work += n * n;
    double *G_power = work;
    work += n * n;
    double *G = work;
    work += n * n;
    double *dout_sum = work;
    work += n;
    double *out_sum = work;
    work += n;
    double *dG = work;
    for (long at = 0; at < n * n; at++) G_difference[at] = 0.0;
    for (long at = 0; at < n * n; at++) G_power[at] = 0.0;
    for (long at = 0; at < n * n; at++) G[at] = 0.0;
    for (long at = 0; at < n; at++) dout_sum[at] = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < n; j++) {
            G_difference[i * n + j] = x[i] - x[j];  /* line 47 */
            G_power[i * n + j] = G_difference[i * n + j] * G_difference[i * n + j];
            G[i * n + j] = exp(-c * G_power[i * n + j]);
            dout_sum[j] += y[i] * G[i * n + j];  /* line 48 */
        }
    }
    for (long at = 0; at < n; at++) out_sum[at] = 0.0;
    for (long j = 0; j < n; j++) {
        double out_sum_total = 0.0;
        for (long k = 0; k < n; k++) {
            out_sum_total += G[j * n + k] * y[k];
        }
        out_sum[j] = out_sum_total;
    }
    double out = 0.0;
    for (long at = 0; at < n; at++) dy[at] = 0.0;
    for (long i = 0; i < n; i++) {
        double out_sum_2 = 0.0;
        for (long j = 0; j < n; j++) {
            out_sum_2 += G[i * n + j] * out_sum[j];
        }
        out += y[i] * out_sum_2;
        dy[i] += out_sum_2;
    }
    for (long at = 0; at < n * n; at++) dG[at] = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < n; j++) {
            dG[i * n + j] += y[i] * out_sum[j];  /* line 47 */
        }
    }
    for (long j = 0; j < n; j++) {
        for (long k = 0; k < n; k++) {
            dG[j * n + k] += dout_sum[j] * y[k];
            dy[k] += dout_sum[j] * G[j * n + k];
        }
    }
    double dneg_c = 0.0;
    for (long at = 0; at < n; at++) dx[at] = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < n; j++) {
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
    const double dc = -dneg_c;
    *dc_out = dc;
    return out;
}
