/* scalars.mg, compiled to C99: values and exact derivatives. */
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

/* polynomial of scalars.mg, line 2. */
mgc_status polynomial(double x, double *restrict out) {
    *out = 3.0 * (x * x * x * x) - 2.0 * (x * x * x) + x * x - 7.0;
    return (mgc_status){MGC_OK, 0};
}

/* polynomial of scalars.mg, line 2, and its derivatives. */
mgc_status polynomial_value_and_grad(double x, double *restrict out, double *restrict dx) {
    const double out_power = x * x * x;  /* line 3 */
    const double out_power_2 = x * x;
    *out = 3.0 * (x * x * x * x) - 2.0 * out_power + out_power_2 - 7.0;
    *dx = 2.0 * x + -2.0 * (3.0 * out_power_2) + 3.0 * (4.0 * out_power);
    return (mgc_status){MGC_OK, 0};
}

/* A docstring reaches the emitted function (scalars.mg, line 5). */
mgc_status quotient(double x, double y, double *restrict out) {
    const double out_sum = y * y + 1.0;  /* line 7 */
    *out = (x + 2.0) / out_sum - x / out_sum;
    return (mgc_status){MGC_OK, 0};
}

/* A docstring reaches the emitted function (scalars.mg, line 5), and its derivatives. */
mgc_status quotient_value_and_grad(
    double x, double y, double *restrict out, double *restrict dx, double *restrict dy
) {
    const double out_sum = y * y + 1.0;  /* line 7 */
    const double out_ratio = (x + 2.0) / out_sum;
    const double out_ratio_2 = x / out_sum;
    *out = out_ratio - out_ratio_2;
    *dy = (-out_ratio / out_sum - -out_ratio_2 / out_sum) * (2.0 * y);
    *dx = -1.0 / out_sum + 1.0 / out_sum;
    return (mgc_status){MGC_OK, 0};
}

/* parentheses of scalars.mg, line 9. */
mgc_status parentheses(double a, double b, double c, double *restrict out) {
    *out = a - (b - c) + a * (b + c) + a * a + pow(-b, 2) - a * (b * c) - (a + b) * (a - c);
    return (mgc_status){MGC_OK, 0};
}

/* parentheses of scalars.mg, line 9, and its derivatives. */
mgc_status parentheses_value_and_grad(
    double a, double b, double c, double *restrict out, double *restrict da, double *restrict db,
    double *restrict dc
) {
    const double out_sum = b + c;  /* line 10 */
    const double out_product = b * c;
    const double out_sum_2 = a + b;
    const double out_difference = a - c;
    *out = a - (b - c) + a * out_sum + a * a + pow(-b, 2) - a * out_product - out_sum_2 * out_difference;
    *da = -out_sum_2 - out_difference - out_product + 2.0 * a + out_sum + 1.0;
    *db = -a * c - out_difference - 2.0 * -b + a + -1.0;
    *dc = out_sum_2 + -a * b + a + 1.0;
    return (mgc_status){MGC_OK, 0};
}

/* gaussian of scalars.mg, line 12. */
mgc_status gaussian(double x, double mu, double log_sigma, double *restrict out) {
    const double z = (x - mu) * exp(-log_sigma);  /* line 13 */
    *out = -0.5 * (z * z) - log_sigma - 0.5 * log(6.283185307179586);
    return (mgc_status){MGC_OK, 0};
}

/* gaussian of scalars.mg, line 12, and its derivatives. */
mgc_status gaussian_value_and_grad(
    double x, double mu, double log_sigma, double *restrict out, double *restrict dx, double *restrict dmu,
    double *restrict dlog_sigma
) {
    const double z_difference = x - mu;  /* line 13 */
    const double z_exp = exp(-log_sigma);
    const double z = z_difference * z_exp;
    *out = -0.5 * (z * z) - log_sigma - 0.5 * log(6.283185307179586);  /* line 14 */
    const double dz = -0.5 * (2.0 * z);
    *dx = dz * z_exp;  /* line 13 */
    const double dz_exp = dz * z_difference;
    *dmu = -*dx;
    *dlog_sigma = -1.0 + (dz_exp != 0.0 ? -dz_exp * z_exp : 0.0);
    return (mgc_status){MGC_OK, 0};
}

/* chained of scalars.mg, line 16. */
mgc_status chained(double x, double *restrict out) {
    const double y = sin(x);  /* line 17 */
    const double y_2 = y * exp(y);  /* line 18 */
    const double y_3 = tanh(y_2 + x);  /* line 19 */
    *out = y_3 * y_3;
    return (mgc_status){MGC_OK, 0};
}

/* chained of scalars.mg, line 16, and its derivatives. */
mgc_status chained_value_and_grad(double x, double *restrict out, double *restrict dx) {
    const double y = sin(x);  /* line 17 */
    const double exp_y = exp(y);  /* line 18 */
    const double y_2 = y * exp_y;
    const double y_3 = tanh(y_2 + x);  /* line 19 */
    *out = y_3 * y_3;  /* line 20 */
    const double dy_3 = y_3 + y_3;  /* line 19 */
    const double dy_2 = dy_3 * (1.0 - y_3 * y_3);
    const double dexp_y = dy_2 * y;  /* line 18 */
    const double dy = dy_2 * exp_y + (dexp_y != 0.0 ? dexp_y * exp_y : 0.0);  /* line 17 */
    *dx = dy_2 + dy * cos(x);
    return (mgc_status){MGC_OK, 0};
}

/* unused of scalars.mg, line 22. */
mgc_status unused(double x, double y, double z, double *restrict out) {
    (void)x;
    (void)y;
    *out = sin(z);
    return (mgc_status){MGC_OK, 0};
}

/* unused of scalars.mg, line 22, and its derivatives. */
mgc_status unused_value_and_grad(
    double x, double y, double z, double *restrict out, double *restrict dx, double *restrict dy,
    double *restrict dz
) {
    (void)x;
    (void)y;
    *out = sin(z);  /* line 24 */
    *dz = cos(z);
    *dx = 0.0;
    *dy = 0.0;
    return (mgc_status){MGC_OK, 0};
}
