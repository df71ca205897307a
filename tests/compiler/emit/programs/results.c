/* results.mg, compiled to C99: values and exact derivatives. */
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
    const double t = hypot(x, y);
    const double t_2 = t != 0.0 ? dout_2 * (x / t / t) : 0.0;
    const double t_3 = t != 0.0 ? dout_2 * (-y / t / t) : 0.0;
    const double dout_in = dout_1 * (0.5 / *out_1);
    *dx = dout_in * (2.0 * x) + t_3;
    *dy = dout_in * (2.0 * y) + t_2;
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
    const double ds = dout_2 * x + -dout_1 * y;  /* line 7 */
    const double dc = dout_2 * y + dout_1 * x;  /* line 6 */
    *dx = dout_2 * s + dout_1 * c;
    *dy = dout_2 * c + -dout_1 * s;
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
    const double du_product = -v;  /* line 8 */
    const double ds = u * r + du_product * phi;  /* line 7 */
    const double dc = u * phi + v * r;  /* line 6 */
    const double t = hypot(x, y);  /* line 3 */
    double dphi = 0.0;
    double t_2 = 0.0;
    if (t != 0.0) {
        dphi = u * c + du_product * s;
        t_2 = dphi * (x / t / t);
    } else {
        t_2 = 0.0;
    }
    const double dr = 1.0 + u * s + v * c;
    const double dr_in = dr * (0.5 / r);
    *dx = ds * c - dc * s + dr_in * (2.0 * x) + (t != 0.0 ? dphi * (-y / t / t) : 0.0);
    *dy = dr_in * (2.0 * y) + t_2;
    return (mgc_status){MGC_OK, 0};
}

/* statistics of results.mg, line 15. */
mgc_status statistics(
    const double *restrict x, int64_t n, double *restrict out_1, double *restrict out_2,
    double *restrict out_3
) {
    double *const out_difference = out_3;
    double centre_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        centre_sum += x[i];  /* line 16 */
    }
    const double centre = centre_sum / n;
    double out_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        out_difference[i] = x[i] - centre;  /* line 17 */
        out_sum += out_difference[i] * out_difference[i];
    }
    *out_1 = centre;
    *out_2 = out_sum / n;
    return (mgc_status){MGC_OK, 0};
}

/* statistics of results.mg, line 15, and its derivatives. */
mgc_status statistics_vjp(
    const double *restrict x, double dcentre_out, double dout_2, const double *restrict dout_3_out, int64_t n,
    void *restrict work, double *restrict out_1, double *restrict out_2, double *restrict out_3,
    double *restrict dx
) {
    double *dout_3 = work;
    double centre_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        centre_sum += x[i];  /* line 16 */
    }
    const double centre = centre_sum / n;
    const double dout_sum = dout_2 / n;  /* line 17 */
    double out_sum = 0.0;
    for (int64_t at = 0; at < n; at++) dout_3[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        out_3[i] = x[i] - centre;
        out_sum += out_3[i] * out_3[i];
        dout_3[i] += dout_sum * (2.0 * out_3[i]);
    }
    *out_2 = out_sum / n;
    for (int64_t i = 0; i < n; i++) {
        dout_3[i] += dout_3_out[i];
    }
    double t = 0.0;
    for (int64_t i = 0; i < n; i++) {
        t += -dout_3[i];
    }
    const double dcentre = dcentre_out + t;  /* line 16 */
    const double dcentre_sum = dcentre / n;
    for (int64_t i = 0; i < n; i++) {
        dx[i] = dout_3[i] + dcentre_sum;
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
    double *const out_values = out;
    double *rest = work;
    double centre_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        centre_sum += x[i];  /* line 16 */
    }
    double centre = 0.0;
    if (n > 0) {
        centre = centre_sum / n;
    }
    double variance_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        rest[i] = x[i] - centre;  /* line 17 */
        variance_sum += rest[i] * rest[i];
    }
    double out_sqrt = 0.0;
    if (n > 0) {
        const double variance = variance_sum / n;
        out_sqrt = sqrt(variance + 0.001);  /* line 21 */
    }
    for (int64_t i = 0; i < n; i++) {
        out_values[i] = rest[i] / out_sqrt;
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
    double *t = rest + n;
    double *drest = t + n;
    double centre_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        centre_sum += x[i];  /* line 16 */
    }
    double centre = 0.0;
    if (n > 0) {
        centre = centre_sum / n;
    }
    double variance_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        rest[i] = x[i] - centre;  /* line 17 */
        variance_sum += rest[i] * rest[i];
    }
    double out_sqrt = 0.0;
    if (n > 0) {
        const double variance = variance_sum / n;
        out_sqrt = sqrt(variance + 0.001);  /* line 21 */
    }
    for (int64_t i = 0; i < n; i++) {
        out[i] = rest[i] / out_sqrt;
    }
    for (int64_t at = 0; at < n; at++) t[at] = 0.0;
    if (n > 0) {
        double dout_sqrt = 0.0;
        for (int64_t i = 0; i < n; i++) {
            dout_sqrt += dout[i] * (-out[i] / out_sqrt);
        }
        const double dvariance = dout_sqrt * (0.5 / out_sqrt);
        const double dvariance_sum = dvariance / n;  /* line 17 */
        for (int64_t i = 0; i < n; i++) {
            t[i] = dvariance_sum * (2.0 * rest[i]);
        }
    }
    if (!(n > 0)) {
        for (int64_t i = 0; i < n; i++) {
            t[i] = 0.0;
        }
    }
    double dcentre = 0.0;
    for (int64_t i = 0; i < n; i++) {
        drest[i] = dout[i] / out_sqrt + t[i];
        dcentre += -drest[i];
    }
    double dcentre_sum = 0.0;
    if (n > 0) {
        dcentre_sum = dcentre / n;  /* line 16 */
    }
    for (int64_t i = 0; i < n; i++) {
        dx[i] = drest[i] + dcentre_sum;
    }
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of standardised_vjp has. */
size_t standardised_vjp_workspace(int64_t n) {
    double work = 0.0;
    work += 3.0 * n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* step of results.mg, line 23. */
mgc_status step(
    const double *restrict x, const double *restrict v, double dt, int64_t n, double *restrict out_1,
    double *restrict out_2
) {
    double *const out_values = out_1;
    double *const w = out_2;
    for (int64_t i = 0; i < n; i++) {
        const double a = -x[i];  /* line 24 */
        w[i] = v[i] + dt * a;  /* line 25 */
        out_values[i] = x[i] + dt * w[i];  /* line 26 */
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
    double t = 0.0;
    for (int64_t i = 0; i < n; i++) {
        const double a = -x[i];  /* line 24 */
        w[i] = v[i] + dt * a;  /* line 25 */
        out_1[i] = x[i] + dt * w[i];  /* line 26 */
        t += dout_1[i] * w[i];
    }
    for (int64_t at = 0; at < n; at++) dv[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        dv[i] += dout_1[i] * dt;  /* line 25 */
        dv[i] += dw_out[i];
    }
    double t_2 = 0.0;
    for (int64_t i = 0; i < n; i++) {
        t_2 += -dv[i] * x[i];
        const double da = dv[i] * dt;
        dx[i] = dout_1[i] - da;
    }
    *ddt = t + t_2;
    return (mgc_status){MGC_OK, 0};
}

/* rowwise of results.mg, line 28. */
mgc_status rowwise(const double *restrict X, int64_t n, int64_t d, double *restrict out) {
    mgc_status status = {MGC_OK, 0};
    double *const out_values = out;
    int64_t place = 0;
    if (n > 0) {
        place = 0;  /* line 29 */
        if (place < 0 || place >= d) {
            mgc_fail(&status, MGC_INDEX, 29);
            return status;
        }
    }
    for (int64_t i = 0; i < n; i++) {
        double centre_sum = 0.0;
        for (int64_t j = 0; j < d; j++) {
            centre_sum += X[i * d + j];  /* line 16 */
        }
        const double centre = centre_sum / d;
        double variance_sum = 0.0;
        for (int64_t j = 0; j < d; j++) {
            const double rest = X[i * d + j] - centre;  /* line 17 */
            variance_sum += rest * rest;
        }
        const double variance = variance_sum / d;
        const double rest_2 = X[i * d + place] - centre;
        double largest = -INFINITY;
        for (int64_t j = 0; j < d; j++) {
            const double largest_abs = fabs(X[i * d + j]);  /* line 29 */
            if (largest_abs > largest || largest_abs != largest_abs) largest = largest_abs;
        }
        const int out_or = largest <= 0.0 || largest == INFINITY;
        double out_chosen = 0.0;
        if (out_or) {
            const double limit = largest <= 0.0 ? 0.0 : largest;
            out_chosen = limit;
        } else {
            double length_sum = 0.0;
            for (int64_t j = 0; j < d; j++) {
                const double length_ratio = X[i * d + j] / largest;
                length_sum += length_ratio * length_ratio;
            }
            const double length = largest * sqrt(length_sum);
            out_chosen = length;
        }
        out_values[i] = rest_2 / sqrt(variance + 0.001) * out_chosen;
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
    double *length_ratio = rest + d;
    double *drest = length_ratio + d;
    int64_t place = 0;
    if (n > 0) {
        place = 0;  /* line 29 */
        if (place < 0 || place >= d) {
            mgc_fail(&status, MGC_INDEX, 29);
            return status;
        }
    }
    for (int64_t at = 0; at < n * d; at++) dX[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double centre_sum = 0.0;
        for (int64_t j = 0; j < d; j++) {
            centre_sum += X[i * d + j];  /* line 16 */
        }
        const double centre = centre_sum / d;
        double variance_sum = 0.0;
        for (int64_t j = 0; j < d; j++) {
            rest[j] = X[i * d + j] - centre;  /* line 17 */
            variance_sum += rest[j] * rest[j];
        }
        const double variance = variance_sum / d;
        const double out_sqrt = sqrt(variance + 0.001);  /* line 21 */
        const double rest_2 = X[i * d + place] - centre;  /* line 17 */
        const double out_ratio = rest_2 / out_sqrt;  /* line 21 */
        double largest = -INFINITY;
        for (int64_t j = 0; j < d; j++) {
            const double largest_abs = fabs(X[i * d + j]);  /* line 29 */
            if (largest_abs > largest || largest_abs != largest_abs) largest = largest_abs;
        }
        const int out_or = largest <= 0.0 || largest == INFINITY;
        for (int64_t at = 0; at < d; at++) length_ratio[at] = 0.0;
        double length_sqrt = 0.0;
        double length = 0.0;
        double limit = 0.0;
        double dout_ratio = 0.0;
        if (out_or) {
            limit = largest <= 0.0 ? 0.0 : largest;
            dout_ratio = dout[i] * limit;
        } else {
            double length_sum = 0.0;
            for (int64_t j = 0; j < d; j++) {
                length_ratio[j] = X[i * d + j] / largest;
                length_sum += length_ratio[j] * length_ratio[j];
            }
            length_sqrt = sqrt(length_sum);
            length = largest * length_sqrt;
            dout_ratio = dout[i] * length;
        }
        out[i] = out_ratio * (out_or ? limit : length);
        if (!(out_or)) {
            const double dlength = dout[i] * out_ratio;
            const double dlength_sum = dlength * largest * (0.5 / length_sqrt);
            for (int64_t j = 0; j < d; j++) {
                const double dX_element = dlength_sum * (2.0 * length_ratio[j]) / largest;
                dX[i * d + j] += dX_element;
            }
        }
        const double drest_2 = dout_ratio / out_sqrt;  /* line 21 */
        const double dout_sqrt = dout_ratio * (-out_ratio / out_sqrt);
        const double dvariance = dout_sqrt * (0.5 / out_sqrt);
        const double dvariance_sum = dvariance / d;  /* line 17 */
        double t = 0.0;
        for (int64_t j = 0; j < d; j++) {
            drest[j] = dvariance_sum * (2.0 * rest[j]);
            t += -drest[j];
        }
        const double dcentre = t - drest_2;  /* line 16 */
        const double dcentre_sum = dcentre / d;
        dX[i * d + place] += drest_2;
        for (int64_t j = 0; j < d; j++) {
            dX[i * d + j] += drest[j] + dcentre_sum;
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
    double out_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        const double a = -x[i];  /* line 24 */
        const double w = v[i] + 0.1 * a;  /* line 25 */
        const double y = x[i] + 0.1 * w;  /* line 26 */
        const double a_2 = -y;  /* line 24 */
        const double w_2 = w + 0.2 * a_2;  /* line 25 */
        const double z = y + 0.2 * w_2;  /* line 26 */
        out_sum += z * z + w_2 * w_2;  /* line 34 */
    }
    *out = out_sum;
    return (mgc_status){MGC_OK, 0};
}

/* energy of results.mg, line 31, and its derivatives. */
mgc_status energy_value_and_grad(
    const double *restrict x, const double *restrict v, int64_t n, double *restrict out, double *restrict dx,
    double *restrict dv
) {
    double out_total = 0.0;
    for (int64_t i = 0; i < n; i++) {
        const double a = -x[i];  /* line 24 */
        const double w = v[i] + 0.1 * a;  /* line 25 */
        const double y = x[i] + 0.1 * w;  /* line 26 */
        const double a_2 = -y;  /* line 24 */
        const double w_2 = w + 0.2 * a_2;  /* line 25 */
        const double z = y + 0.2 * w_2;  /* line 26 */
        out_total += z * z + w_2 * w_2;  /* line 34 */
        const double dz = z + z;  /* line 26 */
        const double dw_2 = w_2 + w_2 + dz * 0.2;  /* line 25 */
        const double da_2 = dw_2 * 0.2;
        const double dy = dz - da_2;  /* line 26 */
        dv[i] = dw_2 + dy * 0.1;  /* line 25 */
        const double da = dv[i] * 0.1;
        dx[i] = dy - da;
    }
    *out = out_total;
    return (mgc_status){MGC_OK, 0};
}
