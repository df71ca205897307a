/* results.mg, compiled to C99: values and exact derivatives. */
#include <math.h>

/* polar of results.mg, line 2. */
void polar(double x, double y, double *result_1, double *result_2) {
    *result_1 = sqrt(x * x + y * y + 1.0);
    *result_2 = atan2(y, x);
}

/* polar of results.mg, line 2, and its derivatives. */
void polar_vjp(
    double x, double y, double dout_1, double dout_2, double *result_1, double *result_2, double *dx_out,
    double *dy_out
) {
    const double out_1 = sqrt(x * x + y * y + 1.0);  /* line 3 */
    const double out_2 = atan2(y, x);
    const double t = hypot(x, y);
    const double t_2 = t != 0.0 ? dout_2 * (x / t / t) : 0.0;
    const double t_3 = t != 0.0 ? dout_2 * (-y / t / t) : 0.0;
    const double dout_in = dout_1 * (0.5 / out_1);
    const double dx = dout_in * (2.0 * x) + t_3;
    const double dy = dout_in * (2.0 * y) + t_2;
    *result_1 = out_1;
    *result_2 = out_2;
    *dx_out = dx;
    *dy_out = dy;
}

/* rotated of results.mg, line 5. */
void rotated(double x, double y, double angle, double *result_1, double *result_2) {
    const double c = cos(angle);  /* line 6 */
    const double s = sin(angle);  /* line 7 */
    *result_1 = c * x - s * y;
    *result_2 = s * x + c * y;
}

/* rotated of results.mg, line 5, and its derivatives. */
void rotated_vjp(
    double x, double y, double angle, double dout_1, double dout_2, double *result_1, double *result_2,
    double *dx_out, double *dy_out, double *dangle_out
) {
    const double c = cos(angle);  /* line 6 */
    const double s = sin(angle);  /* line 7 */
    const double out_1 = c * x - s * y;  /* line 8 */
    const double out_2 = s * x + c * y;
    const double ds = dout_2 * x + -dout_1 * y;  /* line 7 */
    const double dc = dout_2 * y + dout_1 * x;  /* line 6 */
    const double dx = dout_2 * s + dout_1 * c;
    const double dy = dout_2 * c + -dout_1 * s;
    const double dangle = ds * c - dc * s;
    *result_1 = out_1;
    *result_2 = out_2;
    *dx_out = dx;
    *dy_out = dy;
    *dangle_out = dangle;
}

/* both of results.mg, line 10. */
double both(double x, double y) {
    const double r = sqrt(x * x + y * y + 1.0);  /* line 3 */
    const double phi = atan2(y, x);
    const double c = cos(x);  /* line 6 */
    const double s = sin(x);  /* line 7 */
    const double u = c * r - s * phi;  /* line 8 */
    const double v = s * r + c * phi;
    return u * v + r;
}

/* both of results.mg, line 10, and its derivatives. */
double both_value_and_grad(double x, double y, double *dx_out, double *dy_out) {
    const double r = sqrt(x * x + y * y + 1.0);  /* line 3 */
    const double phi = atan2(y, x);
    const double c = cos(x);  /* line 6 */
    const double s = sin(x);  /* line 7 */
    const double u = c * r - s * phi;  /* line 8 */
    const double v = s * r + c * phi;
    const double out = u * v + r;  /* line 13 */
    const double du_product = -v;  /* line 8 */
    const double ds = u * r + du_product * phi;  /* line 7 */
    const double dc = u * phi + v * r;  /* line 6 */
    const double t = hypot(x, y);  /* line 3 */
    double dphi = 0;
    double t_2 = 0;
    if (t != 0.0) {
        dphi = u * c + du_product * s;
        t_2 = dphi * (x / t / t);
    } else {
        t_2 = 0.0;
    }
    const double dr = 1.0 + u * s + v * c;
    const double dr_in = dr * (0.5 / r);
    const double dx = ds * c - dc * s + dr_in * (2.0 * x) + (t != 0.0 ? dphi * (-y / t / t) : 0.0);
    const double dy = dr_in * (2.0 * y) + t_2;
    *dx_out = dx;
    *dy_out = dy;
    return out;
}

/* statistics of results.mg, line 15. */
void statistics(const double *x, long n, double *result_1, double *result_2, double *out_difference) {
    double centre_sum = 0.0;
    for (long i = 0; i < n; i++) {
        centre_sum += x[i];  /* line 16 */
    }
    const double centre = centre_sum / n;
    for (long at = 0; at < n; at++) out_difference[at] = 0.0;
    double out_sum = 0.0;
    for (long i = 0; i < n; i++) {
        out_difference[i] = x[i] - centre;  /* line 17 */
        out_sum += out_difference[i] * out_difference[i];
    }
    *result_1 = centre;
    *result_2 = out_sum / n;
}

/* statistics of results.mg, line 15, and its derivatives. */
void statistics_vjp(
    const double *x, double dcentre_out, double dout_2, const double *dout_3_out, long n, double *work,
    double *result_1, double *result_2, double *out_3, double *dx
) {
    /* work holds n numbers */
    double *dout_3 = work;
    double centre_sum = 0.0;
    for (long i = 0; i < n; i++) {
        centre_sum += x[i];  /* line 16 */
    }
    const double centre = centre_sum / n;
    const double dout_sum = dout_2 / n;  /* line 17 */
    for (long at = 0; at < n; at++) out_3[at] = 0.0;
    double out_sum = 0.0;
    for (long at = 0; at < n; at++) dout_3[at] = 0.0;
    for (long i = 0; i < n; i++) {
        out_3[i] = x[i] - centre;
        out_sum += out_3[i] * out_3[i];
        dout_3[i] += dout_sum * (2.0 * out_3[i]);
    }
    const double out_2 = out_sum / n;
    for (long i = 0; i < n; i++) {
        dout_3[i] += dout_3_out[i];
    }
    double t = 0.0;
    for (long i = 0; i < n; i++) {
        t += -dout_3[i];
    }
    const double dcentre = dcentre_out + t;  /* line 16 */
    const double dcentre_sum = dcentre / n;
    for (long at = 0; at < n; at++) dx[at] = 0.0;
    for (long i = 0; i < n; i++) {
        dx[i] = dout_3[i] + dcentre_sum;
    }
    *result_1 = centre;
    *result_2 = out_2;
}

/* standardised of results.mg, line 19. */
void standardised(const double *x, long n, double *work, double *out_values) {
    /* work holds n numbers */
    double *rest = work;
    double centre = 0;
    if (n > 0) {
        double centre_sum = 0.0;
        for (long i = 0; i < n; i++) {
            centre_sum += x[i];  /* line 16 */
        }
        centre = centre_sum / n;
    }
    for (long at = 0; at < n; at++) rest[at] = 0.0;
    for (long i = 0; i < n; i++) {
        rest[i] = x[i] - centre;  /* line 17 */
    }
    double out_sqrt = 0;
    if (n > 0) {
        double variance_sum = 0.0;
        for (long i = 0; i < n; i++) {
            variance_sum += rest[i] * rest[i];
        }
        const double variance = variance_sum / n;
        out_sqrt = sqrt(variance + 0.001);  /* line 21 */
    }
    for (long at = 0; at < n; at++) out_values[at] = 0.0;
    for (long i = 0; i < n; i++) {
        out_values[i] = rest[i] / out_sqrt;
    }
}

/* standardised of results.mg, line 19, and its derivatives. */
void standardised_vjp(const double *x, const double *dout, long n, double *work, double *out, double *dx) {
    /* work holds n + n + n numbers */
    double *rest = work;
    work += n;
    double *t = work;
    work += n;
    double *drest = work;
    double centre = 0;
    if (n > 0) {
        double centre_sum = 0.0;
        for (long i = 0; i < n; i++) {
            centre_sum += x[i];  /* line 16 */
        }
        centre = centre_sum / n;
    }
    for (long at = 0; at < n; at++) rest[at] = 0.0;
    for (long i = 0; i < n; i++) {
        rest[i] = x[i] - centre;  /* line 17 */
    }
    double out_sqrt = 0;
    if (n > 0) {
        double variance_sum = 0.0;
        for (long i = 0; i < n; i++) {
            variance_sum += rest[i] * rest[i];
        }
        const double variance = variance_sum / n;
        out_sqrt = sqrt(variance + 0.001);  /* line 21 */
    }
    for (long at = 0; at < n; at++) out[at] = 0.0;
    for (long i = 0; i < n; i++) {
        out[i] = rest[i] / out_sqrt;
    }
    for (long at = 0; at < n; at++) t[at] = 0.0;
    if (n > 0) {
        double dout_sqrt = 0.0;
        for (long i = 0; i < n; i++) {
            dout_sqrt += dout[i] * (-out[i] / out_sqrt);
        }
        const double dvariance = dout_sqrt * (0.5 / out_sqrt);
        const double dvariance_sum = dvariance / n;  /* line 17 */
        for (long i = 0; i < n; i++) {
            t[i] = dvariance_sum * (2.0 * rest[i]);
        }
    }
    if (!(n > 0)) {
        for (long i = 0; i < n; i++) {
            t[i] = 0.0;
        }
    }
    for (long at = 0; at < n; at++) drest[at] = 0.0;
    for (long i = 0; i < n; i++) {
        drest[i] = dout[i] / out_sqrt + t[i];
    }
    double dcentre_sum = 0;
    if (n > 0) {
        double dcentre = 0.0;
        for (long i = 0; i < n; i++) {
            dcentre += -drest[i];
        }
        dcentre_sum = dcentre / n;  /* line 16 */
    }
    for (long at = 0; at < n; at++) dx[at] = 0.0;
    for (long i = 0; i < n; i++) {
        dx[i] = drest[i] + dcentre_sum;
    }
}

/* step of results.mg, line 23. */
void step(const double *x, const double *v, double dt, long n, double *out_values, double *w) {
    for (long at = 0; at < n; at++) w[at] = 0.0;
    for (long at = 0; at < n; at++) out_values[at] = 0.0;
    for (long i = 0; i < n; i++) {
        const double a = -x[i];  /* line 24 */
        w[i] = v[i] + dt * a;  /* line 25 */
        out_values[i] = x[i] + dt * w[i];  /* line 26 */
    }
}

/* step of results.mg, line 23, and its derivatives. */
void step_vjp(
    const double *x, const double *v, double dt, const double *dout_1, const double *dw_out, long n,
    double *out_1, double *w, double *dx, double *dv, double *ddt_out
) {
    for (long at = 0; at < n; at++) w[at] = 0.0;
    for (long at = 0; at < n; at++) out_1[at] = 0.0;
    double t = 0.0;
    for (long i = 0; i < n; i++) {
        const double a = -x[i];  /* line 24 */
        w[i] = v[i] + dt * a;  /* line 25 */
        out_1[i] = x[i] + dt * w[i];  /* line 26 */
        t += dout_1[i] * w[i];
    }
    for (long at = 0; at < n; at++) dv[at] = 0.0;
    for (long i = 0; i < n; i++) {
        dv[i] += dout_1[i] * dt;  /* line 25 */
        dv[i] += dw_out[i];
    }
    double t_2 = 0.0;
    for (long at = 0; at < n; at++) dx[at] = 0.0;
    for (long i = 0; i < n; i++) {
        t_2 += -dv[i] * x[i];
        const double da = dv[i] * dt;
        dx[i] = dout_1[i] - da;
    }
    const double ddt = t + t_2;
    *ddt_out = ddt;
}

/* rowwise of results.mg, line 28. */
void rowwise(const double *X, long n, long d, double *out_values, int *status) {
    long place = 0;
    if (n > 0) {
        place = 0;  /* line 29 */
        if (place < 0 || place >= d) {
            *status = 1;
            return;
        }
    }
    for (long at = 0; at < n; at++) out_values[at] = 0.0;
    for (long i = 0; i < n; i++) {
        double centre_sum = 0.0;
        for (long j = 0; j < d; j++) {
            centre_sum += X[i * d + j];  /* line 16 */
        }
        const double centre = centre_sum / d;
        double variance_sum = 0.0;
        for (long j = 0; j < d; j++) {
            const double rest = X[i * d + j] - centre;  /* line 17 */
            variance_sum += rest * rest;
        }
        const double variance = variance_sum / d;
        const double rest_2 = X[i * d + place] - centre;
        double largest = -INFINITY;
        for (long j = 0; j < d; j++) {
            const double largest_abs = fabs(X[i * d + j]);  /* line 29 */
            if (largest_abs > largest || largest_abs != largest_abs) largest = largest_abs;
        }
        const int out_or = largest <= 0.0 || largest == INFINITY;
        double out_chosen = 0;
        if (out_or) {
            const double limit = largest <= 0.0 ? 0.0 : largest;
            out_chosen = limit;
        } else {
            double length_sum = 0.0;
            for (long j = 0; j < d; j++) {
                const double length_ratio = X[i * d + j] / largest;
                length_sum += length_ratio * length_ratio;
            }
            const double length = largest * sqrt(length_sum);
            out_chosen = length;
        }
        out_values[i] = rest_2 / sqrt(variance + 0.001) * out_chosen;
    }
}

/* rowwise of results.mg, line 28, and its derivatives. */
void rowwise_vjp(
    const double *X, const double *dout, long n, long d, double *work, double *out, double *dX, int *status
) {
    /* work holds d + d + d numbers */
    double *rest = work;
    work += d;
    double *length_ratio = work;
    work += d;
    double *drest = work;
    long place = 0;
    if (n > 0) {
        place = 0;  /* line 29 */
        if (place < 0 || place >= d) {
            *status = 1;
            return;
        }
    }
    for (long at = 0; at < n; at++) out[at] = 0.0;
    for (long at = 0; at < n * d; at++) dX[at] = 0.0;
    for (long i = 0; i < n; i++) {
        double centre_sum = 0.0;
        for (long j = 0; j < d; j++) {
            centre_sum += X[i * d + j];  /* line 16 */
        }
        const double centre = centre_sum / d;
        for (long at = 0; at < d; at++) rest[at] = 0.0;
        double variance_sum = 0.0;
        for (long j = 0; j < d; j++) {
            rest[j] = X[i * d + j] - centre;  /* line 17 */
            variance_sum += rest[j] * rest[j];
        }
        const double variance = variance_sum / d;
        const double out_sqrt = sqrt(variance + 0.001);  /* line 21 */
        const double rest_2 = X[i * d + place] - centre;  /* line 17 */
        const double out_ratio = rest_2 / out_sqrt;  /* line 21 */
        double largest = -INFINITY;
        for (long j = 0; j < d; j++) {
            const double largest_abs = fabs(X[i * d + j]);  /* line 29 */
            if (largest_abs > largest || largest_abs != largest_abs) largest = largest_abs;
        }
        const int out_or = largest <= 0.0 || largest == INFINITY;
        for (long at = 0; at < d; at++) length_ratio[at] = 0.0;
        double length_sqrt = 0;
        double length = 0;
        double limit = 0;
        double dout_ratio = 0;
        if (out_or) {
            limit = largest <= 0.0 ? 0.0 : largest;
            dout_ratio = dout[i] * limit;
        } else {
            double length_sum = 0.0;
            for (long j = 0; j < d; j++) {
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
            for (long j = 0; j < d; j++) {
                const double dX_element = dlength_sum * (2.0 * length_ratio[j]) / largest;
                dX[i * d + j] += dX_element;
            }
        }
        const double drest_2 = dout_ratio / out_sqrt;  /* line 21 */
        const double dout_sqrt = dout_ratio * (-out_ratio / out_sqrt);
        const double dvariance = dout_sqrt * (0.5 / out_sqrt);
        const double dvariance_sum = dvariance / d;  /* line 17 */
        for (long at = 0; at < d; at++) drest[at] = 0.0;
        double t = 0.0;
        for (long j = 0; j < d; j++) {
            drest[j] = dvariance_sum * (2.0 * rest[j]);
            t += -drest[j];
        }
        const double dcentre = t - drest_2;  /* line 16 */
        const double dcentre_sum = dcentre / d;
        dX[i * d + place] += drest_2;
        for (long j = 0; j < d; j++) {
            dX[i * d + j] += drest[j] + dcentre_sum;
        }
    }
}

/* energy of results.mg, line 31. */
double energy(const double *x, const double *v, long n) {
    double out_sum = 0.0;
    for (long i = 0; i < n; i++) {
        const double a = -x[i];  /* line 24 */
        const double w = v[i] + 0.1 * a;  /* line 25 */
        const double y = x[i] + 0.1 * w;  /* line 26 */
        const double a_2 = -y;  /* line 24 */
        const double w_2 = w + 0.2 * a_2;  /* line 25 */
        const double z = y + 0.2 * w_2;  /* line 26 */
        out_sum += z * z + w_2 * w_2;  /* line 34 */
    }
    return out_sum;
}

/* energy of results.mg, line 31, and its derivatives. */
double energy_value_and_grad(const double *x, const double *v, long n, double *dx, double *dv) {
    double out = 0.0;
    for (long at = 0; at < n; at++) dv[at] = 0.0;
    for (long at = 0; at < n; at++) dx[at] = 0.0;
    for (long i = 0; i < n; i++) {
        const double a = -x[i];  /* line 24 */
        const double w = v[i] + 0.1 * a;  /* line 25 */
        const double y = x[i] + 0.1 * w;  /* line 26 */
        const double a_2 = -y;  /* line 24 */
        const double w_2 = w + 0.2 * a_2;  /* line 25 */
        const double z = y + 0.2 * w_2;  /* line 26 */
        out += z * z + w_2 * w_2;  /* line 34 */
        const double dz = z + z;  /* line 26 */
        const double dw_2 = w_2 + w_2 + dz * 0.2;  /* line 25 */
        const double da_2 = dw_2 * 0.2;
        const double dy = dz - da_2;  /* line 26 */
        dv[i] = dw_2 + dy * 0.1;  /* line 25 */
        const double da = dv[i] * 0.1;
        dx[i] = dy - da;
    }
    return out;
}
