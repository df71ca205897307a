/* moons.mg, compiled to C99: values and exact derivatives. */
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

/* score of moons.mg, line 10. */
mgc_status score(
    const double *restrict W1, const double *restrict b1, const double *restrict W2,
    const double *restrict b2, const double *restrict W3, const double *restrict b3, const double *restrict x,
    double *restrict out
) {
    double h[16];
    for (int64_t i = 0; i < 16; i++) {
        double linear1_sum = 0.0;
        for (int64_t j = 0; j < 2; j++) {
            linear1_sum += W1[i * 2 + j] * x[j];  /* line 8 */
        }
        const double linear1 = linear1_sum + b1[i];
        h[i] = linear1 <= 0.0 ? 0.0 : linear1;  /* line 11 */
    }
    double W3_h2_sum = 0.0;
    for (int64_t i = 0; i < 16; i++) {
        double linear2_sum = 0.0;
        for (int64_t j = 0; j < 16; j++) {
            linear2_sum += W2[i * 16 + j] * h[j];  /* line 8 */
        }
        const double linear2 = linear2_sum + b2[i];
        const double h2 = linear2 <= 0.0 ? 0.0 : linear2;  /* line 12 */
        W3_h2_sum += W3[i] * h2;  /* line 8 */
    }
    *out = W3_h2_sum + b3[0];
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
        double linear1_sum = 0.0;
        for (int64_t j = 0; j < 2; j++) {
            linear1_sum += W1[i * 2 + j] * x[j];  /* line 8 */
        }
        const double linear1 = linear1_sum + b1[i];
        h[i] = linear1 <= 0.0 ? 0.0 : linear1;  /* line 11 */
    }
    double W3_h2_sum = 0.0;
    double dh[16];
    for (int64_t at = 0; at < 16; at++) dh[at] = 0.0;
    for (int64_t at = 0; at < 256; at++) dW2[at] = 0.0;
    for (int64_t at = 0; at < 16; at++) db2[at] = 0.0;
    for (int64_t at = 0; at < 16; at++) dW3[at] = 0.0;
    for (int64_t i = 0; i < 16; i++) {
        double linear2_sum = 0.0;
        for (int64_t j = 0; j < 16; j++) {
            linear2_sum += W2[i * 16 + j] * h[j];  /* line 8 */
        }
        const double linear2 = linear2_sum + b2[i];
        const double h2 = linear2 <= 0.0 ? 0.0 : linear2;  /* line 12 */
        W3_h2_sum += W3[i] * h2;  /* line 8 */
        if (h2 > 0.0) {
            for (int64_t j = 0; j < 16; j++) {
                dh[j] += W3[i] * W2[i * 16 + j];
                dW2[i * 16 + j] = W3[i] * h[j];
            }
            db2[i] = W3[i];
        }
        dW3[i] += h2;
    }
    *out = W3_h2_sum + b3[0];
    for (int64_t at = 0; at < 32; at++) dW1[at] = 0.0;
    for (int64_t at = 0; at < 16; at++) db1[at] = 0.0;
    for (int64_t i = 0; i < 16; i++) {
        if (h[i] > 0.0) {
            for (int64_t j = 0; j < 2; j++) {
                dW1[i * 2 + j] = dh[i] * x[j];
            }
            db1[i] = dh[i];
        }
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
    double data_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double h[16];
        for (int64_t j = 0; j < 16; j++) {
            double linear1_sum = 0.0;
            for (int64_t k = 0; k < 2; k++) {
                linear1_sum += W1[j * 2 + k] * X[i * 2 + k];  /* line 8 */
            }
            const double linear1 = linear1_sum + b1[j];
            h[j] = linear1 <= 0.0 ? 0.0 : linear1;  /* line 11 */
        }
        double W3_h2_sum = 0.0;
        for (int64_t j = 0; j < 16; j++) {
            double linear2_sum = 0.0;
            for (int64_t k = 0; k < 16; k++) {
                linear2_sum += W2[j * 16 + k] * h[k];  /* line 8 */
            }
            const double linear2 = linear2_sum + b2[j];
            const double h2 = linear2 <= 0.0 ? 0.0 : linear2;  /* line 12 */
            W3_h2_sum += W3[j] * h2;  /* line 8 */
        }
        const double data_difference = 1.0 - y[i] * (W3_h2_sum + b3[0]);  /* line 17 */
        data_sum += data_difference <= 0.0 ? 0.0 : data_difference;
    }
    const double data = data_sum / n;
    double W1_squared_sum = 0.0;
    double b1_squared_sum = 0.0;
    double W2_squared_sum = 0.0;
    double b2_squared_sum = 0.0;
    double W3_squared_sum = 0.0;
    for (int64_t j = 0; j < 16; j++) {
        for (int64_t k = 0; k < 2; k++) {
            W1_squared_sum += W1[j * 2 + k] * W1[j * 2 + k];  /* line 18 */
        }
        b1_squared_sum += b1[j] * b1[j];
        for (int64_t k = 0; k < 16; k++) {
            W2_squared_sum += W2[j * 16 + k] * W2[j * 16 + k];
        }
        b2_squared_sum += b2[j] * b2[j];
        W3_squared_sum += W3[j] * W3[j];
    }
    *out = data + alpha * (W1_squared_sum + b1_squared_sum + W2_squared_sum + b2_squared_sum + W3_squared_sum + b3[0] * b3[0]);
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
    const double slope = -1.0 / n;  /* line 17 */
    double data_sum = 0.0;
    for (int64_t at = 0; at < 32; at++) dW1[at] = 0.0;
    for (int64_t at = 0; at < 16; at++) db1[at] = 0.0;
    for (int64_t at = 0; at < 256; at++) dW2[at] = 0.0;
    for (int64_t at = 0; at < 16; at++) db2[at] = 0.0;
    for (int64_t at = 0; at < 16; at++) dW3[at] = 0.0;
    double part_of_db3_0 = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double h[16];
        for (int64_t j = 0; j < 16; j++) {
            double linear1_sum = 0.0;
            for (int64_t k = 0; k < 2; k++) {
                linear1_sum += W1[j * 2 + k] * X[i * 2 + k];  /* line 8 */
            }
            const double linear1 = linear1_sum + b1[j];
            h[j] = linear1 <= 0.0 ? 0.0 : linear1;  /* line 11 */
        }
        double h2[16];
        double W3_h2_sum = 0.0;
        for (int64_t j = 0; j < 16; j++) {
            double linear2_sum = 0.0;
            for (int64_t k = 0; k < 16; k++) {
                linear2_sum += W2[j * 16 + k] * h[k];  /* line 8 */
            }
            const double linear2 = linear2_sum + b2[j];
            h2[j] = linear2 <= 0.0 ? 0.0 : linear2;  /* line 12 */
            W3_h2_sum += W3[j] * h2[j];  /* line 8 */
        }
        const double data_difference = 1.0 - y[i] * (W3_h2_sum + b3[0]);  /* line 17 */
        const double data_difference_relu = data_difference <= 0.0 ? 0.0 : data_difference;
        data_sum += data_difference_relu;
        if (data_difference_relu > 0.0) {
            const double dW3_h2_sum = slope * y[i];
            double dh[16];
            for (int64_t at = 0; at < 16; at++) dh[at] = 0.0;
            for (int64_t j = 0; j < 16; j++) {
                if (h2[j] > 0.0) {
                    const double dh2 = dW3_h2_sum * W3[j];  /* line 8 */
                    for (int64_t k = 0; k < 16; k++) {
                        dh[k] += dh2 * W2[j * 16 + k];
                        dW2[j * 16 + k] += dh2 * h[k];
                    }
                    db2[j] += dh2;
                }
                dW3[j] += dW3_h2_sum * h2[j];
            }
            for (int64_t j = 0; j < 16; j++) {
                if (h[j] > 0.0) {
                    for (int64_t k = 0; k < 2; k++) {
                        dW1[j * 2 + k] += dh[j] * X[i * 2 + k];
                    }
                    db1[j] += dh[j];
                }
            }
            part_of_db3_0 += dW3_h2_sum;
        }
    }
    const double data = data_sum / n;  /* line 17 */
    double W1_squared_sum = 0.0;
    double b1_squared_sum = 0.0;
    double W2_squared_sum = 0.0;
    double b2_squared_sum = 0.0;
    double W3_squared_sum = 0.0;
    for (int64_t j = 0; j < 16; j++) {
        for (int64_t k = 0; k < 2; k++) {
            W1_squared_sum += W1[j * 2 + k] * W1[j * 2 + k];  /* line 18 */
        }
        b1_squared_sum += b1[j] * b1[j];
        for (int64_t k = 0; k < 16; k++) {
            W2_squared_sum += W2[j * 16 + k] * W2[j * 16 + k];
        }
        b2_squared_sum += b2[j] * b2[j];
        W3_squared_sum += W3[j] * W3[j];
    }
    *out = data + alpha * (W1_squared_sum + b1_squared_sum + W2_squared_sum + b2_squared_sum + W3_squared_sum + b3[0] * b3[0]);
    const double two_alpha = 2.0 * alpha;
    for (int64_t j = 0; j < 16; j++) {
        for (int64_t k = 0; k < 2; k++) {
            dW1[j * 2 + k] += two_alpha * W1[j * 2 + k];
        }
        db1[j] += two_alpha * b1[j];
        for (int64_t k = 0; k < 16; k++) {
            dW2[j * 16 + k] += two_alpha * W2[j * 16 + k];
        }
        db2[j] += two_alpha * b2[j];
        dW3[j] += two_alpha * W3[j];
    }
    db3[0] = part_of_db3_0 + two_alpha * b3[0];
    return (mgc_status){MGC_OK, 0};
}

/* Share of the points on the right side: y is -1 or +1 (moons.mg, line 20). */
mgc_status accuracy(
    const double *restrict W1, const double *restrict b1, const double *restrict W2,
    const double *restrict b2, const double *restrict W3, const double *restrict b3, const double *restrict X,
    const double *restrict y, int64_t n, double *restrict out
) {
    double out_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double h[16];
        for (int64_t j = 0; j < 16; j++) {
            double linear1_sum = 0.0;
            for (int64_t k = 0; k < 2; k++) {
                linear1_sum += W1[j * 2 + k] * X[i * 2 + k];  /* line 8 */
            }
            const double linear1 = linear1_sum + b1[j];
            h[j] = linear1 <= 0.0 ? 0.0 : linear1;  /* line 11 */
        }
        double W3_h2_sum = 0.0;
        for (int64_t j = 0; j < 16; j++) {
            double linear2_sum = 0.0;
            for (int64_t k = 0; k < 16; k++) {
                linear2_sum += W2[j * 16 + k] * h[k];  /* line 8 */
            }
            const double linear2 = linear2_sum + b2[j];
            const double h2 = linear2 <= 0.0 ? 0.0 : linear2;  /* line 12 */
            W3_h2_sum += W3[j] * h2;  /* line 8 */
        }
        if ((W3_h2_sum + b3[0] > 0.0) == (y[i] > 0.0)) {
            out_sum += 1.0;  /* line 22 */
        }
    }
    *out = out_sum / n;
    return (mgc_status){MGC_OK, 0};
}

/* Share of the points on the right side: y is -1 or +1 (moons.mg, line 20), and its derivatives. */
mgc_status accuracy_value_and_grad(
    const double *restrict W1, const double *restrict b1, const double *restrict W2,
    const double *restrict b2, const double *restrict W3, const double *restrict b3, const double *restrict X,
    const double *restrict y, int64_t n, double *restrict out, double *restrict dW1, double *restrict db1,
    double *restrict dW2, double *restrict db2, double *restrict dW3, double *restrict db3
) {
    double out_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double h[16];
        for (int64_t j = 0; j < 16; j++) {
            double linear1_sum = 0.0;
            for (int64_t k = 0; k < 2; k++) {
                linear1_sum += W1[j * 2 + k] * X[i * 2 + k];  /* line 8 */
            }
            const double linear1 = linear1_sum + b1[j];
            h[j] = linear1 <= 0.0 ? 0.0 : linear1;  /* line 11 */
        }
        double W3_h2_sum = 0.0;
        for (int64_t j = 0; j < 16; j++) {
            double linear2_sum = 0.0;
            for (int64_t k = 0; k < 16; k++) {
                linear2_sum += W2[j * 16 + k] * h[k];  /* line 8 */
            }
            const double linear2 = linear2_sum + b2[j];
            const double h2 = linear2 <= 0.0 ? 0.0 : linear2;  /* line 12 */
            W3_h2_sum += W3[j] * h2;  /* line 8 */
        }
        if ((W3_h2_sum + b3[0] > 0.0) == (y[i] > 0.0)) {
            out_sum += 1.0;  /* line 22 */
        }
    }
    *out = out_sum / n;
    for (int64_t at = 0; at < 32; at++) dW1[at] = 0.0;
    for (int64_t at = 0; at < 16; at++) db1[at] = 0.0;
    for (int64_t at = 0; at < 256; at++) dW2[at] = 0.0;
    for (int64_t at = 0; at < 16; at++) db2[at] = 0.0;
    for (int64_t at = 0; at < 16; at++) dW3[at] = 0.0;
    for (int64_t at = 0; at < 1; at++) db3[at] = 0.0;
    return (mgc_status){MGC_OK, 0};
}
