/* requirements.mg, compiled to C99: values and exact derivatives. */
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

/* Whether arguments are as lengths requires. */
static mgc_status lengths_requires(const double *restrict mat, int64_t n) {
    mgc_status status = {MGC_OK, 0};
    for (int64_t i = 0; i < n; i++) {
        if (!(mat[i] > -2.0)) {  /* line 7 */
            mgc_fail(&status, MGC_REQUIRE, 7);
            return status;
        }
    }
    return status;
}

/* lengths of requirements.mg, line 6. */
mgc_status lengths(const double *restrict mat, int64_t n, double *restrict out) {
    const mgc_status mgc_required = lengths_requires(mat, n);
    if (mgc_required.error != MGC_OK) return mgc_required;
    double out_total = 0.0;
    for (int64_t i = 0; i < n; i++) {
        out_total += sqrt(mat[i] + 2.0);  /* line 8 */
    }
    *out = out_total;
    return (mgc_status){MGC_OK, 0};
}

/* lengths of requirements.mg, line 6, and its derivatives. */
mgc_status lengths_value_and_grad(
    const double *restrict mat, int64_t n, double *restrict out, double *restrict dmat
) {
    const mgc_status mgc_required = lengths_requires(mat, n);
    if (mgc_required.error != MGC_OK) return mgc_required;
    double out_total = 0.0;
    for (int64_t i = 0; i < n; i++) {
        const double mat_sqrt = sqrt(mat[i] + 2.0);  /* line 8 */
        out_total += mat_sqrt;
        dmat[i] = 0.5 / mat_sqrt;
    }
    *out = out_total;
    return (mgc_status){MGC_OK, 0};
}

/* Whether arguments are as ordered requires. */
static mgc_status ordered_requires(double scale, const double *restrict q, int64_t k, double a, int64_t n) {
    mgc_status status = {MGC_OK, 0};
    if (!(n > 1 && (0 <= k && k < n))) {  /* line 12 */
        mgc_fail(&status, MGC_REQUIRE, 12);
        return status;
    }
    if (!(scale > 0.0)) {  /* line 15 */
        mgc_fail(&status, MGC_REQUIRE, 15);
        return status;
    }
    for (int64_t i = 0; i < n - 1; i++) {
        if (!(q[i] < q[i + 1] + 4.0)) {  /* line 13 */
            mgc_fail(&status, MGC_REQUIRE, 13);
            return status;
        }
    }
    int64_t first = 0;
    if (!(a > -2.0)) {
        first = 0;  /* line 14 */
        if (first < 0 || first >= n) {
            mgc_fail(&status, MGC_INDEX, 14);
            return status;
        }
    }
    if (!(a > -2.0 || q[first] > 3.0)) {  /* line 14 */
        mgc_fail(&status, MGC_REQUIRE, 14);
        return status;
    }
    return status;
}

/* A place among numbers that hardly fall (requirements.mg, line 10). */
mgc_status ordered(
    double scale, const double *restrict q, int64_t k, double a, int64_t n, double *restrict out
) {
    const mgc_status mgc_required = ordered_requires(scale, q, k, a, n);
    if (mgc_required.error != MGC_OK) return mgc_required;
    mgc_status status = {MGC_OK, 0};
    const int64_t place = k;  /* line 16 */
    if (place < 0 || place >= n) {
        mgc_fail(&status, MGC_INDEX, 16);
        return status;
    }
    *out = a * scale * q[place];
    return status;
}

/* A place among numbers that hardly fall (requirements.mg, line 10), and its derivatives. */
mgc_status ordered_value_and_grad(
    double scale, const double *restrict q, int64_t k, double a, int64_t n, double *restrict out,
    double *restrict dscale
) {
    const mgc_status mgc_required = ordered_requires(scale, q, k, a, n);
    if (mgc_required.error != MGC_OK) return mgc_required;
    mgc_status status = {MGC_OK, 0};
    const int64_t place = k;  /* line 16 */
    if (place < 0 || place >= n) {
        mgc_fail(&status, MGC_INDEX, 16);
        return status;
    }
    *out = a * scale * q[place];
    *dscale = q[place] * a;
    return status;
}

/* Whether arguments are as shares requires. */
static mgc_status shares_requires(const double *restrict p, const double *restrict w, int64_t n, int64_t m) {
    mgc_status status = {MGC_OK, 0};
    for (int64_t k = 0; k < n; k++) {
        for (int64_t q = 0; q < m; q++) {
            if (!(p[k * m + q] >= -2.0)) {  /* line 19 */
                mgc_fail(&status, MGC_REQUIRE, 19);
                return status;
            }
        }
    }
    for (int64_t i = 0; i < n; i++) {
        double p_sum = 0.0;
        for (int64_t j = 0; j < m; j++) {
            p_sum += p[i * m + j];  /* line 20 */
        }
        if (!(p_sum <= 100.0)) {  /* line 20 */
            mgc_fail(&status, MGC_REQUIRE, 20);
            return status;
        }
    }
    double w_max = -INFINITY;
    for (int64_t k = 0; k < m; k++) {
        if (w[k] > w_max || w[k] != w[k]) w_max = w[k];  /* line 21 */
    }
    int64_t first = 0;
    if (w_max < 10.0) {
        first = 0;
        if (first < 0 || first >= m) {
            mgc_fail(&status, MGC_INDEX, 21);
            return status;
        }
    }
    if (!(w_max < 10.0 && w[first] != 7.0)) {  /* line 21 */
        mgc_fail(&status, MGC_REQUIRE, 21);
        return status;
    }
    return status;
}

/* shares of requirements.mg, line 18. */
mgc_status shares(
    const double *restrict p, const double *restrict w, int64_t n, int64_t m, double *restrict out
) {
    const mgc_status mgc_required = shares_requires(p, w, n, m);
    if (mgc_required.error != MGC_OK) return mgc_required;
    for (int64_t i = 0; i < n; i++) {
        double out_total = 0.0;
        for (int64_t j = 0; j < m; j++) {
            out_total += p[i * m + j] * w[j];  /* line 22 */
        }
        out[i] = out_total;
    }
    return (mgc_status){MGC_OK, 0};
}

/* shares of requirements.mg, line 18, and its derivatives. */
mgc_status shares_vjp(
    const double *restrict p, const double *restrict w, const double *restrict dout, int64_t n, int64_t m,
    double *restrict out, double *restrict dp, double *restrict dw
) {
    const mgc_status mgc_required = shares_requires(p, w, n, m);
    if (mgc_required.error != MGC_OK) return mgc_required;
    for (int64_t i = 0; i < n; i++) {
        double out_total = 0.0;
        for (int64_t j = 0; j < m; j++) {
            out_total += p[i * m + j] * w[j];  /* line 22 */
        }
        out[i] = out_total;
    }
    for (int64_t at = 0; at < m; at++) dw[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < m; j++) {
            dp[i * m + j] = dout[i] * w[j];
            dw[j] += dout[i] * p[i * m + j];
        }
    }
    return (mgc_status){MGC_OK, 0};
}

/* Whether arguments are as inside requires. */
static mgc_status inside_requires(double x) {
    mgc_status status = {MGC_OK, 0};
    if (!(-2.0 < x && x < 2.0)) {  /* line 25 */
        mgc_fail(&status, MGC_REQUIRE, 25);
        return status;
    }
    return status;
}

/* inside of requirements.mg, line 24. */
mgc_status inside(double x, double *restrict out) {
    const mgc_status mgc_required = inside_requires(x);
    if (mgc_required.error != MGC_OK) return mgc_required;
    double lengths_list[2];  /* line 26 */
    lengths_list[0] = 1.0 - x;
    lengths_list[1] = 1.0 + x;
    double lengths = 0.0;
    for (int64_t i = 0; i < 2; i++) {
        lengths += sqrt(lengths_list[i] + 2.0);  /* line 8 */
    }
    *out = lengths;
    return (mgc_status){MGC_OK, 0};
}

/* inside of requirements.mg, line 24, and its derivatives. */
mgc_status inside_value_and_grad(double x, double *restrict out, double *restrict dx) {
    const mgc_status mgc_required = inside_requires(x);
    if (mgc_required.error != MGC_OK) return mgc_required;
    double out_list[2];  /* line 26 */
    out_list[0] = 1.0 - x;
    out_list[1] = 1.0 + x;
    double out_total = 0.0;
    double dout_list[2];
    for (int64_t i = 0; i < 2; i++) {
        const double out_list_sqrt = sqrt(out_list[i] + 2.0);  /* line 8 */
        out_total += out_list_sqrt;
        dout_list[i] = 0.5 / out_list_sqrt;  /* line 26 */
    }
    *dx = dout_list[1] - dout_list[0];
    *out = out_total;
    return (mgc_status){MGC_OK, 0};
}

/* Whether arguments are as line requires. */
static mgc_status line_requires(double x) {
    mgc_status status = {MGC_OK, 0};
    if (x == 9.0) {  /* line 30 */
        mgc_fail(&status, MGC_REQUIRE, 30);
        return status;
    }
    return status;
}

/* A model may require, too (requirements.mg, line 28). */
mgc_status line(double w, double x, double *restrict out) {
    const mgc_status mgc_required = line_requires(x);
    if (mgc_required.error != MGC_OK) return mgc_required;
    *out = w / (x - 9.0);
    return (mgc_status){MGC_OK, 0};
}

/* A model may require, too (requirements.mg, line 28), and its derivatives. */
mgc_status line_value_and_grad(double w, double x, double *restrict out, double *restrict dw) {
    const mgc_status mgc_required = line_requires(x);
    if (mgc_required.error != MGC_OK) return mgc_required;
    const double x_difference = x - 9.0;  /* line 32 */
    *out = w / x_difference;
    *dw = 1.0 / x_difference;
    return (mgc_status){MGC_OK, 0};
}
