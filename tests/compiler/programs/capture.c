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
    /* work holds n + n numbers */
    double *y = work;
    work += n;
    double *z = work;
    for (long at = 0; at < n; at++) y[at] = 0.0;
    for (long i = 0; i < n; i++) {
        double y_total = 0.0;
        for (long j = 0; j < n; j++) {
            y_total += x[i] * x[j];  /* line 16 */
        }
        y[i] = y_total;
    }
    for (long at = 0; at < n; at++) z[at] = 0.0;
    double out_sum = 0.0;
    for (long i = 0; i < n; i++) {
        double z_total = 0.0;
        for (long k = 0; k < n; k++) {
            z_total += y[k] * y[i] * x[k];  /* line 17 */
        }
        z[i] = z_total;
        for (long j = 0; j < n; j++) {
            out_sum += z[i] * y[j];  /* line 18 */
        }
    }
    double out_sum_2 = 0.0;
    for (long j = 0; j < n; j++) {
        out_sum_2 += z[j] * y[j];
    }
    double out_sum_3 = 0.0;
    for (long i = 0; i < 2; i++) {
        out_sum_3 += out_sum_2;
    }
    return out_sum + out_sum_3;
}

/* reused of capture.mg, line 15, and its derivatives. */
double reused_value_and_grad(const double *x, long n, double *work, double *dx) {
    /* work holds n + n * n + n + n + n * n + n + n + n + n + n + n + n numbers */
    double *y = work;
    work += n;
    double *z_product = work;
    work += n * n;
    double *z = work;
    work += n;
    double *dz_2 = work;
    work += n;
    double *dz_product_2 = work;
    work += n * n;
    double *t_2 = work;
    work += n;
    double *dz_product_3 = work;
    work += n;
    double *t_5 = work;
    work += n;
    double *dy_product = work;
    work += n;
    double *t_3 = work;
    work += n;
    double *t_4 = work;
    work += n;
    double *t_6 = work;
    for (long at = 0; at < n; at++) y[at] = 0.0;
    for (long i = 0; i < n; i++) {
        double y_total = 0.0;
        for (long j = 0; j < n; j++) {
            y_total += x[i] * x[j];  /* line 16 */
        }
        y[i] = y_total;
    }
    for (long at = 0; at < n * n; at++) z_product[at] = 0.0;
    for (long at = 0; at < n; at++) z[at] = 0.0;
    double out_sum = 0.0;
    double dy_product_2 = 0.0;
    for (long i = 0; i < n; i++) {
        double z_total = 0.0;
        for (long k = 0; k < n; k++) {
            z_product[i * n + k] = y[k] * y[i];  /* line 17 */
            z_total += z_product[i * n + k] * x[k];
        }
        z[i] = z_total;
        for (long j = 0; j < n; j++) {
            out_sum += z[i] * y[j];  /* line 18 */
        }
        dy_product_2 += z[i];
    }
    double out_sum_2 = 0.0;
    for (long j = 0; j < n; j++) {
        out_sum_2 += z[j] * y[j];
    }
    double out_sum_3 = 0.0;
    for (long i = 0; i < 2; i++) {
        out_sum_3 += out_sum_2;
    }
    const double out = out_sum + out_sum_3;
    double dout_sum_2 = 0.0;
    for (long i = 0; i < 2; i++) {
        dout_sum_2 += 1.0;
    }
    for (long at = 0; at < n; at++) dz_2[at] = 0.0;
    for (long j = 0; j < n; j++) {
        dz_2[j] = dout_sum_2 * y[j];
    }
    double dz_3 = 0.0;
    for (long j = 0; j < n; j++) {
        dz_3 += y[j];
    }
    for (long at = 0; at < n * n; at++) dz_product_2[at] = 0.0;
    for (long at = 0; at < n; at++) t_2[at] = 0.0;
    for (long at = 0; at < n; at++) dz_product_3[at] = 0.0;
    double dy_product_3 = 0.0;
    for (long at = 0; at < n; at++) dx[at] = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < n; j++) {
            dz_product_2[i * n + j] = dz_2[j] * x[i];  /* line 17 */
            t_2[j] += dz_product_2[i * n + j] * y[i];
            dx[i] += dz_2[j] * z_product[j * n + i];
        }
        dz_product_3[i] = dz_3 * x[i];
        dy_product_3 += dz_product_3[i] * y[i];
    }
    for (long at = 0; at < n; at++) t_5[at] = 0.0;
    for (long i = 0; i < n; i++) {
        for (long k = 0; k < n; k++) {
            t_5[k] += dz_product_3[k] * y[i];
        }
    }
    for (long i = 0; i < n; i++) {
        double t = 0.0;
        for (long j = 0; j < n; j++) {
            t += dz_product_2[i * n + j] * y[j];
        }
        const double dy_product_4 = t + t_5[i];  /* line 16 */
        const double t_7 = dy_product_4 * x[i];
        for (long j = 0; j < n; j++) {
            dx[i] += dy_product_4 * x[j];
            dx[j] += t_7;
        }
    }
    for (long at = 0; at < n; at++) dy_product[at] = 0.0;
    for (long at = 0; at < n; at++) t_3[at] = 0.0;
    for (long j = 0; j < n; j++) {
        dy_product[j] = dout_sum_2 * z[j] + t_2[j];
        t_3[j] = dy_product[j] * x[j];
    }
    for (long at = 0; at < n; at++) t_4[at] = 0.0;
    for (long j = 0; j < n; j++) {
        t_4[j] = dy_product_2 * x[j];
        for (long k = 0; k < n; k++) {
            dx[k] += t_4[j];
        }
    }
    for (long at = 0; at < n; at++) t_6[at] = 0.0;
    for (long j = 0; j < n; j++) {
        t_6[j] = dy_product_3 * x[j];
        for (long k = 0; k < n; k++) {
            dx[j] += t_4[k];
        }
    }
    for (long j = 0; j < n; j++) {
        for (long k = 0; k < n; k++) {
            dx[k] += dy_product[k] * x[j];
            dx[j] += t_3[k];
        }
    }
    for (long i = 0; i < n; i++) {
        for (long k = 0; k < n; k++) {
            dx[k] += dz_3 * z_product[i * n + k];
        }
    }
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < n; j++) {
            dx[i] += t_6[j];
            dx[j] += t_6[i];
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
    /* work holds n + n * n + n + n numbers */
    double *y = work;
    work += n;
    double *out_product = work;
    work += n * n;
    double *out_sum_2 = work;
    work += n;
    double *t_2 = work;
    for (long at = 0; at < n; at++) y[at] = 0.0;
    for (long i = 0; i < n; i++) {
        y[i] = sin(x[i]);  /* line 21 */
    }
    for (long at = 0; at < n * n; at++) out_product[at] = 0.0;
    for (long at = 0; at < n; at++) out_sum_2[at] = 0.0;
    double out = 0.0;
    double dy_2 = 0.0;
    for (long i = 0; i < n; i++) {
        double out_sum = 0.0;
        for (long k = 0; k < n; k++) {
            out_product[i * n + k] = y[k] * y[i];  /* line 22 */
            out_sum += out_product[i * n + k];
        }
        double out_sum_2_total = 0.0;
        for (long j = 0; j < n; j++) {
            out_sum_2_total += y[j] * out_sum;
        }
        out_sum_2[i] = out_sum_2_total;
        out += y[i] * out_sum_2[i];
        dy_2 += y[i] * out_sum;
    }
    for (long at = 0; at < n; at++) t_2[at] = 0.0;
    for (long k = 0; k < n; k++) {
        t_2[k] = cos(x[k]);  /* line 21 */
    }
    double dy_3 = 0.0;
    for (long at = 0; at < n; at++) dx[at] = 0.0;
    for (long i = 0; i < n; i++) {
        double dout_sum = 0.0;
        for (long j = 0; j < n; j++) {
            dout_sum += out_product[j * n + i];  /* line 22 */
        }
        dy_3 += dout_sum * y[i];
        double t = 0.0;
        for (long k = 0; k < n; k++) {
            t += dout_sum * y[k];
        }
        const double dy_4 = out_sum_2[i] + t;  /* line 21 */
        dx[i] += dy_4 * t_2[i];
    }
    for (long k = 0; k < n; k++) {
        dx[k] += dy_3 * t_2[k];
    }
    for (long j = 0; j < n; j++) {
        dx[j] += dy_2 * t_2[j];
    }
    return out;
}

/* swapped of capture.mg, line 24. */
double swapped(const double *A, long n, double *work) {
    /* work holds n + n * n numbers */
    double *B = work;
    work += n;
    double *C = work;
    for (long at = 0; at < n; at++) B[at] = 0.0;
    for (long at = 0; at < n * n; at++) C[at] = 0.0;
    for (long i = 0; i < n; i++) {
        B[i] = A[i * n + i] * A[i * n + i];  /* line 25 */
        for (long j = 0; j < n; j++) {
            const double B_2 = A[i * n + j] * A[j * n + i];
            C[i * n + j] = B_2 + B[i];  /* line 26 */
        }
    }
    double out_sum = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < n; j++) {
            out_sum += C[i * n + j] * B[j] * C[j * n + i];  /* line 27 */
        }
    }
    return out_sum;
}

/* swapped of capture.mg, line 24, and its derivatives. */
double swapped_value_and_grad(const double *A, long n, double *work, double *dA) {
    /* work holds n + n * n + n * n + n + n numbers */
    double *B = work;
    work += n;
    double *C = work;
    work += n * n;
    double *dC_2 = work;
    work += n * n;
    double *t_2 = work;
    work += n;
    double *t = work;
    for (long at = 0; at < n; at++) B[at] = 0.0;
    for (long at = 0; at < n * n; at++) C[at] = 0.0;
    for (long i = 0; i < n; i++) {
        B[i] = A[i * n + i] * A[i * n + i];  /* line 25 */
        for (long j = 0; j < n; j++) {
            const double B_2 = A[i * n + j] * A[j * n + i];
            C[i * n + j] = B_2 + B[i];  /* line 26 */
        }
    }
    for (long at = 0; at < n * n; at++) dC_2[at] = 0.0;
    for (long at = 0; at < n; at++) t_2[at] = 0.0;
    for (long at = 0; at < n * n; at++) dA[at] = 0.0;
    for (long i = 0; i < n; i++) {
        double dB_4 = 0.0;
        for (long j = 0; j < n; j++) {
            dC_2[i * n + j] = C[j * n + i] * B[j];  /* line 27 */
            t_2[j] += C[j * n + i] * C[i * n + j];
            dB_4 += dC_2[i * n + j];  /* line 26 */
        }
        const double t_4 = dB_4 * A[i * n + i];  /* line 25 */
        dA[i * n + i] += t_4 + t_4;
    }
    double out = 0.0;
    for (long at = 0; at < n; at++) t[at] = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < n; j++) {
            const double out_product = C[i * n + j] * B[j];  /* line 27 */
            out += out_product * C[j * n + i];
            t[j] += out_product;  /* line 26 */
            dA[i * n + j] += out_product * A[j * n + i] + dC_2[i * n + j] * A[j * n + i];
            dA[j * n + i] += out_product * A[i * n + j] + dC_2[i * n + j] * A[i * n + j];
        }
    }
    for (long j = 0; j < n; j++) {
        const double dB_3 = t[j] + t_2[j];  /* line 25 */
        const double t_3 = dB_3 * A[j * n + j];
        dA[j * n + j] += t_3 + t_3;
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
    double a[3];
    for (long at = 0; at < 3; at++) a[at] = 0.0;
    for (long k = 0; k < 3; k++) {
        a[k] = x * k;  /* line 30 */
    }
    double b[3];
    for (long at = 0; at < 3; at++) b[at] = 0.0;
    for (long j = 0; j < 3; j++) {
        b[j] = y * j;
    }
    double out_sum = 0.0;
    for (long i = 0; i < 3; i++) {
        for (long j = 0; j < 3; j++) {
            out_sum += a[i] * b[j];  /* line 35 */
        }
    }
    double out_sum_2 = 0.0;
    for (long k = 0; k < 3; k++) {
        out_sum_2 += a[k] * b[k];
    }
    return out_sum + out_sum_2;
}

/* called_twice of capture.mg, line 32, and its derivatives. */
double called_twice_value_and_grad(double x, double y, double *dx_out, double *dy_out) {
    double a[3];
    for (long at = 0; at < 3; at++) a[at] = 0.0;
    double t = 0.0;
    for (long k = 0; k < 3; k++) {
        a[k] = x * k;  /* line 30 */
        t += a[k] * k;
    }
    double b[3];
    for (long at = 0; at < 3; at++) b[at] = 0.0;
    double da_2 = 0.0;
    for (long j = 0; j < 3; j++) {
        b[j] = y * j;
        da_2 += b[j];  /* line 35 */
    }
    double out_sum = 0.0;
    for (long i = 0; i < 3; i++) {
        for (long j = 0; j < 3; j++) {
            out_sum += a[i] * b[j];
        }
    }
    double out_sum_2 = 0.0;
    for (long k = 0; k < 3; k++) {
        out_sum_2 += a[k] * b[k];
    }
    const double out = out_sum + out_sum_2;
    double db_2 = 0.0;
    double t_3 = 0.0;
    for (long i = 0; i < 3; i++) {
        db_2 += a[i];
        t_3 += da_2 * i;  /* line 30 */
    }
    double t_2 = 0.0;
    for (long j = 0; j < 3; j++) {
        t_2 += db_2 * j;
    }
    double t_4 = 0.0;
    for (long k = 0; k < 3; k++) {
        t_4 += b[k] * k;
    }
    const double dx = t_3 + t_4;
    const double dy = t + t_2;
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
    const double *Q, const double *K, const double *V, long t, long d, long s, double *work, double *out_sum
) {
    /* work holds s + s + s numbers */
    double *largest_ratio = work;
    work += s;
    double *weight = work;
    work += s;
    double *out_ratio = work;
    const double weight_sqrt = sqrt(d);  /* line 41 */
    for (long at = 0; at < t * d; at++) out_sum[at] = 0.0;
    for (long i = 0; i < t; i++) {
        for (long at = 0; at < s; at++) largest_ratio[at] = 0.0;
        double largest = -INFINITY;
        for (long j = 0; j < s; j++) {
            double largest_sum = 0.0;
            for (long k = 0; k < d; k++) {
                largest_sum += Q[i * d + k] * K[j * d + k];
            }
            largest_ratio[j] = largest_sum / weight_sqrt;
            if (largest_ratio[j] > largest || largest_ratio[j] != largest_ratio[j]) largest = largest_ratio[j];
        }
        for (long at = 0; at < s; at++) weight[at] = 0.0;
        double total = 0.0;
        for (long k = 0; k < s; k++) {
            weight[k] = exp(largest_ratio[k] - largest);
            total += weight[k];
        }
        for (long at = 0; at < s; at++) out_ratio[at] = 0.0;
        for (long j = 0; j < s; j++) {
            out_ratio[j] = weight[j] / total;
        }
        for (long c = 0; c < d; c++) {
            double out_sum_total = 0.0;
            for (long j = 0; j < s; j++) {
                out_sum_total += out_ratio[j] * V[j * d + c];
            }
            out_sum[i * d + c] = out_sum_total;
        }
    }
}

/* attention of capture.mg, line 40, and its derivatives. */
void attention_vjp(
    const double *Q, const double *K, const double *V, const double *dout, long t, long d, long s,
    double *work, double *out, double *dQ, double *dK, double *dV
) {
    /* work holds t * s + d * s + s + s + s + s numbers */
    double *dout_ratio = work;
    work += t * s;
    double *t_2 = work;
    work += d * s;
    double *largest_ratio = work;
    work += s;
    double *weight = work;
    work += s;
    double *out_ratio = work;
    work += s;
    double *dweight_sum_2 = work;
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
    for (long at = 0; at < d * s; at++) t_2[at] = 0.0;
    for (long i = 0; i < t; i++) {
        for (long at = 0; at < s; at++) largest_ratio[at] = 0.0;
        double largest = -INFINITY;
        for (long j = 0; j < s; j++) {
            double largest_sum = 0.0;
            for (long k = 0; k < d; k++) {
                largest_sum += Q[i * d + k] * K[j * d + k];
            }
            largest_ratio[j] = largest_sum / weight_sqrt;
            if (largest_ratio[j] > largest || largest_ratio[j] != largest_ratio[j]) largest = largest_ratio[j];
        }
        for (long at = 0; at < s; at++) weight[at] = 0.0;
        double total = 0.0;
        for (long k = 0; k < s; k++) {
            weight[k] = exp(largest_ratio[k] - largest);
            total += weight[k];
        }
        for (long at = 0; at < s; at++) out_ratio[at] = 0.0;
        double dtotal = 0.0;
        for (long j = 0; j < s; j++) {
            out_ratio[j] = weight[j] / total;
            dtotal += dout_ratio[i * s + j] * (-out_ratio[j] / total);
        }
        for (long c = 0; c < d; c++) {
            double out_total = 0.0;
            for (long j = 0; j < s; j++) {
                out_total += out_ratio[j] * V[j * d + c];
            }
            out[i * d + c] = out_total;
        }
        for (long j = 0; j < s; j++) {
            const double dweight_2 = dout_ratio[i * s + j] / total;
            if (dweight_2 != 0.0) {
                const double dweight_sum = dweight_2 * weight[j] / weight_sqrt;
                for (long k = 0; k < d; k++) {
                    dQ[i * d + k] += dweight_sum * K[j * d + k];
                    dK[j * d + k] += dweight_sum * Q[i * d + k];
                }
            }
        }
        if (dtotal != 0.0) {
            for (long at = 0; at < s; at++) dweight_sum_2[at] = 0.0;
            for (long k = 0; k < s; k++) {
                dweight_sum_2[k] = dtotal * weight[k] / weight_sqrt;
            }
            for (long k = 0; k < d; k++) {
                for (long p = 0; p < s; p++) {
                    dQ[i * d + k] += dweight_sum_2[p] * K[p * d + k];
                    dK[p * d + k] += dweight_sum_2[p] * Q[i * d + k];
                }
            }
        }
        for (long c = 0; c < d; c++) {
            for (long j = 0; j < s; j++) {
                t_2[c * s + j] += dout[i * d + c] * out_ratio[j];
            }
        }
    }
    for (long at = 0; at < s * d; at++) dV[at] = 0.0;
    for (long c = 0; c < d; c++) {
        for (long j = 0; j < s; j++) {
            dV[j * d + c] = t_2[c * s + j];
        }
    }
}

/* stored_row of capture.mg, line 43. */
double stored_row(const double *x, long k, long d, double *work) {
    /* work holds k numbers */
    double *out_sum = work;
    for (long at = 0; at < k; at++) out_sum[at] = 0.0;
    double largest = -INFINITY;
    for (long c = 0; c < k; c++) {
        double out_sum_total = 0.0;
        for (long r = 0; r < d; r++) {
            const double out_sin = sin(x[c * d + r]);  /* line 44 */
            out_sum_total += out_sin * out_sin;
        }
        out_sum[c] = out_sum_total;
        if (out_sum[c] > largest || out_sum[c] != out_sum[c]) largest = out_sum[c];
    }
    double out_chosen = 0;
    if (!(largest == -INFINITY)) {
        if (largest == INFINITY) {
            out_chosen = largest;
        } else {
            double stable_sum = 0.0;
            for (long i = 0; i < k; i++) {
                stable_sum += exp(out_sum[i] - largest);
            }
            const double stable = largest + log(stable_sum);
            out_chosen = stable;
        }
    }
    return largest == -INFINITY ? largest : out_chosen;
}

/* stored_row of capture.mg, line 43, and its derivatives. */
double stored_row_value_and_grad(const double *x, long k, long d, double *work, double *dx) {
    /* work holds k * d + k + k + k numbers */
    double *out_sin = work;
    work += k * d;
    double *out_sum = work;
    work += k;
    double *stable_exp = work;
    work += k;
    double *dstable_in = work;
    for (long at = 0; at < k * d; at++) out_sin[at] = 0.0;
    for (long at = 0; at < k; at++) out_sum[at] = 0.0;
    double largest = -INFINITY;
    for (long c = 0; c < k; c++) {
        double out_sum_total = 0.0;
        for (long r = 0; r < d; r++) {
            out_sin[c * d + r] = sin(x[c * d + r]);  /* line 44 */
            out_sum_total += out_sin[c * d + r] * out_sin[c * d + r];
        }
        out_sum[c] = out_sum_total;
        if (out_sum[c] > largest || out_sum[c] != out_sum[c]) largest = out_sum[c];
    }
    double out = 0;
    for (long at = 0; at < k * d; at++) dx[at] = 0.0;
    if (largest == -INFINITY) {
        out = largest;
    } else {
        double out_chosen = 0;
        if (largest == INFINITY) {
            out_chosen = largest;
        } else {
            for (long at = 0; at < k; at++) stable_exp[at] = 0.0;
            double stable_sum = 0.0;
            for (long i = 0; i < k; i++) {
                stable_exp[i] = exp(out_sum[i] - largest);
                stable_sum += stable_exp[i];
            }
            const double stable = largest + log(stable_sum);
            out_chosen = stable;
            const double dstable_sum = stable_sum >= 0.0 ? 1.0 / stable_sum : NAN;
            if (dstable_sum != 0.0) {
                for (long at = 0; at < k; at++) dstable_in[at] = 0.0;
                for (long i = 0; i < k; i++) {
                    dstable_in[i] = dstable_sum * stable_exp[i];
                }
                for (long r = 0; r < d; r++) {
                    for (long i = 0; i < k; i++) {
                        const double dstable_in_2 = dstable_in[i] * (2.0 * out_sin[i * d + r]) * cos(x[i * d + r]);
                        dx[i * d + r] += dstable_in_2;
                    }
                }
            }
        }
        out = out_chosen;
    }
    if (!(largest == -INFINITY)) {
        if (largest == INFINITY) {
            double t = 0.0;
            for (long c = 0; c < k; c++) {
                if (out_sum[c] == largest) {
                    t += 1.0;
                }
            }
            for (long c = 0; c < k; c++) {
                if (out_sum[c] == largest) {
                    const double dout_sum_2 = 1.0 / t;
                    for (long r = 0; r < d; r++) {
                        const double dout_in = dout_sum_2 * (2.0 * out_sin[c * d + r]) * cos(x[c * d + r]);
                        dx[c * d + r] += dout_in;
                    }
                }
            }
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
    for (long at = 0; at < n; at++) out_sum[at] = 0.0;
    for (long j = 0; j < n; j++) {
        double out_sum_total = 0.0;
        for (long i = 0; i < n; i++) {
            const double G_difference = x[j] - x[i];  /* line 47 */
            G[j * n + i] = exp(-c * (G_difference * G_difference));
            out_sum_total += G[j * n + i] * y[i];  /* line 48 */
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
    /* work holds n * n + n * n + n * n + n + n numbers */
    double *G_difference = work;
    work += n * n;
    double *G_power = work;
    work += n * n;
    double *G = work;
    work += n * n;
    double *out_sum = work;
    work += n;
    double *dout_sum = work;
    for (long at = 0; at < n * n; at++) G_difference[at] = 0.0;
    for (long at = 0; at < n * n; at++) G_power[at] = 0.0;
    for (long at = 0; at < n * n; at++) G[at] = 0.0;
    for (long at = 0; at < n; at++) out_sum[at] = 0.0;
    for (long j = 0; j < n; j++) {
        double out_sum_total = 0.0;
        for (long i = 0; i < n; i++) {
            G_difference[j * n + i] = x[j] - x[i];  /* line 47 */
            G_power[j * n + i] = G_difference[j * n + i] * G_difference[j * n + i];
            G[j * n + i] = exp(-c * G_power[j * n + i]);
            out_sum_total += G[j * n + i] * y[i];  /* line 48 */
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
    for (long at = 0; at < n; at++) dout_sum[at] = 0.0;
    double t = 0.0;
    for (long at = 0; at < n; at++) dx[at] = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < n; j++) {
            const double dG_2 = y[i] * out_sum[j];
            dout_sum[j] += y[i] * G[i * n + j];
            if (dG_2 != 0.0) {
                const double dG_in = dG_2 * G[i * n + j];  /* line 47 */
                t += dG_in * G_power[i * n + j];
                const double dG_difference_2 = -dG_in * c * (2.0 * G_difference[i * n + j]);
                dx[i] += dG_difference_2;
                dx[j] += -dG_difference_2;
            }
        }
    }
    double t_2 = 0.0;
    for (long j = 0; j < n; j++) {
        for (long i = 0; i < n; i++) {
            const double dG_3 = dout_sum[j] * y[i];  /* line 48 */
            if (dG_3 != 0.0) {
                const double dG_in_2 = dG_3 * G[j * n + i];  /* line 47 */
                t_2 += dG_in_2 * G_power[j * n + i];
                const double dG_difference_3 = -dG_in_2 * c * (2.0 * G_difference[j * n + i]);
                dx[j] += dG_difference_3;
                dx[i] += -dG_difference_3;
            }
            dy[i] += dout_sum[j] * G[j * n + i];
        }
    }
    const double dc = -(t + t_2);
    *dc_out = dc;
    return out;
}
