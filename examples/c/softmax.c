/* Train the softmax classifier of softmax.mg from C, one sample after the other.
 *
 *   mgc compile examples/softmax.mg --target c --prefix softmax_ -o softmax.c
 *   cc -O2 -I. examples/c/softmax.c softmax.c -lm -o softmax && ./softmax
 */
#include <stdio.h>
#include <stdlib.h>

#include "softmax.h"

enum { CLASSES = 3, INPUTS = 2, SAMPLES = 12, EPOCHS = 200 };

static const double X[SAMPLES][INPUTS] = {
    {1.0, 0.1}, {1.2, -0.2}, {0.8, 0.0}, {1.1, 0.3},       /* class 0: to the right */
    {-0.5, 0.9}, {-0.4, 1.1}, {-0.7, 0.8}, {-0.6, 1.0},    /* class 1: above */
    {-0.5, -0.9}, {-0.6, -1.1}, {-0.3, -0.8}, {-0.7, -1.0} /* class 2: below */
};

/* One step against the gradient, and the loss before it. */
static mgc_status step(const double *x, int64_t label, double *W, double *b, void *work, double *loss) {
    double dx[INPUTS], dW[CLASSES * INPUTS], db[CLASSES];
    const mgc_status status =
        softmax_loss_value_and_grad(x, label, W, b, INPUTS, CLASSES, work, loss, dx, dW, db);
    if (status.error != MGC_OK) return status;
    for (int i = 0; i < CLASSES * INPUTS; i++) W[i] -= 0.1 * dW[i];
    for (int i = 0; i < CLASSES; i++) b[i] -= 0.1 * db[i];
    return status;
}

int main(void) {
    double W[CLASSES * INPUTS] = {0.0}, b[CLASSES] = {0.0}, loss = 0.0;
    void *work = malloc(softmax_loss_value_and_grad_workspace(CLASSES)); /* once, for all calls of these sizes */
    if (work == NULL) return EXIT_FAILURE;
    for (int epoch = 0; epoch <= EPOCHS; epoch++) {
        double total = 0.0;
        for (int i = 0; i < SAMPLES; i++) {
            const mgc_status status = step(X[i], i * CLASSES / SAMPLES, W, b, work, &loss);
            if (status.error != MGC_OK) {
                fprintf(stderr, "error %d in line %d of softmax.mg\n", (int)status.error, status.line);
                return EXIT_FAILURE;
            }
            total += loss;
        }
        if (epoch % 100 == 0) printf("epoch %3d: mean loss %.4f\n", epoch, total / SAMPLES);
    }
    const mgc_status status = step(X[0], 7, W, b, work, &loss); /* there is no class 7 */
    printf("label 7: error %d in line %d of softmax.mg\n", (int)status.error, status.line);
    free(work);
    return status.error == MGC_INDEX ? EXIT_SUCCESS : EXIT_FAILURE;
}
