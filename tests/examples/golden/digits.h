/* digits.mg, compiled to C99: values and exact derivatives. */
#ifndef MGC_DIGITS_H
#define MGC_DIGITS_H

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

/* logits of digits.mg, line 6. */
mgc_status logits(
    const double *W1,  /* [32, 64] */
    const double *b1,  /* [32] */
    const double *W2,  /* [10, 32] */
    const double *b2,  /* [10] */
    const double *x,   /* [64] */
    double *out        /* [10] */
);

/* logits of digits.mg, line 6, and its derivatives. */
mgc_status logits_vjp(
    const double *W1,    /* [32, 64] */
    const double *b1,    /* [32] */
    const double *W2,    /* [10, 32] */
    const double *b2,    /* [10] */
    const double *x,     /* [64] */
    const double *dout,  /* [10] */
    double *out,         /* [10] */
    double *dW1,         /* [32, 64] */
    double *db1,         /* [32] */
    double *dW2,         /* [10, 32] */
    double *db2          /* [10] */
);

/* Mean cross-entropy of softmax(logits) with the labels 0 to 9 (digits.mg, line 9). */
mgc_status loss(
    const double *W1,      /* [32, 64] */
    const double *b1,      /* [32] */
    const double *W2,      /* [10, 32] */
    const double *b2,      /* [10] */
    const double *X,       /* [n, 64] */
    const int64_t *label,  /* [n] */
    int64_t n,
    double *out
);

/* Mean cross-entropy of softmax(logits) with the labels 0 to 9 (digits.mg, line 9), and its derivatives. */
mgc_status loss_value_and_grad(
    const double *W1,      /* [32, 64] */
    const double *b1,      /* [32] */
    const double *W2,      /* [10, 32] */
    const double *b2,      /* [10] */
    const double *X,       /* [n, 64] */
    const int64_t *label,  /* [n] */
    int64_t n,
    double *out,
    double *dW1,           /* [32, 64] */
    double *db1,           /* [32] */
    double *dW2,           /* [10, 32] */
    double *db2            /* [10] */
);

/* Share of the images whose largest logit is that of their label (digits.mg, line 13). */
mgc_status accuracy(
    const double *W1,      /* [32, 64] */
    const double *b1,      /* [32] */
    const double *W2,      /* [10, 32] */
    const double *b2,      /* [10] */
    const double *X,       /* [n, 64] */
    const int64_t *label,  /* [n] */
    int64_t n,
    double *out
);

/* Share of the images whose largest logit is that of their label (digits.mg, line 13), and its derivatives. */
mgc_status accuracy_value_and_grad(
    const double *W1,      /* [32, 64] */
    const double *b1,      /* [32] */
    const double *W2,      /* [10, 32] */
    const double *b2,      /* [10] */
    const double *X,       /* [n, 64] */
    const int64_t *label,  /* [n] */
    int64_t n,
    double *out,
    double *dW1,           /* [32, 64] */
    double *db1,           /* [32] */
    double *dW2,           /* [10, 32] */
    double *db2            /* [10] */
);

#ifdef __cplusplus
}
#endif

#endif
