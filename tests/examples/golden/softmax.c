/* softmax.mg, compiled to C99: values and exact derivatives. */
#include <math.h>

/* loss of softmax.mg, line 6. */
double loss(
    const double *x, long label, const double *W, const double *b, long d, long k, double *work, int *status
) {
    /* work holds k numbers */
    double *z = work;
    for (long at = 0; at < k; at++) z[at] = 0.0;
    double largest = -INFINITY;
    for (long i = 0; i < k; i++) {
        double z_sum = 0.0;
        for (long j = 0; j < d; j++) {
            z_sum += W[i * d + j] * x[j];  /* line 7 */
        }
        z[i] = z_sum + b[i];
        if (z[i] > largest || z[i] != z[i]) largest = z[i];  /* line 8 */
    }
    double others = 0.0;
    for (long i = 0; i < k; i++) {
        const double weight = exp(z[i] - largest);
        others += i == label ? weight - 1.0 : weight;
    }
    const long place = label;
    if (place < 0 || place >= k) {
        *status = 1;
        return NAN;
    }
    return log1p(others) - (z[place] - largest);
}

/* loss of softmax.mg, line 6, and its derivatives. */
double loss_value_and_grad(
    const double *x, long label, const double *W, const double *b, long d, long k, double *work, double *dx,
    double *dW, double *db, int *status
) {
    /* work holds k + k numbers */
    double *z = work;
    work += k;
    double *weight = work;
    for (long at = 0; at < k; at++) z[at] = 0.0;
    double largest = -INFINITY;
    for (long i = 0; i < k; i++) {
        double z_sum = 0.0;
        for (long j = 0; j < d; j++) {
            z_sum += W[i * d + j] * x[j];  /* line 7 */
        }
        z[i] = z_sum + b[i];
        if (z[i] > largest || z[i] != z[i]) largest = z[i];  /* line 8 */
    }
    for (long at = 0; at < k; at++) weight[at] = 0.0;
    double others = 0.0;
    for (long i = 0; i < k; i++) {
        weight[i] = exp(z[i] - largest);
        others += i == label ? weight[i] - 1.0 : weight[i];
    }
    const long place = label;
    if (place < 0 || place >= k) {
        *status = 1;
        return NAN;
    }
    const double out = log1p(others) - (z[place] - largest);
    const double dothers = others >= -1.0 ? 1.0 / (1.0 + others) : NAN;
    for (long at = 0; at < k; at++) db[at] = 0.0;
    if (dothers != 0.0) {
        for (long i = 0; i < k; i++) {
            db[i] += dothers * weight[i];  /* line 7 */
        }
    }
    db[place] += -1.0;
    for (long at = 0; at < d; at++) dx[at] = 0.0;
    for (long at = 0; at < k * d; at++) dW[at] = 0.0;
    for (long i = 0; i < k; i++) {
        for (long j = 0; j < d; j++) {
            dx[j] += db[i] * W[i * d + j];
            dW[i * d + j] = db[i] * x[j];
        }
    }
    return out;
}
