/* attention.mg, compiled to C99: values and exact derivatives. */
#ifndef MGC_ATTENTION_H
#define MGC_ATTENTION_H

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

/* attention of attention.mg, line 5. */
mgc_status attention(
    const double *x,   /* [n, d] */
    const double *Wq,  /* [h, d] */
    const double *Wk,  /* [h, d] */
    const double *Wv,  /* [h, d] */
    int64_t n,
    int64_t d,
    int64_t h,
    void *work,
    double *out        /* [n, h] */
);
/* How many bytes `work` of attention has. */
size_t attention_workspace(int64_t n, int64_t h);

/* attention of attention.mg, line 5, and its derivatives. */
mgc_status attention_vjp(
    const double *x,     /* [n, d] */
    const double *Wq,    /* [h, d] */
    const double *Wk,    /* [h, d] */
    const double *Wv,    /* [h, d] */
    const double *dout,  /* [n, h] */
    int64_t n,
    int64_t d,
    int64_t h,
    void *work,
    double *out,         /* [n, h] */
    double *dx,          /* [n, d] */
    double *dWq,         /* [h, d] */
    double *dWk,         /* [h, d] */
    double *dWv          /* [h, d] */
);
/* How many bytes `work` of attention_vjp has. */
size_t attention_vjp_workspace(int64_t n, int64_t h);

#ifdef __cplusplus
}
#endif

#endif
