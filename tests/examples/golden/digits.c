/* digits.mg, compiled to C99: values and exact derivatives. */
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

static void mgc_fail(mgc_status *status, enum mgc_error error, int line) {  /* what failed first stays */
    if (status->error == MGC_OK) {
        status->error = error;
        status->line = line;
    }
}

/* logits of digits.mg, line 6. */
mgc_status logits(
    const double *restrict W1, const double *restrict b1, const double *restrict W2,
    const double *restrict b2, const double *restrict x, double *restrict out
) {
    double *const out_values = out;
    double x_2[32];
    for (int64_t i = 0; i < 32; i++) {
        double x_sum = 0.0;
        for (int64_t j = 0; j < 64; j++) {
            x_sum += W1[i * 64 + j] * x[j];  /* line 7 */
        }
        const double x_in = x_sum + b1[i];
        x_2[i] = x_in <= 0.0 ? 0.0 : x_in;
    }
    for (int64_t i = 0; i < 10; i++) {
        double out_sum = 0.0;
        for (int64_t j = 0; j < 32; j++) {
            out_sum += W2[i * 32 + j] * x_2[j];
        }
        out_values[i] = out_sum + b2[i];
    }
    return (mgc_status){MGC_OK, 0};
}

/* logits of digits.mg, line 6, and its derivatives. */
mgc_status logits_vjp(
    const double *restrict W1, const double *restrict b1, const double *restrict W2,
    const double *restrict b2, const double *restrict x, const double *restrict dout, double *restrict out,
    double *restrict dW1, double *restrict db1, double *restrict dW2, double *restrict db2
) {
    double x_2[32];
    for (int64_t i = 0; i < 32; i++) {
        double x_sum = 0.0;
        for (int64_t j = 0; j < 64; j++) {
            x_sum += W1[i * 64 + j] * x[j];  /* line 7 */
        }
        const double x_in = x_sum + b1[i];
        x_2[i] = x_in <= 0.0 ? 0.0 : x_in;
    }
    for (int64_t i = 0; i < 10; i++) {
        double out_sum = 0.0;
        for (int64_t j = 0; j < 32; j++) {
            out_sum += W2[i * 32 + j] * x_2[j];
        }
        out[i] = out_sum + b2[i];
    }
    double dx_2[32];
    for (int64_t at = 0; at < 32; at++) dx_2[at] = 0.0;
    for (int64_t i = 0; i < 10; i++) {
        db2[i] = dout[i];
        for (int64_t j = 0; j < 32; j++) {
            dx_2[j] += dout[i] * W2[i * 32 + j];
        }
    }
    for (int64_t i = 0; i < 32; i++) {
        for (int64_t j = 0; j < 64; j++) {
            dW1[i * 64 + j] = x_2[i] > 0.0 ? dx_2[i] * x[j] : 0.0;
        }
        db1[i] = x_2[i] > 0.0 ? dx_2[i] : 0.0;
    }
    for (int64_t i = 0; i < 10; i++) {
        for (int64_t j = 0; j < 32; j++) {
            dW2[i * 32 + j] = dout[i] * x_2[j];
        }
    }
    return (mgc_status){MGC_OK, 0};
}

/* Mean cross-entropy of softmax(logits) with the labels 0 to 9 (digits.mg, line 9). */
mgc_status loss(
    const double *restrict W1, const double *restrict b1, const double *restrict W2,
    const double *restrict b2, const double *restrict X, const int64_t *restrict label, int64_t n,
    double *restrict out
) {
    mgc_status status = {MGC_OK, 0};
    double out_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double x[32];
        for (int64_t j = 0; j < 32; j++) {
            double x_sum = 0.0;
            for (int64_t k = 0; k < 64; k++) {
                x_sum += W1[j * 64 + k] * X[i * 64 + k];  /* line 7 */
            }
            const double x_in = x_sum + b1[j];
            x[j] = x_in <= 0.0 ? 0.0 : x_in;
        }
        double logits[10];
        double largest = -INFINITY;
        for (int64_t j = 0; j < 10; j++) {
            double weight_sum = 0.0;
            for (int64_t k = 0; k < 32; k++) {
                weight_sum += W2[j * 32 + k] * x[k];
            }
            logits[j] = weight_sum + b2[j];
            if (logits[j] > largest || logits[j] != logits[j]) largest = logits[j];  /* line 11 */
        }
        double others = 0.0;
        for (int64_t j = 0; j < 10; j++) {
            const double weight = exp(logits[j] - largest);
            others += j == label[i] ? weight - 1.0 : weight;
        }
        const int64_t place = label[i];
        if (place < 0 || place >= 10) {
            mgc_fail(&status, MGC_INDEX, 11);
            return status;
        }
        out_sum += log1p(others) - (logits[place] - largest);
    }
    *out = out_sum / n;
    return status;
}

/* Mean cross-entropy of softmax(logits) with the labels 0 to 9 (digits.mg, line 9), and its derivatives. */
mgc_status loss_value_and_grad(
    const double *restrict W1, const double *restrict b1, const double *restrict W2,
    const double *restrict b2, const double *restrict X, const int64_t *restrict label, int64_t n,
    double *restrict out, double *restrict dW1, double *restrict db1, double *restrict dW2,
    double *restrict db2
) {
    mgc_status status = {MGC_OK, 0};
    const double dout_sum = 1.0 / n;  /* line 11 */
    const double dout_difference = -dout_sum;
    const double t = dout_sum * NAN;
    double out_sum = 0.0;
    for (int64_t at = 0; at < 2048; at++) dW1[at] = 0.0;
    for (int64_t at = 0; at < 32; at++) db1[at] = 0.0;
    for (int64_t at = 0; at < 320; at++) dW2[at] = 0.0;
    for (int64_t at = 0; at < 10; at++) db2[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double x[32];
        for (int64_t j = 0; j < 32; j++) {
            double x_sum = 0.0;
            for (int64_t k = 0; k < 64; k++) {
                x_sum += W1[j * 64 + k] * X[i * 64 + k];  /* line 7 */
            }
            const double x_in = x_sum + b1[j];
            x[j] = x_in <= 0.0 ? 0.0 : x_in;
        }
        double logits[10];
        double largest = -INFINITY;
        for (int64_t j = 0; j < 10; j++) {
            double weight_sum = 0.0;
            for (int64_t k = 0; k < 32; k++) {
                weight_sum += W2[j * 32 + k] * x[k];
            }
            logits[j] = weight_sum + b2[j];
            if (logits[j] > largest || logits[j] != logits[j]) largest = logits[j];  /* line 11 */
        }
        double weight[10];
        double others = 0.0;
        for (int64_t j = 0; j < 10; j++) {
            weight[j] = exp(logits[j] - largest);
            others += j == label[i] ? weight[j] - 1.0 : weight[j];
        }
        const int64_t place = label[i];
        if (place < 0 || place >= 10) {
            mgc_fail(&status, MGC_INDEX, 11);
            return status;
        }
        out_sum += log1p(others) - (logits[place] - largest);
        const double dothers = others >= -1.0 ? dout_sum / (1.0 + others) : t;
        double dlogits[10];
        for (int64_t at = 0; at < 10; at++) dlogits[at] = 0.0;
        if (dothers != 0.0) {
            for (int64_t j = 0; j < 10; j++) {
                dlogits[j] += dothers * weight[j];  /* line 7 */
            }
        }
        dlogits[place] += dout_difference;
        double dx[32];
        for (int64_t at = 0; at < 32; at++) dx[at] = 0.0;
        for (int64_t j = 0; j < 10; j++) {
            for (int64_t k = 0; k < 32; k++) {
                dx[k] += dlogits[j] * W2[j * 32 + k];
                dW2[j * 32 + k] += dlogits[j] * x[k];
            }
            db2[j] += dlogits[j];
        }
        for (int64_t j = 0; j < 32; j++) {
            if (x[j] > 0.0) {
                for (int64_t k = 0; k < 64; k++) {
                    dW1[j * 64 + k] += dx[j] * X[i * 64 + k];
                }
                db1[j] += dx[j];
            }
        }
    }
    *out = out_sum / n;  /* line 11 */
    return status;
}

/* Share of the images whose largest logit is that of their label (digits.mg, line 13). */
mgc_status accuracy(
    const double *restrict W1, const double *restrict b1, const double *restrict W2,
    const double *restrict b2, const double *restrict X, const int64_t *restrict label, int64_t n,
    double *restrict out
) {
    double out_sum_3 = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double x[32];
        for (int64_t j = 0; j < 32; j++) {
            double x_sum = 0.0;
            for (int64_t k = 0; k < 64; k++) {
                x_sum += W1[j * 64 + k] * X[i * 64 + k];  /* line 7 */
            }
            const double x_in = x_sum + b1[j];
            x[j] = x_in <= 0.0 ? 0.0 : x_in;
        }
        double out_sum_2[10];
        double out_max = -INFINITY;
        for (int64_t j = 0; j < 10; j++) {
            double out_sum = 0.0;
            for (int64_t k = 0; k < 32; k++) {
                out_sum += W2[j * 32 + k] * x[k];
            }
            out_sum_2[j] = out_sum + b2[j];
            if (out_sum_2[j] > out_max || out_sum_2[j] != out_sum_2[j]) out_max = out_sum_2[j];  /* line 15 */
        }
        int64_t out_min = INT64_C(9007199254740992);
        for (int64_t j = 0; j < 10; j++) {
            const int is_nan = out_sum_2[j] != out_sum_2[j];
            const int64_t out_chosen = out_sum_2[j] == out_max || is_nan ? j : 10;
            if (out_chosen < out_min) out_min = out_chosen;
        }
        if (out_min == label[i]) {
            out_sum_3 += 1.0;
        }
    }
    *out = out_sum_3 / n;
    return (mgc_status){MGC_OK, 0};
}

/* Share of the images whose largest logit is that of their label (digits.mg, line 13), and its derivatives. */
mgc_status accuracy_value_and_grad(
    const double *restrict W1, const double *restrict b1, const double *restrict W2,
    const double *restrict b2, const double *restrict X, const int64_t *restrict label, int64_t n,
    double *restrict out, double *restrict dW1, double *restrict db1, double *restrict dW2,
    double *restrict db2
) {
    double out_sum_3 = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double x[32];
        for (int64_t j = 0; j < 32; j++) {
            double x_sum = 0.0;
            for (int64_t k = 0; k < 64; k++) {
                x_sum += W1[j * 64 + k] * X[i * 64 + k];  /* line 7 */
            }
            const double x_in = x_sum + b1[j];
            x[j] = x_in <= 0.0 ? 0.0 : x_in;
        }
        double out_sum_2[10];
        double out_max = -INFINITY;
        for (int64_t j = 0; j < 10; j++) {
            double out_sum = 0.0;
            for (int64_t k = 0; k < 32; k++) {
                out_sum += W2[j * 32 + k] * x[k];
            }
            out_sum_2[j] = out_sum + b2[j];
            if (out_sum_2[j] > out_max || out_sum_2[j] != out_sum_2[j]) out_max = out_sum_2[j];  /* line 15 */
        }
        int64_t out_min = INT64_C(9007199254740992);
        for (int64_t j = 0; j < 10; j++) {
            const int is_nan = out_sum_2[j] != out_sum_2[j];
            const int64_t out_chosen = out_sum_2[j] == out_max || is_nan ? j : 10;
            if (out_chosen < out_min) out_min = out_chosen;
        }
        if (out_min == label[i]) {
            out_sum_3 += 1.0;
        }
    }
    *out = out_sum_3 / n;
    for (int64_t at = 0; at < 2048; at++) dW1[at] = 0.0;
    for (int64_t at = 0; at < 32; at++) db1[at] = 0.0;
    for (int64_t at = 0; at < 320; at++) dW2[at] = 0.0;
    for (int64_t at = 0; at < 10; at++) db2[at] = 0.0;
    return (mgc_status){MGC_OK, 0};
}
