/* batchnorm.mg, compiled to C99: values and exact derivatives. */
#include <math.h>

/* batchnorm of batchnorm.mg, line 5. */
void batchnorm(
    const double *x, const double *gain, const double *bias, long n, long d, double *work, double *out_values
) {
    /* work holds n numbers */
    double *centred = work;
    for (long at = 0; at < n * d; at++) out_values[at] = 0.0;
    for (long j = 0; j < d; j++) {
        double mu_sum = 0.0;
        for (long i = 0; i < n; i++) {
            mu_sum += x[i * d + j];  /* line 6 */
        }
        const double mu = mu_sum / n;
        for (long at = 0; at < n; at++) centred[at] = 0.0;
        double var_sum = 0.0;
        for (long i = 0; i < n; i++) {
            centred[i] = x[i * d + j] - mu;  /* line 7 */
            var_sum += centred[i] * centred[i];  /* line 8 */
        }
        const double var = var_sum / n;
        const double xhat_sqrt = sqrt(var + 1e-05);  /* line 9 */
        for (long i = 0; i < n; i++) {
            const double xhat = centred[i] / xhat_sqrt;
            out_values[i * d + j] = gain[j] * xhat + bias[j];  /* line 10 */
        }
    }
}

/* batchnorm of batchnorm.mg, line 5, and its derivatives. */
void batchnorm_vjp(
    const double *x, const double *gain, const double *bias, const double *dout, long n, long d, double *work,
    double *out, double *dx, double *dgain, double *dbias
) {
    /* work holds n * d + n numbers */
    double *dxhat = work;
    work += n * d;
    double *centred = work;
    for (long at = 0; at < n * d; at++) dxhat[at] = 0.0;
    for (long at = 0; at < d; at++) dbias[at] = 0.0;
    for (long j = 0; j < d; j++) {
        double dbias_total = 0.0;
        for (long i = 0; i < n; i++) {
            dxhat[i * d + j] = dout[i * d + j] * gain[j];  /* line 10 */
            dbias_total += dout[i * d + j];
        }
        dbias[j] = dbias_total;
    }
    for (long at = 0; at < n * d; at++) out[at] = 0.0;
    for (long at = 0; at < n * d; at++) dx[at] = 0.0;
    for (long at = 0; at < d; at++) dgain[at] = 0.0;
    for (long j = 0; j < d; j++) {
        double mu_sum = 0.0;
        for (long i = 0; i < n; i++) {
            mu_sum += x[i * d + j];  /* line 6 */
        }
        const double mu = mu_sum / n;
        for (long at = 0; at < n; at++) centred[at] = 0.0;
        double var_sum = 0.0;
        for (long i = 0; i < n; i++) {
            centred[i] = x[i * d + j] - mu;  /* line 7 */
            var_sum += centred[i] * centred[i];  /* line 8 */
        }
        const double var = var_sum / n;
        const double xhat_sqrt = sqrt(var + 1e-05);  /* line 9 */
        double dxhat_sqrt = 0.0;
        double dgain_total = 0.0;
        for (long i = 0; i < n; i++) {
            const double xhat = centred[i] / xhat_sqrt;
            out[i * d + j] = gain[j] * xhat + bias[j];  /* line 10 */
            dxhat_sqrt += dxhat[i * d + j] * (-xhat / xhat_sqrt);  /* line 9 */
            dgain_total += dout[i * d + j] * xhat;
        }
        dgain[j] = dgain_total;
        const double dvar = dxhat_sqrt * (0.5 / xhat_sqrt);
        const double dvar_sum = dvar / n;  /* line 8 */
        double dmu = 0.0;
        for (long i = 0; i < n; i++) {
            const double t = dvar_sum * (2.0 * centred[i]);
            const double dcentred = dxhat[i * d + j] / xhat_sqrt + t;  /* line 7 */
            dmu += -dcentred;
            dx[i * d + j] += dcentred;
        }
        const double dmu_sum = dmu / n;  /* line 6 */
        for (long i = 0; i < n; i++) {
            dx[i * d + j] += dmu_sum;
        }
    }
}
