/* digits.mg, compiled to C99: values and exact derivatives. */
#include <math.h>

/* logits of digits.mg, line 6. */
void logits(
    const double *W1, const double *b1, const double *W2, const double *b2, const double *x,
    double *out_values
) {
    double x_2[32];
    for (long at = 0; at < 32; at++) x_2[at] = 0.0;
    for (long i = 0; i < 32; i++) {
        double x_sum = 0.0;
        for (long j = 0; j < 64; j++) {
            x_sum += W1[i * 64 + j] * x[j];  /* line 7 */
        }
        const double x_in = x_sum + b1[i];
        x_2[i] = x_in <= 0.0 ? 0.0 : x_in;
    }
    for (long at = 0; at < 10; at++) out_values[at] = 0.0;
    for (long i = 0; i < 10; i++) {
        double out_sum = 0.0;
        for (long j = 0; j < 32; j++) {
            out_sum += W2[i * 32 + j] * x_2[j];
        }
        out_values[i] = out_sum + b2[i];
    }
}

/* logits of digits.mg, line 6, and its derivatives. */
void logits_vjp(
    const double *W1, const double *b1, const double *W2, const double *b2, const double *x,
    const double *dout, double *out, double *dW1, double *db1, double *dW2, double *db2
) {
    double x_2[32];
    for (long at = 0; at < 32; at++) x_2[at] = 0.0;
    for (long i = 0; i < 32; i++) {
        double x_sum = 0.0;
        for (long j = 0; j < 64; j++) {
            x_sum += W1[i * 64 + j] * x[j];  /* line 7 */
        }
        const double x_in = x_sum + b1[i];
        x_2[i] = x_in <= 0.0 ? 0.0 : x_in;
    }
    for (long at = 0; at < 10; at++) out[at] = 0.0;
    for (long i = 0; i < 10; i++) {
        double out_sum = 0.0;
        for (long j = 0; j < 32; j++) {
            out_sum += W2[i * 32 + j] * x_2[j];
        }
        out[i] = out_sum + b2[i];
    }
    for (long at = 0; at < 10; at++) db2[at] = 0.0;
    double dx_2[32];
    for (long at = 0; at < 32; at++) dx_2[at] = 0.0;
    for (long i = 0; i < 10; i++) {
        db2[i] = dout[i];
        for (long j = 0; j < 32; j++) {
            dx_2[j] += dout[i] * W2[i * 32 + j];
        }
    }
    for (long at = 0; at < 2048; at++) dW1[at] = 0.0;
    for (long at = 0; at < 32; at++) db1[at] = 0.0;
    for (long i = 0; i < 32; i++) {
        for (long j = 0; j < 64; j++) {
            dW1[i * 64 + j] = x_2[i] > 0.0 ? dx_2[i] * x[j] : 0.0;
        }
        db1[i] = x_2[i] > 0.0 ? dx_2[i] : 0.0;
    }
    for (long at = 0; at < 320; at++) dW2[at] = 0.0;
    for (long i = 0; i < 10; i++) {
        for (long j = 0; j < 32; j++) {
            dW2[i * 32 + j] = dout[i] * x_2[j];
        }
    }
}

/* Mean cross-entropy of softmax(logits) with the labels 0 to 9 (digits.mg, line 9). */
double loss(
    const double *W1, const double *b1, const double *W2, const double *b2, const double *X,
    const long *label, long n, int *status
) {
    double out_sum = 0.0;
    for (long i = 0; i < n; i++) {
        double x[32];
        for (long at = 0; at < 32; at++) x[at] = 0.0;
        for (long j = 0; j < 32; j++) {
            double x_sum = 0.0;
            for (long k = 0; k < 64; k++) {
                x_sum += W1[j * 64 + k] * X[i * 64 + k];  /* line 7 */
            }
            const double x_in = x_sum + b1[j];
            x[j] = x_in <= 0.0 ? 0.0 : x_in;
        }
        double logits[10];
        for (long at = 0; at < 10; at++) logits[at] = 0.0;
        double largest = -INFINITY;
        for (long j = 0; j < 10; j++) {
            double weight_sum = 0.0;
            for (long k = 0; k < 32; k++) {
                weight_sum += W2[j * 32 + k] * x[k];
            }
            logits[j] = weight_sum + b2[j];
            if (logits[j] > largest || logits[j] != logits[j]) largest = logits[j];  /* line 11 */
        }
        double others = 0.0;
        for (long j = 0; j < 10; j++) {
            const double weight = exp(logits[j] - largest);
            others += j == label[i] ? weight - 1.0 : weight;
        }
        const long place = label[i];
        if (place < 0 || place >= 10) {
            *status = 1;
            return NAN;
        }
        out_sum += log1p(others) - (logits[place] - largest);
    }
    return out_sum / n;
}

/* Mean cross-entropy of softmax(logits) with the labels 0 to 9 (digits.mg, line 9), and its derivatives. */
double loss_value_and_grad(
    const double *W1, const double *b1, const double *W2, const double *b2, const double *X,
    const long *label, long n, double *dW1, double *db1, double *dW2, double *db2, int *status
) {
    const double dout_sum = 1.0 / n;  /* line 11 */
    const double dout_difference = -dout_sum;
    const double t = dout_sum * NAN;
    double out_sum = 0.0;
    for (long at = 0; at < 2048; at++) dW1[at] = 0.0;
    for (long at = 0; at < 32; at++) db1[at] = 0.0;
    for (long at = 0; at < 320; at++) dW2[at] = 0.0;
    for (long at = 0; at < 10; at++) db2[at] = 0.0;
    for (long i = 0; i < n; i++) {
        double x[32];
        for (long at = 0; at < 32; at++) x[at] = 0.0;
        for (long j = 0; j < 32; j++) {
            double x_sum = 0.0;
            for (long k = 0; k < 64; k++) {
                x_sum += W1[j * 64 + k] * X[i * 64 + k];  /* line 7 */
            }
            const double x_in = x_sum + b1[j];
            x[j] = x_in <= 0.0 ? 0.0 : x_in;
        }
        double logits[10];
        for (long at = 0; at < 10; at++) logits[at] = 0.0;
        double largest = -INFINITY;
        for (long j = 0; j < 10; j++) {
            double weight_sum = 0.0;
            for (long k = 0; k < 32; k++) {
                weight_sum += W2[j * 32 + k] * x[k];
            }
            logits[j] = weight_sum + b2[j];
            if (logits[j] > largest || logits[j] != logits[j]) largest = logits[j];  /* line 11 */
        }
        double weight[10];
        for (long at = 0; at < 10; at++) weight[at] = 0.0;
        double others = 0.0;
        for (long j = 0; j < 10; j++) {
            weight[j] = exp(logits[j] - largest);
            others += j == label[i] ? weight[j] - 1.0 : weight[j];
        }
        const long place = label[i];
        if (place < 0 || place >= 10) {
            *status = 1;
            return NAN;
        }
        out_sum += log1p(others) - (logits[place] - largest);
        const double dothers = others >= -1.0 ? dout_sum / (1.0 + others) : t;
        double dlogits[10];
        for (long at = 0; at < 10; at++) dlogits[at] = 0.0;
        if (dothers != 0.0) {
            for (long j = 0; j < 10; j++) {
                dlogits[j] += dothers * weight[j];  /* line 7 */
            }
        }
        dlogits[place] += dout_difference;
        double dx[32];
        for (long at = 0; at < 32; at++) dx[at] = 0.0;
        for (long j = 0; j < 10; j++) {
            for (long k = 0; k < 32; k++) {
                dx[k] += dlogits[j] * W2[j * 32 + k];
                dW2[j * 32 + k] += dlogits[j] * x[k];
            }
            db2[j] += dlogits[j];
        }
        for (long j = 0; j < 32; j++) {
            if (x[j] > 0.0) {
                for (long k = 0; k < 64; k++) {
                    dW1[j * 64 + k] += dx[j] * X[i * 64 + k];
                }
                db1[j] += dx[j];
            }
        }
    }
    const double out = out_sum / n;  /* line 11 */
    return out;
}

/* Share of the images whose largest logit is that of their label (digits.mg, line 13). */
double accuracy(
    const double *W1, const double *b1, const double *W2, const double *b2, const double *X,
    const long *label, long n
) {
    double out_sum_3 = 0.0;
    for (long i = 0; i < n; i++) {
        double x[32];
        for (long at = 0; at < 32; at++) x[at] = 0.0;
        for (long j = 0; j < 32; j++) {
            double x_sum = 0.0;
            for (long k = 0; k < 64; k++) {
                x_sum += W1[j * 64 + k] * X[i * 64 + k];  /* line 7 */
            }
            const double x_in = x_sum + b1[j];
            x[j] = x_in <= 0.0 ? 0.0 : x_in;
        }
        double out_sum_2[10];
        for (long at = 0; at < 10; at++) out_sum_2[at] = 0.0;
        double out_max = -INFINITY;
        for (long j = 0; j < 10; j++) {
            double out_sum = 0.0;
            for (long k = 0; k < 32; k++) {
                out_sum += W2[j * 32 + k] * x[k];
            }
            out_sum_2[j] = out_sum + b2[j];
            if (out_sum_2[j] > out_max || out_sum_2[j] != out_sum_2[j]) out_max = out_sum_2[j];  /* line 15 */
        }
        long out_min = 9007199254740992;
        for (long j = 0; j < 10; j++) {
            const int is_nan = out_sum_2[j] != out_sum_2[j];
            const long out_chosen = out_sum_2[j] == out_max || is_nan ? j : 10;
            if (out_chosen < out_min) out_min = out_chosen;
        }
        if (out_min == label[i]) {
            out_sum_3 += 1.0;
        }
    }
    return out_sum_3 / n;
}

/* Share of the images whose largest logit is that of their label (digits.mg, line 13), and its derivatives. */
double accuracy_value_and_grad(
    const double *W1, const double *b1, const double *W2, const double *b2, const double *X,
    const long *label, long n, double *dW1, double *db1, double *dW2, double *db2
) {
    double out_sum_3 = 0.0;
    for (long i = 0; i < n; i++) {
        double x[32];
        for (long at = 0; at < 32; at++) x[at] = 0.0;
        for (long j = 0; j < 32; j++) {
            double x_sum = 0.0;
            for (long k = 0; k < 64; k++) {
                x_sum += W1[j * 64 + k] * X[i * 64 + k];  /* line 7 */
            }
            const double x_in = x_sum + b1[j];
            x[j] = x_in <= 0.0 ? 0.0 : x_in;
        }
        double out_sum_2[10];
        for (long at = 0; at < 10; at++) out_sum_2[at] = 0.0;
        double out_max = -INFINITY;
        for (long j = 0; j < 10; j++) {
            double out_sum = 0.0;
            for (long k = 0; k < 32; k++) {
                out_sum += W2[j * 32 + k] * x[k];
            }
            out_sum_2[j] = out_sum + b2[j];
            if (out_sum_2[j] > out_max || out_sum_2[j] != out_sum_2[j]) out_max = out_sum_2[j];  /* line 15 */
        }
        long out_min = 9007199254740992;
        for (long j = 0; j < 10; j++) {
            const int is_nan = out_sum_2[j] != out_sum_2[j];
            const long out_chosen = out_sum_2[j] == out_max || is_nan ? j : 10;
            if (out_chosen < out_min) out_min = out_chosen;
        }
        if (out_min == label[i]) {
            out_sum_3 += 1.0;
        }
    }
    const double out = out_sum_3 / n;
    for (long at = 0; at < 2048; at++) dW1[at] = 0.0;
    for (long at = 0; at < 32; at++) db1[at] = 0.0;
    for (long at = 0; at < 320; at++) dW2[at] = 0.0;
    for (long at = 0; at < 10; at++) db2[at] = 0.0;
    return out;
}
