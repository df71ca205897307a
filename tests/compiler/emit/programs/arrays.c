/* arrays.mg, compiled to C99: values and exact derivatives. */
#include <math.h>

static long floor_divide(long i, long n) {
    return n == 0 ? 0 : i / n - ((i % n != 0) && ((i < 0) != (n < 0)));
}

/* axpy of arrays.mg, line 2. */
void axpy(double a, const double *x, const double *y, long n, double *out_values) {
    for (long at = 0; at < n; at++) out_values[at] = 0.0;
    for (long i = 0; i < n; i++) {
        out_values[i] = a * x[i] + y[i];  /* line 3 */
    }
}

/* axpy of arrays.mg, line 2, and its derivatives. */
void axpy_vjp(
    double a, const double *x, const double *y, const double *dout, long n, double *out, double *da_out,
    double *dx, double *dy
) {
    for (long at = 0; at < n; at++) out[at] = 0.0;
    for (long i = 0; i < n; i++) {
        out[i] = a * x[i] + y[i];  /* line 3 */
    }
    for (long at = 0; at < n; at++) dy[at] = 0.0;
    double da = 0.0;
    for (long at = 0; at < n; at++) dx[at] = 0.0;
    for (long i = 0; i < n; i++) {
        dy[i] = dout[i];
        da += dout[i] * x[i];
        dx[i] = dout[i] * a;
    }
    *da_out = da;
}

/* outer of arrays.mg, line 5. */
void outer(const double *x, const double *y, long m, long n, double *out_values) {
    for (long at = 0; at < m * n; at++) out_values[at] = 0.0;
    for (long i = 0; i < m; i++) {
        for (long j = 0; j < n; j++) {
            out_values[i * n + j] = x[i] * y[j];  /* line 6 */
        }
    }
}

/* outer of arrays.mg, line 5, and its derivatives. */
void outer_vjp(
    const double *x, const double *y, const double *dout, long m, long n, double *out, double *dx, double *dy
) {
    for (long at = 0; at < m * n; at++) out[at] = 0.0;
    for (long i = 0; i < m; i++) {
        for (long j = 0; j < n; j++) {
            out[i * n + j] = x[i] * y[j];  /* line 6 */
        }
    }
    for (long at = 0; at < m; at++) dx[at] = 0.0;
    for (long at = 0; at < n; at++) dy[at] = 0.0;
    for (long i = 0; i < m; i++) {
        double dx_total = 0.0;
        for (long j = 0; j < n; j++) {
            dx_total += dout[i * n + j] * y[j];
            dy[j] += dout[i * n + j] * x[i];
        }
        dx[i] = dx_total;
    }
}

/* affine of arrays.mg, line 8. */
void affine(const double *W, const double *x, const double *b, long m, long n, double *out_values) {
    for (long at = 0; at < m; at++) out_values[at] = 0.0;
    for (long i = 0; i < m; i++) {
        double out_sum = 0.0;
        for (long j = 0; j < n; j++) {
            out_sum += W[i * n + j] * x[j];  /* line 9 */
        }
        out_values[i] = out_sum + b[i];
    }
}

/* affine of arrays.mg, line 8, and its derivatives. */
void affine_vjp(
    const double *W, const double *x, const double *b, const double *dout, long m, long n, double *out,
    double *dW, double *dx, double *db
) {
    for (long at = 0; at < m; at++) out[at] = 0.0;
    for (long i = 0; i < m; i++) {
        double out_sum = 0.0;
        for (long j = 0; j < n; j++) {
            out_sum += W[i * n + j] * x[j];  /* line 9 */
        }
        out[i] = out_sum + b[i];
    }
    for (long at = 0; at < m; at++) db[at] = 0.0;
    for (long at = 0; at < m * n; at++) dW[at] = 0.0;
    for (long at = 0; at < n; at++) dx[at] = 0.0;
    for (long i = 0; i < m; i++) {
        db[i] = dout[i];
        for (long j = 0; j < n; j++) {
            dW[i * n + j] = dout[i] * x[j];
            dx[j] += dout[i] * W[i * n + j];
        }
    }
}

/* chain of arrays.mg, line 11. */
void chain(
    const double *A, const double *B, const double *x, long m, long n, long k, double *work, double *out_sum_2
) {
    /* work holds n numbers */
    double *out_sum = work;
    for (long at = 0; at < n; at++) out_sum[at] = 0.0;
    for (long i = 0; i < n; i++) {
        double out_sum_total = 0.0;
        for (long j = 0; j < k; j++) {
            out_sum_total += B[i * k + j] * x[j];  /* line 12 */
        }
        out_sum[i] = out_sum_total;
    }
    for (long at = 0; at < m; at++) out_sum_2[at] = 0.0;
    for (long i = 0; i < m; i++) {
        double out_sum_2_total = 0.0;
        for (long j = 0; j < n; j++) {
            out_sum_2_total += A[i * n + j] * out_sum[j];
        }
        out_sum_2[i] = out_sum_2_total;
    }
}

/* chain of arrays.mg, line 11, and its derivatives. */
void chain_vjp(
    const double *A, const double *B, const double *x, const double *dout, long m, long n, long k,
    double *work, double *out, double *dA, double *dB, double *dx
) {
    /* work holds n + n numbers */
    double *out_sum = work;
    work += n;
    double *dout_sum = work;
    for (long at = 0; at < n; at++) out_sum[at] = 0.0;
    for (long i = 0; i < n; i++) {
        double out_sum_total = 0.0;
        for (long j = 0; j < k; j++) {
            out_sum_total += B[i * k + j] * x[j];  /* line 12 */
        }
        out_sum[i] = out_sum_total;
    }
    for (long at = 0; at < m; at++) out[at] = 0.0;
    for (long i = 0; i < m; i++) {
        double out_total = 0.0;
        for (long j = 0; j < n; j++) {
            out_total += A[i * n + j] * out_sum[j];
        }
        out[i] = out_total;
    }
    for (long at = 0; at < n; at++) dout_sum[at] = 0.0;
    for (long i = 0; i < m; i++) {
        for (long j = 0; j < n; j++) {
            dout_sum[j] += dout[i] * A[i * n + j];
        }
    }
    for (long at = 0; at < m * n; at++) dA[at] = 0.0;
    for (long i = 0; i < m; i++) {
        for (long j = 0; j < n; j++) {
            dA[i * n + j] = dout[i] * out_sum[j];
        }
    }
    for (long at = 0; at < n * k; at++) dB[at] = 0.0;
    for (long at = 0; at < k; at++) dx[at] = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < k; j++) {
            dB[i * k + j] = dout_sum[i] * x[j];
            dx[j] += dout_sum[i] * B[i * k + j];
        }
    }
}

/* product of arrays.mg, line 14. */
void product(const double *A, const double *B, long m, long n, long k, double *out_sum) {
    for (long at = 0; at < m * k; at++) out_sum[at] = 0.0;
    for (long i = 0; i < m; i++) {
        for (long j = 0; j < k; j++) {
            double out_sum_total = 0.0;
            for (long p = 0; p < n; p++) {
                out_sum_total += A[i * n + p] * B[p * k + j];  /* line 15 */
            }
            out_sum[i * k + j] = out_sum_total;
        }
    }
}

/* product of arrays.mg, line 14, and its derivatives. */
void product_vjp(
    const double *A, const double *B, const double *dout, long m, long n, long k, double *out, double *dA,
    double *dB
) {
    for (long at = 0; at < m * k; at++) out[at] = 0.0;
    for (long i = 0; i < m; i++) {
        for (long j = 0; j < k; j++) {
            double out_total = 0.0;
            for (long p = 0; p < n; p++) {
                out_total += A[i * n + p] * B[p * k + j];  /* line 15 */
            }
            out[i * k + j] = out_total;
        }
    }
    for (long at = 0; at < m * n; at++) dA[at] = 0.0;
    for (long at = 0; at < n * k; at++) dB[at] = 0.0;
    for (long i = 0; i < m; i++) {
        for (long j = 0; j < k; j++) {
            for (long p = 0; p < n; p++) {
                dA[i * n + p] += dout[i * k + j] * B[p * k + j];
                dB[p * k + j] += dout[i * k + j] * A[i * n + p];
            }
        }
    }
}

/* twice of arrays.mg, line 17. */
void twice(const double *A, const double *x, long n, double *work, double *out_sum_2) {
    /* work holds n numbers */
    double *out_sum = work;
    for (long at = 0; at < n; at++) out_sum[at] = 0.0;
    for (long i = 0; i < n; i++) {
        double out_sum_total = 0.0;
        for (long j = 0; j < n; j++) {
            out_sum_total += A[i * n + j] * x[j];  /* line 18 */
        }
        out_sum[i] = out_sum_total;
    }
    for (long at = 0; at < n; at++) out_sum_2[at] = 0.0;
    for (long i = 0; i < n; i++) {
        double out_sum_2_total = 0.0;
        for (long j = 0; j < n; j++) {
            out_sum_2_total += A[i * n + j] * out_sum[j];
        }
        out_sum_2[i] = out_sum_2_total;
    }
}

/* twice of arrays.mg, line 17, and its derivatives. */
void twice_vjp(
    const double *A, const double *x, const double *dout, long n, double *work, double *out, double *dA,
    double *dx
) {
    /* work holds n + n numbers */
    double *out_sum = work;
    work += n;
    double *dout_sum = work;
    for (long at = 0; at < n; at++) out_sum[at] = 0.0;
    for (long i = 0; i < n; i++) {
        double out_sum_total = 0.0;
        for (long j = 0; j < n; j++) {
            out_sum_total += A[i * n + j] * x[j];  /* line 18 */
        }
        out_sum[i] = out_sum_total;
    }
    for (long at = 0; at < n; at++) out[at] = 0.0;
    for (long i = 0; i < n; i++) {
        double out_total = 0.0;
        for (long j = 0; j < n; j++) {
            out_total += A[i * n + j] * out_sum[j];
        }
        out[i] = out_total;
    }
    for (long at = 0; at < n; at++) dout_sum[at] = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < n; j++) {
            dout_sum[j] += dout[i] * A[i * n + j];
        }
    }
    for (long at = 0; at < n * n; at++) dA[at] = 0.0;
    for (long at = 0; at < n; at++) dx[at] = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < n; j++) {
            dA[i * n + j] += dout_sum[i] * x[j];
            dx[j] += dout_sum[i] * A[i * n + j];
        }
    }
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < n; j++) {
            dA[i * n + j] += dout[i] * out_sum[j];
        }
    }
}

/* quadratic of arrays.mg, line 20. */
double quadratic(const double *A, const double *x, long n) {
    double out_sum_2 = 0.0;
    for (long i = 0; i < n; i++) {
        double out_sum = 0.0;
        for (long j = 0; j < n; j++) {
            out_sum += x[j] * A[j * n + i];  /* line 21 */
        }
        out_sum_2 += out_sum * x[i];
    }
    return out_sum_2;
}

/* quadratic of arrays.mg, line 20, and its derivatives. */
double quadratic_value_and_grad(const double *A, const double *x, long n, double *dA, double *dx) {
    double out = 0.0;
    for (long at = 0; at < n; at++) dx[at] = 0.0;
    for (long i = 0; i < n; i++) {
        double out_sum = 0.0;
        for (long j = 0; j < n; j++) {
            out_sum += x[j] * A[j * n + i];  /* line 21 */
        }
        out += out_sum * x[i];
        dx[i] += out_sum;
    }
    for (long at = 0; at < n * n; at++) dA[at] = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < n; j++) {
            dA[j * n + i] = x[i] * x[j];
            dx[j] += x[i] * A[j * n + i];
        }
    }
    return out;
}

/* gram of arrays.mg, line 23. */
void gram(const double *A, long m, long n, double *out_sum) {
    for (long at = 0; at < n * n; at++) out_sum[at] = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < n; j++) {
            double out_sum_total = 0.0;
            for (long k = 0; k < m; k++) {
                out_sum_total += A[k * n + i] * A[k * n + j];  /* line 24 */
            }
            out_sum[i * n + j] = out_sum_total;
        }
    }
}

/* gram of arrays.mg, line 23, and its derivatives. */
void gram_vjp(const double *A, const double *dout, long m, long n, double *out, double *dA) {
    for (long at = 0; at < n * n; at++) out[at] = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < n; j++) {
            double out_total = 0.0;
            for (long k = 0; k < m; k++) {
                out_total += A[k * n + i] * A[k * n + j];  /* line 24 */
            }
            out[i * n + j] = out_total;
        }
    }
    for (long at = 0; at < m * n; at++) dA[at] = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < n; j++) {
            for (long k = 0; k < m; k++) {
                dA[k * n + i] += dout[i * n + j] * A[k * n + j];
                dA[k * n + j] += dout[i * n + j] * A[k * n + i];
            }
        }
    }
}

/* residual of arrays.mg, line 26. */
double residual(const double *A, const double *x, const double *b, long m, long n) {
    double out_sum = 0.0;
    for (long i = 0; i < m; i++) {
        double r_sum = 0.0;
        for (long j = 0; j < n; j++) {
            r_sum += A[i * n + j] * x[j];  /* line 27 */
        }
        const double r = r_sum - b[i];
        out_sum += r * r;  /* line 28 */
    }
    return out_sum / 2.0;
}

/* residual of arrays.mg, line 26, and its derivatives. */
double residual_value_and_grad(
    const double *A, const double *x, const double *b, long m, long n, double *dA, double *dx, double *db
) {
    double out_sum = 0.0;
    for (long at = 0; at < m * n; at++) dA[at] = 0.0;
    for (long at = 0; at < n; at++) dx[at] = 0.0;
    for (long at = 0; at < m; at++) db[at] = 0.0;
    for (long i = 0; i < m; i++) {
        double r_sum = 0.0;
        for (long j = 0; j < n; j++) {
            r_sum += A[i * n + j] * x[j];  /* line 27 */
        }
        const double r = r_sum - b[i];
        out_sum += r * r;  /* line 28 */
        const double dr = 0.5 * (2.0 * r);
        for (long j = 0; j < n; j++) {
            dA[i * n + j] = dr * x[j];
            dx[j] += dr * A[i * n + j];
        }
        db[i] = -dr;
    }
    const double out = out_sum / 2.0;
    return out;
}

/* bilinear of arrays.mg, line 30. */
double bilinear(const double *x, const double *A, const double *y, long m, long n) {
    double out_sum_2 = 0.0;
    double out_sum_4 = 0.0;
    for (long i = 0; i < n; i++) {
        double out_sum = 0.0;
        for (long j = 0; j < m; j++) {
            out_sum += x[j] * A[j * n + i];  /* line 31 */
        }
        out_sum_2 += out_sum * y[i];
        double out_sum_3 = 0.0;
        for (long j = 0; j < m; j++) {
            out_sum_3 += A[j * n + i] * x[j];
        }
        out_sum_4 += out_sum_3;
    }
    return out_sum_2 + out_sum_4;
}

/* bilinear of arrays.mg, line 30, and its derivatives. */
double bilinear_value_and_grad(
    const double *x, const double *A, const double *y, long m, long n, double *dx, double *dA, double *dy
) {
    for (long at = 0; at < n; at++) dy[at] = 0.0;
    double out_sum = 0.0;
    double out_sum_3 = 0.0;
    for (long i = 0; i < n; i++) {
        double dy_total = 0.0;
        for (long j = 0; j < m; j++) {
            dy_total += x[j] * A[j * n + i];  /* line 31 */
        }
        dy[i] = dy_total;
        out_sum += dy[i] * y[i];
        double out_sum_2 = 0.0;
        for (long j = 0; j < m; j++) {
            out_sum_2 += A[j * n + i] * x[j];
        }
        out_sum_3 += out_sum_2;
    }
    const double out = out_sum + out_sum_3;
    for (long at = 0; at < m; at++) dx[at] = 0.0;
    for (long at = 0; at < m * n; at++) dA[at] = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < m; j++) {
            dx[j] += A[j * n + i];
            dA[j * n + i] += x[j];
        }
        for (long j = 0; j < m; j++) {
            dx[j] += y[i] * A[j * n + i];
            dA[j * n + i] += y[i] * x[j];
        }
    }
    return out;
}

/* trailing of arrays.mg, line 33. */
double trailing(const double *A, const double *x, long m, long n) {
    double out_sum_2 = 0.0;
    for (long i = 0; i < m; i++) {
        for (long j = 0; j < n; j++) {
            const double out_sum = A[i * n + j] + x[j];  /* line 34 */
            out_sum_2 += out_sum * out_sum * x[j];
        }
    }
    return out_sum_2;
}

/* trailing of arrays.mg, line 33, and its derivatives. */
double trailing_value_and_grad(const double *A, const double *x, long m, long n, double *dA, double *dx) {
    double out = 0.0;
    for (long at = 0; at < m * n; at++) dA[at] = 0.0;
    for (long at = 0; at < n; at++) dx[at] = 0.0;
    for (long i = 0; i < m; i++) {
        for (long j = 0; j < n; j++) {
            const double out_sum = A[i * n + j] + x[j];  /* line 34 */
            const double out_power = out_sum * out_sum;
            out += out_power * x[j];
            dA[i * n + j] = x[j] * (2.0 * out_sum);
            dx[j] += out_power;
            dx[j] += dA[i * n + j];
        }
    }
    return out;
}

/* slices of arrays.mg, line 36. */
double slices(const double *x, long n, int *status) {
    const long place = 1;  /* line 37 */
    if (place < 0 || place >= n + 1) {
        *status = 1;
        return NAN;
    }
    const long place_2 = n - place;
    if (place_2 < 0 || place_2 >= n + 1) {
        *status = 1;
        return NAN;
    }
    double out_sum = 0.0;
    for (long i = 0; i < place_2; i++) {
        const double out_difference = x[place + i] - x[i];
        out_sum += out_difference * out_difference;
    }
    const long place_3 = floor_divide(n + 1, 2);
    if (place_3 < 0 || place_3 >= n + 1) {
        *status = 1;
        return NAN;
    }
    double out_sum_2 = 0.0;
    for (long i = 0; i < place_3; i++) {
        const double x_element = x[2 * i];
        out_sum_2 += x_element * x_element * x_element;
    }
    const long place_4 = n + -1;
    if (place_4 < 0 || place_4 >= n) {
        *status = 1;
        return NAN;
    }
    const long place_5 = 0;
    if (place_5 < 0 || place_5 >= n) {
        *status = 1;
        return NAN;
    }
    return out_sum + out_sum_2 + x[place_4] * x[place_5];
}

/* slices of arrays.mg, line 36, and its derivatives. */
double slices_value_and_grad(const double *x, long n, double *dx, int *status) {
    const long place = 1;  /* line 37 */
    if (place < 0 || place >= n + 1) {
        *status = 1;
        return NAN;
    }
    const long place_2 = n - place;
    if (place_2 < 0 || place_2 >= n + 1) {
        *status = 1;
        return NAN;
    }
    double out_sum = 0.0;
    for (long at = 0; at < n; at++) dx[at] = 0.0;
    for (long i = 0; i < place_2; i++) {
        const double out_difference = x[place + i] - x[i];
        out_sum += out_difference * out_difference;
        const double dout_difference = 2.0 * out_difference;
        dx[i] += -dout_difference;
        dx[place + i] += dout_difference;
    }
    const long place_3 = floor_divide(n + 1, 2);
    if (place_3 < 0 || place_3 >= n + 1) {
        *status = 1;
        return NAN;
    }
    double out_sum_2 = 0.0;
    for (long i = 0; i < place_3; i++) {
        const double x_element = x[2 * i];
        out_sum_2 += x_element * x_element * x_element;
        dx[2 * i] += 3.0 * (x_element * x_element);
    }
    const long place_4 = n + -1;
    if (place_4 < 0 || place_4 >= n) {
        *status = 1;
        return NAN;
    }
    const long place_5 = 0;
    if (place_5 < 0 || place_5 >= n) {
        *status = 1;
        return NAN;
    }
    const double out = out_sum + out_sum_2 + x[place_4] * x[place_5];
    dx[place_5] += x[place_4];
    dx[place_4] += x[place_5];
    return out;
}

/* rows of arrays.mg, line 39. */
double rows(const double *A, long m, long n, int *status) {
    long place = 0;
    long place_2 = 0;
    if (n > 0) {
        if (m > 0) {
            place = 0;  /* line 40 */
            if (place < 0 || place >= m) {
                *status = 1;
                return NAN;
            }
        }
        place_2 = 1;
        if (place_2 < 0 || place_2 >= m) {
            *status = 1;
            return NAN;
        }
    }
    double out_sum_2 = 0.0;
    for (long i = 0; i < m; i++) {
        double out_sum = 0.0;
        for (long j = 0; j < n; j++) {
            out_sum += A[i * n + j] * A[place * n + j];
        }
        out_sum_2 += out_sum;
    }
    double out_sum_3 = 0.0;
    for (long j = 0; j < n; j++) {
        out_sum_3 += A[(place_2) * n + j];
    }
    return out_sum_2 + out_sum_3;
}

/* rows of arrays.mg, line 39, and its derivatives. */
double rows_value_and_grad(const double *A, long m, long n, double *dA, int *status) {
    long place = 0;
    long place_2 = 0;
    if (n > 0) {
        if (m > 0) {
            place = 0;  /* line 40 */
            if (place < 0 || place >= m) {
                *status = 1;
                return NAN;
            }
        }
        place_2 = 1;
        if (place_2 < 0 || place_2 >= m) {
            *status = 1;
            return NAN;
        }
    }
    double out_sum_2 = 0.0;
    for (long i = 0; i < m; i++) {
        double out_sum = 0.0;
        for (long j = 0; j < n; j++) {
            out_sum += A[i * n + j] * A[place * n + j];
        }
        out_sum_2 += out_sum;
    }
    double out_sum_3 = 0.0;
    for (long j = 0; j < n; j++) {
        out_sum_3 += A[(place_2) * n + j];
    }
    const double out = out_sum_2 + out_sum_3;
    for (long at = 0; at < m * n; at++) dA[at] = 0.0;
    for (long j = 0; j < n; j++) {
        dA[(place_2) * n + j] += 1.0;
    }
    for (long i = 0; i < m; i++) {
        for (long j = 0; j < n; j++) {
            dA[place * n + j] += A[i * n + j];
            dA[i * n + j] += A[place * n + j];
        }
    }
    return out;
}

/* columns of arrays.mg, line 42. */
double columns(const double *A, long m, long n, int *status) {
    long place = 0;
    long place_2 = 0;
    if (m > 0) {
        place = 0;  /* line 43 */
        if (place < 0 || place >= n) {
            *status = 1;
            return NAN;
        }
        place_2 = 1;
        if (place_2 < 0 || place_2 >= n) {
            *status = 1;
            return NAN;
        }
    }
    double out_sum = 0.0;
    for (long i = 0; i < m; i++) {
        out_sum += A[i * n + place] * A[i * n + place_2];
    }
    double out_sum_2 = 0.0;
    for (long i = 0; i < m; i++) {
        out_sum_2 += A[i * n + place];
    }
    return out_sum + out_sum_2;
}

/* columns of arrays.mg, line 42, and its derivatives. */
double columns_value_and_grad(const double *A, long m, long n, double *dA, int *status) {
    long place = 0;
    long place_2 = 0;
    if (m > 0) {
        place = 0;  /* line 43 */
        if (place < 0 || place >= n) {
            *status = 1;
            return NAN;
        }
        place_2 = 1;
        if (place_2 < 0 || place_2 >= n) {
            *status = 1;
            return NAN;
        }
    }
    double out_sum = 0.0;
    for (long i = 0; i < m; i++) {
        out_sum += A[i * n + place] * A[i * n + place_2];
    }
    double out_sum_2 = 0.0;
    for (long i = 0; i < m; i++) {
        out_sum_2 += A[i * n + place];
    }
    const double out = out_sum + out_sum_2;
    for (long at = 0; at < m * n; at++) dA[at] = 0.0;
    for (long i = 0; i < m; i++) {
        dA[i * n + place] += 1.0;
    }
    for (long i = 0; i < m; i++) {
        dA[i * n + place_2] += A[i * n + place];
        dA[i * n + place] += A[i * n + place_2];
    }
    return out;
}

/* literals of arrays.mg, line 45. */
double literals(double a, double b) {
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
    double out_sum = 0.0;
    for (long i = 0; i < 4; i++) {
        out_sum += v[i] * v[i];  /* line 48 */
    }
    double out_list[2];
    out_list[0] = b;
    out_list[1] = a;
    double out_sum_3 = 0.0;
    for (long i = 0; i < 2; i++) {
        double out_sum_2 = 0.0;
        for (long j = 0; j < 2; j++) {
            out_sum_2 += M[i * 2 + j] * out_list[j];
        }
        out_sum_3 += out_sum_2;
    }
    return out_sum + out_sum_3 + v_2;
}

/* literals of arrays.mg, line 45, and its derivatives. */
double literals_value_and_grad(double a, double b, double *da_out, double *db_out) {
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
    double out_sum = 0.0;
    for (long i = 0; i < 4; i++) {
        out_sum += v[i] * v[i];  /* line 48 */
    }
    double out_list[2];
    out_list[0] = b;
    out_list[1] = a;
    double out_sum_3 = 0.0;
    for (long i = 0; i < 2; i++) {
        double out_sum_2 = 0.0;
        for (long j = 0; j < 2; j++) {
            out_sum_2 += M[i * 2 + j] * out_list[j];
        }
        out_sum_3 += out_sum_2;
    }
    const double out = out_sum + out_sum_3 + v_2;
    double dout_list[2];
    for (long at = 0; at < 2; at++) dout_list[at] = 0.0;
    double dM[4];
    for (long at = 0; at < 4; at++) dM[at] = 0.0;
    for (long i = 0; i < 2; i++) {
        for (long j = 0; j < 2; j++) {
            dout_list[j] += M[i * 2 + j];
            dM[i * 2 + j] = out_list[j];  /* line 47 */
        }
    }
    double dv[4];
    for (long at = 0; at < 4; at++) dv[at] = 0.0;
    for (long i = 0; i < 4; i++) {
        dv[i] = 2.0 * v[i];  /* line 48 */
    }
    const double dv_2 = 1.0 + dv[2];  /* line 46 */
    const double da = dout_list[1] + dM[0] + dM[1 * 2 + 1] * 2.0 + dv[0] + dv_2 * b;
    const double db = dout_list[0] + dM[1] + dM[1 * 2] + dv[1] + dv_2 * a;
    *da_out = da;
    *db_out = db;
    return out;
}

/* shifted of arrays.mg, line 50. */
double shifted(const double *x, long n, int *status) {
    double out_sum = 0.0;
    for (long i = 0; i < n - 1; i++) {
        out_sum += x[i + 1] * x[i];  /* line 51 */
    }
    double out_sum_2 = 0.0;
    for (long i = 0; i < floor_divide(n + 1, 2); i++) {
        const long place = 2 * i;
        if (place < 0 || place >= n) {
            *status = 1;
            return NAN;
        }
        out_sum_2 += x[place];
    }
    return out_sum + out_sum_2;
}

/* shifted of arrays.mg, line 50, and its derivatives. */
double shifted_value_and_grad(const double *x, long n, double *dx, int *status) {
    double out_sum = 0.0;
    for (long at = 0; at < n; at++) dx[at] = 0.0;
    for (long i = 0; i < n - 1; i++) {
        const double x_element = x[i + 1];
        out_sum += x_element * x[i];  /* line 51 */
        dx[i] += x_element;
    }
    double out_sum_2 = 0.0;
    for (long i = 0; i < floor_divide(n + 1, 2); i++) {
        const long place = 2 * i;
        if (place < 0 || place >= n) {
            *status = 1;
            return NAN;
        }
        out_sum_2 += x[place];
        dx[place] += 1.0;
    }
    const double out = out_sum + out_sum_2;
    for (long i = 0; i < n - 1; i++) {
        dx[i + 1] += x[i];
    }
    return out;
}
