/* layers.mg, compiled to C99: values and exact derivatives. */
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

static double softplus(double x) {
    return (x <= 0.0 ? 0.0 : x) + log1p(exp(-fabs(x)));
}

static double sigmoid(double x) {
    double x_exp = 0.0;
    if (!(x >= 0.0)) {
        x_exp = exp(x);
    }
    return x >= 0.0 ? 1.0 / (1.0 + exp(-x)) : x_exp / (1.0 + x_exp);
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
    double dense2_sum = 0.0;
    for (int64_t i = 0; i < 4; i++) {
        double W2_h_sum = 0.0;
        for (int64_t j = 0; j < 3; j++) {
            W2_h_sum += W2[i * 3 + j] * h[j];
        }
        const double dense2 = tanh(W2_h_sum + b2[i]);
        dense2_sum += dense2;  /* line 14 */
    }
    *out = scale * dense2_sum;
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
    double dense2_sum = 0.0;
    double dh[3];
    for (int64_t at = 0; at < 3; at++) dh[at] = 0.0;
    for (int64_t i = 0; i < 4; i++) {
        double W2_h_sum = 0.0;
        for (int64_t j = 0; j < 3; j++) {
            W2_h_sum += W2[i * 3 + j] * h[j];
        }
        const double dense2 = tanh(W2_h_sum + b2[i]);
        dense2_sum += dense2;  /* line 14 */
        db2[i] = scale * (1.0 - dense2 * dense2);  /* line 9 */
        for (int64_t j = 0; j < 3; j++) {
            dh[j] += db2[i] * W2[i * 3 + j];
            dW2[i * 3 + j] = db2[i] * h[j];
        }
    }
    *out = scale * dense2_sum;  /* line 14 */
    for (int64_t i = 0; i < 3; i++) {
        db1[i] = dh[i] * (1.0 - h[i] * h[i]);  /* line 9 */
        for (int64_t j = 0; j < 2; j++) {
            dW1[i * 2 + j] = db1[i] * x[j];
        }
    }
    *dscale = dense2_sum;
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
    double out_total = 0.0;
    for (int64_t i = 0; i < 2; i++) {
        double shared_h_sum = 0.0;
        for (int64_t j = 0; j < 3; j++) {
            shared_h_sum += shared[j * 2 + i] * h[j];  /* line 18 */
        }
        out_total += shared_h_sum;
    }
    *out = out_total;
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
        double shared_h_sum = 0.0;
        for (int64_t j = 0; j < 3; j++) {
            shared_h_sum += shared[j * 2 + i] * h[j];  /* line 18 */
        }
        out_total += shared_h_sum;
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
    double h[3];
    for (int64_t i = 0; i < 3; i++) {
        double linear1_sum = 0.0;
        for (int64_t j = 0; j < 4; j++) {
            linear1_sum += W1[i * 4 + j] * x[j];  /* line 21 */
        }
        const double linear1 = linear1_sum + b1[i];
        h[i] = linear1 <= 0.0 ? 0.0 : linear1;
    }
    double layernorm_x[2];
    double layernorm_x_sum = 0.0;
    for (int64_t i = 0; i < 2; i++) {
        double W2_h_sum = 0.0;
        for (int64_t j = 0; j < 3; j++) {
            W2_h_sum += W2[i * 3 + j] * h[j];
        }
        layernorm_x[i] = W2_h_sum + b2[i];
        layernorm_x_sum += layernorm_x[i];
    }
    const double x_centred_ratio = layernorm_x_sum / 2.0;
    double x_centred[2];
    double x_centred_squared_sum = 0.0;
    for (int64_t i = 0; i < 2; i++) {
        x_centred[i] = layernorm_x[i] - x_centred_ratio;
        x_centred_squared_sum += x_centred[i] * x_centred[i];
    }
    const double x_spread = sqrt(x_centred_squared_sum / 2.0 + 1e-05);
    double y[2];
    for (int64_t i = 0; i < 2; i++) {
        y[i] = gain1[i] * x_centred[i] / x_spread + bias1[i];
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
    double *const dy = dbias1;
    double h[3];
    for (int64_t i = 0; i < 3; i++) {
        double linear1_sum = 0.0;
        for (int64_t j = 0; j < 4; j++) {
            linear1_sum += W1[i * 4 + j] * x[j];  /* line 21 */
        }
        const double linear1 = linear1_sum + b1[i];
        h[i] = linear1 <= 0.0 ? 0.0 : linear1;
    }
    double layernorm_x[2];
    double layernorm_x_sum = 0.0;
    for (int64_t i = 0; i < 2; i++) {
        double W2_h_sum = 0.0;
        for (int64_t j = 0; j < 3; j++) {
            W2_h_sum += W2[i * 3 + j] * h[j];
        }
        layernorm_x[i] = W2_h_sum + b2[i];
        layernorm_x_sum += layernorm_x[i];
    }
    const double x_centred_ratio = layernorm_x_sum / 2.0;
    double x_centred[2];
    double x_centred_squared_sum = 0.0;
    for (int64_t i = 0; i < 2; i++) {
        x_centred[i] = layernorm_x[i] - x_centred_ratio;
        x_centred_squared_sum += x_centred[i] * x_centred[i];
    }
    const double x_spread = sqrt(x_centred_squared_sum / 2.0 + 1e-05);
    double y_ratio[2];
    double y[2];
    for (int64_t i = 0; i < 2; i++) {
        y_ratio[i] = gain1[i] * x_centred[i] / x_spread;
        y[i] = y_ratio[i] + bias1[i];
    }
    const double y_softplus = softplus(y[1]);  /* line 22 */
    *out = y[0] * y_softplus;
    dy[0] = y_softplus;
    dy[1] = y[0] * sigmoid(y[1]);
    double slope_2[2];
    double dx_spread = 0.0;
    for (int64_t i = 0; i < 2; i++) {
        slope_2[i] = dy[i] / x_spread;
        dx_spread -= dy[i] * (y_ratio[i] / x_spread);
        dgain1[i] = slope_2[i] * x_centred[i];
    }
    const double slope = dx_spread * (0.5 / x_spread);
    double dx_centred[2];
    double dx_centred_ratio = 0.0;
    for (int64_t i = 0; i < 2; i++) {
        dx_centred[i] = slope_2[i] * gain1[i] + slope * x_centred[i];
        dx_centred_ratio -= dx_centred[i];
    }
    const double dlayernorm_x_sum = 0.5 * dx_centred_ratio;
    double dh[3];
    for (int64_t at = 0; at < 3; at++) dh[at] = 0.0;
    for (int64_t i = 0; i < 2; i++) {
        db2[i] = dx_centred[i] + dlayernorm_x_sum;
        for (int64_t j = 0; j < 3; j++) {
            dh[j] += db2[i] * W2[i * 3 + j];
            dW2[i * 3 + j] = db2[i] * h[j];
        }
    }
    for (int64_t at = 0; at < 12; at++) dW1[at] = 0.0;
    for (int64_t at = 0; at < 3; at++) db1[at] = 0.0;
    for (int64_t i = 0; i < 3; i++) {
        if (h[i] > 0.0) {
            for (int64_t j = 0; j < 4; j++) {
                dW1[i * 4 + j] = dh[i] * x[j];
            }
            db1[i] = dh[i];
        }
    }
    return (mgc_status){MGC_OK, 0};
}

/* loss of layers.mg, line 24. */
mgc_status loss(
    const double *restrict W1, const double *restrict b1, const double *restrict W2,
    const double *restrict b2, double scale, const double *restrict X, const double *restrict y, double decay,
    int64_t n, double *restrict out
) {
    double out_difference_squared_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double h[3];
        for (int64_t j = 0; j < 3; j++) {
            double h_sum = 0.0;
            for (int64_t k = 0; k < 2; k++) {
                h_sum += W1[j * 2 + k] * X[i * 2 + k];  /* line 9 */
            }
            h[j] = tanh(h_sum + b1[j]);
        }
        double dense2_sum = 0.0;
        for (int64_t j = 0; j < 4; j++) {
            double W2_h_sum = 0.0;
            for (int64_t k = 0; k < 3; k++) {
                W2_h_sum += W2[j * 3 + k] * h[k];
            }
            const double dense2 = tanh(W2_h_sum + b2[j]);
            dense2_sum += dense2;  /* line 14 */
        }
        const double out_difference = scale * dense2_sum - y[i];  /* line 25 */
        out_difference_squared_sum += out_difference * out_difference;
    }
    double W1_squared_sum = 0.0;
    double b1_squared_sum = 0.0;
    for (int64_t j = 0; j < 3; j++) {
        for (int64_t k = 0; k < 2; k++) {
            W1_squared_sum += W1[j * 2 + k] * W1[j * 2 + k];
        }
        b1_squared_sum += b1[j] * b1[j];
    }
    double W2_squared_sum = 0.0;
    double b2_squared_sum = 0.0;
    for (int64_t j = 0; j < 4; j++) {
        for (int64_t k = 0; k < 3; k++) {
            W2_squared_sum += W2[j * 3 + k] * W2[j * 3 + k];
        }
        b2_squared_sum += b2[j] * b2[j];
    }
    *out = out_difference_squared_sum / n + decay * (W1_squared_sum + b1_squared_sum + W2_squared_sum + b2_squared_sum + scale * scale);
    return (mgc_status){MGC_OK, 0};
}

/* loss of layers.mg, line 24, and its derivatives. */
mgc_status loss_value_and_grad(
    const double *restrict W1, const double *restrict b1, const double *restrict W2,
    const double *restrict b2, double scale, const double *restrict X, const double *restrict y, double decay,
    int64_t n, double *restrict out, double *restrict dW1, double *restrict db1, double *restrict dW2,
    double *restrict db2, double *restrict dscale
) {
    const double two_over_n = 2.0 / n;  /* line 25 */
    double out_difference_squared_sum = 0.0;
    double part_of_dscale = 0.0;
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
        double dense2[4];
        double dense2_sum = 0.0;
        for (int64_t j = 0; j < 4; j++) {
            double W2_h_sum = 0.0;
            for (int64_t k = 0; k < 3; k++) {
                W2_h_sum += W2[j * 3 + k] * h[k];
            }
            dense2[j] = tanh(W2_h_sum + b2[j]);
            dense2_sum += dense2[j];  /* line 14 */
        }
        const double out_difference = scale * dense2_sum - y[i];  /* line 25 */
        out_difference_squared_sum += out_difference * out_difference;
        const double dout_difference = two_over_n * out_difference;
        part_of_dscale += dout_difference * dense2_sum;  /* line 14 */
        const double ddense2 = dout_difference * scale;
        double dh[3];
        for (int64_t at = 0; at < 3; at++) dh[at] = 0.0;
        for (int64_t j = 0; j < 4; j++) {
            const double dW2_h_sum = ddense2 * (1.0 - dense2[j] * dense2[j]);  /* line 9 */
            for (int64_t k = 0; k < 3; k++) {
                dh[k] += dW2_h_sum * W2[j * 3 + k];
                dW2[j * 3 + k] += dW2_h_sum * h[k];
            }
            db2[j] += dW2_h_sum;
        }
        for (int64_t j = 0; j < 3; j++) {
            const double dh_sum = dh[j] * (1.0 - h[j] * h[j]);
            for (int64_t k = 0; k < 2; k++) {
                dW1[j * 2 + k] += dh_sum * X[i * 2 + k];
            }
            db1[j] += dh_sum;
        }
    }
    double W1_squared_sum = 0.0;
    double b1_squared_sum = 0.0;
    for (int64_t j = 0; j < 3; j++) {
        for (int64_t k = 0; k < 2; k++) {
            W1_squared_sum += W1[j * 2 + k] * W1[j * 2 + k];  /* line 25 */
        }
        b1_squared_sum += b1[j] * b1[j];
    }
    double W2_squared_sum = 0.0;
    double b2_squared_sum = 0.0;
    for (int64_t j = 0; j < 4; j++) {
        for (int64_t k = 0; k < 3; k++) {
            W2_squared_sum += W2[j * 3 + k] * W2[j * 3 + k];
        }
        b2_squared_sum += b2[j] * b2[j];
    }
    *out = out_difference_squared_sum / n + decay * (W1_squared_sum + b1_squared_sum + W2_squared_sum + b2_squared_sum + scale * scale);
    const double two_decay = 2.0 * decay;
    for (int64_t j = 0; j < 3; j++) {
        for (int64_t k = 0; k < 2; k++) {
            dW1[j * 2 + k] += two_decay * W1[j * 2 + k];
        }
        db1[j] += two_decay * b1[j];
    }
    for (int64_t j = 0; j < 4; j++) {
        for (int64_t k = 0; k < 3; k++) {
            dW2[j * 3 + k] += two_decay * W2[j * 3 + k];
        }
        db2[j] += two_decay * b2[j];
    }
    *dscale = two_decay * scale + part_of_dscale;
    return (mgc_status){MGC_OK, 0};
}

/* biggest of layers.mg, line 27. */
mgc_status biggest(
    const double *restrict shared, const double *restrict W1, const double *restrict b1,
    const double *restrict W2, const double *restrict b2, double scale, const double *restrict x,
    double *restrict out
) {
    double shared_abs_max = -INFINITY;
    for (int64_t i = 0; i < 3; i++) {
        for (int64_t j = 0; j < 2; j++) {
            const double shared_abs = fabs(shared[i * 2 + j]);  /* line 28 */
            if (shared_abs > shared_abs_max || shared_abs != shared_abs) shared_abs_max = shared_abs;
        }
    }
    double W1_abs_max = -INFINITY;
    for (int64_t i = 0; i < 3; i++) {
        for (int64_t j = 0; j < 2; j++) {
            const double W1_abs = fabs(W1[i * 2 + j]);
            if (W1_abs > W1_abs_max || W1_abs != W1_abs) W1_abs_max = W1_abs;
        }
    }
    double b1_abs_max = -INFINITY;
    for (int64_t i = 0; i < 3; i++) {
        const double b1_abs = fabs(b1[i]);
        if (b1_abs > b1_abs_max || b1_abs != b1_abs) b1_abs_max = b1_abs;
    }
    double W2_abs_max = -INFINITY;
    for (int64_t i = 0; i < 4; i++) {
        for (int64_t j = 0; j < 3; j++) {
            const double W2_abs = fabs(W2[i * 3 + j]);
            if (W2_abs > W2_abs_max || W2_abs != W2_abs) W2_abs_max = W2_abs;
        }
    }
    double b2_abs_max = -INFINITY;
    for (int64_t i = 0; i < 4; i++) {
        const double b2_abs = fabs(b2[i]);
        if (b2_abs > b2_abs_max || b2_abs != b2_abs) b2_abs_max = b2_abs;
    }
    double h[3];
    for (int64_t i = 0; i < 3; i++) {
        double h_total = 0.0;
        for (int64_t j = 0; j < 2; j++) {
            h_total += shared[i * 2 + j] * x[j];  /* line 17 */
        }
        h[i] = h_total;
    }
    double tied = 0.0;
    for (int64_t i = 0; i < 2; i++) {
        double tied_sum = 0.0;
        for (int64_t j = 0; j < 3; j++) {
            tied_sum += shared[j * 2 + i] * h[j];  /* line 18 */
        }
        tied += tied_sum;
    }
    double net_h[3];
    for (int64_t i = 0; i < 3; i++) {
        double net_h_sum = 0.0;
        for (int64_t j = 0; j < 2; j++) {
            net_h_sum += W1[i * 2 + j] * x[j];  /* line 9 */
        }
        net_h[i] = tanh(net_h_sum + b1[i]);
    }
    double dense2_sum = 0.0;
    for (int64_t i = 0; i < 4; i++) {
        double W2_net_h_sum = 0.0;
        for (int64_t j = 0; j < 3; j++) {
            W2_net_h_sum += W2[i * 3 + j] * net_h[j];
        }
        const double dense2 = tanh(W2_net_h_sum + b2[i]);
        dense2_sum += dense2;  /* line 14 */
    }
    *out = maximum(maximum(maximum(maximum(maximum(shared_abs_max, W1_abs_max), b1_abs_max), W2_abs_max), b2_abs_max), fabs(scale)) + tied + scale * dense2_sum;
    return (mgc_status){MGC_OK, 0};
}

/* biggest of layers.mg, line 27, and its derivatives. */
mgc_status biggest_value_and_grad(
    const double *restrict shared, const double *restrict W1, const double *restrict b1,
    const double *restrict W2, const double *restrict b2, double scale, const double *restrict x,
    double *restrict out, double *restrict dshared, double *restrict dW1, double *restrict db1,
    double *restrict dW2, double *restrict db2, double *restrict dscale
) {
    double shared_abs[6];
    double shared_abs_max = -INFINITY;
    for (int64_t i = 0; i < 3; i++) {
        for (int64_t j = 0; j < 2; j++) {
            shared_abs[i * 2 + j] = fabs(shared[i * 2 + j]);  /* line 28 */
            if (shared_abs[i * 2 + j] > shared_abs_max || shared_abs[i * 2 + j] != shared_abs[i * 2 + j]) shared_abs_max = shared_abs[i * 2 + j];
        }
    }
    double W1_abs[6];
    double W1_abs_max = -INFINITY;
    for (int64_t i = 0; i < 3; i++) {
        for (int64_t j = 0; j < 2; j++) {
            W1_abs[i * 2 + j] = fabs(W1[i * 2 + j]);
            if (W1_abs[i * 2 + j] > W1_abs_max || W1_abs[i * 2 + j] != W1_abs[i * 2 + j]) W1_abs_max = W1_abs[i * 2 + j];
        }
    }
    const double out_max = maximum(shared_abs_max, W1_abs_max);
    double b1_abs[3];
    double b1_abs_max = -INFINITY;
    for (int64_t i = 0; i < 3; i++) {
        b1_abs[i] = fabs(b1[i]);
        if (b1_abs[i] > b1_abs_max || b1_abs[i] != b1_abs[i]) b1_abs_max = b1_abs[i];
    }
    const double out_max_2 = maximum(out_max, b1_abs_max);
    double W2_abs[12];
    double W2_abs_max = -INFINITY;
    for (int64_t i = 0; i < 4; i++) {
        for (int64_t j = 0; j < 3; j++) {
            W2_abs[i * 3 + j] = fabs(W2[i * 3 + j]);
            if (W2_abs[i * 3 + j] > W2_abs_max || W2_abs[i * 3 + j] != W2_abs[i * 3 + j]) W2_abs_max = W2_abs[i * 3 + j];
        }
    }
    const double out_max_3 = maximum(out_max_2, W2_abs_max);
    double b2_abs[4];
    double b2_abs_max = -INFINITY;
    for (int64_t i = 0; i < 4; i++) {
        b2_abs[i] = fabs(b2[i]);
        if (b2_abs[i] > b2_abs_max || b2_abs[i] != b2_abs[i]) b2_abs_max = b2_abs[i];
    }
    const double out_max_4 = maximum(out_max_3, b2_abs_max);
    const double scale_abs = fabs(scale);
    double h[3];
    for (int64_t i = 0; i < 3; i++) {
        double h_total = 0.0;
        for (int64_t j = 0; j < 2; j++) {
            h_total += shared[i * 2 + j] * x[j];  /* line 17 */
        }
        h[i] = h_total;
    }
    double tied = 0.0;
    for (int64_t i = 0; i < 2; i++) {
        double tied_sum = 0.0;
        for (int64_t j = 0; j < 3; j++) {
            tied_sum += shared[j * 2 + i] * h[j];  /* line 18 */
        }
        tied += tied_sum;
    }
    double net_h[3];
    for (int64_t i = 0; i < 3; i++) {
        double net_h_sum = 0.0;
        for (int64_t j = 0; j < 2; j++) {
            net_h_sum += W1[i * 2 + j] * x[j];  /* line 9 */
        }
        net_h[i] = tanh(net_h_sum + b1[i]);
    }
    double dense2_sum = 0.0;
    double dnet_h[3];
    for (int64_t at = 0; at < 3; at++) dnet_h[at] = 0.0;
    for (int64_t at = 0; at < 12; at++) dW2[at] = 0.0;
    for (int64_t at = 0; at < 4; at++) db2[at] = 0.0;
    for (int64_t i = 0; i < 4; i++) {
        double W2_net_h_sum = 0.0;
        for (int64_t j = 0; j < 3; j++) {
            W2_net_h_sum += W2[i * 3 + j] * net_h[j];
        }
        const double dense2 = tanh(W2_net_h_sum + b2[i]);
        dense2_sum += dense2;  /* line 14 */
        const double dW2_net_h_sum = scale * (1.0 - dense2 * dense2);  /* line 9 */
        for (int64_t j = 0; j < 3; j++) {
            dnet_h[j] += dW2_net_h_sum * W2[i * 3 + j];
            dW2[i * 3 + j] += dW2_net_h_sum * net_h[j];
        }
        db2[i] += dW2_net_h_sum;
    }
    *out = maximum(out_max_4, scale_abs) + tied + scale * dense2_sum;  /* line 28 */
    for (int64_t at = 0; at < 6; at++) dW1[at] = 0.0;
    for (int64_t at = 0; at < 3; at++) db1[at] = 0.0;
    for (int64_t i = 0; i < 3; i++) {
        const double dnet_h_sum = dnet_h[i] * (1.0 - net_h[i] * net_h[i]);  /* line 9 */
        for (int64_t j = 0; j < 2; j++) {
            dW1[i * 2 + j] += dnet_h_sum * x[j];
        }
        db1[i] += dnet_h_sum;
    }
    double dh[3];
    for (int64_t at = 0; at < 3; at++) dh[at] = 0.0;
    for (int64_t i = 0; i < 2; i++) {
        for (int64_t j = 0; j < 3; j++) {
            dh[j] += shared[j * 2 + i];  /* line 18 */
        }
    }
    const double slope = out_max_4 == scale_abs ? 0.5 : 0.0;  /* line 28 */
    const double dout_max_4 = out_max_4 > scale_abs ? 1.0 : slope;
    const double slope_2 = out_max_3 == b2_abs_max ? 0.5 * dout_max_4 : 0.0;
    const double dout_max_3 = out_max_3 > b2_abs_max ? dout_max_4 : slope_2;
    const double db2_abs_max = b2_abs_max > out_max_3 ? dout_max_4 : slope_2;
    double ties = 0.0;
    for (int64_t i = 0; i < 4; i++) {
        if (b2_abs[i] == b2_abs_max) {
            ties += 1.0;
        }
    }
    const double slope_3 = out_max_2 == W2_abs_max ? 0.5 * dout_max_3 : 0.0;
    const double dout_max_2 = out_max_2 > W2_abs_max ? dout_max_3 : slope_3;
    const double dW2_abs_max = W2_abs_max > out_max_2 ? dout_max_3 : slope_3;
    double ties2 = 0.0;
    for (int64_t i = 0; i < 4; i++) {
        for (int64_t j = 0; j < 3; j++) {
            if (W2_abs[i * 3 + j] == W2_abs_max) {
                ties2 += 1.0;
            }
        }
    }
    const double slope_4 = out_max == b1_abs_max ? 0.5 * dout_max_2 : 0.0;
    const double dout_max = out_max > b1_abs_max ? dout_max_2 : slope_4;
    const double db1_abs_max = b1_abs_max > out_max ? dout_max_2 : slope_4;
    double ties_2 = 0.0;
    for (int64_t i = 0; i < 3; i++) {
        if (b1_abs[i] == b1_abs_max) {
            ties_2 += 1.0;
        }
    }
    const double slope_5 = shared_abs_max == W1_abs_max ? 0.5 * dout_max : 0.0;
    const double dshared_abs_max = shared_abs_max > W1_abs_max ? dout_max : slope_5;
    const double dW1_abs_max = W1_abs_max > shared_abs_max ? dout_max : slope_5;
    double ties_3 = 0.0;
    for (int64_t i = 0; i < 3; i++) {
        for (int64_t j = 0; j < 2; j++) {
            if (W1_abs[i * 2 + j] == W1_abs_max) {
                ties_3 += 1.0;
            }
        }
    }
    double ties_4 = 0.0;
    for (int64_t i = 0; i < 3; i++) {
        for (int64_t j = 0; j < 2; j++) {
            if (shared_abs[i * 2 + j] == shared_abs_max) {
                ties_4 += 1.0;
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
            if (shared_abs[i * 2 + j] == shared_abs_max) {
                dshared[i * 2 + j] += dshared_abs_max / ties_4 * sign(shared[i * 2 + j]);
            }
        }
    }
    for (int64_t i = 0; i < 3; i++) {
        for (int64_t j = 0; j < 2; j++) {
            if (W1_abs[i * 2 + j] == W1_abs_max) {
                dW1[i * 2 + j] += dW1_abs_max / ties_3 * sign(W1[i * 2 + j]);
            }
        }
    }
    for (int64_t i = 0; i < 3; i++) {
        if (b1_abs[i] == b1_abs_max) {
            db1[i] += db1_abs_max / ties_2 * sign(b1[i]);
        }
    }
    for (int64_t i = 0; i < 4; i++) {
        for (int64_t j = 0; j < 3; j++) {
            if (W2_abs[i * 3 + j] == W2_abs_max) {
                dW2[i * 3 + j] += dW2_abs_max / ties2 * sign(W2[i * 3 + j]);
            }
        }
    }
    for (int64_t i = 0; i < 4; i++) {
        if (b2_abs[i] == b2_abs_max) {
            db2[i] += db2_abs_max / ties * sign(b2[i]);
        }
    }
    *dscale = dense2_sum + (scale_abs > out_max_4 ? 1.0 : slope) * sign(scale);
    return (mgc_status){MGC_OK, 0};
}
