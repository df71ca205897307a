/* batchnorm.mg, compiled to C99: values and exact derivatives. */
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

/* batchnorm of batchnorm.mg, line 5. */
mgc_status batchnorm(
    const double *restrict x, const double *restrict gain, const double *restrict bias, int64_t n, int64_t d,
    void *restrict work, double *restrict out
) {
    double *centred = work;
    for (int64_t at = 0; at < n * d; at++) out[at] = 0.0;
    for (int64_t j = 0; j < d; j++) {
        double x_sum = 0.0;
        for (int64_t i = 0; i < n; i++) {
            x_sum += x[i * d + j];  /* line 6 */
        }
        const double mu = x_sum / n;
        double centred_squared_sum = 0.0;
        for (int64_t i = 0; i < n; i++) {
            centred[i] = x[i * d + j] - mu;  /* line 7 */
            centred_squared_sum += centred[i] * centred[i];  /* line 8 */
        }
        const double var = centred_squared_sum / n;
        const double var_sqrt = sqrt(var + 1e-05);  /* line 9 */
        for (int64_t i = 0; i < n; i++) {
            const double xhat = centred[i] / var_sqrt;
            out[i * d + j] = gain[j] * xhat + bias[j];  /* line 10 */
        }
    }
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of batchnorm has. */
size_t batchnorm_workspace(int64_t n) {
    double work = 0.0;
    work += n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* batchnorm of batchnorm.mg, line 5, and its derivatives. */
mgc_status batchnorm_vjp(
    const double *restrict x, const double *restrict gain, const double *restrict bias,
    const double *restrict dout, int64_t n, int64_t d, void *restrict work, double *restrict out,
    double *restrict dx, double *restrict dgain, double *restrict dbias
) {
    double *dxhat = work;
    double *centred = dxhat + n * d;
    for (int64_t at = 0; at < n * d; at++) dxhat[at] = 0.0;
    for (int64_t j = 0; j < d; j++) {
        double dbias_total = 0.0;
        for (int64_t i = 0; i < n; i++) {
            dxhat[i * d + j] = dout[i * d + j] * gain[j];  /* line 10 */
            dbias_total += dout[i * d + j];
        }
        dbias[j] = dbias_total;
    }
    for (int64_t at = 0; at < n * d; at++) out[at] = 0.0;
    for (int64_t at = 0; at < n * d; at++) dx[at] = 0.0;
    for (int64_t j = 0; j < d; j++) {
        double x_sum = 0.0;
        for (int64_t i = 0; i < n; i++) {
            x_sum += x[i * d + j];  /* line 6 */
        }
        const double mu = x_sum / n;
        double centred_squared_sum = 0.0;
        for (int64_t i = 0; i < n; i++) {
            centred[i] = x[i * d + j] - mu;  /* line 7 */
            centred_squared_sum += centred[i] * centred[i];  /* line 8 */
        }
        const double var = centred_squared_sum / n;
        const double var_sqrt = sqrt(var + 1e-05);  /* line 9 */
        double dvar_sqrt = 0.0;
        double dgain_total = 0.0;
        for (int64_t i = 0; i < n; i++) {
            const double xhat = centred[i] / var_sqrt;
            out[i * d + j] = gain[j] * xhat + bias[j];  /* line 10 */
            dvar_sqrt -= dxhat[i * d + j] * (xhat / var_sqrt);  /* line 9 */
            dgain_total += dout[i * d + j] * xhat;
        }
        dgain[j] = dgain_total;
        const double dvar = dvar_sqrt * (0.5 / var_sqrt);
        const double dcentred_squared_sum = dvar / n;  /* line 8 */
        double dmu = 0.0;
        for (int64_t i = 0; i < n; i++) {
            const double dcentred = dxhat[i * d + j] / var_sqrt + dcentred_squared_sum * (2.0 * centred[i]);  /* line 7 */
            dmu -= dcentred;
            dx[i * d + j] += dcentred;
        }
        const double dx_sum = dmu / n;  /* line 6 */
        for (int64_t i = 0; i < n; i++) {
            dx[i * d + j] += dx_sum;
        }
    }
    return (mgc_status){MGC_OK, 0};
}

/* How many bytes `work` of batchnorm_vjp has. */
size_t batchnorm_vjp_workspace(int64_t n, int64_t d) {
    double work = 0.0;
    work += (double)n * d;
    work += n;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}
