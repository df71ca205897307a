/* scalars.mg, compiled to C99: values and exact derivatives. */
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

/* polynomial of scalars.mg, line 2. */
mgc_status polynomial(double x, double *restrict out) {
    *out = 3.0 * (x * x * x * x) - 2.0 * (x * x * x) + x * x - 7.0;
    return (mgc_status){MGC_OK, 0};
}

/* polynomial of scalars.mg, line 2, and its derivatives. */
mgc_status polynomial_value_and_grad(double x, double *restrict out, double *restrict dx) {
    const double x_cubed = x * x * x;  /* line 3 */
    const double x_squared = x * x;
    *out = 3.0 * (x * x * x * x) - 2.0 * x_cubed + x_squared - 7.0;
    *dx = 2.0 * x - 6.0 * x_squared + 12.0 * x_cubed;
    return (mgc_status){MGC_OK, 0};
}

/* A docstring reaches the emitted function (scalars.mg, line 5). */
mgc_status quotient(double x, double y, double *restrict out) {
    const double y_squared_plus_one = y * y + 1.0;  /* line 7 */
    *out = (x + 2.0) / y_squared_plus_one - x / y_squared_plus_one;
    return (mgc_status){MGC_OK, 0};
}

/* A docstring reaches the emitted function (scalars.mg, line 5), and its derivatives. */
mgc_status quotient_value_and_grad(
    double x, double y, double *restrict out, double *restrict dx, double *restrict dy
) {
    const double y_squared_plus_one = y * y + 1.0;  /* line 7 */
    const double out_ratio = (x + 2.0) / y_squared_plus_one;
    const double out_ratio_2 = x / y_squared_plus_one;
    *out = out_ratio - out_ratio_2;
    *dy = 2.0 * (out_ratio_2 / y_squared_plus_one - out_ratio / y_squared_plus_one) * y;
    *dx = -1.0 / y_squared_plus_one + 1.0 / y_squared_plus_one;
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
    const double b_plus_c = b + c;  /* line 10 */
    const double b_c = b * c;
    const double a_plus_b = a + b;
    const double a_minus_c = a - c;
    *out = a - (b - c) + a * b_plus_c + a * a + pow(-b, 2) - a * b_c - a_plus_b * a_minus_c;
    *da = -a_plus_b - a_minus_c - b_c + 2.0 * a + b_plus_c + 1.0;
    *db = -a * c - a_minus_c - 2.0 * -b + a - 1.0;
    *dc = a_plus_b - a * b + a + 1.0;
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
    const double log_sigma_exp = exp(-log_sigma);
    const double z = z_difference * log_sigma_exp;
    *out = -0.5 * (z * z) - log_sigma - 0.5 * log(6.283185307179586);  /* line 14 */
    const double dz = -z;
    *dx = dz * log_sigma_exp;  /* line 13 */
    const double dlog_sigma_exp = dz * z_difference;
    *dmu = -*dx;
    *dlog_sigma = -1.0 + (dlog_sigma_exp != 0.0 ? -dlog_sigma_exp * log_sigma_exp : 0.0);
    return (mgc_status){MGC_OK, 0};
}

/* chained of scalars.mg, line 16. */
mgc_status chained(double x, double *restrict out) {
    const double y = sin(x);  /* line 17 */
    const double y2 = y * exp(y);  /* line 18 */
    const double y_2 = tanh(y2 + x);  /* line 19 */
    *out = y_2 * y_2;
    return (mgc_status){MGC_OK, 0};
}

/* chained of scalars.mg, line 16, and its derivatives. */
mgc_status chained_value_and_grad(double x, double *restrict out, double *restrict dx) {
    const double y = sin(x);  /* line 17 */
    const double y_exp = exp(y);  /* line 18 */
    const double y2 = y * y_exp;
    const double y_2 = tanh(y2 + x);  /* line 19 */
    *out = y_2 * y_2;  /* line 20 */
    const double dy_2 = 2.0 * y_2;  /* line 19 */
    const double dy2 = dy_2 * (1.0 - y_2 * y_2);
    const double dy_exp = dy2 * y;  /* line 18 */
    const double dy = dy2 * y_exp + (dy_exp != 0.0 ? dy_exp * y_exp : 0.0);  /* line 17 */
    *dx = dy2 + dy * cos(x);
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
