/* branches.mg, compiled to C99: values and exact derivatives. */
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

static double sign(double x) { return x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : x != x ? x : 0.0; }

/* huber of branches.mg, line 2. */
mgc_status huber(double x, double delta, double *restrict out) {
    const double x_abs = fabs(x);  /* line 3 */
    *out = x_abs <= delta ? 0.5 * (x * x) : delta * (x_abs - 0.5 * delta);
    return (mgc_status){MGC_OK, 0};
}

/* huber of branches.mg, line 2, and its derivatives. */
mgc_status huber_value_and_grad(
    double x, double delta, double *restrict out, double *restrict dx, double *restrict ddelta
) {
    const double x_abs = fabs(x);  /* line 3 */
    *out = 0.0;
    *dx = 0.0;
    *ddelta = 0.0;
    if (x_abs <= delta) {
        *out = 0.5 * (x * x);
        *dx = x;
        *ddelta = 0.0;
    } else {
        const double out_difference = x_abs - 0.5 * delta;
        *out = delta * out_difference;
        *dx = delta * sign(x);
        *ddelta = out_difference - 0.5 * delta;
    }
    return (mgc_status){MGC_OK, 0};
}

/* guarded_log of branches.mg, line 5. */
mgc_status guarded_log(double x, double *restrict out) {
    *out = x > 0.0 ? log(x) : -x;
    return (mgc_status){MGC_OK, 0};
}

/* guarded_log of branches.mg, line 5, and its derivatives. */
mgc_status guarded_log_value_and_grad(double x, double *restrict out, double *restrict dx) {
    *out = x > 0.0 ? log(x) : -x;  /* line 6 */
    *dx = x > 0.0 ? (x >= 0.0 ? 1.0 / x : NAN) : -1.0;
    return (mgc_status){MGC_OK, 0};
}

/* nested of branches.mg, line 8. */
mgc_status nested(double x, double y, double *restrict out) {
    double out_chosen = 0.0;
    if (x > 0.0) {
        out_chosen = y > 0.0 ? x * y : x - y;  /* line 9 */
    }
    *out = x > 0.0 ? out_chosen : y < -0.5 ? exp(x) : x * x * x;
    return (mgc_status){MGC_OK, 0};
}

/* nested of branches.mg, line 8, and its derivatives. */
mgc_status nested_value_and_grad(
    double x, double y, double *restrict out, double *restrict dx, double *restrict dy
) {
    *out = 0.0;
    *dx = 0.0;
    *dy = 0.0;
    if (x > 0.0) {
        const double out_chosen = y > 0.0 ? x * y : x - y;  /* line 9 */
        *out = out_chosen;
        *dx = y > 0.0 ? y : 1.0;
        *dy = y > 0.0 ? x : -1.0;
    } else {
        double x_exp = 0.0;
        double part_of_dx = 0.0;
        if (y < -0.5) {
            x_exp = exp(x);
            part_of_dx = x_exp;
        } else {
            part_of_dx = 3.0 * (x * x);
        }
        *out = y < -0.5 ? x_exp : x * x * x;
        *dx = part_of_dx;
        *dy = 0.0;
    }
    return (mgc_status){MGC_OK, 0};
}

/* shared_condition of branches.mg, line 11. */
mgc_status shared_condition(double x, double y, double *restrict out) {
    const double a = x > y ? x * x : y;  /* line 12 */
    const double b = x > y ? sin(y) : cos(x);  /* line 13 */
    *out = a * b;
    return (mgc_status){MGC_OK, 0};
}

/* shared_condition of branches.mg, line 11, and its derivatives. */
mgc_status shared_condition_value_and_grad(
    double x, double y, double *restrict out, double *restrict dx, double *restrict dy
) {
    const double a = x > y ? x * x : y;  /* line 12 */
    const double b = x > y ? sin(y) : cos(x);  /* line 13 */
    *out = a * b;  /* line 14 */
    *dx = x > y ? 2.0 * (b * x) : -a * sin(x);
    *dy = x > y ? a * cos(y) : b;
    return (mgc_status){MGC_OK, 0};
}

/* logic of branches.mg, line 16. */
mgc_status logic(double x, double y, double *restrict out) {
    const int out_either = (x > 0.0 && !(y > 0.0)) || x < -1.0;  /* line 17 */
    *out = out_either ? x * y : x + y * y;
    return (mgc_status){MGC_OK, 0};
}

/* logic of branches.mg, line 16, and its derivatives. */
mgc_status logic_value_and_grad(
    double x, double y, double *restrict out, double *restrict dx, double *restrict dy
) {
    const int out_either = (x > 0.0 && !(y > 0.0)) || x < -1.0;  /* line 17 */
    *out = out_either ? x * y : x + y * y;
    *dx = out_either ? y : 1.0;
    *dy = out_either ? x : 2.0 * y;
    return (mgc_status){MGC_OK, 0};
}

/* between of branches.mg, line 19. */
mgc_status between(double x, double y, double *restrict out) {
    const int out_both = (-1.0 < x && x <= y) && y < 1.0;  /* line 20 */
    *out = out_both ? x * x * y : x;
    return (mgc_status){MGC_OK, 0};
}

/* between of branches.mg, line 19, and its derivatives. */
mgc_status between_value_and_grad(
    double x, double y, double *restrict out, double *restrict dx, double *restrict dy
) {
    const int out_both = (-1.0 < x && x <= y) && y < 1.0;  /* line 20 */
    *out = 0.0;
    *dy = 0.0;
    *dx = 0.0;
    if (out_both) {
        const double x_squared = x * x;
        *out = x_squared * y;
        *dy = x_squared;
        *dx = 2.0 * y * x;
    } else {
        *out = x;
        *dy = 0.0;
        *dx = 1.0;
    }
    return (mgc_status){MGC_OK, 0};
}

/* arm_with_sum of branches.mg, line 22. */
mgc_status arm_with_sum(const double *restrict x, double c, int64_t n, double *restrict out) {
    double x_exp_sum = 0.0;
    double x_squared_sum = 0.0;
    if (c > 0.0) {
        x_exp_sum = 0.0;
        for (int64_t i = 0; i < n; i++) {
            x_exp_sum += exp(x[i]);  /* line 23 */
        }
    } else {
        x_squared_sum = 0.0;
        for (int64_t i = 0; i < n; i++) {
            x_squared_sum += x[i] * x[i];
        }
    }
    *out = c > 0.0 ? x_exp_sum : x_squared_sum;
    return (mgc_status){MGC_OK, 0};
}

/* arm_with_sum of branches.mg, line 22, and its derivatives. */
mgc_status arm_with_sum_value_and_grad(
    const double *restrict x, double c, int64_t n, double *restrict out, double *restrict dx,
    double *restrict dc
) {
    *out = 0.0;
    for (int64_t at = 0; at < n; at++) dx[at] = 0.0;
    if (c > 0.0) {
        double x_exp_sum = 0.0;
        for (int64_t i = 0; i < n; i++) {
            const double x_exp = exp(x[i]);  /* line 23 */
            x_exp_sum += x_exp;
            dx[i] += x_exp;
        }
        *out = x_exp_sum;
    } else {
        double x_squared_sum = 0.0;
        for (int64_t i = 0; i < n; i++) {
            x_squared_sum += x[i] * x[i];
        }
        *out = x_squared_sum;
        for (int64_t i = 0; i < n; i++) {
            dx[i] += 2.0 * x[i];
        }
    }
    *dc = 0.0;
    return (mgc_status){MGC_OK, 0};
}

/* elementwise of branches.mg, line 25. */
mgc_status elementwise(const double *restrict x, int64_t n, double *restrict out) {
    double out_total = 0.0;
    for (int64_t i = 0; i < n; i++) {
        out_total += x[i] > 0.0 ? x[i] * x[i] * x[i] : sin(x[i]);  /* line 26 */
    }
    *out = out_total;
    return (mgc_status){MGC_OK, 0};
}

/* elementwise of branches.mg, line 25, and its derivatives. */
mgc_status elementwise_value_and_grad(
    const double *restrict x, int64_t n, double *restrict out, double *restrict dx
) {
    double out_total = 0.0;
    for (int64_t i = 0; i < n; i++) {
        out_total += x[i] > 0.0 ? x[i] * x[i] * x[i] : sin(x[i]);  /* line 26 */
    }
    for (int64_t i = 0; i < n; i++) {
        dx[i] = x[i] > 0.0 ? 3.0 * (x[i] * x[i]) : cos(x[i]);
    }
    *out = out_total;
    return (mgc_status){MGC_OK, 0};
}

/* whole of branches.mg, line 28. */
mgc_status whole(const double *restrict x, const double *restrict y, int64_t n, double *restrict out) {
    double out_total = 0.0;
    for (int64_t i = 0; i < n; i++) {
        out_total += x[i] > y[i] ? x[i] * y[i] : x[i] - y[i];  /* line 29 */
    }
    *out = out_total;
    return (mgc_status){MGC_OK, 0};
}

/* whole of branches.mg, line 28, and its derivatives. */
mgc_status whole_value_and_grad(
    const double *restrict x, const double *restrict y, int64_t n, double *restrict out, double *restrict dx,
    double *restrict dy
) {
    double out_total = 0.0;
    for (int64_t i = 0; i < n; i++) {
        out_total += x[i] > y[i] ? x[i] * y[i] : x[i] - y[i];  /* line 29 */
    }
    for (int64_t i = 0; i < n; i++) {
        dx[i] = x[i] > y[i] ? y[i] : 1.0;
        dy[i] = x[i] > y[i] ? x[i] : -1.0;
    }
    *out = out_total;
    return (mgc_status){MGC_OK, 0};
}
