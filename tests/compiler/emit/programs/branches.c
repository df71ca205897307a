/* branches.mg, compiled to C99: values and exact derivatives. */
#include <math.h>

static double sign(double x) { return x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : x != x ? x : 0.0; }

/* huber of branches.mg, line 2. */
double huber(double x, double delta) {
    const double abs_x = fabs(x);  /* line 3 */
    double out_product = 0;
    if (!(abs_x <= delta)) {
        out_product = delta * (abs_x - 0.5 * delta);
    }
    return abs_x <= delta ? 0.5 * (x * x) : out_product;
}

/* huber of branches.mg, line 2, and its derivatives. */
double huber_value_and_grad(double x, double delta, double *dx_out, double *ddelta_out) {
    const double abs_x = fabs(x);  /* line 3 */
    double out = 0;
    double ddelta = 0;
    if (abs_x <= delta) {
        out = 0.5 * (x * x);
    } else {
        const double out_difference = abs_x - 0.5 * delta;
        out = delta * out_difference;
        ddelta = out_difference + -delta * 0.5;
    }
    double dx = 0;
    if (abs_x <= delta) {
        dx = 0.5 * (2.0 * x);
        ddelta = 0.0;
    } else {
        dx = delta * sign(x);
    }
    *dx_out = dx;
    *ddelta_out = ddelta;
    return out;
}

/* guarded_log of branches.mg, line 5. */
double guarded_log(double x) {
    return x > 0.0 ? log(x) : -x;
}

/* guarded_log of branches.mg, line 5, and its derivatives. */
double guarded_log_value_and_grad(double x, double *dx_out) {
    const double out = x > 0.0 ? log(x) : -x;  /* line 6 */
    const double dx = x > 0.0 ? (x >= 0.0 ? 1.0 / x : NAN) : -1.0;
    *dx_out = dx;
    return out;
}

/* nested of branches.mg, line 8. */
double nested(double x, double y) {
    double out_chosen = 0;
    if (x > 0.0) {
        out_chosen = y > 0.0 ? x * y : x - y;  /* line 9 */
    }
    return x > 0.0 ? out_chosen : y < -0.5 ? exp(x) : x * x * x;
}

/* nested of branches.mg, line 8, and its derivatives. */
double nested_value_and_grad(double x, double y, double *dx_out, double *dy_out) {
    double t = 0;
    double dx = 0;
    double dy = 0;
    if (x > 0.0) {
        dx = y > 0.0 ? y : 1.0;
        dy = y > 0.0 ? x : -1.0;
    } else {
        if (!(y < -0.5)) {
            t = 3.0 * (x * x);
        }
        dy = 0.0;
    }
    double out = 0;
    if (x > 0.0) {
        const double out_chosen = y > 0.0 ? x * y : x - y;  /* line 9 */
        out = out_chosen;
    } else {
        double exp_x = 0;
        if (y < -0.5) {
            exp_x = exp(x);
            t = exp_x;
        }
        out = y < -0.5 ? exp_x : x * x * x;
        dx = t;
    }
    *dx_out = dx;
    *dy_out = dy;
    return out;
}

/* shared_condition of branches.mg, line 11. */
double shared_condition(double x, double y) {
    const double a = x > y ? x * x : y;  /* line 12 */
    const double b = x > y ? sin(y) : cos(x);  /* line 13 */
    return a * b;
}

/* shared_condition of branches.mg, line 11, and its derivatives. */
double shared_condition_value_and_grad(double x, double y, double *dx_out, double *dy_out) {
    double a = 0;
    double b = 0;
    double dx = 0;
    double dy = 0;
    if (x > y) {
        a = x * x;  /* line 12 */
        b = sin(y);  /* line 13 */
        const double t = b * x;  /* line 12 */
        dx = t + t;
        dy = a * cos(y);
    } else {
        a = y;
        b = cos(x);  /* line 13 */
        dx = -a * sin(x);
        dy = b;
    }
    const double out = a * b;  /* line 14 */
    *dx_out = dx;
    *dy_out = dy;
    return out;
}

/* logic of branches.mg, line 16. */
double logic(double x, double y) {
    return (x > 0.0 && !(y > 0.0)) || x < -1.0 ? x * y : x + y * y;
}

/* logic of branches.mg, line 16, and its derivatives. */
double logic_value_and_grad(double x, double y, double *dx_out, double *dy_out) {
    const int out_or = (x > 0.0 && !(y > 0.0)) || x < -1.0;  /* line 17 */
    const double out = out_or ? x * y : x + y * y;
    const double dx = out_or ? y : 1.0;
    const double dy = out_or ? x : 2.0 * y;
    *dx_out = dx;
    *dy_out = dy;
    return out;
}

/* between of branches.mg, line 19. */
double between(double x, double y) {
    return (-1.0 < x && x <= y) && y < 1.0 ? x * x * y : x;
}

/* between of branches.mg, line 19, and its derivatives. */
double between_value_and_grad(double x, double y, double *dx_out, double *dy_out) {
    const int out_and = (-1.0 < x && x <= y) && y < 1.0;  /* line 20 */
    double out = 0;
    double dy = 0;
    if (out_and) {
        const double out_power = x * x;
        out = out_power * y;
        dy = out_power;
    } else {
        out = x;
    }
    double dx = 0;
    if (out_and) {
        dx = y * (2.0 * x);
    } else {
        dy = 0.0;
        dx = 1.0;
    }
    *dx_out = dx;
    *dy_out = dy;
    return out;
}

/* arm_with_sum of branches.mg, line 22. */
double arm_with_sum(const double *x, double c, long n) {
    double out_sum = 0;
    double out_sum_2 = 0;
    if (c > 0.0) {
        out_sum = 0.0;
        for (long i = 0; i < n; i++) {
            out_sum += exp(x[i]);  /* line 23 */
        }
    } else {
        out_sum_2 = 0.0;
        for (long i = 0; i < n; i++) {
            out_sum_2 += x[i] * x[i];
        }
    }
    return c > 0.0 ? out_sum : out_sum_2;
}

/* arm_with_sum of branches.mg, line 22, and its derivatives. */
double arm_with_sum_value_and_grad(const double *x, double c, long n, double *dx, double *dc) {
    double out = 0;
    for (long at = 0; at < n; at++) dx[at] = 0.0;
    if (c > 0.0) {
        double out_sum = 0.0;
        for (long i = 0; i < n; i++) {
            const double out_exp = exp(x[i]);  /* line 23 */
            out_sum += out_exp;
            dx[i] += out_exp;
        }
        out = out_sum;
    } else {
        double out_sum_2 = 0.0;
        for (long i = 0; i < n; i++) {
            out_sum_2 += x[i] * x[i];
        }
        out = out_sum_2;
    }
    if (!(c > 0.0)) {
        for (long i = 0; i < n; i++) {
            dx[i] += 2.0 * x[i];
        }
    }
    *dc = 0.0;
    return out;
}

/* elementwise of branches.mg, line 25. */
double elementwise(const double *x, long n) {
    double out_sum = 0.0;
    for (long i = 0; i < n; i++) {
        out_sum += x[i] > 0.0 ? x[i] * x[i] * x[i] : sin(x[i]);  /* line 26 */
    }
    return out_sum;
}

/* elementwise of branches.mg, line 25, and its derivatives. */
double elementwise_value_and_grad(const double *x, long n, double *dx) {
    double out = 0.0;
    for (long i = 0; i < n; i++) {
        out += x[i] > 0.0 ? x[i] * x[i] * x[i] : sin(x[i]);  /* line 26 */
    }
    for (long at = 0; at < n; at++) dx[at] = 0.0;
    for (long i = 0; i < n; i++) {
        dx[i] = x[i] > 0.0 ? 3.0 * (x[i] * x[i]) : cos(x[i]);
    }
    return out;
}

/* whole of branches.mg, line 28. */
double whole(const double *x, const double *y, long n) {
    double out_sum = 0.0;
    for (long i = 0; i < n; i++) {
        out_sum += x[i] > y[i] ? x[i] * y[i] : x[i] - y[i];  /* line 29 */
    }
    return out_sum;
}

/* whole of branches.mg, line 28, and its derivatives. */
double whole_value_and_grad(const double *x, const double *y, long n, double *dx, double *dy) {
    double out = 0.0;
    for (long i = 0; i < n; i++) {
        out += x[i] > y[i] ? x[i] * y[i] : x[i] - y[i];  /* line 29 */
    }
    for (long at = 0; at < n; at++) dx[at] = 0.0;
    for (long at = 0; at < n; at++) dy[at] = 0.0;
    for (long i = 0; i < n; i++) {
        dx[i] = x[i] > y[i] ? y[i] : 1.0;
        dy[i] = x[i] > y[i] ? x[i] : -1.0;
    }
    return out;
}
