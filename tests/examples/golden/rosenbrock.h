/* rosenbrock.mg, compiled to C99: values and exact derivatives. */
#ifndef MGC_ROSENBROCK_H
#define MGC_ROSENBROCK_H

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

/* rosenbrock of rosenbrock.mg, line 5. */
mgc_status rosenbrock(
    const double *x,  /* [n] */
    int64_t n,
    double *out
);

/* rosenbrock of rosenbrock.mg, line 5, and its derivatives. */
mgc_status rosenbrock_value_and_grad(
    const double *x,  /* [n] */
    int64_t n,
    double *out,
    double *dx        /* [n] */
);

#ifdef __cplusplus
}
#endif

#endif
