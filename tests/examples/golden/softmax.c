/* softmax.mg, compiled to C99: values and exact derivatives. */
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

static void mgc_fail(mgc_status *status, enum mgc_error error, int line) {  /* what failed first stays */
    if (status->error == MGC_OK) {
        status->error = error;
        status->line = line;
    }
}

/* loss of softmax.mg, line 6. */
mgc_status loss(
    const double *restrict x, int64_t label, const double *restrict W, const double *restrict b, int64_t d,
    int64_t k, void *restrict work, double *restrict out
) {
    mgc_status status = {MGC_OK, 0};
    double *z = work;
    double z_max = -INFINITY;
    for (int64_t i = 0; i < k; i++) {
        double z_sum = 0.0;
        for (int64_t j = 0; j < d; j++) {
            z_sum += W[i * d + j] * x[j];  /* line 7 */
        }
        z[i] = z_sum + b[i];
        if (z[i] > z_max || z[i] != z[i]) z_max = z[i];  /* line 8 */
    }
    double z_others = 0.0;
    for (int64_t i = 0; i < k; i++) {
        const double z_exp = exp(z[i] - z_max);
        z_others += i == label ? z_exp - 1.0 : z_exp;
    }
    const int64_t place = label;
    if (place < 0 || place >= k) {
        mgc_fail(&status, MGC_INDEX, 8);
        return status;
    }
    *out = log1p(z_others) - (z[place] - z_max);
    return status;
}

/* How many bytes `work` of loss has. */
size_t loss_workspace(int64_t k) {
    double work = 0.0;
    work += k;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* loss of softmax.mg, line 6, and its derivatives. */
mgc_status loss_value_and_grad(
    const double *restrict x, int64_t label, const double *restrict W, const double *restrict b, int64_t d,
    int64_t k, void *restrict work, double *restrict out, double *restrict dx, double *restrict dW,
    double *restrict db
) {
    mgc_status status = {MGC_OK, 0};
    double *const dz = db;
    double *z = work;
    double *z_exp = z + k;
    double z_max = -INFINITY;
    for (int64_t i = 0; i < k; i++) {
        double z_sum = 0.0;
        for (int64_t j = 0; j < d; j++) {
            z_sum += W[i * d + j] * x[j];  /* line 7 */
        }
        z[i] = z_sum + b[i];
        if (z[i] > z_max || z[i] != z[i]) z_max = z[i];  /* line 8 */
    }
    double z_others = 0.0;
    for (int64_t i = 0; i < k; i++) {
        z_exp[i] = exp(z[i] - z_max);
        z_others += i == label ? z_exp[i] - 1.0 : z_exp[i];
    }
    const int64_t place = label;
    if (place < 0 || place >= k) {
        mgc_fail(&status, MGC_INDEX, 8);
        return status;
    }
    *out = log1p(z_others) - (z[place] - z_max);
    const double dz_others = z_others >= -1.0 ? 1.0 / (1.0 + z_others) : NAN;
    for (int64_t at = 0; at < k; at++) dz[at] = 0.0;
    if (dz_others != 0.0) {
        for (int64_t i = 0; i < k; i++) {
            dz[i] += dz_others * z_exp[i];  /* line 7 */
        }
    }
    dz[place] -= 1.0;
    for (int64_t at = 0; at < d; at++) dx[at] = 0.0;
    for (int64_t i = 0; i < k; i++) {
        for (int64_t j = 0; j < d; j++) {
            dx[j] += dz[i] * W[i * d + j];
            dW[i * d + j] = dz[i] * x[j];
        }
    }
    return status;
}

/* How many bytes `work` of loss_value_and_grad has. */
size_t loss_value_and_grad_workspace(int64_t k) {
    double work = 0.0;
    work += 2.0 * k;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}
