/* integers.mg, compiled to C99: values and exact derivatives. */
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

static int64_t modulo(int64_t i, int64_t n) {  /* the sign of n; of 0 the room for nothing is asked */
    const int64_t rest = n != 0 ? i % n : 0;
    return rest != 0 && (rest < 0) != (n < 0) ? rest + n : rest;
}

/* embedding of integers.mg, line 2. */
mgc_status embedding(
    const double *restrict E, const int64_t *restrict tok, int64_t v, int64_t d, int64_t t,
    double *restrict out
) {
    mgc_status status = {MGC_OK, 0};
    double out_total = 0.0;
    for (int64_t s = 0; s < t; s++) {
        const int64_t place = tok[s];  /* line 3 */
        if (place < 0 || place >= v) {
            mgc_fail(&status, MGC_INDEX, 3);
            return status;
        }
        for (int64_t j = 0; j < d; j++) {
            out_total += E[place * d + j] * E[place * d + j] * (s + 1);
        }
    }
    *out = out_total;
    return status;
}

/* embedding of integers.mg, line 2, and its derivatives. */
mgc_status embedding_value_and_grad(
    const double *restrict E, const int64_t *restrict tok, int64_t v, int64_t d, int64_t t,
    double *restrict out, double *restrict dE
) {
    mgc_status status = {MGC_OK, 0};
    double out_total = 0.0;
    for (int64_t at = 0; at < v * d; at++) dE[at] = 0.0;
    for (int64_t s = 0; s < t; s++) {
        const int64_t place = tok[s];  /* line 3 */
        if (place < 0 || place >= v) {
            mgc_fail(&status, MGC_INDEX, 3);
            return status;
        }
        for (int64_t j = 0; j < d; j++) {
            out_total += E[place * d + j] * E[place * d + j] * (s + 1);
        }
        for (int64_t j = 0; j < d; j++) {
            dE[place * d + j] += (s + 1) * (2.0 * E[place * d + j]);
        }
    }
    *out = out_total;
    return status;
}

/* looked_up of integers.mg, line 5. */
mgc_status looked_up(
    const double *restrict E, const int64_t *restrict tok, int64_t v, int64_t d, int64_t t,
    double *restrict out
) {
    mgc_status status = {MGC_OK, 0};
    for (int64_t s = 0; s < t; s++) {
        const int64_t place = tok[s];  /* line 6 */
        if (place < 0 || place >= v) {
            mgc_fail(&status, MGC_INDEX, 6);
            return status;
        }
        for (int64_t j = 0; j < d; j++) {
            out[s * d + j] = E[place * d + j];
        }
    }
    return status;
}

/* looked_up of integers.mg, line 5, and its derivatives. */
mgc_status looked_up_vjp(
    const double *restrict E, const int64_t *restrict tok, const double *restrict dout, int64_t v, int64_t d,
    int64_t t, double *restrict out, double *restrict dE
) {
    mgc_status status = {MGC_OK, 0};
    for (int64_t at = 0; at < v * d; at++) dE[at] = 0.0;
    for (int64_t s = 0; s < t; s++) {
        const int64_t place = tok[s];  /* line 6 */
        if (place < 0 || place >= v) {
            mgc_fail(&status, MGC_INDEX, 6);
            return status;
        }
        for (int64_t j = 0; j < d; j++) {
            out[s * d + j] = E[place * d + j];
        }
        for (int64_t j = 0; j < d; j++) {
            dE[place * d + j] += dout[s * d + j];
        }
    }
    return status;
}

/* picked of integers.mg, line 8. */
mgc_status picked(const double *restrict x, int64_t k, int64_t n, double *restrict out) {
    mgc_status status = {MGC_OK, 0};
    const int64_t place = k;  /* line 9 */
    if (place < 0 || place >= n) {
        mgc_fail(&status, MGC_INDEX, 9);
        return status;
    }
    const int64_t k_place = k + 1;
    if (k_place < 0 || k_place >= n) {
        mgc_fail(&status, MGC_INDEX, 9);
        return status;
    }
    *out = x[place] * x[place] + exp(x[k_place]);
    return status;
}

/* picked of integers.mg, line 8, and its derivatives. */
mgc_status picked_value_and_grad(
    const double *restrict x, int64_t k, int64_t n, double *restrict out, double *restrict dx
) {
    mgc_status status = {MGC_OK, 0};
    const int64_t place = k;  /* line 9 */
    if (place < 0 || place >= n) {
        mgc_fail(&status, MGC_INDEX, 9);
        return status;
    }
    const int64_t x_place = k + 1;
    if (x_place < 0 || x_place >= n) {
        mgc_fail(&status, MGC_INDEX, 9);
        return status;
    }
    const double x_exp = exp(x[x_place]);
    *out = x[place] * x[place] + x_exp;
    for (int64_t at = 0; at < n; at++) dx[at] = 0.0;
    dx[x_place] += x_exp;
    dx[place] += 2.0 * x[place];
    return status;
}

/* repeated of integers.mg, line 11. */
mgc_status repeated(
    const double *restrict x, const int64_t *restrict idx, int64_t n, int64_t m, double *restrict out
) {
    mgc_status status = {MGC_OK, 0};
    double out_total = 1.0;
    for (int64_t i = 0; i < m; i++) {
        const int64_t place = idx[i];  /* line 12 */
        if (place < 0 || place >= n) {
            mgc_fail(&status, MGC_INDEX, 12);
            return status;
        }
        out_total *= 1.0 + x[place] * x[place];
    }
    *out = out_total;
    return status;
}

/* repeated of integers.mg, line 11, and its derivatives. */
mgc_status repeated_value_and_grad(
    const double *restrict x, const int64_t *restrict idx, int64_t n, int64_t m, void *restrict work,
    double *restrict out, double *restrict dx
) {
    mgc_status status = {MGC_OK, 0};
    int64_t *place = work;
    double *one_plus_x_squared = (double *)(place + m);
    double out_total = 1.0;
    for (int64_t i = 0; i < m; i++) {
        place[i] = idx[i];  /* line 12 */
        if (place[i] < 0 || place[i] >= n) {
            mgc_fail(&status, MGC_INDEX, 12);
            return status;
        }
        one_plus_x_squared[i] = 1.0 + x[place[i]] * x[place[i]];
        out_total *= one_plus_x_squared[i];
    }
    for (int64_t at = 0; at < n; at++) dx[at] = 0.0;
    for (int64_t i = 0; i < m; i++) {
        double done_plus_x_squared = 1.0;
        for (int64_t j = 0; j < m; j++) {
            if (j != i) {
                done_plus_x_squared *= one_plus_x_squared[j];
            }
        }
        dx[place[i]] += 2.0 * done_plus_x_squared * x[place[i]];
    }
    *out = out_total;
    return status;
}

/* How many bytes `work` of repeated_value_and_grad has. */
size_t repeated_value_and_grad_workspace(int64_t m) {
    double work = 0.0;
    work += 2.0 * m;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* sizes of integers.mg, line 14. */
mgc_status sizes(
    const double *restrict x, const double *restrict A, int64_t n, int64_t m, double *restrict out
) {
    mgc_status status = {MGC_OK, 0};
    double x_sum = 0.0;
    double A_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        x_sum += x[i];  /* line 15 */
        for (int64_t j = 0; j < m; j++) {
            A_sum += A[i * m + j];
        }
    }
    const int64_t first = 0;
    if (first < 0 || first >= n) {
        mgc_fail(&status, MGC_INDEX, 15);
        return status;
    }
    const int64_t last = n - 1;
    if (last < 0 || last >= n) {
        mgc_fail(&status, MGC_INDEX, 15);
        return status;
    }
    const int64_t place = floor_divide(n, 2);
    if (place < 0 || place >= n) {
        mgc_fail(&status, MGC_INDEX, 15);
        return status;
    }
    *out = x_sum / n + n * m * A_sum / (n + m) + floor_divide(n, 2) * x[first] + x[last] * x[place];
    return status;
}

/* sizes of integers.mg, line 14, and its derivatives. */
mgc_status sizes_value_and_grad(
    const double *restrict x, const double *restrict A, int64_t n, int64_t m, double *restrict out,
    double *restrict dx, double *restrict dA
) {
    mgc_status status = {MGC_OK, 0};
    double x_sum = 0.0;
    double A_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        x_sum += x[i];  /* line 15 */
        for (int64_t j = 0; j < m; j++) {
            A_sum += A[i * m + j];
        }
    }
    const int64_t first = 0;
    if (first < 0 || first >= n) {
        mgc_fail(&status, MGC_INDEX, 15);
        return status;
    }
    const int64_t last = n - 1;
    if (last < 0 || last >= n) {
        mgc_fail(&status, MGC_INDEX, 15);
        return status;
    }
    const int64_t place = floor_divide(n, 2);
    if (place < 0 || place >= n) {
        mgc_fail(&status, MGC_INDEX, 15);
        return status;
    }
    *out = x_sum / n + n * m * A_sum / (n + m) + floor_divide(n, 2) * x[first] + x[last] * x[place];
    const double dA_sum = 1.0 / (n + m) * (n * m);
    const double dx_sum = 1.0 / n;
    for (int64_t at = 0; at < n; at++) dx[at] = 0.0;
    dx[place] += x[last];
    dx[last] += x[place];
    dx[first] += floor_divide(n, 2);
    for (int64_t i = 0; i < n; i++) {
        dx[i] += dx_sum;
        for (int64_t j = 0; j < m; j++) {
            dA[i * m + j] = dA_sum;
        }
    }
    return status;
}

/* packed of integers.mg, line 17. */
mgc_status packed(const double *restrict l, const double *restrict x, int64_t d, double *restrict out) {
    double out_total = 0.0;
    for (int64_t i = 0; i < d; i++) {
        for (int64_t j = 0; j < i + 1; j++) {
            out_total += l[floor_divide(i * (i + 1), 2) + j] * x[i] * x[j];  /* line 18 */
        }
    }
    *out = out_total;
    return (mgc_status){MGC_OK, 0};
}

/* packed of integers.mg, line 17, and its derivatives. */
mgc_status packed_value_and_grad(
    const double *restrict l, const double *restrict x, int64_t d, double *restrict out, double *restrict dl,
    double *restrict dx
) {
    double out_total = 0.0;
    for (int64_t at = 0; at < d; at++) dx[at] = 0.0;
    for (int64_t i = 0; i < d; i++) {
        for (int64_t j = 0; j < i + 1; j++) {
            const double out_value = l[floor_divide(i * (i + 1), 2) + j];
            const double out_value_x = out_value * x[i];  /* line 18 */
            out_total += out_value_x * x[j];
            dx[j] += out_value_x;
            dx[i] += x[j] * out_value;
        }
    }
    for (int64_t at = 0; at < d * (d + 1) / 2; at++) dl[at] = 0.0;
    for (int64_t i = 0; i < d; i++) {
        for (int64_t j = 0; j < i + 1; j++) {
            dl[floor_divide(i * (i + 1), 2) + j] += x[j] * x[i];
        }
    }
    *out = out_total;
    return (mgc_status){MGC_OK, 0};
}

/* positions of integers.mg, line 20. */
mgc_status positions(const double *restrict x, int64_t n, double *restrict out) {
    double out_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        out_sum += i * x[i] + pow(x[i], i);  /* line 21 */
    }
    double x_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        x_sum += modulo(i, 2) == 0 ? x[i] : -2.0 * (x[i] * x[i]);
    }
    *out = out_sum + x_sum;
    return (mgc_status){MGC_OK, 0};
}

/* positions of integers.mg, line 20, and its derivatives. */
mgc_status positions_value_and_grad(
    const double *restrict x, int64_t n, double *restrict out, double *restrict dx
) {
    double out_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        out_sum += i * x[i] + pow(x[i], i);  /* line 21 */
    }
    double x_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        x_sum += modulo(i, 2) == 0 ? x[i] : -2.0 * (x[i] * x[i]);
    }
    *out = out_sum + x_sum;
    for (int64_t at = 0; at < n; at++) dx[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        dx[i] += modulo(i, 2) == 0 ? 1.0 : -4.0 * x[i];
    }
    for (int64_t i = 0; i < n; i++) {
        dx[i] += i + (i != 0 ? i * pow(x[i], i - 1) : 0.0);
    }
    return (mgc_status){MGC_OK, 0};
}

/* confusion of integers.mg, line 23. */
mgc_status confusion(
    const double *restrict x, const int64_t *restrict label, int64_t n, double *restrict out
) {
    double out_total = 0.0;
    for (int64_t i = 0; i < n; i++) {
        out_total += label[i] == 1 ? x[i] * x[i] : x[i];  /* line 24 */
    }
    *out = out_total;
    return (mgc_status){MGC_OK, 0};
}

/* confusion of integers.mg, line 23, and its derivatives. */
mgc_status confusion_value_and_grad(
    const double *restrict x, const int64_t *restrict label, int64_t n, double *restrict out,
    double *restrict dx
) {
    double out_total = 0.0;
    for (int64_t i = 0; i < n; i++) {
        out_total += label[i] == 1 ? x[i] * x[i] : x[i];  /* line 24 */
    }
    for (int64_t i = 0; i < n; i++) {
        dx[i] = label[i] == 1 ? 2.0 * x[i] : 1.0;
    }
    *out = out_total;
    return (mgc_status){MGC_OK, 0};
}
