/* rosenbrock.mg, compiled to C99: values and exact derivatives. */
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

/* rosenbrock of rosenbrock.mg, line 5. */
mgc_status rosenbrock(const double *restrict x, int64_t n, double *restrict out) {
    double out_total = 0.0;
    for (int64_t i = 0; i < n - 1; i++) {
        const double x_minus_squared = x[i + 1] - x[i] * x[i];  /* line 6 */
        const double one_minus_x = 1.0 - x[i];
        out_total += 100.0 * (x_minus_squared * x_minus_squared) + one_minus_x * one_minus_x;
    }
    *out = out_total;
    return (mgc_status){MGC_OK, 0};
}

/* rosenbrock of rosenbrock.mg, line 5, and its derivatives. */
mgc_status rosenbrock_value_and_grad(
    const double *restrict x, int64_t n, double *restrict out, double *restrict dx
) {
    double out_total = 0.0;
    for (int64_t at = 0; at < n; at++) dx[at] = 0.0;
    for (int64_t i = 0; i < n - 1; i++) {
        const double x_minus_squared = x[i + 1] - x[i] * x[i];  /* line 6 */
        const double one_minus_x = 1.0 - x[i];
        out_total += 100.0 * (x_minus_squared * x_minus_squared) + one_minus_x * one_minus_x;
        dx[i] += -400.0 * x_minus_squared * x[i] - 2.0 * one_minus_x;
        dx[i + 1] += 200.0 * x_minus_squared;
    }
    *out = out_total;
    return (mgc_status){MGC_OK, 0};
}
