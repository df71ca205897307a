/* ninja.mg, compiled to C99: values and exact derivatives. */
#ifndef MGC_NINJA_H
#define MGC_NINJA_H

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

/* ninja of ninja.mg, line 10. */
mgc_status ninja(
    const int64_t *Xb,     /* [n, 3] */
    const int64_t *Yb,     /* [n] */
    const double *C,       /* [v, 2] */
    const double *W1,      /* [6, m] */
    const double *b1,      /* [m] */
    const double *bngain,  /* [m] */
    const double *bnbias,  /* [m] */
    const double *W2,      /* [m, v] */
    const double *b2,      /* [v] */
    int64_t n,
    int64_t v,
    int64_t m,
    void *work,
    double *out
);
/* How many bytes `work` of ninja has. */
size_t ninja_workspace(int64_t n, int64_t v, int64_t m);

/* ninja of ninja.mg, line 10, and its derivatives. */
mgc_status ninja_value_and_grad(
    const int64_t *Xb,     /* [n, 3] */
    const int64_t *Yb,     /* [n] */
    const double *C,       /* [v, 2] */
    const double *W1,      /* [6, m] */
    const double *b1,      /* [m] */
    const double *bngain,  /* [m] */
    const double *bnbias,  /* [m] */
    const double *W2,      /* [m, v] */
    const double *b2,      /* [v] */
    int64_t n,
    int64_t v,
    int64_t m,
    void *work,
    double *out,
    double *dC,            /* [v, 2] */
    double *dW1,           /* [6, m] */
    double *db1,           /* [m] */
    double *dbngain,       /* [m] */
    double *dbnbias,       /* [m] */
    double *dW2,           /* [m, v] */
    double *db2            /* [v] */
);
/* How many bytes `work` of ninja_value_and_grad has. */
size_t ninja_value_and_grad_workspace(int64_t n, int64_t v, int64_t m);

#ifdef __cplusplus
}
#endif

#endif
