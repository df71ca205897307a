/* moons.mg, compiled to C99: values and exact derivatives. */
#ifndef MGC_MOONS_H
#define MGC_MOONS_H

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

/* score of moons.mg, line 10. */
mgc_status score(
    const double *W1,  /* [16, 2] */
    const double *b1,  /* [16] */
    const double *W2,  /* [16, 16] */
    const double *b2,  /* [16] */
    const double *W3,  /* [1, 16] */
    const double *b3,  /* [1] */
    const double *x,   /* [2] */
    double *out
);

/* score of moons.mg, line 10, and its derivatives. */
mgc_status score_value_and_grad(
    const double *W1,  /* [16, 2] */
    const double *b1,  /* [16] */
    const double *W2,  /* [16, 16] */
    const double *b2,  /* [16] */
    const double *W3,  /* [1, 16] */
    const double *b3,  /* [1] */
    const double *x,   /* [2] */
    double *out,
    double *dW1,       /* [16, 2] */
    double *db1,       /* [16] */
    double *dW2,       /* [16, 16] */
    double *db2,       /* [16] */
    double *dW3,       /* [1, 16] */
    double *db3        /* [1] */
);

/* Mean hinge loss of the scores plus `alpha` times the sum of squared parameters (moons.mg, line 15). */
mgc_status loss(
    const double *W1,  /* [16, 2] */
    const double *b1,  /* [16] */
    const double *W2,  /* [16, 16] */
    const double *b2,  /* [16] */
    const double *W3,  /* [1, 16] */
    const double *b3,  /* [1] */
    const double *X,   /* [n, 2] */
    const double *y,   /* [n] */
    double alpha,
    int64_t n,
    double *out
);

/* Mean hinge loss of the scores plus `alpha` times the sum of squared parameters (moons.mg, line 15), and its derivatives. */
mgc_status loss_value_and_grad(
    const double *W1,  /* [16, 2] */
    const double *b1,  /* [16] */
    const double *W2,  /* [16, 16] */
    const double *b2,  /* [16] */
    const double *W3,  /* [1, 16] */
    const double *b3,  /* [1] */
    const double *X,   /* [n, 2] */
    const double *y,   /* [n] */
    double alpha,
    int64_t n,
    double *out,
    double *dW1,       /* [16, 2] */
    double *db1,       /* [16] */
    double *dW2,       /* [16, 16] */
    double *db2,       /* [16] */
    double *dW3,       /* [1, 16] */
    double *db3        /* [1] */
);

/* Share of the points on the right side: y is -1 or +1 (moons.mg, line 20). */
mgc_status accuracy(
    const double *W1,  /* [16, 2] */
    const double *b1,  /* [16] */
    const double *W2,  /* [16, 16] */
    const double *b2,  /* [16] */
    const double *W3,  /* [1, 16] */
    const double *b3,  /* [1] */
    const double *X,   /* [n, 2] */
    const double *y,   /* [n] */
    int64_t n,
    double *out
);

/* Share of the points on the right side: y is -1 or +1 (moons.mg, line 20), and its derivatives. */
mgc_status accuracy_value_and_grad(
    const double *W1,  /* [16, 2] */
    const double *b1,  /* [16] */
    const double *W2,  /* [16, 16] */
    const double *b2,  /* [16] */
    const double *W3,  /* [1, 16] */
    const double *b3,  /* [1] */
    const double *X,   /* [n, 2] */
    const double *y,   /* [n] */
    int64_t n,
    double *out,
    double *dW1,       /* [16, 2] */
    double *db1,       /* [16] */
    double *dW2,       /* [16, 16] */
    double *db2,       /* [16] */
    double *dW3,       /* [1, 16] */
    double *db3        /* [1] */
);

#ifdef __cplusplus
}
#endif

#endif
