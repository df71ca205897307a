/* names.mg, compiled to C99: values and exact derivatives. */
#include <math.h>

/* lambda_ of names.mg, line 2. */
double lambda_(double lambda_, double class_) {
    const double del_ = lambda_ * class_;  /* line 3 */
    const double double_ = del_ * del_;  /* line 4 */
    return double_ + lambda_;
}

/* lambda_ of names.mg, line 2, and its derivatives. */
double lambda_value_and_grad(double lambda_, double class_, double *dlambda, double *dclass) {
    const double del_ = lambda_ * class_;  /* line 3 */
    const double double_ = del_ * del_;  /* line 4 */
    const double out = double_ + lambda_;  /* line 5 */
    const double ddel_ = 2.0 * del_;  /* line 4 */
    const double dclass_ = ddel_ * lambda_;  /* line 3 */
    const double dlambda_ = 1.0 + ddel_ * class_;
    *dlambda = dlambda_;
    *dclass = dclass_;
    return out;
}

/* print of names.mg, line 7. */
double print_(double int_, double float_, double len_) {
    double list_[3];  /* line 8 */
    list_[0] = int_;
    list_[1] = float_;
    list_[2] = len_;
    double range_ = 0.0;
    for (long global_ = 0; global_ < 3; global_++) {
        range_ += list_[global_] * list_[global_];  /* line 9 */
    }
    return range_ * int_;
}

/* print of names.mg, line 7, and its derivatives. */
double print_value_and_grad(
    double int_, double float_, double len_, double *dint, double *dfloat, double *dlen
) {
    double list_[3];  /* line 8 */
    list_[0] = int_;
    list_[1] = float_;
    list_[2] = len_;
    double range_ = 0.0;
    for (long global_ = 0; global_ < 3; global_++) {
        range_ += list_[global_] * list_[global_];  /* line 9 */
    }
    const double out = range_ * int_;  /* line 10 */
    double dlist_[3];
    for (long at = 0; at < 3; at++) dlist_[at] = 0.0;
    for (long global_ = 0; global_ < 3; global_++) {
        dlist_[global_] = int_ * (2.0 * list_[global_]);  /* line 9 */
    }
    const double dint_ = range_ + dlist_[0];
    *dint = dint_;
    *dfloat = dlist_[1];
    *dlen = dlist_[2];
    return out;
}

/* grads of names.mg, line 12. */
double grads_(double model, double out, double dout, double t) {
    const double dt = model * out;  /* line 13 */
    return dt * dout + t * t;
}

/* grads of names.mg, line 12, and its derivatives. */
double grads_value_and_grad(
    double model, double out, double dout, double t, double *dmodel_out, double *dout_out, double *ddout,
    double *dt_out
) {
    const double dt = model * out;  /* line 13 */
    const double out_2 = dt * dout + t * t;  /* line 14 */
    const double dt_2 = 2.0 * t;
    const double dmodel = dout * out;  /* line 13 */
    const double dout_3 = dout * model;
    *dmodel_out = dmodel;
    *dout_out = dout_3;
    *ddout = dt;
    *dt_out = dt_2;
    return out_2;
}

/* shadow of names.mg, line 16. */
double shadow(double math_, double exp_, double dmath) {
    return exp(math_) * sin(dmath) * exp_;
}

/* shadow of names.mg, line 16, and its derivatives. */
double shadow_value_and_grad(
    double math_, double exp_, double dmath, double *dmath_out, double *dexp_, double *ddmath_out
) {
    const double exp_math = exp(math_);  /* line 17 */
    const double sin_dmath = sin(dmath);
    const double out_product = exp_math * sin_dmath;
    const double out = out_product * exp_;
    const double dexp_math = exp_ * sin_dmath;
    const double ddmath = exp_ * exp_math * cos(dmath);
    const double dmath_ = dexp_math != 0.0 ? dexp_math * exp_math : 0.0;
    *dmath_out = dmath_;
    *dexp_ = out_product;
    *ddmath_out = ddmath;
    return out;
}

/* element of names.mg, line 19. */
double element_(const double *n, double i_2, long i) {
    double j = 0.0;
    for (long k = 0; k < i; k++) {
        j += n[k] * n[k];  /* line 20 */
    }
    double out_sum = 0.0;
    for (long j_ = 0; j_ < i; j_++) {
        out_sum += j * n[j_];  /* line 21 */
    }
    return out_sum * i_2;
}

/* element of names.mg, line 19, and its derivatives. */
double element_value_and_grad(const double *n, double i_2, long i, double *dn, double *di_2) {
    double j = 0.0;
    for (long k = 0; k < i; k++) {
        j += n[k] * n[k];  /* line 20 */
    }
    double out_sum = 0.0;
    for (long j_ = 0; j_ < i; j_++) {
        out_sum += j * n[j_];  /* line 21 */
    }
    const double out = out_sum * i_2;
    double dj = 0.0;
    for (long j_ = 0; j_ < i; j_++) {
        dj += i_2 * n[j_];
    }
    const double dn_element = i_2 * j;
    for (long at = 0; at < i; at++) dn[at] = 0.0;
    for (long k = 0; k < i; k++) {
        const double t = dj * n[k];  /* line 20 */
        dn[k] += t + t;
    }
    for (long j_ = 0; j_ < i; j_++) {
        dn[j_] += dn_element;
    }
    *di_2 = out_sum;
    return out;
}
