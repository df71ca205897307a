/* operations.mg, compiled to C99: values and exact derivatives. */
#include <math.h>

static double cube(double x) {
    return x * x * x;
}

static double step_up(double x) {
    return x > 0.0 ? 1 : 0;
}

static double product3(double a, double b, double c) {
    const double t = a * b;
    return t * c;
}

/* uses of operations.mg, line 19. */
double uses(double x, double y) {
    return cube(x + y) * cube(y) + step_up(x) * y;
}

/* uses of operations.mg, line 19, and its derivatives. */
double uses_value_and_grad(double x, double y, double *dx_out, double *dy_out) {
    const double out_in = x + y;  /* line 20 */
    const double out_cube = cube(out_in);
    const double cube_y = cube(y);
    const double step_up_x = step_up(x);
    const double out = out_cube * cube_y + step_up_x * y;
    const double dx = cube_y * (3.0 * (out_in * out_in));
    const double dy = step_up_x + out_cube * (3.0 * (y * y)) + dx;
    *dx_out = dx;
    *dy_out = dy;
    return out;
}

/* elementwise of operations.mg, line 22. */
double elementwise(const double *x, long n, int *status) {
    double out_sum = 0.0;
    for (long j = 0; j < n; j++) {
        out_sum += cube(x[j]);  /* line 23 */
    }
    long place = 0;
    if (n > 0) {
        place = 0;
        if (place < 0 || place >= n) {
            *status = 1;
            return NAN;
        }
    }
    double out_sum_2 = 0.0;
    for (long i = 0; i < n; i++) {
        out_sum_2 += product3(x[i], x[place], 2);
    }
    return out_sum + out_sum_2;
}

/* elementwise of operations.mg, line 22, and its derivatives. */
double elementwise_value_and_grad(const double *x, long n, double *dx, int *status) {
    double out_sum = 0.0;
    for (long j = 0; j < n; j++) {
        out_sum += cube(x[j]);  /* line 23 */
    }
    long place = 0;
    double dx_element = 0;
    if (n > 0) {
        place = 0;
        if (place < 0 || place >= n) {
            *status = 1;
            return NAN;
        }
        dx_element = x[place] * 2.0;
    }
    double out_sum_2 = 0.0;
    for (long i = 0; i < n; i++) {
        out_sum_2 += product3(x[i], x[place], 2);
    }
    const double out = out_sum + out_sum_2;
    for (long at = 0; at < n; at++) dx[at] = 0.0;
    for (long i = 0; i < n; i++) {
        dx[place] += x[i] * 2.0;
        dx[i] += dx_element;
    }
    for (long j = 0; j < n; j++) {
        dx[j] += 3.0 * (x[j] * x[j]);
    }
    return out;
}
