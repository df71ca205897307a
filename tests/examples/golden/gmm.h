/* gmm.mg, compiled to C99: values and exact derivatives. */
#ifndef MGC_GMM_H
#define MGC_GMM_H

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

/* |Q @ v|**2: the squared Mahalanobis length of v (gmm.mg, line 8). */
mgc_status squared_length(
    const double *q,  /* [d] */
    const double *l,  /* [d * (d - 1) / 2] */
    const double *v,  /* [d] */
    int64_t d,
    double *out
);

/* |Q @ v|**2: the squared Mahalanobis length of v (gmm.mg, line 8), and its derivatives. */
mgc_status squared_length_value_and_grad(
    const double *q,  /* [d] */
    const double *l,  /* [d * (d - 1) / 2] */
    const double *v,  /* [d] */
    int64_t d,
    void *work,
    double *out,
    double *dq,       /* [d] */
    double *dl,       /* [d * (d - 1) / 2] */
    double *dv        /* [d] */
);
/* How many bytes `work` of squared_length_value_and_grad has. */
size_t squared_length_value_and_grad_workspace(int64_t d);

/* Sum over the points x[i] of the logarithm of the mixture's density there (gmm.mg, line 13). */
mgc_status log_likelihood(
    const double *alpha,  /* [k] */
    const double *mu,     /* [k, d] */
    const double *q,      /* [k, d] */
    const double *l,      /* [k, d * (d - 1) / 2] */
    const double *x,      /* [n, d] */
    int64_t k,
    int64_t d,
    int64_t n,
    void *work,
    double *out
);
/* How many bytes `work` of log_likelihood has. */
size_t log_likelihood_workspace(int64_t k, int64_t d);

/* Sum over the points x[i] of the logarithm of the mixture's density there (gmm.mg, line 13), and its derivatives. */
mgc_status log_likelihood_value_and_grad(
    const double *alpha,  /* [k] */
    const double *mu,     /* [k, d] */
    const double *q,      /* [k, d] */
    const double *l,      /* [k, d * (d - 1) / 2] */
    const double *x,      /* [n, d] */
    int64_t k,
    int64_t d,
    int64_t n,
    void *work,
    double *out,
    double *dalpha,       /* [k] */
    double *dmu,          /* [k, d] */
    double *dq,           /* [k, d] */
    double *dl,           /* [k, d * (d - 1) / 2] */
    double *dx            /* [n, d] */
);
/* How many bytes `work` of log_likelihood_value_and_grad has. */
size_t log_likelihood_value_and_grad_workspace(int64_t k, int64_t d);

/* Logarithm of the Wishart density of the inverse covariances, `d + wishart_m + 1` degrees of freedom (gmm.mg, line 18). */
mgc_status log_prior(
    const double *q,  /* [k, d] */
    const double *l,  /* [k, d * (d - 1) / 2] */
    double wishart_gamma,
    double wishart_m,
    int64_t k,
    int64_t d,
    double *out
);

/* Logarithm of the Wishart density of the inverse covariances, `d + wishart_m + 1` degrees of freedom (gmm.mg, line 18), and its derivatives. */
mgc_status log_prior_value_and_grad(
    const double *q,  /* [k, d] */
    const double *l,  /* [k, d * (d - 1) / 2] */
    double wishart_gamma,
    double wishart_m,
    int64_t k,
    int64_t d,
    double *out,
    double *dq,       /* [k, d] */
    double *dl,       /* [k, d * (d - 1) / 2] */
    double *dwishart_gamma,
    double *dwishart_m
);

/* objective of gmm.mg, line 26. */
mgc_status objective(
    const double *alpha,  /* [k] */
    const double *mu,     /* [k, d] */
    const double *q,      /* [k, d] */
    const double *l,      /* [k, d * (d - 1) / 2] */
    const double *x,      /* [n, d] */
    double wishart_gamma,
    double wishart_m,
    int64_t k,
    int64_t d,
    int64_t n,
    void *work,
    double *out
);
/* How many bytes `work` of objective has. */
size_t objective_workspace(int64_t k, int64_t d);

/* objective of gmm.mg, line 26, and its derivatives. */
mgc_status objective_value_and_grad(
    const double *alpha,  /* [k] */
    const double *mu,     /* [k, d] */
    const double *q,      /* [k, d] */
    const double *l,      /* [k, d * (d - 1) / 2] */
    const double *x,      /* [n, d] */
    double wishart_gamma,
    double wishart_m,
    int64_t k,
    int64_t d,
    int64_t n,
    void *work,
    double *out,
    double *dalpha,       /* [k] */
    double *dmu,          /* [k, d] */
    double *dq,           /* [k, d] */
    double *dl,           /* [k, d * (d - 1) / 2] */
    double *dx,           /* [n, d] */
    double *dwishart_gamma,
    double *dwishart_m
);
/* How many bytes `work` of objective_value_and_grad has. */
size_t objective_value_and_grad_workspace(int64_t k, int64_t d);

#ifdef __cplusplus
}
#endif

#endif
