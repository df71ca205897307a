/* neuron.mg, compiled to C99: values and exact derivatives. */
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

/* neuron of neuron.mg, line 5. */
mgc_status neuron(double x1, double x2, double w1, double w2, double b, double *restrict out) {
    const double n = x1 * w1 + x2 * w2 + b;  /* line 6 */
    *out = tanh(n);
    return (mgc_status){MGC_OK, 0};
}

/* neuron of neuron.mg, line 5, and its derivatives. */
mgc_status neuron_value_and_grad(
    double x1, double x2, double w1, double w2, double b, double *restrict out, double *restrict dx1,
    double *restrict dx2, double *restrict dw1, double *restrict dw2, double *restrict db
) {
    const double n = x1 * w1 + x2 * w2 + b;  /* line 6 */
    *out = tanh(n);  /* line 7 */
    const double dn = 1.0 - *out * *out;
    *dx2 = dn * w2;  /* line 6 */
    *dw2 = dn * x2;
    *dx1 = dn * w1;
    *dw1 = dn * x1;
    *db = dn;
    return (mgc_status){MGC_OK, 0};
}
