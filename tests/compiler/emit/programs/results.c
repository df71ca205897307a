/* results.mg, compiled to C99: values and exact derivatives. */
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

/* polar of results.mg, line 2. */
mgc_status polar(double x, double y, double *restrict out_1, double *restrict out_2) {
    *out_1 = sqrt(x * x + y * y + 1.0);
    *out_2 = atan2(y, x);
    return (mgc_status){MGC_OK, 0};
}

/* polar of results.mg, line 2, and its derivatives. */
mgc_status polar_vjp(
    double x, double y, double dout_1, double dout_2, double *restrict out_1, double *restrict out_2,
    double *restrict dx, double *restrict dy
) {
    *out_1 = sqrt(x * x + y * y + 1.0);  /* line 3 */
    *out_2 = atan2(y, x);
    const double x_y_hypot = hypot(x, y);
    const double slope = 2.0 * (dout_1 * (0.5 / *out_1));
    *dx = slope * x + (x_y_hypot != 0.0 ? -dout_2 * (y / x_y_hypot / x_y_hypot) : 0.0);
    *dy = slope * y + (x_y_hypot != 0.0 ? dout_2 * (x / x_y_hypot / x_y_hypot) : 0.0);
    return (mgc_status){MGC_OK, 0};
}

/* rotated of results.mg, line 5. */
mgc_status rotated(double x, double y, double angle, double *restrict out_1, double *restrict out_2) {
    const double c = cos(angle);  /* line 6 */
    const double s = sin(angle);  /* line 7 */
    *out_1 = c * x - s * y;
    *out_2 = s * x + c * y;
    return (mgc_status){MGC_OK, 0};
}

/* rotated of results.mg, line 5, and its derivatives. */
mgc_status rotated_vjp(
    double x, double y, double dout_1, double dout_2, double angle, double *restrict out_1,
    double *restrict out_2, double *restrict dx, double *restrict dy, double *restrict dangle
) {
    const double c = cos(angle);  /* line 6 */
    const double s = sin(angle);  /* line 7 */
    *out_1 = c * x - s * y;  /* line 8 */
    *out_2 = s * x + c * y;
    const double ds = dout_2 * x - dout_1 * y;  /* line 7 */
    const double dc = dout_2 * y + dout_1 * x;  /* line 6 */
    *dx = dout_2 * s + dout_1 * c;
    *dy = dout_2 * c - dout_1 * s;
    *dangle = ds * c - dc * s;
    return (mgc_status){MGC_OK, 0};
}

/* both of results.mg, line 10. */
mgc_status both(double x, double y, double *restrict out) {
    const double r = sqrt(x * x + y * y + 1.0);  /* line 3 */
    const double phi = atan2(y, x);
    const double c = cos(x);  /* line 6 */
    const double s = sin(x);  /* line 7 */
    const double u = c * r - s * phi;  /* line 8 */
    const double v = s * r + c * phi;
    *out = u * v + r;
    return (mgc_status){MGC_OK, 0};
}

/* both of results.mg, line 10, and its derivatives. */
mgc_status both_value_and_grad(
    double x, double y, double *restrict out, double *restrict dx, double *restrict dy
) {
    const double r = sqrt(x * x + y * y + 1.0);  /* line 3 */
    const double phi = atan2(y, x);
    const double c = cos(x);  /* line 6 */
    const double s = sin(x);  /* line 7 */
    const double u = c * r - s * phi;  /* line 8 */
    const double v = s * r + c * phi;
    *out = u * v + r;  /* line 13 */
    const double minus_v = -v;  /* line 8 */
    const double ds = u * r + minus_v * phi;  /* line 7 */
    const double dc = u * phi + v * r;  /* line 6 */
    const double x_y_hypot = hypot(x, y);  /* line 3 */
    double dphi = 0.0;
    if (x_y_hypot != 0.0) {
        dphi = u * c + minus_v * s;
    }
    const double dr = 1.0 + u * s + v * c;
    const double slope = 2.0 * (dr * (0.5 / r));
    *dx = ds * c - dc * s + slope * x + (x_y_hypot != 0.0 ? -dphi * (y / x_y_hypot / x_y_hypot) : 0.0);
    *dy = slope * y + (x_y_hypot != 0.0 ? dphi * (x / x_y_hypot / x_y_hypot) : 0.0);
    return (mgc_status){MGC_OK, 0};
}

/* statistics of results.mg, line 15. */
mgc_status statistics(
    const double *restrict x, int64_t n, double *restrict out_1, double *restrict out_2,
    double *restrict out_3
) {
    double x_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        x_sum += x[i];  /* line 16 */
    }
    const double centre = x_sum / n;
    double out_3_squared_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        out_3[i] = x[i] - centre;  /* line 17 */
        out_3_squared_sum += out_3[i] * out_3[i];
    }
    *out_1 = centre;
    *out_2 = out_3_squared_sum / n;
    return (mgc_status){MGC_OK, 0};
}

/* statistics of results.mg, line 15, and its derivatives. */
mgc_status statistics_vjp(
    const double *restrict x, double dcentre_out, double dout_2, const double *restrict dout_3_out, int64_t n,
    void *restrict work, double *restrict out_1, double *restrict out_2, double *restrict out_3,
    double *restrict dx
) {
    double *dout_3 = work;
    double x_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        x_sum += x[i];  /* line 16 */
    }
    const double centre = x_sum / n;
    const double slope = 2.0 * (dout_2 / n);  /* line 17 */
    double out_3_squared_sum = 0.0;
    for (int64_t at = 0; at < n; at++) dout_3[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        out_3[i] = x[i] - centre;
        out_3_squared_sum += out_3[i] * out_3[i];
        dout_3[i] += slope * out_3[i];
    }
    *out_2 = out_3_squared_sum / n;
    for (int64_t i = 0; i < n; i++) {
        dout_3[i] += dout_3_out[i];
    }
    double minus_dout_3_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        minus_dout_3_sum -= dout_3[i];
    }
    const double dcentre = dcentre_out + minus_dout_3_sum;  /* line 16 */
    const double dx_sum = dcentre / n;
    for (int64_t i = 0; i < n; i++) {
        dx[i] = dout_3[i] + dx_sum;
    }
    *out_1 = centre;
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of statistics_vjp has. */
size_t statistics_vjp_workspace(int64_t n) {
    double work = 0.0;
    work += n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* standardised of results.mg, line 19. */
mgc_status standardised(const double *restrict x, int64_t n, void *restrict work, double *restrict out) {
    double *rest = work;
    double x_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        x_sum += x[i];  /* line 16 */
    }
    double centre = 0.0;
    if (n > 0) {
        centre = x_sum / n;
    }
    double rest_squared_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        rest[i] = x[i] - centre;  /* line 17 */
        rest_squared_sum += rest[i] * rest[i];
    }
    double variance_sqrt = 0.0;
    if (n > 0) {
        const double variance = rest_squared_sum / n;
        variance_sqrt = sqrt(variance + 0.001);  /* line 21 */
    }
    for (int64_t i = 0; i < n; i++) {
        out[i] = rest[i] / variance_sqrt;
    }
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of standardised has. */
size_t standardised_workspace(int64_t n) {
    double work = 0.0;
    work += n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* standardised of results.mg, line 19, and its derivatives. */
mgc_status standardised_vjp(
    const double *restrict x, const double *restrict dout, int64_t n, void *restrict work,
    double *restrict out, double *restrict dx
) {
    double *rest = work;
    double *drest = rest + n;
    double x_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        x_sum += x[i];  /* line 16 */
    }
    double centre = 0.0;
    if (n > 0) {
        centre = x_sum / n;
    }
    double rest_squared_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        rest[i] = x[i] - centre;  /* line 17 */
        rest_squared_sum += rest[i] * rest[i];
    }
    double variance_sqrt = 0.0;
    if (n > 0) {
        const double variance = rest_squared_sum / n;
        variance_sqrt = sqrt(variance + 0.001);  /* line 21 */
    }
    for (int64_t i = 0; i < n; i++) {
        out[i] = rest[i] / variance_sqrt;
    }
    double slope = 0.0;
    if (n > 0) {
        double dvariance_sqrt = 0.0;
        for (int64_t i = 0; i < n; i++) {
            dvariance_sqrt -= dout[i] * (out[i] / variance_sqrt);
        }
        const double dvariance = dvariance_sqrt * (0.5 / variance_sqrt);
        slope = 2.0 * (dvariance / n);  /* line 17 */
    }
    double dcentre = 0.0;
    for (int64_t i = 0; i < n; i++) {
        drest[i] = dout[i] / variance_sqrt + slope * rest[i];
        dcentre -= drest[i];
    }
    double dx_sum = 0.0;
    if (n > 0) {
        dx_sum = dcentre / n;  /* line 16 */
    }
    for (int64_t i = 0; i < n; i++) {
        dx[i] = drest[i] + dx_sum;
    }
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of standardised_vjp has. */
size_t standardised_vjp_workspace(int64_t n) {
    double work = 0.0;
    work += 2.0 * n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* step of results.mg, line 23. */
mgc_status step(
    const double *restrict x, const double *restrict v, double dt, int64_t n, double *restrict out_1,
    double *restrict out_2
) {
    double *const w = out_2;
    for (int64_t i = 0; i < n; i++) {
        const double a = -x[i];  /* line 24 */
        w[i] = v[i] + dt * a;  /* line 25 */
        out_1[i] = x[i] + dt * w[i];  /* line 26 */
    }
    return (mgc_status){MGC_OK, 0};
}

/* step of results.mg, line 23, and its derivatives. */
mgc_status step_vjp(
    const double *restrict x, const double *restrict v, const double *restrict dout_1,
    const double *restrict dw_out, double dt, int64_t n, double *restrict out_1, double *restrict out_2,
    double *restrict dx, double *restrict dv, double *restrict ddt
) {
    double *const w = out_2;
    double *const dw = dv;
    double part_of_ddt = 0.0;
    for (int64_t i = 0; i < n; i++) {
        const double a = -x[i];  /* line 24 */
        w[i] = v[i] + dt * a;  /* line 25 */
        out_1[i] = x[i] + dt * w[i];  /* line 26 */
        part_of_ddt += dout_1[i] * w[i];
    }
    for (int64_t at = 0; at < n; at++) dw[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        dw[i] += dout_1[i] * dt;  /* line 25 */
        dw[i] += dw_out[i];
    }
    double part_of_ddt_2 = 0.0;
    for (int64_t i = 0; i < n; i++) {
        part_of_ddt_2 -= dw[i] * x[i];
        const double da = dw[i] * dt;
        dx[i] = dout_1[i] - da;
    }
    *ddt = part_of_ddt + part_of_ddt_2;
    return (mgc_status){MGC_OK, 0};
}

/* rowwise of results.mg, line 28. */
mgc_status rowwise(const double *restrict X, int64_t n, int64_t d, double *restrict out) {
    mgc_status status = {MGC_OK, 0};
    int64_t first = 0;
    if (n > 0) {
        first = 0;  /* line 29 */
        if (first < 0 || first >= d) {
            mgc_fail(&status, MGC_INDEX, 29);
            return status;
        }
    }
    for (int64_t i = 0; i < n; i++) {
        double X_sum = 0.0;
        for (int64_t j = 0; j < d; j++) {
            X_sum += X[i * d + j];  /* line 16 */
        }
        const double centre = X_sum / d;
        double rest_squared_sum = 0.0;
        for (int64_t j = 0; j < d; j++) {
            const double rest = X[i * d + j] - centre;  /* line 17 */
            rest_squared_sum += rest * rest;
        }
        const double variance = rest_squared_sum / d;
        const double rest2 = X[i * d + first] - centre;
        double X_scale = -INFINITY;
        for (int64_t j = 0; j < d; j++) {
            const double X_abs = fabs(X[i * d + j]);  /* line 29 */
            if (X_abs > X_scale || X_abs != X_abs) X_scale = X_abs;
        }
        double X_norm = 0.0;
        if (X_scale <= 0.0 || X_scale == INFINITY) {
            const double X_limit = X_scale <= 0.0 ? 0.0 : X_scale;
            X_norm = X_limit;
        } else {
            double X_length_sum = 0.0;
            for (int64_t j = 0; j < d; j++) {
                const double X_length_ratio = X[i * d + j] / X_scale;
                X_length_sum += X_length_ratio * X_length_ratio;
            }
            const double X_length = X_scale * sqrt(X_length_sum);
            X_norm = X_length;
        }
        out[i] = rest2 / sqrt(variance + 0.001) * X_norm;
    }
    return status;
}

/* rowwise of results.mg, line 28, and its derivatives. */
mgc_status rowwise_vjp(
    const double *restrict X, const double *restrict dout, int64_t n, int64_t d, void *restrict work,
    double *restrict out, double *restrict dX
) {
    mgc_status status = {MGC_OK, 0};
    double *rest = work;
    double *X_length_ratio = rest + d;
    double *drest = X_length_ratio + d;
    int64_t first = 0;
    if (n > 0) {
        first = 0;  /* line 29 */
        if (first < 0 || first >= d) {
            mgc_fail(&status, MGC_INDEX, 29);
            return status;
        }
    }
    for (int64_t at = 0; at < n * d; at++) dX[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double X_sum = 0.0;
        for (int64_t j = 0; j < d; j++) {
            X_sum += X[i * d + j];  /* line 16 */
        }
        const double centre = X_sum / d;
        double rest_squared_sum = 0.0;
        for (int64_t j = 0; j < d; j++) {
            rest[j] = X[i * d + j] - centre;  /* line 17 */
            rest_squared_sum += rest[j] * rest[j];
        }
        const double variance = rest_squared_sum / d;
        const double variance_sqrt = sqrt(variance + 0.001);  /* line 21 */
        const double rest2 = X[i * d + first] - centre;  /* line 17 */
        const double rest2_over_variance_sqrt = rest2 / variance_sqrt;  /* line 21 */
        double X_scale = -INFINITY;
        for (int64_t j = 0; j < d; j++) {
            const double X_abs = fabs(X[i * d + j]);  /* line 29 */
            if (X_abs > X_scale || X_abs != X_abs) X_scale = X_abs;
        }
        const int out_either = X_scale <= 0.0 || X_scale == INFINITY;
        for (int64_t at = 0; at < d; at++) X_length_ratio[at] = 0.0;
        double X_length_sqrt = 0.0;
        double X_norm = 0.0;
        if (out_either) {
            const double X_limit = X_scale <= 0.0 ? 0.0 : X_scale;
            X_norm = X_limit;
        } else {
            double X_length_sum = 0.0;
            for (int64_t j = 0; j < d; j++) {
                X_length_ratio[j] = X[i * d + j] / X_scale;
                X_length_sum += X_length_ratio[j] * X_length_ratio[j];
            }
            X_length_sqrt = sqrt(X_length_sum);
            const double X_length = X_scale * X_length_sqrt;
            X_norm = X_length;
        }
        out[i] = rest2_over_variance_sqrt * X_norm;
        const double drest2_over_variance_sqrt = dout[i] * X_norm;
        if (!(out_either)) {
            const double dX_length = dout[i] * rest2_over_variance_sqrt;
            const double dX_length_sum = dX_length * X_scale * (0.5 / X_length_sqrt);
            for (int64_t j = 0; j < d; j++) {
                dX[i * d + j] += dX_length_sum * (2.0 * X_length_ratio[j]) / X_scale;
            }
        }
        const double drest2 = drest2_over_variance_sqrt / variance_sqrt;  /* line 21 */
        const double dvariance = -drest2_over_variance_sqrt * (rest2_over_variance_sqrt / variance_sqrt) * (0.5 / variance_sqrt);
        const double drest_squared_sum = dvariance / d;  /* line 17 */
        double minus_drest_sum = 0.0;
        for (int64_t j = 0; j < d; j++) {
            drest[j] = drest_squared_sum * (2.0 * rest[j]);
            minus_drest_sum -= drest[j];
        }
        const double dcentre = minus_drest_sum - drest2;  /* line 16 */
        const double dX_sum = dcentre / d;
        dX[i * d + first] += drest2;
        for (int64_t j = 0; j < d; j++) {
            dX[i * d + j] += drest[j] + dX_sum;
        }
    }
    return status;
}

/* How many bytes `work` of rowwise_vjp has. */
size_t rowwise_vjp_workspace(int64_t d) {
    double work = 0.0;
    work += 3.0 * d;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* energy of results.mg, line 31. */
mgc_status energy(const double *restrict x, const double *restrict v, int64_t n, double *restrict out) {
    double out_total = 0.0;
    for (int64_t i = 0; i < n; i++) {
        const double a = -x[i];  /* line 24 */
        const double w = v[i] + 0.1 * a;  /* line 25 */
        const double y = x[i] + 0.1 * w;  /* line 26 */
        const double a2 = -y;  /* line 24 */
        const double w2 = w + 0.2 * a2;  /* line 25 */
        const double z = y + 0.2 * w2;  /* line 26 */
        out_total += z * z + w2 * w2;  /* line 34 */
    }
    *out = out_total;
    return (mgc_status){MGC_OK, 0};
}

/* energy of results.mg, line 31, and its derivatives. */
mgc_status energy_value_and_grad(
    const double *restrict x, const double *restrict v, int64_t n, double *restrict out, double *restrict dx,
    double *restrict dv
) {
    double *const dw = dv;
    double out_total = 0.0;
    for (int64_t i = 0; i < n; i++) {
        const double a = -x[i];  /* line 24 */
        const double w = v[i] + 0.1 * a;  /* line 25 */
        const double y = x[i] + 0.1 * w;  /* line 26 */
        const double a2 = -y;  /* line 24 */
        const double w2 = w + 0.2 * a2;  /* line 25 */
        const double z = y + 0.2 * w2;  /* line 26 */
        out_total += z * z + w2 * w2;  /* line 34 */
        const double dz = 2.0 * z;  /* line 26 */
        const double dw2 = 2.0 * w2 + dz * 0.2;  /* line 25 */
        const double da2 = 0.2 * dw2;
        const double dy = dz - da2;  /* line 26 */
        dw[i] = dw2 + 0.1 * dy;  /* line 25 */
        const double da = 0.1 * dw[i];
        dx[i] = dy - da;
    }
    *out = out_total;
    return (mgc_status){MGC_OK, 0};
}
