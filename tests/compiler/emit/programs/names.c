/* names.mg, compiled to C99: values and exact derivatives. */
#include <math.h>
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

/* lambda_ of names.mg, line 2. */
mgc_status lambda_(double lambda_, double class_, double *restrict out) {
    const double del_ = lambda_ * class_;  /* line 3 */
    const double double_ = del_ * del_;  /* line 4 */
    *out = double_ + lambda_;
    return (mgc_status){MGC_OK, 0};
}

/* lambda_ of names.mg, line 2, and its derivatives. */
mgc_status lambda_value_and_grad(
    double lambda_, double class_, double *restrict out, double *restrict dlambda, double *restrict dclass
) {
    const double del_ = lambda_ * class_;  /* line 3 */
    const double double_ = del_ * del_;  /* line 4 */
    *out = double_ + lambda_;  /* line 5 */
    const double ddel_ = 2.0 * del_;  /* line 4 */
    const double dclass_ = ddel_ * lambda_;  /* line 3 */
    const double dlambda_ = 1.0 + ddel_ * class_;
    *dlambda = dlambda_;
    *dclass = dclass_;
    return (mgc_status){MGC_OK, 0};
}

/* print of names.mg, line 7. */
mgc_status print_(double int_, double float_, double len_, double *restrict out) {
    double list_[3];  /* line 8 */
    list_[0] = int_;
    list_[1] = float_;
    list_[2] = len_;
    double range_ = 0.0;
    for (int64_t global_ = 0; global_ < 3; global_++) {
        range_ += list_[global_] * list_[global_];  /* line 9 */
    }
    *out = range_ * int_;
    return (mgc_status){MGC_OK, 0};
}

/* print of names.mg, line 7, and its derivatives. */
mgc_status print_value_and_grad(
    double int_, double float_, double len_, double *restrict out, double *restrict dint,
    double *restrict dfloat, double *restrict dlen
) {
    double list_[3];  /* line 8 */
    list_[0] = int_;
    list_[1] = float_;
    list_[2] = len_;
    double range_ = 0.0;
    for (int64_t global_ = 0; global_ < 3; global_++) {
        range_ += list_[global_] * list_[global_];  /* line 9 */
    }
    *out = range_ * int_;  /* line 10 */
    const double two_int_ = 2.0 * int_;  /* line 9 */
    double dlist_[3];
    for (int64_t global_ = 0; global_ < 3; global_++) {
        dlist_[global_] = two_int_ * list_[global_];
    }
    const double dint_ = range_ + dlist_[0];
    *dint = dint_;
    *dfloat = dlist_[1];
    *dlen = dlist_[2];
    return (mgc_status){MGC_OK, 0};
}

/* grads of names.mg, line 12. */
mgc_status grads_(double model, double out, double dout, double t, double *restrict out_2) {
    const double dt = model * out;  /* line 13 */
    *out_2 = dt * dout + t * t;
    return (mgc_status){MGC_OK, 0};
}

/* grads of names.mg, line 12, and its derivatives. */
mgc_status grads_value_and_grad(
    double model, double out, double dout, double t, double *restrict out_2, double *restrict dmodel,
    double *restrict dout_3, double *restrict ddout, double *restrict dt_3
) {
    const double dt = model * out;  /* line 13 */
    const double out2 = dt * dout + t * t;  /* line 14 */
    const double dt_2 = 2.0 * t;
    *dmodel = dout * out;  /* line 13 */
    const double dout_2 = dout * model;
    *out_2 = out2;
    *dout_3 = dout_2;
    *ddout = dt;
    *dt_3 = dt_2;
    return (mgc_status){MGC_OK, 0};
}

/* shadow of names.mg, line 16. */
mgc_status shadow(double math_, double exp_, double dmath, double *restrict out) {
    *out = exp(math_) * sin(dmath) * exp_;
    return (mgc_status){MGC_OK, 0};
}

/* shadow of names.mg, line 16, and its derivatives. */
mgc_status shadow_value_and_grad(
    double math_, double exp_, double dmath, double *restrict out, double *restrict dmath_2,
    double *restrict dexp_, double *restrict ddmath
) {
    const double math__exp = exp(math_);  /* line 17 */
    const double dmath_sin = sin(dmath);
    const double math__exp_dmath_sin = math__exp * dmath_sin;
    *out = math__exp_dmath_sin * exp_;
    const double dmath__exp = exp_ * dmath_sin;
    *ddmath = exp_ * math__exp * cos(dmath);
    const double dmath_ = dmath__exp != 0.0 ? dmath__exp * math__exp : 0.0;
    *dmath_2 = dmath_;
    *dexp_ = math__exp_dmath_sin;
    return (mgc_status){MGC_OK, 0};
}

/* element of names.mg, line 19. */
mgc_status element_(const double *restrict n, double i_2, int64_t i, double *restrict out) {
    double j = 0.0;
    for (int64_t k = 0; k < i; k++) {
        j += n[k] * n[k];  /* line 20 */
    }
    double j_n_sum = 0.0;
    for (int64_t j_ = 0; j_ < i; j_++) {
        j_n_sum += j * n[j_];  /* line 21 */
    }
    *out = j_n_sum * i_2;
    return (mgc_status){MGC_OK, 0};
}

/* element of names.mg, line 19, and its derivatives. */
mgc_status element_value_and_grad(
    const double *restrict n, double i_2, int64_t i, double *restrict out, double *restrict dn,
    double *restrict di_2
) {
    double j = 0.0;
    for (int64_t k = 0; k < i; k++) {
        j += n[k] * n[k];  /* line 20 */
    }
    double j_n_sum = 0.0;
    for (int64_t j_ = 0; j_ < i; j_++) {
        j_n_sum += j * n[j_];  /* line 21 */
    }
    *out = j_n_sum * i_2;
    double dj = 0.0;
    for (int64_t j_ = 0; j_ < i; j_++) {
        dj += i_2 * n[j_];
    }
    const double i_2_j = i_2 * j;
    for (int64_t at = 0; at < i; at++) dn[at] = 0.0;
    for (int64_t j_ = 0; j_ < i; j_++) {
        dn[j_] += i_2_j;
    }
    for (int64_t k = 0; k < i; k++) {
        dn[k] += 2.0 * (dj * n[k]);
    }
    *di_2 = j_n_sum;
    return (mgc_status){MGC_OK, 0};
}
