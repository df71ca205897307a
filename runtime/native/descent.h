/* Steps of training, several in a call: entry, then what the optimiser makes of the parameters, again and again. Included
   by caller.c, whose `Function` it is about. */
#include <float.h>
#include <math.h>

enum { SGD, MOMENTUM, NESTEROV, ADAM, ADAMW };  /* the order of OPTIMISERS */
typedef struct { int number; double momentum, beta1, beta2, epsilon, decay; } Rule;
#define REAL double
#define STEP step_double
#define ROOT sqrt
#define LARGE 1e150  /* the square is finite */
#include "step.h"
#undef REAL
#undef STEP
#undef ROOT
#undef LARGE
#define REAL float
#define STEP step_float
#define ROOT sqrtf
#define LARGE FLT_MAX
#include "step.h"

typedef struct {  /* `state`: rows of so many parameters and running means; taken: how many of the steps were */
    Rule rule;
    char *state, *slopes;
    const double *rates;
    double *losses;
    Py_ssize_t count, rows, steps, before, taken;
} Descent;

static int aim(Function *f, Descent *d, const void **in, void **to, const int64_t *axes) {
    size_t at = 0, bytes = bytes_of(f->real);
    for (Py_ssize_t k = 0; k < f->parameters; k++) {
        size_t count = bytes;
        for (int q = 0; q < f->ranks[k]; q++) count *= (size_t)*axes++;
        in[k] = d->state + at;
        for (Py_ssize_t j = f->results; j < f->places; j++)
            if (f->gradients[j - f->results] == k) to[j] = d->slopes + at;
        at += count;
    }
    return at == (size_t)d->count * bytes || refuse(f, "the parameters do not fit");
}

static void descend(Function *f, Descent *d, const void *const *in, const int64_t *sizes, void *const *to, void *work) {
    Py_ssize_t n = d->count, first = d->rows > 1 ? n : 0, second = d->rows > 2 ? 2 * n : 0;
    for (d->taken = 0; d->taken < d->steps; d->taken++) {
        if (f->entry(in, sizes, to, work)) return;
        double rate = d->rates[d->taken], steps = (double)(d->before + d->taken + 1), loss;
        int moved;
        if (f->real == 'd') {
            double *p = (double *)d->state;
            moved = isfinite(loss = *(double *)to[0])
                    && step_double(&d->rule, rate, steps, n, p, (double *)d->slopes, p + first, p + second);
        } else {
            float *p = (float *)d->state;
            moved = isfinite(loss = (double)*(float *)to[0])
                    && step_float(&d->rule, rate, steps, n, p, (float *)d->slopes, p + first, p + second);
        }
        if (!moved) return;
        d->losses[d->taken] = loss;
    }
}

static PyObject *losses(const Descent *d) {
    PyObject *list = PyList_New(d->taken), *loss;
    for (Py_ssize_t k = 0; list && k < d->taken; k++) {
        if (!(loss = PyFloat_FromDouble(d->losses[k]))) Py_CLEAR(list);
        else PyList_SET_ITEM(list, k, loss);
    }
    return list;
}
