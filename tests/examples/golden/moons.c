/* moons.mg, compiled to C99: values and exact derivatives. */
#include <math.h>
#include <stddef.h>
#include <stdint.h>

#ifndef MGC_STATUS
#define MGC_STATUS
/* What a call came to; where it failed, in which line of the model, and its results mean nothing. */
enum mgc_error { MGC_OK = 0, MGC_INDEX = 1, MGC_ZERO_DIVISION = 2, MGC_OVERFLOW = 3 };
typedef struct {
    enum mgc_error error;
    int line;
} mgc_status;
#endif

/* score of moons.mg, line 10. */
mgc_status score(
    const double *restrict W1, const double *restrict b1, const double *restrict W2,
    const double *restrict b2, const double *restrict W3, const double *restrict b3, const double *restrict x,
    double *restrict out
) {
    double h[16];
    for (int64_t i = 0; i < 16; i++) {
        double h_sum = 0.0;
        for (int64_t j = 0; j < 2; j++) {
            h_sum += W1[i * 2 + j] * x[j];  /* line 8 */
        }
        const double h_in = h_sum + b1[i];
        h[i] = h_in <= 0.0 ? 0.0 : h_in;  /* line 11 */
    }
    double out_sum = 0.0;
    for (int64_t i = 0; i < 16; i++) {
        double h_sum_2 = 0.0;
        for (int64_t j = 0; j < 16; j++) {
            h_sum_2 += W2[i * 16 + j] * h[j];  /* line 8 */
        }
        const double h_in_2 = h_sum_2 + b2[i];
        const double h_2 = h_in_2 <= 0.0 ? 0.0 : h_in_2;  /* line 12 */
        out_sum += W3[i] * h_2;  /* line 8 */
    }
    *out = out_sum + b3[0];
    return (mgc_status){MGC_OK, 0};
}

/* score of moons.mg, line 10, and its derivatives. */
mgc_status score_value_and_grad(
    const double *restrict W1, const double *restrict b1, const double *restrict W2,
    const double *restrict b2, const double *restrict W3, const double *restrict b3, const double *restrict x,
    double *restrict out, double *restrict dW1, double *restrict db1, double *restrict dW2,
    double *restrict db2, double *restrict dW3, double *restrict db3
) {
    double h[16];
    for (int64_t i = 0; i < 16; i++) {
        double h_sum = 0.0;
        for (int64_t j = 0; j < 2; j++) {
            h_sum += W1[i * 2 + j] * x[j];  /* line 8 */
        }
        const double h_in = h_sum + b1[i];
        h[i] = h_in <= 0.0 ? 0.0 : h_in;  /* line 11 */
    }
    double out_sum = 0.0;
    double dh[16];
    for (int64_t at = 0; at < 16; at++) dh[at] = 0.0;
    for (int64_t at = 0; at < 16; at++) dW3[at] = 0.0;
    for (int64_t i = 0; i < 16; i++) {
        double h_sum_2 = 0.0;
        for (int64_t j = 0; j < 16; j++) {
            h_sum_2 += W2[i * 16 + j] * h[j];  /* line 8 */
        }
        const double h_in_2 = h_sum_2 + b2[i];
        const double h_2 = h_in_2 <= 0.0 ? 0.0 : h_in_2;  /* line 12 */
        out_sum += W3[i] * h_2;  /* line 8 */
        if (h_2 > 0.0) {
            for (int64_t j = 0; j < 16; j++) {
                dh[j] += W3[i] * W2[i * 16 + j];
            }
        }
        for (int64_t j = 0; j < 16; j++) {
            dW2[i * 16 + j] = h_2 > 0.0 ? W3[i] * h[j] : 0.0;
        }
        db2[i] = h_2 > 0.0 ? W3[i] : 0.0;
        dW3[i] += h_2;
    }
    *out = out_sum + b3[0];
    for (int64_t i = 0; i < 16; i++) {
        for (int64_t j = 0; j < 2; j++) {
            dW1[i * 2 + j] = h[i] > 0.0 ? dh[i] * x[j] : 0.0;
        }
        db1[i] = h[i] > 0.0 ? dh[i] : 0.0;
    }
    db3[0] = 1.0;
    return (mgc_status){MGC_OK, 0};
}

/* Mean hinge loss of the scores plus `alpha` times the sum of squared parameters (moons.mg, line 15). */
mgc_status loss(
    const double *restrict W1, const double *restrict b1, const double *restrict W2,
    const double *restrict b2, const double *restrict W3, const double *restrict b3, const double *restrict X,
    const double *restrict y, double alpha, int64_t n, double *restrict out
) {
    double data_sum_2 = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double h[16];
        for (int64_t j = 0; j < 16; j++) {
            double h_sum = 0.0;
            for (int64_t k = 0; k < 2; k++) {
                h_sum += W1[j * 2 + k] * X[i * 2 + k];  /* line 8 */
            }
            const double h_in = h_sum + b1[j];
            h[j] = h_in <= 0.0 ? 0.0 : h_in;  /* line 11 */
        }
        double data_sum = 0.0;
        for (int64_t j = 0; j < 16; j++) {
            double h_sum_2 = 0.0;
            for (int64_t k = 0; k < 16; k++) {
                h_sum_2 += W2[j * 16 + k] * h[k];  /* line 8 */
            }
            const double h_in_2 = h_sum_2 + b2[j];
            const double h_2 = h_in_2 <= 0.0 ? 0.0 : h_in_2;  /* line 12 */
            data_sum += W3[j] * h_2;  /* line 8 */
        }
        const double data_in = 1.0 - y[i] * (data_sum + b3[0]);  /* line 17 */
        data_sum_2 += data_in <= 0.0 ? 0.0 : data_in;
    }
    const double data = data_sum_2 / n;
    double out_sum = 0.0;
    for (int64_t j = 0; j < 16; j++) {
        for (int64_t k = 0; k < 2; k++) {
            out_sum += W1[j * 2 + k] * W1[j * 2 + k];  /* line 18 */
        }
    }
    double out_sum_2 = 0.0;
    for (int64_t j = 0; j < 16; j++) {
        out_sum_2 += b1[j] * b1[j];
    }
    double out_sum_3 = 0.0;
    for (int64_t j = 0; j < 16; j++) {
        for (int64_t k = 0; k < 16; k++) {
            out_sum_3 += W2[j * 16 + k] * W2[j * 16 + k];
        }
    }
    double out_sum_4 = 0.0;
    for (int64_t j = 0; j < 16; j++) {
        out_sum_4 += b2[j] * b2[j];
    }
    double out_sum_5 = 0.0;
    for (int64_t j = 0; j < 16; j++) {
        out_sum_5 += W3[j] * W3[j];
    }
    const double out_sum_6 = out_sum + out_sum_2 + out_sum_3 + out_sum_4 + out_sum_5 + b3[0] * b3[0];
    *out = data + alpha * out_sum_6;
    return (mgc_status){MGC_OK, 0};
}

/* Mean hinge loss of the scores plus `alpha` times the sum of squared parameters (moons.mg, line 15), and its derivatives. */
mgc_status loss_value_and_grad(
    const double *restrict W1, const double *restrict b1, const double *restrict W2,
    const double *restrict b2, const double *restrict W3, const double *restrict b3, const double *restrict X,
    const double *restrict y, double alpha, int64_t n, double *restrict out, double *restrict dW1,
    double *restrict db1, double *restrict dW2, double *restrict db2, double *restrict dW3,
    double *restrict db3
) {
    const double ddata_product = -1.0 / n;  /* line 17 */
    double data_sum_2 = 0.0;
    for (int64_t at = 0; at < 32; at++) dW1[at] = 0.0;
    for (int64_t at = 0; at < 16; at++) db1[at] = 0.0;
    for (int64_t at = 0; at < 256; at++) dW2[at] = 0.0;
    for (int64_t at = 0; at < 16; at++) db2[at] = 0.0;
    for (int64_t at = 0; at < 16; at++) dW3[at] = 0.0;
    double db3_0 = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double h[16];
        for (int64_t j = 0; j < 16; j++) {
            double h_sum = 0.0;
            for (int64_t k = 0; k < 2; k++) {
                h_sum += W1[j * 2 + k] * X[i * 2 + k];  /* line 8 */
            }
            const double h_in = h_sum + b1[j];
            h[j] = h_in <= 0.0 ? 0.0 : h_in;  /* line 11 */
        }
        double h_2[16];
        double data_sum = 0.0;
        for (int64_t j = 0; j < 16; j++) {
            double h_sum_2 = 0.0;
            for (int64_t k = 0; k < 16; k++) {
                h_sum_2 += W2[j * 16 + k] * h[k];  /* line 8 */
            }
            const double h_in_2 = h_sum_2 + b2[j];
            h_2[j] = h_in_2 <= 0.0 ? 0.0 : h_in_2;  /* line 12 */
            data_sum += W3[j] * h_2[j];  /* line 8 */
        }
        const double data_in = 1.0 - y[i] * (data_sum + b3[0]);  /* line 17 */
        const double data_relu = data_in <= 0.0 ? 0.0 : data_in;
        data_sum_2 += data_relu;
        if (data_relu > 0.0) {
            const double ddata_sum = ddata_product * y[i];
            double dh[16];
            for (int64_t at = 0; at < 16; at++) dh[at] = 0.0;
            for (int64_t j = 0; j < 16; j++) {
                if (h_2[j] > 0.0) {
                    const double dh_2 = ddata_sum * W3[j];  /* line 8 */
                    for (int64_t k = 0; k < 16; k++) {
                        dh[k] += dh_2 * W2[j * 16 + k];
                        dW2[j * 16 + k] += dh_2 * h[k];
                    }
                    db2[j] += dh_2;
                }
                dW3[j] += ddata_sum * h_2[j];
            }
            for (int64_t j = 0; j < 16; j++) {
                if (h[j] > 0.0) {
                    for (int64_t k = 0; k < 2; k++) {
                        dW1[j * 2 + k] += dh[j] * X[i * 2 + k];
                    }
                    db1[j] += dh[j];
                }
            }
            db3_0 += ddata_sum;
        }
    }
    const double data = data_sum_2 / n;  /* line 17 */
    double out_sum = 0.0;
    for (int64_t j = 0; j < 16; j++) {
        for (int64_t k = 0; k < 2; k++) {
            out_sum += W1[j * 2 + k] * W1[j * 2 + k];  /* line 18 */
        }
    }
    double out_sum_2 = 0.0;
    for (int64_t j = 0; j < 16; j++) {
        out_sum_2 += b1[j] * b1[j];
    }
    double out_sum_3 = 0.0;
    for (int64_t j = 0; j < 16; j++) {
        for (int64_t k = 0; k < 16; k++) {
            out_sum_3 += W2[j * 16 + k] * W2[j * 16 + k];
        }
    }
    double out_sum_4 = 0.0;
    for (int64_t j = 0; j < 16; j++) {
        out_sum_4 += b2[j] * b2[j];
    }
    double out_sum_5 = 0.0;
    for (int64_t j = 0; j < 16; j++) {
        out_sum_5 += W3[j] * W3[j];
    }
    const double out_sum_6 = out_sum + out_sum_2 + out_sum_3 + out_sum_4 + out_sum_5 + b3[0] * b3[0];
    *out = data + alpha * out_sum_6;
    for (int64_t j = 0; j < 16; j++) {
        for (int64_t k = 0; k < 2; k++) {
            dW1[j * 2 + k] += alpha * (2.0 * W1[j * 2 + k]);
        }
    }
    for (int64_t j = 0; j < 16; j++) {
        db1[j] += alpha * (2.0 * b1[j]);
    }
    for (int64_t j = 0; j < 16; j++) {
        for (int64_t k = 0; k < 16; k++) {
            dW2[j * 16 + k] += alpha * (2.0 * W2[j * 16 + k]);
        }
    }
    for (int64_t j = 0; j < 16; j++) {
        db2[j] += alpha * (2.0 * b2[j]);
    }
    for (int64_t j = 0; j < 16; j++) {
        dW3[j] += alpha * (2.0 * W3[j]);
    }
    db3[0] = db3_0 + alpha * (2.0 * b3[0]);
    return (mgc_status){MGC_OK, 0};
}

/* Share of the points on the right side: y is -1 or +1 (moons.mg, line 20). */
mgc_status accuracy(
    const double *restrict W1, const double *restrict b1, const double *restrict W2,
    const double *restrict b2, const double *restrict W3, const double *restrict b3, const double *restrict X,
    const double *restrict y, int64_t n, double *restrict out
) {
    double out_sum_2 = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double h[16];
        for (int64_t j = 0; j < 16; j++) {
            double h_sum = 0.0;
            for (int64_t k = 0; k < 2; k++) {
                h_sum += W1[j * 2 + k] * X[i * 2 + k];  /* line 8 */
            }
            const double h_in = h_sum + b1[j];
            h[j] = h_in <= 0.0 ? 0.0 : h_in;  /* line 11 */
        }
        double out_sum = 0.0;
        for (int64_t j = 0; j < 16; j++) {
            double h_sum_2 = 0.0;
            for (int64_t k = 0; k < 16; k++) {
                h_sum_2 += W2[j * 16 + k] * h[k];  /* line 8 */
            }
            const double h_in_2 = h_sum_2 + b2[j];
            const double h_2 = h_in_2 <= 0.0 ? 0.0 : h_in_2;  /* line 12 */
            out_sum += W3[j] * h_2;  /* line 8 */
        }
        if ((out_sum + b3[0] > 0.0) == (y[i] > 0.0)) {
            out_sum_2 += 1.0;  /* line 22 */
        }
    }
    *out = out_sum_2 / n;
    return (mgc_status){MGC_OK, 0};
}

/* Share of the points on the right side: y is -1 or +1 (moons.mg, line 20), and its derivatives. */
mgc_status accuracy_value_and_grad(
    const double *restrict W1, const double *restrict b1, const double *restrict W2,
    const double *restrict b2, const double *restrict W3, const double *restrict b3, const double *restrict X,
    const double *restrict y, int64_t n, double *restrict out, double *restrict dW1, double *restrict db1,
    double *restrict dW2, double *restrict db2, double *restrict dW3, double *restrict db3
) {
    double out_sum_2 = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double h[16];
        for (int64_t j = 0; j < 16; j++) {
            double h_sum = 0.0;
            for (int64_t k = 0; k < 2; k++) {
                h_sum += W1[j * 2 + k] * X[i * 2 + k];  /* line 8 */
            }
            const double h_in = h_sum + b1[j];
            h[j] = h_in <= 0.0 ? 0.0 : h_in;  /* line 11 */
        }
        double out_sum = 0.0;
        for (int64_t j = 0; j < 16; j++) {
            double h_sum_2 = 0.0;
            for (int64_t k = 0; k < 16; k++) {
                h_sum_2 += W2[j * 16 + k] * h[k];  /* line 8 */
            }
            const double h_in_2 = h_sum_2 + b2[j];
            const double h_2 = h_in_2 <= 0.0 ? 0.0 : h_in_2;  /* line 12 */
            out_sum += W3[j] * h_2;  /* line 8 */
        }
        if ((out_sum + b3[0] > 0.0) == (y[i] > 0.0)) {
            out_sum_2 += 1.0;  /* line 22 */
        }
    }
    *out = out_sum_2 / n;
    for (int64_t at = 0; at < 32; at++) dW1[at] = 0.0;
    for (int64_t at = 0; at < 16; at++) db1[at] = 0.0;
    for (int64_t at = 0; at < 256; at++) dW2[at] = 0.0;
    for (int64_t at = 0; at < 16; at++) db2[at] = 0.0;
    for (int64_t at = 0; at < 16; at++) dW3[at] = 0.0;
    for (int64_t at = 0; at < 1; at++) db3[at] = 0.0;
    return (mgc_status){MGC_OK, 0};
}
