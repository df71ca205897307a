/* neuron.mg, compiled to C99: values and exact derivatives. */
#ifndef MGC_NEURON_H
#define MGC_NEURON_H

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

#ifdef __cplusplus
extern "C" {
#endif

/* neuron of neuron.mg, line 5. */
mgc_status neuron(double x1, double x2, double w1, double w2, double b, double *out);

/* neuron of neuron.mg, line 5, and its derivatives. */
mgc_status neuron_value_and_grad(
    double x1,
    double x2,
    double w1,
    double w2,
    double b,
    double *out,
    double *dx1,
    double *dx2,
    double *dw1,
    double *dw2,
    double *db
);

#ifdef __cplusplus
}
#endif

#endif
