/* softmax.mg, compiled to C99: values and exact derivatives. */
#ifndef MGC_SOFTMAX_H
#define MGC_SOFTMAX_H

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

/* loss of softmax.mg, line 6. */
mgc_status loss(
    const double *x,  /* [d] */
    int64_t label,
    const double *W,  /* [k, d] */
    const double *b,  /* [k] */
    int64_t d,
    int64_t k,
    void *work,
    double *out
);
/* How many bytes `work` of loss has. */
size_t loss_workspace(int64_t k);

/* loss of softmax.mg, line 6, and its derivatives. */
mgc_status loss_value_and_grad(
    const double *x,  /* [d] */
    int64_t label,
    const double *W,  /* [k, d] */
    const double *b,  /* [k] */
    int64_t d,
    int64_t k,
    void *work,
    double *out,
    double *dx,       /* [d] */
    double *dW,       /* [k, d] */
    double *db        /* [k] */
);
/* How many bytes `work` of loss_value_and_grad has. */
size_t loss_value_and_grad_workspace(int64_t k);

#ifdef __cplusplus
}
#endif

#endif
