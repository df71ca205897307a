/* neuron.mg, compiled to C99: values and exact derivatives. */
#include <math.h>

/* neuron of neuron.mg, line 5. */
double neuron(double x1, double x2, double w1, double w2, double b) {
    const double n = x1 * w1 + x2 * w2 + b;  /* line 6 */
    return tanh(n);
}

/* neuron of neuron.mg, line 5, and its derivatives. */
double neuron_value_and_grad(
    double x1, double x2, double w1, double w2, double b, double *dx1_out, double *dx2_out, double *dw1_out,
    double *dw2_out, double *db
) {
    const double n = x1 * w1 + x2 * w2 + b;  /* line 6 */
    const double out = tanh(n);  /* line 7 */
    const double dn = 1.0 - out * out;
    const double dx2 = dn * w2;  /* line 6 */
    const double dw2 = dn * x2;
    const double dx1 = dn * w1;
    const double dw1 = dn * x1;
    *dx1_out = dx1;
    *dx2_out = dx2;
    *dw1_out = dw1;
    *dw2_out = dw2;
    *db = dn;
    return out;
}
