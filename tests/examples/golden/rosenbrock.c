/* rosenbrock.mg, compiled to C99: values and exact derivatives. */
#include <math.h>

/* rosenbrock of rosenbrock.mg, line 5. */
double rosenbrock(const double *x, long n) {
    double out_sum = 0.0;
    for (long i = 0; i < n - 1; i++) {
        const double out_difference = x[i + 1] - x[i] * x[i];  /* line 6 */
        const double out_difference_2 = 1.0 - x[i];
        out_sum += 100.0 * (out_difference * out_difference) + out_difference_2 * out_difference_2;
    }
    return out_sum;
}

/* rosenbrock of rosenbrock.mg, line 5, and its derivatives. */
double rosenbrock_value_and_grad(const double *x, long n, double *dx) {
    double out = 0.0;
    for (long at = 0; at < n; at++) dx[at] = 0.0;
    for (long i = 0; i < n - 1; i++) {
        const double out_difference = x[i + 1] - x[i] * x[i];  /* line 6 */
        const double out_difference_2 = 1.0 - x[i];
        out += 100.0 * (out_difference * out_difference) + out_difference_2 * out_difference_2;
        const double dout_difference = 100.0 * (2.0 * out_difference);
        dx[i] += -dout_difference * (2.0 * x[i]) - 2.0 * out_difference_2;
        dx[i + 1] += dout_difference;
    }
    return out;
}
