/* digits.mg, compiled to C99: values and exact derivatives. */
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

/* logits of digits.mg, line 6. */
mgc_status logits(
    const double *restrict W1, const double *restrict b1, const double *restrict W2,
    const double *restrict b2, const double *restrict x, double *restrict out
) {
    double h[32];
    for (int64_t i = 0; i < 32; i++) {
        double linear1_sum = 0.0;
        for (int64_t j = 0; j < 64; j++) {
            linear1_sum += W1[i * 64 + j] * x[j];  /* line 7 */
        }
        const double linear1 = linear1_sum + b1[i];
        h[i] = linear1 <= 0.0 ? 0.0 : linear1;
    }
    for (int64_t i = 0; i < 10; i++) {
        double W2_h_sum = 0.0;
        for (int64_t j = 0; j < 32; j++) {
            W2_h_sum += W2[i * 32 + j] * h[j];
        }
        out[i] = W2_h_sum + b2[i];
    }
    return (mgc_status){MGC_OK, 0};
}

/* logits of digits.mg, line 6, and its derivatives. */
mgc_status logits_vjp(
    const double *restrict W1, const double *restrict b1, const double *restrict W2,
    const double *restrict b2, const double *restrict x, const double *restrict dout, double *restrict out,
    double *restrict dW1, double *restrict db1, double *restrict dW2, double *restrict db2
) {
    double h[32];
    for (int64_t i = 0; i < 32; i++) {
        double linear1_sum = 0.0;
        for (int64_t j = 0; j < 64; j++) {
            linear1_sum += W1[i * 64 + j] * x[j];  /* line 7 */
        }
        const double linear1 = linear1_sum + b1[i];
        h[i] = linear1 <= 0.0 ? 0.0 : linear1;
    }
    for (int64_t i = 0; i < 10; i++) {
        double W2_h_sum = 0.0;
        for (int64_t j = 0; j < 32; j++) {
            W2_h_sum += W2[i * 32 + j] * h[j];
        }
        out[i] = W2_h_sum + b2[i];
    }
    double dh[32];
    for (int64_t at = 0; at < 32; at++) dh[at] = 0.0;
    for (int64_t i = 0; i < 10; i++) {
        db2[i] = dout[i];
        for (int64_t j = 0; j < 32; j++) {
            dh[j] += dout[i] * W2[i * 32 + j];
        }
    }
    for (int64_t at = 0; at < 2048; at++) dW1[at] = 0.0;
    for (int64_t at = 0; at < 32; at++) db1[at] = 0.0;
    for (int64_t i = 0; i < 32; i++) {
        if (h[i] > 0.0) {
            for (int64_t j = 0; j < 64; j++) {
                dW1[i * 64 + j] = dh[i] * x[j];
            }
            db1[i] = dh[i];
        }
    }
    for (int64_t i = 0; i < 10; i++) {
        for (int64_t j = 0; j < 32; j++) {
            dW2[i * 32 + j] = dout[i] * h[j];
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
        double h[32];
        for (int64_t j = 0; j < 32; j++) {
            double linear1_sum = 0.0;
            for (int64_t k = 0; k < 64; k++) {
                linear1_sum += W1[j * 64 + k] * X[i * 64 + k];  /* line 7 */
            }
            const double linear1 = linear1_sum + b1[j];
            h[j] = linear1 <= 0.0 ? 0.0 : linear1;
        }
        double logits[10];
        double logits_max = -INFINITY;
        for (int64_t j = 0; j < 10; j++) {
            double logits_sum = 0.0;
            for (int64_t k = 0; k < 32; k++) {
                logits_sum += W2[j * 32 + k] * h[k];
            }
            logits[j] = logits_sum + b2[j];
            if (logits[j] > logits_max || logits[j] != logits[j]) logits_max = logits[j];  /* line 11 */
        }
        double logits_others = 0.0;
        for (int64_t j = 0; j < 10; j++) {
            const double logits_exp = exp(logits[j] - logits_max);
            logits_others += j == label[i] ? logits_exp - 1.0 : logits_exp;
        }
        const int64_t place = label[i];
        if (place < 0 || place >= 10) {
            mgc_fail(&status, MGC_INDEX, 11);
            return status;
        }
        out_sum += log1p(logits_others) - (logits[place] - logits_max);
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
    const double minus_dout_sum = -dout_sum;
    const double part_of_dlogits_others = dout_sum * NAN;
    double out_sum = 0.0;
    for (int64_t at = 0; at < 2048; at++) dW1[at] = 0.0;
    for (int64_t at = 0; at < 32; at++) db1[at] = 0.0;
    for (int64_t at = 0; at < 320; at++) dW2[at] = 0.0;
    for (int64_t at = 0; at < 10; at++) db2[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double h[32];
        for (int64_t j = 0; j < 32; j++) {
            double linear1_sum = 0.0;
            for (int64_t k = 0; k < 64; k++) {
                linear1_sum += W1[j * 64 + k] * X[i * 64 + k];  /* line 7 */
            }
            const double linear1 = linear1_sum + b1[j];
            h[j] = linear1 <= 0.0 ? 0.0 : linear1;
        }
        double logits[10];
        double logits_max = -INFINITY;
        for (int64_t j = 0; j < 10; j++) {
            double logits_sum = 0.0;
            for (int64_t k = 0; k < 32; k++) {
                logits_sum += W2[j * 32 + k] * h[k];
            }
            logits[j] = logits_sum + b2[j];
            if (logits[j] > logits_max || logits[j] != logits[j]) logits_max = logits[j];  /* line 11 */
        }
        double logits_exp[10];
        double logits_others = 0.0;
        for (int64_t j = 0; j < 10; j++) {
            logits_exp[j] = exp(logits[j] - logits_max);
            logits_others += j == label[i] ? logits_exp[j] - 1.0 : logits_exp[j];
        }
        const int64_t place = label[i];
        if (place < 0 || place >= 10) {
            mgc_fail(&status, MGC_INDEX, 11);
            return status;
        }
        out_sum += log1p(logits_others) - (logits[place] - logits_max);
        const double dlogits_others = logits_others >= -1.0 ? dout_sum / (1.0 + logits_others) : part_of_dlogits_others;
        double dlogits[10];
        for (int64_t at = 0; at < 10; at++) dlogits[at] = 0.0;
        if (dlogits_others != 0.0) {
            for (int64_t j = 0; j < 10; j++) {
                dlogits[j] += dlogits_others * logits_exp[j];  /* line 7 */
            }
        }
        dlogits[place] += minus_dout_sum;
        double dh[32];
        for (int64_t at = 0; at < 32; at++) dh[at] = 0.0;
        for (int64_t j = 0; j < 10; j++) {
            for (int64_t k = 0; k < 32; k++) {
                dh[k] += dlogits[j] * W2[j * 32 + k];
                dW2[j * 32 + k] += dlogits[j] * h[k];
            }
            db2[j] += dlogits[j];
        }
        for (int64_t j = 0; j < 32; j++) {
            if (h[j] > 0.0) {
                for (int64_t k = 0; k < 64; k++) {
                    dW1[j * 64 + k] += dh[j] * X[i * 64 + k];
                }
                db1[j] += dh[j];
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
    double logits_argmax_is_label_count = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double h[32];
        for (int64_t j = 0; j < 32; j++) {
            double linear1_sum = 0.0;
            for (int64_t k = 0; k < 64; k++) {
                linear1_sum += W1[j * 64 + k] * X[i * 64 + k];  /* line 7 */
            }
            const double linear1 = linear1_sum + b1[j];
            h[j] = linear1 <= 0.0 ? 0.0 : linear1;
        }
        double logits[10];
        double logits_max = -INFINITY;
        for (int64_t j = 0; j < 10; j++) {
            double logits_sum = 0.0;
            for (int64_t k = 0; k < 32; k++) {
                logits_sum += W2[j * 32 + k] * h[k];
            }
            logits[j] = logits_sum + b2[j];
            if (logits[j] > logits_max || logits[j] != logits[j]) logits_max = logits[j];  /* line 15 */
        }
        int64_t logits_argmax = INT64_C(9007199254740992);
        for (int64_t j = 0; j < 10; j++) {
            const int64_t candidate = logits[j] == logits_max || logits[j] != logits[j] ? j : 10;
            if (candidate < logits_argmax) logits_argmax = candidate;
        }
        if (logits_argmax == label[i]) {
            logits_argmax_is_label_count += 1.0;
        }
    }
    *out = logits_argmax_is_label_count / n;
    return (mgc_status){MGC_OK, 0};
}

/* Share of the images whose largest logit is that of their label (digits.mg, line 13), and its derivatives. */
mgc_status accuracy_value_and_grad(
    const double *restrict W1, const double *restrict b1, const double *restrict W2,
    const double *restrict b2, const double *restrict X, const int64_t *restrict label, int64_t n,
    double *restrict out, double *restrict dW1, double *restrict db1, double *restrict dW2,
    double *restrict db2
) {
    double logits_argmax_is_label_count = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double h[32];
        for (int64_t j = 0; j < 32; j++) {
            double linear1_sum = 0.0;
            for (int64_t k = 0; k < 64; k++) {
                linear1_sum += W1[j * 64 + k] * X[i * 64 + k];  /* line 7 */
            }
            const double linear1 = linear1_sum + b1[j];
            h[j] = linear1 <= 0.0 ? 0.0 : linear1;
        }
        double logits[10];
        double logits_max = -INFINITY;
        for (int64_t j = 0; j < 10; j++) {
            double logits_sum = 0.0;
            for (int64_t k = 0; k < 32; k++) {
                logits_sum += W2[j * 32 + k] * h[k];
            }
            logits[j] = logits_sum + b2[j];
            if (logits[j] > logits_max || logits[j] != logits[j]) logits_max = logits[j];  /* line 15 */
        }
        int64_t logits_argmax = INT64_C(9007199254740992);
        for (int64_t j = 0; j < 10; j++) {
            const int64_t candidate = logits[j] == logits_max || logits[j] != logits[j] ? j : 10;
            if (candidate < logits_argmax) logits_argmax = candidate;
        }
        if (logits_argmax == label[i]) {
            logits_argmax_is_label_count += 1.0;
        }
    }
    *out = logits_argmax_is_label_count / n;
    for (int64_t at = 0; at < 2048; at++) dW1[at] = 0.0;
    for (int64_t at = 0; at < 32; at++) db1[at] = 0.0;
    for (int64_t at = 0; at < 320; at++) dW2[at] = 0.0;
    for (int64_t at = 0; at < 10; at++) db2[at] = 0.0;
    return (mgc_status){MGC_OK, 0};
}
