/* batchnorm.mg, compiled to C99: values and exact derivatives. */
#ifndef MGC_BATCHNORM_H
#define MGC_BATCHNORM_H

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

/* batchnorm of batchnorm.mg, line 5. */
mgc_status batchnorm(
    const double *x,     /* [n, d] */
    const double *gain,  /* [d] */
    const double *bias,  /* [d] */
    int64_t n,
    int64_t d,
    void *work,
    double *out          /* [n, d] */
);
/* How many bytes `work` of batchnorm has. */
size_t batchnorm_workspace(int64_t n);

/* batchnorm of batchnorm.mg, line 5, and its derivatives. */
mgc_status batchnorm_vjp(
    const double *x,     /* [n, d] */
    const double *gain,  /* [d] */
    const double *bias,  /* [d] */
    const double *dout,  /* [n, d] */
    int64_t n,
    int64_t d,
    void *work,
    double *out,         /* [n, d] */
    double *dx,          /* [n, d] */
    double *dgain,       /* [d] */
    double *dbias        /* [d] */
);
/* How many bytes `work` of batchnorm_vjp has. */
size_t batchnorm_vjp_workspace(int64_t n, int64_t d);

#ifdef __cplusplus
}
#endif

#endif
