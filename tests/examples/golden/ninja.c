/* ninja.mg, compiled to C99: values and exact derivatives. */
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

static int64_t modulo(int64_t i, int64_t n) {  /* the sign of n; of 0 the room for nothing is asked */
    const int64_t rest = n != 0 ? i % n : 0;
    return rest != 0 && (rest < 0) != (n < 0) ? rest + n : rest;
}

static int64_t floor_divide(int64_t i, int64_t n) {
    return n != 0 ? i / n - (i % n != 0 && (i < 0) != (n < 0)) : 0;
}

/* ninja of ninja.mg, line 10. */
mgc_status ninja(
    const int64_t *restrict Xb, const int64_t *restrict Yb, const double *restrict C,
    const double *restrict W1, const double *restrict b1, const double *restrict bngain,
    const double *restrict bnbias, const double *restrict W2, const double *restrict b2, int64_t n, int64_t v,
    int64_t m, void *restrict work, double *restrict out
) {
    mgc_status status = {MGC_OK, 0};
    double *emb = work;
    int64_t *C_place = (int64_t *)(emb + 6 * n);
    double *hprebn = (double *)(C_place + n);
    double *hprebn_sum = hprebn + n * m;
    double *bnmeani = hprebn_sum + m;
    double *bndiff = bnmeani + m;
    double *bndiff2_sum = bndiff + n * m;
    double *bnvar_inv = bndiff2_sum + m;
    double *logprobs = bnvar_inv + m;
    double *h = logprobs + n * v;
    double *logits = h + m;
    double *counts = logits + v;
    for (int64_t at = 0; at < 6 * n; at++) emb[at] = 0.0;
    for (int64_t p = 0; p < 3; p++) {
        for (int64_t i = 0; i < n; i++) {
            C_place[i] = Xb[i * 3 + p];  /* line 11 */
            if (C_place[i] < 0 || C_place[i] >= v) {
                mgc_fail(&status, MGC_INDEX, 11);
                return status;
            }
        }
        for (int64_t q = 0; q < 2; q++) {
            for (int64_t i = 0; i < n; i++) {
                emb[(i * 3 + p) * 2 + q] = C[(C_place[i]) * 2 + q];  /* line 12 */
            }
        }
    }
    int64_t place[6];
    int64_t emb_place[6];
    for (int64_t r = 0; r < 6; r++) {
        place[r] = floor_divide(r, 2);
        if (place[r] < 0 || place[r] >= 3) {
            mgc_fail(&status, MGC_INDEX, 12);
            return status;
        }
        emb_place[r] = modulo(r, 2);
        if (emb_place[r] < 0 || emb_place[r] >= 2) {
            mgc_fail(&status, MGC_INDEX, 12);
            return status;
        }
    }
    for (int64_t at = 0; at < m; at++) hprebn_sum[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < m; j++) {
            double emb_W1_sum = 0.0;
            for (int64_t r = 0; r < 6; r++) {
                emb_W1_sum += emb[(i * 3 + place[r]) * 2 + emb_place[r]] * W1[r * m + j];  /* line 13 */
            }
            hprebn[i * m + j] = emb_W1_sum + b1[j];
            hprebn_sum[j] += hprebn[i * m + j];  /* line 14 */
        }
    }
    for (int64_t j = 0; j < m; j++) {
        bnmeani[j] = hprebn_sum[j] / n;
    }
    for (int64_t at = 0; at < m; at++) bndiff2_sum[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < m; j++) {
            bndiff[i * m + j] = hprebn[i * m + j] - bnmeani[j];  /* line 15 */
            const double bndiff2 = bndiff[i * m + j] * bndiff[i * m + j];  /* line 16 */
            bndiff2_sum[j] += bndiff2;  /* line 17 */
        }
    }
    for (int64_t j = 0; j < m; j++) {
        const double bnvar = bndiff2_sum[j] / (n - 1);
        bnvar_inv[j] = pow(bnvar + 1e-05, -0.5);  /* line 18 */
    }
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < m; j++) {
            const double bnraw = bndiff[i * m + j] * bnvar_inv[j];  /* line 19 */
            const double hpreact = bngain[j] * bnraw + bnbias[j];  /* line 20 */
            h[j] = tanh(hpreact);  /* line 21 */
        }
        double logit_maxes = -INFINITY;
        for (int64_t k = 0; k < v; k++) {
            double logits_sum = 0.0;
            for (int64_t j = 0; j < m; j++) {
                logits_sum += h[j] * W2[j * v + k];  /* line 22 */
            }
            logits[k] = logits_sum + b2[k];
            if (logits[k] > logit_maxes || logits[k] != logits[k]) logit_maxes = logits[k];  /* line 23 */
        }
        double counts_sum = 0.0;
        for (int64_t k = 0; k < v; k++) {
            const double norm_logits = logits[k] - logit_maxes;  /* line 24 */
            counts[k] = exp(norm_logits);  /* line 25 */
            counts_sum += counts[k];  /* line 26 */
        }
        const double counts_sum_inv = pow(counts_sum, -1);  /* line 27 */
        for (int64_t k = 0; k < v; k++) {
            const double probs = counts[k] * counts_sum_inv;  /* line 28 */
            logprobs[i * v + k] = log(probs);  /* line 29 */
        }
    }
    double loss_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        const int64_t logprobs_place = Yb[i];  /* line 30 */
        if (logprobs_place < 0 || logprobs_place >= v) {
            mgc_fail(&status, MGC_INDEX, 30);
            return status;
        }
        loss_sum += logprobs[i * v + logprobs_place];
    }
    const double loss = -loss_sum / n;
    *out = loss;
    return status;
}

/* How many bytes `work` of ninja has. */
size_t ninja_workspace(int64_t n, int64_t v, int64_t m) {
    double work = 0.0;
    work += 6.0 * n;
    work += n;
    work += 2.0 * n * m;
    work += 5.0 * m;
    work += (double)n * v;
    work += 2.0 * v;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}

/* ninja of ninja.mg, line 10, and its derivatives. */
mgc_status ninja_value_and_grad(
    const int64_t *restrict Xb, const int64_t *restrict Yb, const double *restrict C,
    const double *restrict W1, const double *restrict b1, const double *restrict bngain,
    const double *restrict bnbias, const double *restrict W2, const double *restrict b2, int64_t n, int64_t v,
    int64_t m, void *restrict work, double *restrict out, double *restrict dC, double *restrict dW1,
    double *restrict db1, double *restrict dbngain, double *restrict dbnbias, double *restrict dW2,
    double *restrict db2
) {
    mgc_status status = {MGC_OK, 0};
    int64_t *C_place = work;
    double *emb = (double *)(C_place + 3 * n);
    double *hprebn = emb + 6 * n;
    double *hprebn_sum = hprebn + n * m;
    double *bnmeani = hprebn_sum + m;
    double *bndiff = bnmeani + m;
    double *bndiff2_sum = bndiff + n * m;
    double *bnvar_inv_sum = bndiff2_sum + m;
    double *bnvar_inv = bnvar_inv_sum + m;
    int64_t *logprobs_place = (int64_t *)(bnvar_inv + m);
    double *dlogprobs = (double *)(logprobs_place + n);
    double *logprobs = dlogprobs + n * v;
    double *dbnraw = logprobs + n * v;
    double *dbnvar_inv = dbnraw + n * m;
    double *bnraw = dbnvar_inv + m;
    double *h = bnraw + m;
    double *logits = h + m;
    double *counts = logits + v;
    double *dprobs = counts + v;
    double *dcounts = dprobs + v;
    double *dnorm_logits = dcounts + v;
    double *dh = dnorm_logits + v;
    double *dbndiff2 = dh + m;
    double *dbndiff = dbndiff2 + m;
    double *dbnmeani = dbndiff + n * m;
    double *dhprebn_sum = dbnmeani + m;
    double *demb = dhprebn_sum + m;
    for (int64_t at = 0; at < 6 * n; at++) emb[at] = 0.0;
    for (int64_t p = 0; p < 3; p++) {
        for (int64_t i = 0; i < n; i++) {
            C_place[p * n + i] = Xb[i * 3 + p];  /* line 11 */
            if (C_place[p * n + i] < 0 || C_place[p * n + i] >= v) {
                mgc_fail(&status, MGC_INDEX, 11);
                return status;
            }
        }
        for (int64_t q = 0; q < 2; q++) {
            for (int64_t i = 0; i < n; i++) {
                emb[(i * 3 + p) * 2 + q] = C[(C_place[p * n + i]) * 2 + q];  /* line 12 */
            }
        }
    }
    int64_t place[6];
    int64_t emb_place[6];
    for (int64_t r = 0; r < 6; r++) {
        place[r] = floor_divide(r, 2);
        if (place[r] < 0 || place[r] >= 3) {
            mgc_fail(&status, MGC_INDEX, 12);
            return status;
        }
        emb_place[r] = modulo(r, 2);
        if (emb_place[r] < 0 || emb_place[r] >= 2) {
            mgc_fail(&status, MGC_INDEX, 12);
            return status;
        }
    }
    for (int64_t at = 0; at < m; at++) hprebn_sum[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < m; j++) {
            double emb_W1_sum = 0.0;
            for (int64_t r = 0; r < 6; r++) {
                emb_W1_sum += emb[(i * 3 + place[r]) * 2 + emb_place[r]] * W1[r * m + j];  /* line 13 */
            }
            hprebn[i * m + j] = emb_W1_sum + b1[j];
            hprebn_sum[j] += hprebn[i * m + j];  /* line 14 */
        }
    }
    for (int64_t j = 0; j < m; j++) {
        bnmeani[j] = hprebn_sum[j] / n;
    }
    for (int64_t at = 0; at < m; at++) bndiff2_sum[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < m; j++) {
            bndiff[i * m + j] = hprebn[i * m + j] - bnmeani[j];  /* line 15 */
            const double bndiff2 = bndiff[i * m + j] * bndiff[i * m + j];  /* line 16 */
            bndiff2_sum[j] += bndiff2;  /* line 17 */
        }
    }
    for (int64_t j = 0; j < m; j++) {
        const double bnvar = bndiff2_sum[j] / (n - 1);
        bnvar_inv_sum[j] = bnvar + 1e-05;  /* line 18 */
        bnvar_inv[j] = pow(bnvar_inv_sum[j], -0.5);
    }
    const double dloss_sum = -1.0 / n;  /* line 30 */
    for (int64_t at = 0; at < n * v; at++) dlogprobs[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        logprobs_place[i] = Yb[i];
        if (logprobs_place[i] < 0 || logprobs_place[i] >= v) {
            mgc_fail(&status, MGC_INDEX, 30);
            return status;
        }
        dlogprobs[i * v + logprobs_place[i]] += dloss_sum;  /* line 29 */
    }
    for (int64_t at = 0; at < m; at++) dbnvar_inv[at] = 0.0;
    for (int64_t at = 0; at < m; at++) dbngain[at] = 0.0;
    for (int64_t at = 0; at < m; at++) dbnbias[at] = 0.0;
    for (int64_t at = 0; at < m * v; at++) dW2[at] = 0.0;
    for (int64_t at = 0; at < v; at++) db2[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < m; j++) {
            bnraw[j] = bndiff[i * m + j] * bnvar_inv[j];  /* line 19 */
            const double hpreact = bngain[j] * bnraw[j] + bnbias[j];  /* line 20 */
            h[j] = tanh(hpreact);  /* line 21 */
        }
        double logit_maxes = -INFINITY;
        for (int64_t k = 0; k < v; k++) {
            double logits_sum = 0.0;
            for (int64_t j = 0; j < m; j++) {
                logits_sum += h[j] * W2[j * v + k];  /* line 22 */
            }
            logits[k] = logits_sum + b2[k];
            if (logits[k] > logit_maxes || logits[k] != logits[k]) logit_maxes = logits[k];  /* line 23 */
        }
        double counts_sum = 0.0;
        for (int64_t k = 0; k < v; k++) {
            const double norm_logits = logits[k] - logit_maxes;  /* line 24 */
            counts[k] = exp(norm_logits);  /* line 25 */
            counts_sum += counts[k];  /* line 26 */
        }
        const double counts_sum_inv = pow(counts_sum, -1);  /* line 27 */
        for (int64_t at = 0; at < v; at++) dprobs[at] = 0.0;
        double dcounts_sum_inv = 0.0;
        for (int64_t k = 0; k < v; k++) {
            const double probs = counts[k] * counts_sum_inv;  /* line 28 */
            logprobs[i * v + k] = log(probs);  /* line 29 */
            if (dlogprobs[i * v + k] != 0.0) {
                dprobs[k] = probs >= 0.0 ? dlogprobs[i * v + k] / probs : dlogprobs[i * v + k] * NAN;
                if (dprobs[k] != 0.0) {
                    dcounts_sum_inv += dprobs[k] * counts[k];  /* line 28 */
                }
            }
        }
        const double part_of_dcounts = dcounts_sum_inv * pow(counts_sum, -2);  /* line 27 */
        for (int64_t at = 0; at < v; at++) dnorm_logits[at] = 0.0;
        double dlogit_maxes = 0.0;
        for (int64_t k = 0; k < v; k++) {
            double part_of_dcounts_2 = 0.0;
            if (dlogprobs[i * v + k] != 0.0) {
                part_of_dcounts_2 = dprobs[k] != 0.0 ? dprobs[k] * counts_sum_inv : 0.0;  /* line 28 */
            }
            dcounts[k] = (dlogprobs[i * v + k] != 0.0 ? part_of_dcounts_2 : 0.0) - part_of_dcounts;  /* line 25 */
            if (dcounts[k] != 0.0) {
                dnorm_logits[k] = dcounts[k] * counts[k];
                dlogit_maxes -= dnorm_logits[k];  /* line 24 */
            }
        }
        double ties = 0.0;
        for (int64_t k = 0; k < v; k++) {
            if (logits[k] == logit_maxes) {
                ties += 1.0;  /* line 23 */
            }
        }
        for (int64_t at = 0; at < m; at++) dh[at] = 0.0;
        for (int64_t k = 0; k < v; k++) {
            double dlogits = 0.0;
            if (dcounts[k] != 0.0) {
                dlogits += dnorm_logits[k];  /* line 22 */
            }
            if (logits[k] == logit_maxes) {
                dlogits += dlogit_maxes / ties;
            }
            for (int64_t j = 0; j < m; j++) {
                dh[j] += dlogits * W2[j * v + k];
                dW2[j * v + k] += dlogits * h[j];
            }
            db2[k] += dlogits;
        }
        for (int64_t j = 0; j < m; j++) {
            const double dhpreact = dh[j] * (1.0 - h[j] * h[j]);  /* line 21 */
            dbnraw[i * m + j] = dhpreact * bngain[j];  /* line 20 */
            dbnvar_inv[j] += dbnraw[i * m + j] * bndiff[i * m + j];  /* line 19 */
            dbngain[j] += dhpreact * bnraw[j];
            dbnbias[j] += dhpreact;
        }
    }
    double loss_sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        loss_sum += logprobs[i * v + logprobs_place[i]];  /* line 30 */
    }
    const double loss = -loss_sum / n;
    for (int64_t j = 0; j < m; j++) {
        const double dbnvar = -0.5 * dbnvar_inv[j] * pow(bnvar_inv_sum[j], -1.5);  /* line 18 */
        dbndiff2[j] = dbnvar / (n - 1);  /* line 17 */
    }
    for (int64_t at = 0; at < m; at++) dbnmeani[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < m; j++) {
            dbndiff[i * m + j] = dbnraw[i * m + j] * bnvar_inv[j] + dbndiff2[j] * (2.0 * bndiff[i * m + j]);  /* line 15 */
            dbnmeani[j] -= dbndiff[i * m + j];
        }
    }
    for (int64_t j = 0; j < m; j++) {
        dhprebn_sum[j] = dbnmeani[j] / n;  /* line 14 */
    }
    for (int64_t at = 0; at < 6 * n; at++) demb[at] = 0.0;
    for (int64_t at = 0; at < 6 * m; at++) dW1[at] = 0.0;
    for (int64_t at = 0; at < m; at++) db1[at] = 0.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < m; j++) {
            const double dhprebn = dbndiff[i * m + j] + dhprebn_sum[j];  /* line 13 */
            for (int64_t r = 0; r < 6; r++) {
                demb[(i * 3 + place[r]) * 2 + emb_place[r]] += dhprebn * W1[r * m + j];
                dW1[r * m + j] += dhprebn * emb[(i * 3 + place[r]) * 2 + emb_place[r]];
            }
            db1[j] += dhprebn;
        }
    }
    for (int64_t at = 0; at < 2 * v; at++) dC[at] = 0.0;
    for (int64_t p = 0; p < 3; p++) {
        for (int64_t q = 0; q < 2; q++) {
            for (int64_t i = 0; i < n; i++) {
                dC[(C_place[p * n + i]) * 2 + q] += demb[(i * 3 + p) * 2 + q];
            }
        }
    }
    *out = loss;
    return status;
}

/* How many bytes `work` of ninja_value_and_grad has. */
size_t ninja_value_and_grad_workspace(int64_t n, int64_t v, int64_t m) {
    double work = 0.0;
    work += 3.0 * n;
    work += 12.0 * n;
    work += 4.0 * n * m;
    work += 12.0 * m;
    work += n;
    work += 2.0 * n * v;
    work += 5.0 * v;
    return work < (double)(SIZE_MAX / 8) ? (size_t)work * 8 : SIZE_MAX;
}
