/* scalars.mg, compiled to C99: values and exact derivatives. */
#include <math.h>

/* polynomial of scalars.mg, line 2. */
double polynomial(double x) {
    return 3.0 * (x * x * x * x) - 2.0 * (x * x * x) + x * x - 7.0;
}

/* polynomial of scalars.mg, line 2, and its derivatives. */
double polynomial_value_and_grad(double x, double *dx_out) {
    const double out_power = x * x * x;  /* line 3 */
    const double out_power_2 = x * x;
    const double out = 3.0 * (x * x * x * x) - 2.0 * out_power + out_power_2 - 7.0;
    const double dx = 2.0 * x + -2.0 * (3.0 * out_power_2) + 3.0 * (4.0 * out_power);
    *dx_out = dx;
    return out;
}

/* A docstring reaches the emitted function (scalars.mg, line 5). */
double quotient(double x, double y) {
    const double out_sum = y * y + 1.0;  /* line 7 */
    return (x + 2.0) / out_sum - x / out_sum;
}

/* A docstring reaches the emitted function (scalars.mg, line 5), and its derivatives. */
double quotient_value_and_grad(double x, double y, double *dx_out, double *dy_out) {
    const double out_sum = y * y + 1.0;  /* line 7 */
    const double out_ratio = (x + 2.0) / out_sum;
    const double out_ratio_2 = x / out_sum;
    const double out = out_ratio - out_ratio_2;
    const double dy = (-out_ratio / out_sum - -out_ratio_2 / out_sum) * (2.0 * y);
    const double dx = -1.0 / out_sum + 1.0 / out_sum;
    *dx_out = dx;
    *dy_out = dy;
    return out;
}

/* parentheses of scalars.mg, line 9. */
double parentheses(double a, double b, double c) {
    return a - (b - c) + a * (b + c) + a * a + pow(-b, 2) - a * (b * c) - (a + b) * (a - c);
}

/* parentheses of scalars.mg, line 9, and its derivatives. */
double parentheses_value_and_grad(
    double a, double b, double c, double *da_out, double *db_out, double *dc_out
) {
    const double out_sum = b + c;  /* line 10 */
    const double out_product = b * c;
    const double out_sum_2 = a + b;
    const double out_difference = a - c;
    const double out = a - (b - c) + a * out_sum + a * a + pow(-b, 2) - a * out_product - out_sum_2 * out_difference;
    const double da = -out_sum_2 - out_difference - out_product + 2.0 * a + out_sum + 1.0;
    const double db = -a * c - out_difference - 2.0 * -b + a + -1.0;
    const double dc = out_sum_2 + -a * b + a + 1.0;
    *da_out = da;
    *db_out = db;
    *dc_out = dc;
    return out;
}

/* gaussian of scalars.mg, line 12. */
double gaussian(double x, double mu, double log_sigma) {
    const double z = (x - mu) * exp(-log_sigma);  /* line 13 */
    return -0.5 * (z * z) - log_sigma - 0.5 * log(6.283185307179586);
}

/* gaussian of scalars.mg, line 12, and its derivatives. */
double gaussian_value_and_grad(
    double x, double mu, double log_sigma, double *dx_out, double *dmu_out, double *dlog_sigma_out
) {
    const double z_difference = x - mu;  /* line 13 */
    const double z_exp = exp(-log_sigma);
    const double z = z_difference * z_exp;
    const double out = -0.5 * (z * z) - log_sigma - 0.5 * log(6.283185307179586);  /* line 14 */
    const double dz = -0.5 * (2.0 * z);
    const double dx = dz * z_exp;  /* line 13 */
    const double dz_exp = dz * z_difference;
    const double dmu = -dx;
    const double dlog_sigma = -1.0 + (dz_exp != 0.0 ? -dz_exp * z_exp : 0.0);
    *dx_out = dx;
    *dmu_out = dmu;
    *dlog_sigma_out = dlog_sigma;
    return out;
}

/* chained of scalars.mg, line 16. */
double chained(double x) {
    const double y = sin(x);  /* line 17 */
    const double y_2 = y * exp(y);  /* line 18 */
    const double y_3 = tanh(y_2 + x);  /* line 19 */
    return y_3 * y_3;
}

/* chained of scalars.mg, line 16, and its derivatives. */
double chained_value_and_grad(double x, double *dx_out) {
    const double y = sin(x);  /* line 17 */
    const double exp_y = exp(y);  /* line 18 */
    const double y_2 = y * exp_y;
    const double y_3 = tanh(y_2 + x);  /* line 19 */
    const double out = y_3 * y_3;  /* line 20 */
    const double dy_3 = y_3 + y_3;  /* line 19 */
    const double dy_2 = dy_3 * (1.0 - y_3 * y_3);
    const double dexp_y = dy_2 * y;  /* line 18 */
    const double dy = dy_2 * exp_y + (dexp_y != 0.0 ? dexp_y * exp_y : 0.0);  /* line 17 */
    const double dx = dy_2 + dy * cos(x);
    *dx_out = dx;
    return out;
}

/* unused of scalars.mg, line 22. */
double unused(double x, double y, double z) {
    (void)x;
    (void)y;
    return sin(z);
}

/* unused of scalars.mg, line 22, and its derivatives. */
double unused_value_and_grad(double x, double y, double z, double *dx, double *dy, double *dz_out) {
    (void)x;
    (void)y;
    const double out = sin(z);  /* line 24 */
    const double dz = cos(z);
    *dx = 0.0;
    *dy = 0.0;
    *dz_out = dz;
    return out;
}
