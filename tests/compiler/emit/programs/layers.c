/* layers.mg, compiled to C99: values and exact derivatives. */
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

static double softplus(double x) {
    return (x <= 0.0 ? 0.0 : x) + log1p(exp(-fabs(x)));
}

static double sigmoid(double x) {
    double exp_x = 0.0;
    if (!(x >= 0.0)) {
        exp_x = exp(x);
    }
    return x >= 0.0 ? 1.0 / (1.0 + exp(-x)) : exp_x / (1.0 + exp_x);
}

static double maximum(double x, double y) { return x >= y || x != x ? x : y; }

static double sign(double x) { return x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : x != x ? x : 0.0; }

/* net of layers.mg, line 11. */
mgc_status net(
    const double *restrict W1, const double *restrict b1, const double *restrict W2,
    const double *restrict b2, double scale, const double *restrict x, double *restrict out
) {
    double h[3];
    for (int64_t i = 0; i < 3; i++) {
        double h_sum = 0.0;
        for (int64_t j = 0; j < 2; j++) {
            h_sum += W1[i * 2 + j] * x[j];  /* line 9 */
        }
        h[i] = tanh(h_sum + b1[i]);
    }
    double out_sum = 0.0;
    for (int64_t i = 0; i < 4; i++) {
        double h_sum_2 = 0.0;
        for (int64_t j = 0; j < 3; j++) {
            h_sum_2 += W2[i * 3 + j] * h[j];
        }
        const double h_2 = tanh(h_sum_2 + b2[i]);
        out_sum += h_2;  /* line 14 */
    }
    *out = scale * out_sum;
    return (mgc_status){MGC_OK, 0};
}

/* net of layers.mg, line 11, and its derivatives. */
mgc_status net_value_and_grad(
    const double *restrict W1, const double *restrict b1, const double *restrict W2,
    const double *restrict b2, double scale, const double *restrict x, double *restrict out,
    double *restrict dW1, double *restrict db1, double *restrict dW2, double *restrict db2,
    double *restrict dscale
) {
    double h[3];
    for (int64_t i = 0; i < 3; i++) {
        double h_sum = 0.0;
        for (int64_t j = 0; j < 2; j++) {
            h_sum += W1[i * 2 + j] * x[j];  /* line 9 */
        }
        h[i] = tanh(h_sum + b1[i]);
    }
    double out_sum = 0.0;
    double dh[3];
    for (int64_t at = 0; at < 3; at++) dh[at] = 0.0;
    for (int64_t i = 0; i < 4; i++) {
        double h_sum_2 = 0.0;
        for (int64_t j = 0; j < 3; j++) {
            h_sum_2 += W2[i * 3 + j] * h[j];
        }
        const double h_2 = tanh(h_sum_2 + b2[i]);
        out_sum += h_2;  /* line 14 */
        db2[i] = scale * (1.0 - h_2 * h_2);  /* line 9 */
        for (int64_t j = 0; j < 3; j++) {
            dh[j] += db2[i] * W2[i * 3 + j];
            dW2[i * 3 + j] = db2[i] * h[j];
        }
    }
    *out = scale * out_sum;  /* line 14 */
    for (int64_t i = 0; i < 3; i++) {
        db1[i] = dh[i] * (1.0 - h[i] * h[i]);  /* line 9 */
        for (int64_t j = 0; j < 2; j++) {
            dW1[i * 2 + j] = db1[i] * x[j];
        }
    }
    *dscale = out_sum;
    return (mgc_status){MGC_OK, 0};
}

/* tied of layers.mg, line 16. */
mgc_status tied(const double *restrict shared, const double *restrict x, double *restrict out) {
    double h[3];
    for (int64_t i = 0; i < 3; i++) {
        double h_total = 0.0;
        for (int64_t j = 0; j < 2; j++) {
            h_total += shared[i * 2 + j] * x[j];  /* line 17 */
        }
        h[i] = h_total;
    }
    double out_sum_2 = 0.0;
    for (int64_t i = 0; i < 2; i++) {
        double out_sum = 0.0;
        for (int64_t j = 0; j < 3; j++) {
            out_sum += shared[j * 2 + i] * h[j];  /* line 18 */
        }
        out_sum_2 += out_sum;
    }
    *out = out_sum_2;
    return (mgc_status){MGC_OK, 0};
}

/* tied of layers.mg, line 16, and its derivatives. */
mgc_status tied_value_and_grad(
    const double *restrict shared, const double *restrict x, double *restrict out, double *restrict dshared
) {
    double h[3];
    for (int64_t i = 0; i < 3; i++) {
        double h_total = 0.0;
        for (int64_t j = 0; j < 2; j++) {
            h_total += shared[i * 2 + j] * x[j];  /* line 17 */
        }
        h[i] = h_total;
    }
    double out_total = 0.0;
    for (int64_t i = 0; i < 2; i++) {
        double out_sum = 0.0;
        for (int64_t j = 0; j < 3; j++) {
            out_sum += shared[j * 2 + i] * h[j];  /* line 18 */
        }
        out_total += out_sum;
    }
    double dh[3];
    for (int64_t at = 0; at < 3; at++) dh[at] = 0.0;
    for (int64_t i = 0; i < 2; i++) {
        for (int64_t j = 0; j < 3; j++) {
            dh[j] += shared[j * 2 + i];
        }
    }
    for (int64_t at = 0; at < 6; at++) dshared[at] = 0.0;
    for (int64_t i = 0; i < 2; i++) {
        for (int64_t j = 0; j < 3; j++) {
            dshared[j * 2 + i] += h[j];
        }
    }
    for (int64_t i = 0; i < 3; i++) {
        for (int64_t j = 0; j < 2; j++) {
            dshared[i * 2 + j] += dh[i] * x[j];
        }
    }
    *out = out_total;
    return (mgc_status){MGC_OK, 0};
}

/* ready of layers.mg, line 20. */
mgc_status ready(
    const double *restrict W1, const double *restrict b1, const double *restrict W2,
    const double *restrict b2, const double *restrict gain1, const double *restrict bias1,
    const double *restrict x, double *restrict out
) {
    double x_2[3];
    for (int64_t i = 0; i < 3; i++) {
        double x_sum = 0.0;
        for (int64_t j = 0; j < 4; j++) {
            x_sum += W1[i * 4 + j] * x[j];  /* line 21 */
        }
        const double x_in = x_sum + b1[i];
        x_2[i] = x_in <= 0.0 ? 0.0 : x_in;
    }
    double x_3[2];
    double centred_sum_2 = 0.0;
    for (int64_t i = 0; i < 2; i++) {
        double centred_sum = 0.0;
        for (int64_t j = 0; j < 3; j++) {
            centred_sum += W2[i * 3 + j] * x_2[j];
        }
        x_3[i] = centred_sum + b2[i];
        centred_sum_2 += x_3[i];
    }
    const double centred_ratio = centred_sum_2 / 2.0;
    double centred[2];
    double spread_sum = 0.0;
    for (int64_t i = 0; i < 2; i++) {
        centred[i] = x_3[i] - centred_ratio;
        spread_sum += centred[i] * centred[i];
    }
    const double spread = sqrt(spread_sum / 2.0 + 1e-05);
    double y[2];
    for (int64_t i = 0; i < 2; i++) {
        y[i] = gain1[i] * centred[i] / spread + bias1[i];
    }
    *out = y[0] * softplus(y[1]);
    return (mgc_status){MGC_OK, 0};
}

/* ready of layers.mg, line 20, and its derivatives. */
mgc_status ready_value_and_grad(
    const double *restrict W1, const double *restrict b1, const double *restrict W2,
    const double *restrict b2, const double *restrict gain1, const double *restrict bias1,
    const double *restrict x, double *restrict out, double *restrict dW1, double *restrict db1,
    double *restrict dW2, double *restrict db2, double *restrict dgain1, double *restrict dbias1
) {
    double x_2[3];
    for (int64_t i = 0; i < 3; i++) {
        double x_sum = 0.0;
        for (int64_t j = 0; j < 4; j++) {
            x_sum += W1[i * 4 + j] * x[j];  /* line 21 */
        }
        const double x_in = x_sum + b1[i];
        x_2[i] = x_in <= 0.0 ? 0.0 : x_in;
    }
    double x_3[2];
    double centred_sum_2 = 0.0;
    for (int64_t i = 0; i < 2; i++) {
        double centred_sum = 0.0;
        for (int64_t j = 0; j < 3; j++) {
            centred_sum += W2[i * 3 + j] * x_2[j];
        }
        x_3[i] = centred_sum + b2[i];
        centred_sum_2 += x_3[i];
    }
    const double centred_ratio = centred_sum_2 / 2.0;
    double centred[2];
    double spread_sum = 0.0;
    for (int64_t i = 0; i < 2; i++) {
        centred[i] = x_3[i] - centred_ratio;
        spread_sum += centred[i] * centred[i];
    }
    const double spread = sqrt(spread_sum / 2.0 + 1e-05);
    double y_ratio[2];
    double y[2];
    for (int64_t i = 0; i < 2; i++) {
        y_ratio[i] = gain1[i] * centred[i] / spread;
        y[i] = y_ratio[i] + bias1[i];
    }
    const double out_softplus = softplus(y[1]);  /* line 22 */
    *out = y[0] * out_softplus;
    dbias1[0] = out_softplus;
    dbias1[1] = y[0] * sigmoid(y[1]);
    double dy_product[2];
    double dspread = 0.0;
    for (int64_t i = 0; i < 2; i++) {
        dy_product[i] = dbias1[i] / spread;
        dspread += dbias1[i] * (-y_ratio[i] / spread);
        dgain1[i] = dy_product[i] * centred[i];
    }
    const double dspread_sum = dspread * (0.5 / spread) * 0.5;
    double dcentred[2];
    double dcentred_ratio = 0.0;
    for (int64_t i = 0; i < 2; i++) {
        dcentred[i] = dy_product[i] * gain1[i] + dspread_sum * (2.0 * centred[i]);
        dcentred_ratio += -dcentred[i];
    }
    const double dcentred_sum_2 = dcentred_ratio * 0.5;
    double dx_2[3];
    for (int64_t at = 0; at < 3; at++) dx_2[at] = 0.0;
    for (int64_t i = 0; i < 2; i++) {
        db2[i] = dcentred[i] + dcentred_sum_2;
        for (int64_t j = 0; j < 3; j++) {
            dx_2[j] += db2[i] * W2[i * 3 + j];
            dW2[i * 3 + j] = db2[i] * x_2[j];
        }
    }
    for (int64_t i = 0; i < 3; i++) {
        for (int64_t j = 0; j < 4; j++) {
            dW1[i * 4 + j] = x_2[i] > 0.0 ? dx_2[i] * x[j] : 0.0;
        }
        db1[i] = x_2[i] > 0.0 ? dx_2[i] : 0.0;
    }
    return (mgc_status){MGC_OK, 0};
}

/* loss of layers.mg, line 24. */
mgc_status loss(
    const double *restrict W1, const double *restrict b1, const double *restrict W2,
    const double *restrict b2, double scale, const double *restrict X, const double *restrict y, double decay,
    int64_t n, double *restrict out
) {
    double out_sum_2 = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double h[3];
        for (int64_t j = 0; j < 3; j++) {
            double h_sum = 0.0;
            for (int64_t k = 0; k < 2; k++) {
                h_sum += W1[j * 2 + k] * X[i * 2 + k];  /* line 9 */
            }
            h[j] = tanh(h_sum + b1[j]);
        }
        double out_sum = 0.0;
        for (int64_t j = 0; j < 4; j++) {
            double h_sum_2 = 0.0;
            for (int64_t k = 0; k < 3; k++) {
                h_sum_2 += W2[j * 3 + k] * h[k];
            }
            const double h_2 = tanh(h_sum_2 + b2[j]);
            out_sum += h_2;  /* line 14 */
        }
        const double out_difference = scale * out_sum - y[i];  /* line 25 */
        out_sum_2 += out_difference * out_difference;
    }
    double out_sum_3 = 0.0;
    for (int64_t j = 0; j < 3; j++) {
        for (int64_t k = 0; k < 2; k++) {
            out_sum_3 += W1[j * 2 + k] * W1[j * 2 + k];
        }
    }
    double out_sum_4 = 0.0;
    for (int64_t j = 0; j < 3; j++) {
        out_sum_4 += b1[j] * b1[j];
    }
    double out_sum_5 = 0.0;
    for (int64_t j = 0; j < 4; j++) {
        for (int64_t k = 0; k < 3; k++) {
            out_sum_5 += W2[j * 3 + k] * W2[j * 3 + k];
        }
    }
    double out_sum_6 = 0.0;
    for (int64_t j = 0; j < 4; j++) {
        out_sum_6 += b2[j] * b2[j];
    }
    const double out_sum_7 = out_sum_3 + out_sum_4 + out_sum_5 + out_sum_6 + scale * scale;
    *out = out_sum_2 / n + decay * out_sum_7;
    return (mgc_status){MGC_OK, 0};
}

/* loss of layers.mg, line 24, and its derivatives. */
mgc_status loss_value_and_grad(
    const double *restrict W1, const double *restrict b1, const double *restrict W2,
    const double *restrict b2, double scale, const double *restrict X, const double *restrict y, double decay,
    int64_t n, double *restrict out, double *restrict dW1, double *restrict db1, double *restrict dW2,
    double *restrict db2, double *restrict dscale
) {
    const double dout_sum_2 = 1.0 / n;  /* line 25 */
    double out_sum_2 = 0.0;
    double t = 0.0;
    for (int64_t at = 0; at < 6; at++) dW1[at] = 0.0;
    for (int64_t at = 0; at < 3; at++) db1[at] = 0.0;
    for (int64_t at = 0; at < 12; at++) dW2[at] = 0.0;
    for (int64_t at = 0; at < 4; at++) db2[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double h[3];
        for (int64_t j = 0; j < 3; j++) {
            double h_sum = 0.0;
            for (int64_t k = 0; k < 2; k++) {
                h_sum += W1[j * 2 + k] * X[i * 2 + k];  /* line 9 */
            }
            h[j] = tanh(h_sum + b1[j]);
        }
        double h_2[4];
        double out_sum = 0.0;
        for (int64_t j = 0; j < 4; j++) {
            double h_sum_2 = 0.0;
            for (int64_t k = 0; k < 3; k++) {
                h_sum_2 += W2[j * 3 + k] * h[k];
            }
            h_2[j] = tanh(h_sum_2 + b2[j]);
            out_sum += h_2[j];  /* line 14 */
        }
        const double out_difference = scale * out_sum - y[i];  /* line 25 */
        out_sum_2 += out_difference * out_difference;
        const double dout_difference = dout_sum_2 * (2.0 * out_difference);
        t += dout_difference * out_sum;  /* line 14 */
        const double dh_2 = dout_difference * scale;
        double dh[3];
        for (int64_t at = 0; at < 3; at++) dh[at] = 0.0;
        for (int64_t j = 0; j < 4; j++) {
            const double dh_sum_2 = dh_2 * (1.0 - h_2[j] * h_2[j]);  /* line 9 */
            for (int64_t k = 0; k < 3; k++) {
                dh[k] += dh_sum_2 * W2[j * 3 + k];
                dW2[j * 3 + k] += dh_sum_2 * h[k];
            }
            db2[j] += dh_sum_2;
        }
        for (int64_t j = 0; j < 3; j++) {
            const double dh_sum = dh[j] * (1.0 - h[j] * h[j]);
            for (int64_t k = 0; k < 2; k++) {
                dW1[j * 2 + k] += dh_sum * X[i * 2 + k];
            }
            db1[j] += dh_sum;
        }
    }
    double out_sum_3 = 0.0;
    for (int64_t j = 0; j < 3; j++) {
        for (int64_t k = 0; k < 2; k++) {
            out_sum_3 += W1[j * 2 + k] * W1[j * 2 + k];  /* line 25 */
        }
    }
    double out_sum_4 = 0.0;
    for (int64_t j = 0; j < 3; j++) {
        out_sum_4 += b1[j] * b1[j];
    }
    double out_sum_5 = 0.0;
    for (int64_t j = 0; j < 4; j++) {
        for (int64_t k = 0; k < 3; k++) {
            out_sum_5 += W2[j * 3 + k] * W2[j * 3 + k];
        }
    }
    double out_sum_6 = 0.0;
    for (int64_t j = 0; j < 4; j++) {
        out_sum_6 += b2[j] * b2[j];
    }
    const double out_sum_7 = out_sum_3 + out_sum_4 + out_sum_5 + out_sum_6 + scale * scale;
    *out = out_sum_2 / n + decay * out_sum_7;
    for (int64_t j = 0; j < 3; j++) {
        for (int64_t k = 0; k < 2; k++) {
            dW1[j * 2 + k] += decay * (2.0 * W1[j * 2 + k]);
        }
    }
    for (int64_t j = 0; j < 3; j++) {
        db1[j] += decay * (2.0 * b1[j]);
    }
    for (int64_t j = 0; j < 4; j++) {
        for (int64_t k = 0; k < 3; k++) {
            dW2[j * 3 + k] += decay * (2.0 * W2[j * 3 + k]);
        }
    }
    for (int64_t j = 0; j < 4; j++) {
        db2[j] += decay * (2.0 * b2[j]);
    }
    *dscale = decay * (2.0 * scale) + t;
    return (mgc_status){MGC_OK, 0};
}

/* biggest of layers.mg, line 27. */
mgc_status biggest(
    const double *restrict shared, const double *restrict W1, const double *restrict b1,
    const double *restrict W2, const double *restrict b2, double scale, const double *restrict x,
    double *restrict out
) {
    double out_max = -INFINITY;
    for (int64_t i = 0; i < 3; i++) {
        for (int64_t j = 0; j < 2; j++) {
            const double out_abs = fabs(shared[i * 2 + j]);  /* line 28 */
            if (out_abs > out_max || out_abs != out_abs) out_max = out_abs;
        }
    }
    double out_max_2 = -INFINITY;
    for (int64_t i = 0; i < 3; i++) {
        for (int64_t j = 0; j < 2; j++) {
            const double out_abs_2 = fabs(W1[i * 2 + j]);
            if (out_abs_2 > out_max_2 || out_abs_2 != out_abs_2) out_max_2 = out_abs_2;
        }
    }
    double out_max_3 = -INFINITY;
    for (int64_t i = 0; i < 3; i++) {
        const double out_abs_3 = fabs(b1[i]);
        if (out_abs_3 > out_max_3 || out_abs_3 != out_abs_3) out_max_3 = out_abs_3;
    }
    double out_max_4 = -INFINITY;
    for (int64_t i = 0; i < 4; i++) {
        for (int64_t j = 0; j < 3; j++) {
            const double out_abs_4 = fabs(W2[i * 3 + j]);
            if (out_abs_4 > out_max_4 || out_abs_4 != out_abs_4) out_max_4 = out_abs_4;
        }
    }
    double out_max_5 = -INFINITY;
    for (int64_t i = 0; i < 4; i++) {
        const double out_abs_5 = fabs(b2[i]);
        if (out_abs_5 > out_max_5 || out_abs_5 != out_abs_5) out_max_5 = out_abs_5;
    }
    const double out_max_6 = maximum(maximum(maximum(maximum(out_max, out_max_2), out_max_3), out_max_4), out_max_5);
    double h[3];
    for (int64_t i = 0; i < 3; i++) {
        double h_total = 0.0;
        for (int64_t j = 0; j < 2; j++) {
            h_total += shared[i * 2 + j] * x[j];  /* line 17 */
        }
        h[i] = h_total;
    }
    double out_sum_2 = 0.0;
    for (int64_t i = 0; i < 2; i++) {
        double out_sum = 0.0;
        for (int64_t j = 0; j < 3; j++) {
            out_sum += shared[j * 2 + i] * h[j];  /* line 18 */
        }
        out_sum_2 += out_sum;
    }
    double h_2[3];
    for (int64_t i = 0; i < 3; i++) {
        double h_sum = 0.0;
        for (int64_t j = 0; j < 2; j++) {
            h_sum += W1[i * 2 + j] * x[j];  /* line 9 */
        }
        h_2[i] = tanh(h_sum + b1[i]);
    }
    double out_sum_3 = 0.0;
    for (int64_t i = 0; i < 4; i++) {
        double h_sum_2 = 0.0;
        for (int64_t j = 0; j < 3; j++) {
            h_sum_2 += W2[i * 3 + j] * h_2[j];
        }
        const double h_3 = tanh(h_sum_2 + b2[i]);
        out_sum_3 += h_3;  /* line 14 */
    }
    *out = maximum(out_max_6, fabs(scale)) + out_sum_2 + scale * out_sum_3;
    return (mgc_status){MGC_OK, 0};
}

/* biggest of layers.mg, line 27, and its derivatives. */
mgc_status biggest_value_and_grad(
    const double *restrict shared, const double *restrict W1, const double *restrict b1,
    const double *restrict W2, const double *restrict b2, double scale, const double *restrict x,
    double *restrict out, double *restrict dshared, double *restrict dW1, double *restrict db1,
    double *restrict dW2, double *restrict db2, double *restrict dscale
) {
    double out_abs[6];
    double out_max = -INFINITY;
    for (int64_t i = 0; i < 3; i++) {
        for (int64_t j = 0; j < 2; j++) {
            out_abs[i * 2 + j] = fabs(shared[i * 2 + j]);  /* line 28 */
            if (out_abs[i * 2 + j] > out_max || out_abs[i * 2 + j] != out_abs[i * 2 + j]) out_max = out_abs[i * 2 + j];
        }
    }
    double out_abs_2[6];
    double out_max_2 = -INFINITY;
    for (int64_t i = 0; i < 3; i++) {
        for (int64_t j = 0; j < 2; j++) {
            out_abs_2[i * 2 + j] = fabs(W1[i * 2 + j]);
            if (out_abs_2[i * 2 + j] > out_max_2 || out_abs_2[i * 2 + j] != out_abs_2[i * 2 + j]) out_max_2 = out_abs_2[i * 2 + j];
        }
    }
    const double out_max_3 = maximum(out_max, out_max_2);
    double out_abs_3[3];
    double out_max_4 = -INFINITY;
    for (int64_t i = 0; i < 3; i++) {
        out_abs_3[i] = fabs(b1[i]);
        if (out_abs_3[i] > out_max_4 || out_abs_3[i] != out_abs_3[i]) out_max_4 = out_abs_3[i];
    }
    const double out_max_5 = maximum(out_max_3, out_max_4);
    double out_abs_4[12];
    double out_max_6 = -INFINITY;
    for (int64_t i = 0; i < 4; i++) {
        for (int64_t j = 0; j < 3; j++) {
            out_abs_4[i * 3 + j] = fabs(W2[i * 3 + j]);
            if (out_abs_4[i * 3 + j] > out_max_6 || out_abs_4[i * 3 + j] != out_abs_4[i * 3 + j]) out_max_6 = out_abs_4[i * 3 + j];
        }
    }
    const double out_max_7 = maximum(out_max_5, out_max_6);
    double out_abs_5[4];
    double out_max_8 = -INFINITY;
    for (int64_t i = 0; i < 4; i++) {
        out_abs_5[i] = fabs(b2[i]);
        if (out_abs_5[i] > out_max_8 || out_abs_5[i] != out_abs_5[i]) out_max_8 = out_abs_5[i];
    }
    const double out_max_9 = maximum(out_max_7, out_max_8);
    const double abs_scale = fabs(scale);
    double h[3];
    for (int64_t i = 0; i < 3; i++) {
        double h_total = 0.0;
        for (int64_t j = 0; j < 2; j++) {
            h_total += shared[i * 2 + j] * x[j];  /* line 17 */
        }
        h[i] = h_total;
    }
    double out_sum_2 = 0.0;
    for (int64_t i = 0; i < 2; i++) {
        double out_sum = 0.0;
        for (int64_t j = 0; j < 3; j++) {
            out_sum += shared[j * 2 + i] * h[j];  /* line 18 */
        }
        out_sum_2 += out_sum;
    }
    double h_2[3];
    for (int64_t i = 0; i < 3; i++) {
        double h_sum = 0.0;
        for (int64_t j = 0; j < 2; j++) {
            h_sum += W1[i * 2 + j] * x[j];  /* line 9 */
        }
        h_2[i] = tanh(h_sum + b1[i]);
    }
    double out_sum_3 = 0.0;
    double dh_2[3];
    for (int64_t at = 0; at < 3; at++) dh_2[at] = 0.0;
    for (int64_t at = 0; at < 12; at++) dW2[at] = 0.0;
    for (int64_t at = 0; at < 4; at++) db2[at] = 0.0;
    for (int64_t i = 0; i < 4; i++) {
        double h_sum_2 = 0.0;
        for (int64_t j = 0; j < 3; j++) {
            h_sum_2 += W2[i * 3 + j] * h_2[j];
        }
        const double h_3 = tanh(h_sum_2 + b2[i]);
        out_sum_3 += h_3;  /* line 14 */
        const double dh_sum_2 = scale * (1.0 - h_3 * h_3);  /* line 9 */
        for (int64_t j = 0; j < 3; j++) {
            dh_2[j] += dh_sum_2 * W2[i * 3 + j];
            dW2[i * 3 + j] += dh_sum_2 * h_2[j];
        }
        db2[i] += dh_sum_2;
    }
    *out = maximum(out_max_9, abs_scale) + out_sum_2 + scale * out_sum_3;  /* line 28 */
    for (int64_t at = 0; at < 6; at++) dW1[at] = 0.0;
    for (int64_t at = 0; at < 3; at++) db1[at] = 0.0;
    for (int64_t i = 0; i < 3; i++) {
        const double dh_sum = dh_2[i] * (1.0 - h_2[i] * h_2[i]);  /* line 9 */
        for (int64_t j = 0; j < 2; j++) {
            dW1[i * 2 + j] += dh_sum * x[j];
        }
        db1[i] += dh_sum;
    }
    double dh[3];
    for (int64_t at = 0; at < 3; at++) dh[at] = 0.0;
    for (int64_t i = 0; i < 2; i++) {
        for (int64_t j = 0; j < 3; j++) {
            dh[j] += shared[j * 2 + i];  /* line 18 */
        }
    }
    const double t = out_max_9 == abs_scale ? 0.5 : 0.0;  /* line 28 */
    const double dout_max_9 = out_max_9 > abs_scale ? 1.0 : t;
    const double t_2 = (abs_scale > out_max_9 ? 1.0 : t) * sign(scale);
    const double t_3 = out_max_7 == out_max_8 ? dout_max_9 * 0.5 : 0.0;
    const double dout_max_7 = out_max_7 > out_max_8 ? dout_max_9 : t_3;
    const double dout_max_8 = out_max_8 > out_max_7 ? dout_max_9 : t_3;
    double ties = 0.0;
    for (int64_t i = 0; i < 4; i++) {
        if (out_abs_5[i] == out_max_8) {
            ties += 1.0;
        }
    }
    for (int64_t i = 0; i < 4; i++) {
        if (out_abs_5[i] == out_max_8) {
            const double dout_in = dout_max_8 / ties * sign(b2[i]);
            db2[i] += dout_in;
        }
    }
    const double t_4 = out_max_5 == out_max_6 ? dout_max_7 * 0.5 : 0.0;
    const double dout_max_5 = out_max_5 > out_max_6 ? dout_max_7 : t_4;
    const double dout_max_6 = out_max_6 > out_max_5 ? dout_max_7 : t_4;
    int t_5[12];
    double ties_2 = 0.0;
    for (int64_t i = 0; i < 4; i++) {
        for (int64_t j = 0; j < 3; j++) {
            t_5[i * 3 + j] = out_abs_4[i * 3 + j] == out_max_6;
            if (t_5[i * 3 + j]) {
                ties_2 += 1.0;
            }
        }
    }
    const double t_6 = out_max_3 == out_max_4 ? dout_max_5 * 0.5 : 0.0;
    const double dout_max_3 = out_max_3 > out_max_4 ? dout_max_5 : t_6;
    const double dout_max_4 = out_max_4 > out_max_3 ? dout_max_5 : t_6;
    double ties_3 = 0.0;
    for (int64_t i = 0; i < 3; i++) {
        if (out_abs_3[i] == out_max_4) {
            ties_3 += 1.0;
        }
    }
    for (int64_t i = 0; i < 3; i++) {
        if (out_abs_3[i] == out_max_4) {
            const double dout_in_2 = dout_max_4 / ties_3 * sign(b1[i]);
            db1[i] += dout_in_2;
        }
    }
    const double t_7 = out_max == out_max_2 ? dout_max_3 * 0.5 : 0.0;
    const double dout_max = out_max > out_max_2 ? dout_max_3 : t_7;
    const double dout_max_2 = out_max_2 > out_max ? dout_max_3 : t_7;
    int t_8[6];
    double ties_4 = 0.0;
    for (int64_t i = 0; i < 3; i++) {
        for (int64_t j = 0; j < 2; j++) {
            t_8[i * 2 + j] = out_abs_2[i * 2 + j] == out_max_2;
            if (t_8[i * 2 + j]) {
                ties_4 += 1.0;
            }
        }
    }
    int t_9[6];
    double ties_5 = 0.0;
    for (int64_t i = 0; i < 3; i++) {
        for (int64_t j = 0; j < 2; j++) {
            t_9[i * 2 + j] = out_abs[i * 2 + j] == out_max;
            if (t_9[i * 2 + j]) {
                ties_5 += 1.0;
            }
        }
    }
    for (int64_t at = 0; at < 6; at++) dshared[at] = 0.0;
    for (int64_t i = 0; i < 2; i++) {
        for (int64_t j = 0; j < 3; j++) {
            dshared[j * 2 + i] += h[j];
        }
    }
    for (int64_t i = 0; i < 3; i++) {
        for (int64_t j = 0; j < 2; j++) {
            dshared[i * 2 + j] += dh[i] * x[j];
        }
    }
    for (int64_t i = 0; i < 3; i++) {
        for (int64_t j = 0; j < 2; j++) {
            if (t_9[i * 2 + j]) {
                dshared[i * 2 + j] += dout_max / ties_5 * sign(shared[i * 2 + j]);
            }
        }
    }
    for (int64_t i = 0; i < 3; i++) {
        for (int64_t j = 0; j < 2; j++) {
            if (t_8[i * 2 + j]) {
                dW1[i * 2 + j] += dout_max_2 / ties_4 * sign(W1[i * 2 + j]);
            }
        }
    }
    for (int64_t i = 0; i < 4; i++) {
        for (int64_t j = 0; j < 3; j++) {
            if (t_5[i * 3 + j]) {
                dW2[i * 3 + j] += dout_max_6 / ties_2 * sign(W2[i * 3 + j]);
            }
        }
    }
    *dscale = out_sum_3 + t_2;
    return (mgc_status){MGC_OK, 0};
}
