/* integers.mg, compiled to C99: values and exact derivatives. */
#include <math.h>

static long floor_divide(long i, long n) {
    return n == 0 ? 0 : i / n - ((i % n != 0) && ((i < 0) != (n < 0)));
}

static long modulo(long i, long n) { return n == 0 ? 0 : (i % n + n) % n; }

/* embedding of integers.mg, line 2. */
double embedding(const double *E, const long *tok, long v, long d, long t, int *status) {
    double out_sum = 0.0;
    for (long s = 0; s < t; s++) {
        const long place = tok[s];  /* line 3 */
        if (place < 0 || place >= v) {
            *status = 1;
            return NAN;
        }
        for (long j = 0; j < d; j++) {
            out_sum += E[place * d + j] * E[place * d + j] * (s + 1);
        }
    }
    return out_sum;
}

/* embedding of integers.mg, line 2, and its derivatives. */
double embedding_value_and_grad(
    const double *E, const long *tok, long v, long d, long t, double *dE, int *status
) {
    double out = 0.0;
    for (long at = 0; at < v * d; at++) dE[at] = 0.0;
    for (long s = 0; s < t; s++) {
        const long place = tok[s];  /* line 3 */
        if (place < 0 || place >= v) {
            *status = 1;
            return NAN;
        }
        for (long j = 0; j < d; j++) {
            out += E[place * d + j] * E[place * d + j] * (s + 1);
        }
        for (long j = 0; j < d; j++) {
            dE[place * d + j] += (s + 1) * (2.0 * E[place * d + j]);
        }
    }
    return out;
}

/* looked_up of integers.mg, line 5. */
void looked_up(const double *E, const long *tok, long v, long d, long t, double *out_values, int *status) {
    for (long at = 0; at < t * d; at++) out_values[at] = 0.0;
    for (long s = 0; s < t; s++) {
        const long place = tok[s];  /* line 6 */
        if (place < 0 || place >= v) {
            *status = 1;
            return;
        }
        for (long j = 0; j < d; j++) {
            out_values[s * d + j] = E[place * d + j];
        }
    }
}

/* looked_up of integers.mg, line 5, and its derivatives. */
void looked_up_vjp(
    const double *E, const long *tok, const double *dout, long v, long d, long t, double *out, double *dE,
    int *status
) {
    for (long at = 0; at < t * d; at++) out[at] = 0.0;
    for (long at = 0; at < v * d; at++) dE[at] = 0.0;
    for (long s = 0; s < t; s++) {
        const long place = tok[s];  /* line 6 */
        if (place < 0 || place >= v) {
            *status = 1;
            return;
        }
        for (long j = 0; j < d; j++) {
            out[s * d + j] = E[place * d + j];
        }
        for (long j = 0; j < d; j++) {
            dE[place * d + j] += dout[s * d + j];
        }
    }
}

/* picked of integers.mg, line 8. */
double picked(const double *x, long k, long n, int *status) {
    const long place = k;  /* line 9 */
    if (place < 0 || place >= n) {
        *status = 1;
        return NAN;
    }
    const long place_2 = k + 1;
    if (place_2 < 0 || place_2 >= n) {
        *status = 1;
        return NAN;
    }
    return x[place] * x[place] + exp(x[place_2]);
}

/* picked of integers.mg, line 8, and its derivatives. */
double picked_value_and_grad(const double *x, long k, long n, double *dx, int *status) {
    const long place = k;  /* line 9 */
    if (place < 0 || place >= n) {
        *status = 1;
        return NAN;
    }
    const long place_2 = k + 1;
    if (place_2 < 0 || place_2 >= n) {
        *status = 1;
        return NAN;
    }
    const double out_exp = exp(x[place_2]);
    const double out = x[place] * x[place] + out_exp;
    for (long at = 0; at < n; at++) dx[at] = 0.0;
    dx[place_2] += out_exp;
    dx[place] += 2.0 * x[place];
    return out;
}

/* repeated of integers.mg, line 11. */
double repeated(const double *x, const long *idx, long n, long m, int *status) {
    double out_prod = 1.0;
    for (long i = 0; i < m; i++) {
        const long place = idx[i];  /* line 12 */
        if (place < 0 || place >= n) {
            *status = 1;
            return NAN;
        }
        out_prod *= 1.0 + x[place] * x[place];
    }
    return out_prod;
}

/* repeated of integers.mg, line 11, and its derivatives. */
double repeated_value_and_grad(
    const double *x, const long *idx, long n, long m, double *work, double *dx, int *status
) {
    /* work holds m + m numbers */
    double *place = work;
    work += m;
    double *out_sum = work;
    for (long at = 0; at < m; at++) place[at] = 0;
    for (long at = 0; at < m; at++) out_sum[at] = 0.0;
    double out = 1.0;
    for (long i = 0; i < m; i++) {
        place[i] = idx[i];  /* line 12 */
        if (place[i] < 0 || place[i] >= n) {
            *status = 1;
            return NAN;
        }
        out_sum[i] = 1.0 + x[(long)place[i]] * x[(long)place[i]];
        out *= out_sum[i];
    }
    for (long at = 0; at < n; at++) dx[at] = 0.0;
    for (long i = 0; i < m; i++) {
        double dout_sum = 1.0;
        for (long j = 0; j < m; j++) {
            dout_sum *= j != i ? out_sum[j] : 1.0;
        }
        dx[(long)place[i]] += dout_sum * (2.0 * x[(long)place[i]]);
    }
    return out;
}

/* sizes of integers.mg, line 14. */
double sizes(const double *x, const double *A, long n, long m, int *status) {
    double out_sum = 0.0;
    for (long i = 0; i < n; i++) {
        out_sum += x[i];  /* line 15 */
    }
    double out_sum_2 = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < m; j++) {
            out_sum_2 += A[i * m + j];
        }
    }
    const long place = 0;
    if (place < 0 || place >= n) {
        *status = 1;
        return NAN;
    }
    const long place_2 = n - 1;
    if (place_2 < 0 || place_2 >= n) {
        *status = 1;
        return NAN;
    }
    const long place_3 = floor_divide(n, 2);
    if (place_3 < 0 || place_3 >= n) {
        *status = 1;
        return NAN;
    }
    return out_sum / n + n * m * out_sum_2 / (n + m) + floor_divide(n, 2) * x[place] + x[place_2] * x[place_3];
}

/* sizes of integers.mg, line 14, and its derivatives. */
double sizes_value_and_grad(
    const double *x, const double *A, long n, long m, double *dx, double *dA, int *status
) {
    double out_sum = 0.0;
    for (long i = 0; i < n; i++) {
        out_sum += x[i];  /* line 15 */
    }
    double out_sum_2 = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < m; j++) {
            out_sum_2 += A[i * m + j];
        }
    }
    const long place = 0;
    if (place < 0 || place >= n) {
        *status = 1;
        return NAN;
    }
    const long place_2 = n - 1;
    if (place_2 < 0 || place_2 >= n) {
        *status = 1;
        return NAN;
    }
    const long place_3 = floor_divide(n, 2);
    if (place_3 < 0 || place_3 >= n) {
        *status = 1;
        return NAN;
    }
    const double out = out_sum / n + n * m * out_sum_2 / (n + m) + floor_divide(n, 2) * x[place] + x[place_2] * x[place_3];
    const double dout_sum_2 = 1.0 / (n + m) * (n * m);
    const double dout_sum = 1.0 / n;
    for (long at = 0; at < n; at++) dx[at] = 0.0;
    dx[place_3] += x[place_2];
    dx[place_2] += x[place_3];
    dx[place] += floor_divide(n, 2);
    for (long i = 0; i < n; i++) {
        dx[i] += dout_sum;
    }
    for (long at = 0; at < n * m; at++) dA[at] = 0.0;
    for (long i = 0; i < n; i++) {
        for (long j = 0; j < m; j++) {
            dA[i * m + j] = dout_sum_2;
        }
    }
    return out;
}

/* packed of integers.mg, line 17. */
double packed(const double *l, const double *x, long d) {
    double out_sum = 0.0;
    for (long i = 0; i < d; i++) {
        for (long j = 0; j < i + 1; j++) {
            out_sum += l[i * (i + 1) / 2 + j] * x[i] * x[j];  /* line 18 */
        }
    }
    return out_sum;
}

/* packed of integers.mg, line 17, and its derivatives. */
double packed_value_and_grad(const double *l, const double *x, long d, double *dl, double *dx) {
    double out = 0.0;
    for (long at = 0; at < d; at++) dx[at] = 0.0;
    for (long i = 0; i < d; i++) {
        for (long j = 0; j < i + 1; j++) {
            const double l_element = l[i * (i + 1) / 2 + j];
            const double out_product = l_element * x[i];  /* line 18 */
            out += out_product * x[j];
            dx[j] += out_product;
            dx[i] += x[j] * l_element;
        }
    }
    for (long at = 0; at < (d * (d + 1) / 2); at++) dl[at] = 0.0;
    for (long i = 0; i < d; i++) {
        for (long j = 0; j < i + 1; j++) {
            dl[i * (i + 1) / 2 + j] += x[j] * x[i];
        }
    }
    return out;
}

/* positions of integers.mg, line 20. */
double positions(const double *x, long n) {
    double out_sum = 0.0;
    for (long i = 0; i < n; i++) {
        out_sum += i * x[i] + pow(x[i], i);  /* line 21 */
    }
    double out_sum_2 = 0.0;
    for (long i = 0; i < n; i++) {
        out_sum_2 += modulo(i, 2) == 0 ? x[i] : -2.0 * (x[i] * x[i]);
    }
    return out_sum + out_sum_2;
}

/* positions of integers.mg, line 20, and its derivatives. */
double positions_value_and_grad(const double *x, long n, double *dx) {
    double out_sum = 0.0;
    for (long i = 0; i < n; i++) {
        out_sum += i * x[i] + pow(x[i], i);  /* line 21 */
    }
    double out_sum_2 = 0.0;
    for (long i = 0; i < n; i++) {
        out_sum_2 += modulo(i, 2) == 0 ? x[i] : -2.0 * (x[i] * x[i]);
    }
    const double out = out_sum + out_sum_2;
    for (long at = 0; at < n; at++) dx[at] = 0.0;
    for (long i = 0; i < n; i++) {
        dx[i] += modulo(i, 2) == 0 ? 1.0 : -2.0 * (2.0 * x[i]);
    }
    for (long i = 0; i < n; i++) {
        dx[i] += i + (i != 0 ? i * pow(x[i], i - 1) : 0.0);
    }
    return out;
}

/* confusion of integers.mg, line 23. */
double confusion(const double *x, const long *label, long n) {
    double out_sum = 0.0;
    for (long i = 0; i < n; i++) {
        out_sum += label[i] == 1 ? x[i] * x[i] : x[i];  /* line 24 */
    }
    return out_sum;
}

/* confusion of integers.mg, line 23, and its derivatives. */
double confusion_value_and_grad(const double *x, const long *label, long n, double *dx) {
    double out = 0.0;
    for (long i = 0; i < n; i++) {
        out += label[i] == 1 ? x[i] * x[i] : x[i];  /* line 24 */
    }
    for (long at = 0; at < n; at++) dx[at] = 0.0;
    for (long i = 0; i < n; i++) {
        dx[i] = label[i] == 1 ? 2.0 * x[i] : 1.0;
    }
    return out;
}
