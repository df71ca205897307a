/* operations.mg, compiled to C99: values and exact derivatives. */
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

static void mgc_fail(mgc_status *status, enum mgc_error error, int line) {  /* what failed first stays */
    if (status->error == MGC_OK) {
        status->error = error;
        status->line = line;
    }
}

/* uses of operations.mg, line 19. */
mgc_status uses(double x, double y, double *restrict out) {
    *out = cube(x + y) * cube(y) + step_up(x) * y;
    return (mgc_status){MGC_OK, 0};
}

/* uses of operations.mg, line 19, and its derivatives. */
mgc_status uses_value_and_grad(
    double x, double y, double *restrict out, double *restrict dx, double *restrict dy
) {
    const double x_plus_y = x + y;  /* line 20 */
    const double x_plus_y_cube = cube(x_plus_y);
    const double y_cube = cube(y);
    const double x_step_up = step_up(x);
    *out = x_plus_y_cube * y_cube + x_step_up * y;
    *dx = 3.0 * y_cube * (x_plus_y * x_plus_y);
    *dy = x_step_up + 3.0 * x_plus_y_cube * (y * y) + *dx;
    return (mgc_status){MGC_OK, 0};
}

/* elementwise of operations.mg, line 22. */
mgc_status elementwise(const double *restrict x, int64_t n, double *restrict out) {
    mgc_status status = {MGC_OK, 0};
    double x_cube_sum = 0.0;
    for (int64_t j = 0; j < n; j++) {
        x_cube_sum += cube(x[j]);  /* line 23 */
    }
    int64_t first = 0;
    if (n > 0) {
        first = 0;
        if (first < 0 || first >= n) {
            mgc_fail(&status, MGC_INDEX, 23);
            return status;
        }
    }
    double out_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        out_sum += product3(x[i], x[first], 2);
    }
    *out = x_cube_sum + out_sum;
    return status;
}

/* elementwise of operations.mg, line 22, and its derivatives. */
mgc_status elementwise_value_and_grad(
    const double *restrict x, int64_t n, double *restrict out, double *restrict dx
) {
    mgc_status status = {MGC_OK, 0};
    double x_cube_sum = 0.0;
    for (int64_t j = 0; j < n; j++) {
        x_cube_sum += cube(x[j]);  /* line 23 */
    }
    int64_t first = 0;
    double two_x = 0.0;
    if (n > 0) {
        first = 0;
        if (first < 0 || first >= n) {
            mgc_fail(&status, MGC_INDEX, 23);
            return status;
        }
        two_x = 2.0 * x[first];
    }
    double out_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        out_sum += product3(x[i], x[first], 2);
    }
    *out = x_cube_sum + out_sum;
    for (int64_t at = 0; at < n; at++) dx[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        dx[first] += 2.0 * x[i];
        dx[i] += two_x;
    }
    for (int64_t j = 0; j < n; j++) {
        dx[j] += 3.0 * (x[j] * x[j]);
    }
    return status;
}
