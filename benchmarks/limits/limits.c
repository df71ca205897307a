/* What a person can reach by hand: the benchmarks' functions in C for this machine's vectors, as a CPython extension.
   Each function takes and fills NumPy arrays of float64, row by row, and checks nothing but that. Eight samples at a
   time, parameters broadcast; sums per lane, added up at the end. -ffp-contract=fast: products and sums are fused. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <math.h>
#include <string.h>

#define LANES 8
typedef double V __attribute__((vector_size(8 * LANES)));
typedef long long M __attribute__((vector_size(8 * LANES)));
#define MAX_ARRAYS 16
#define ALL(k, n) for (Py_ssize_t k = 0; k < (n); k++)

static V load(const double *p) { V v; memcpy(&v, p, sizeof v); return v; }
static void store(double *p, V v) { memcpy(p, &v, sizeof v); }
static V all(double x) { V v; ALL(k, LANES) v[k] = x; return v; }
static double total(V v) { double t = 0.0; ALL(k, LANES) t += v[k]; return t; }
static V where(M mask, V v) { return (V)((M)v & mask); }
static V column(const double *x, Py_ssize_t stride, Py_ssize_t left) {  /* one entry of each of up to eight rows */
    V v = all(0.0);
    ALL(k, left < LANES ? left : LANES) v[k] = x[k * stride];
    return v;
}

#if defined(__x86_64__) && defined(__GLIBC__) && defined(__AVX512F__)
V _ZGVeN8v_exp(V);
#define EXP _ZGVeN8v_exp
#else
static V EXP(V v) { ALL(k, LANES) v[k] = exp(v[k]); return v; }
#endif

/* --- buffers */

typedef struct { Py_buffer view[MAX_ARRAYS]; double *at[MAX_ARRAYS]; Py_ssize_t count, n[MAX_ARRAYS]; } Arrays;

static int take(Arrays *a, PyObject *const *args, Py_ssize_t count) {
    for (a->count = 0; a->count < count; a->count++) {
        Py_ssize_t k = a->count;
        if (PyObject_GetBuffer(args[k], a->view + k, PyBUF_C_CONTIGUOUS | PyBUF_WRITABLE)) return 0;
        a->at[k] = a->view[k].buf;
        a->n[k] = a->view[k].len / 8;
    }
    return 1;
}
static void leave(Arrays *a) { ALL(k, a->count) PyBuffer_Release(a->view + k); }

/* --- neuron: floats in, (value, (five derivatives)) out */

static PyObject *neuron(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    (void)self;
    double v[5];
    if (count != 5) return PyErr_Format(PyExc_TypeError, "five numbers");
    ALL(k, 5) if ((v[k] = PyFloat_AsDouble(args[k])) == -1.0 && PyErr_Occurred()) return NULL;
    double out = tanh(v[0] * v[2] + v[1] * v[3] + v[4]), dn = 1.0 - out * out;
    double d[5] = {dn * v[2], dn * v[3], dn * v[0], dn * v[1], dn};
    PyObject *grads = PyTuple_New(5), *both = PyTuple_New(2);
    ALL(k, 5) PyTuple_SET_ITEM(grads, k, PyFloat_FromDouble(d[k]));
    PyTuple_SET_ITEM(both, 0, PyFloat_FromDouble(out));
    PyTuple_SET_ITEM(both, 1, grads);
    return both;
}

/* --- moons: the loss of examples/moons.mg; W1, b1, W2, b2, W3, b3, X, y, then the six derivatives */

#define H 16
static double moons_gradient(double *const *a, Py_ssize_t n) {
    const double *W1 = a[0], *b1 = a[1], *W2 = a[2], *b2 = a[3], *W3 = a[4], *b3 = a[5], *X = a[6], *y = a[7];
    V dW1[2 * H], db1[H], dW2[H * H], db2[H], dW3[H], db3 = all(0.0), loss = all(0.0);
    memset(dW1, 0, sizeof dW1); memset(db1, 0, sizeof db1); memset(dW2, 0, sizeof dW2);
    memset(db2, 0, sizeof db2); memset(dW3, 0, sizeof dW3);
    for (Py_ssize_t i = 0; i < n; i += LANES) {
        V x0 = column(X + 2 * i, 2, n - i), x1 = column(X + 2 * i + 1, 2, n - i), label = column(y + i, 1, n - i);
        V h1[H], h2[H], d1[H], score = all(b3[0]);
        ALL(j, H) { V z = all(b1[j]) + W1[2 * j] * x0 + W1[2 * j + 1] * x1; h1[j] = where(z > 0.0, z); d1[j] = all(0.0); }
        ALL(j, H) {
            V z = all(b2[j]);
            ALL(k, H) z += W2[H * j + k] * h1[k];
            h2[j] = where(z > 0.0, z);
            score += W3[j] * h2[j];
        }
        V margin = 1.0 - label * score;
        M active = (margin > 0.0) & (label != 0.0);  /* no label is 0: such lanes are none */
        loss += where(active, margin);
        V ds = where(active, -label / (double)n);
        db3 += ds;
        ALL(j, H) {
            dW3[j] += ds * h2[j];
            V d2 = where(h2[j] > 0.0, ds * W3[j]);
            db2[j] += d2;
            ALL(k, H) { dW2[H * j + k] += d2 * h1[k]; d1[k] += d2 * W2[H * j + k]; }
        }
        ALL(j, H) {
            V d = where(h1[j] > 0.0, d1[j]);
            dW1[2 * j] += d * x0; dW1[2 * j + 1] += d * x1; db1[j] += d;
        }
    }
    const double alpha = 1e-4;
    double value = total(loss) / (double)n;
    const V *sums[6] = {dW1, db1, dW2, db2, dW3, &db3};
    const int sizes[6] = {2 * H, H, H * H, H, H, 1};
    ALL(p, 6) ALL(k, sizes[p]) {
        value += alpha * a[p][k] * a[p][k];
        a[8 + p][k] = total(sums[p][k]) + 2.0 * alpha * a[p][k];
    }
    return value;
}

static PyObject *moons(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    (void)self;
    Arrays a;
    double value = 0.0;
    if (count == 14 && take(&a, args, 14)) value = moons_gradient(a.at, a.n[7]);
    else return PyErr_Format(PyExc_TypeError, "fourteen arrays");
    leave(&a);
    return PyFloat_FromDouble(value);
}

static PyObject *moons_steps(PyObject *self, PyObject *const *args, Py_ssize_t count) {  /* 100 steps of rate 0.1 */
    (void)self;
    Arrays a;
    double value = 0.0;
    if (count != 14 || !take(&a, args, 14)) return PyErr_Format(PyExc_TypeError, "fourteen arrays");
    ALL(step, 100) {
        value = moons_gradient(a.at, a.n[7]);
        ALL(p, 6) ALL(k, a.n[p]) a.at[p][k] -= 0.1 * a.at[8 + p][k];
    }
    leave(&a);
    return PyFloat_FromDouble(value);
}

/* --- Rosenbrock: x, dx */

static PyObject *rosenbrock(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    (void)self;
    Arrays a;
    if (count != 2 || !take(&a, args, 2)) return PyErr_Format(PyExc_TypeError, "two arrays");
    const double *x = a.at[0];
    double *dx = a.at[1], value = 0.0;
    Py_ssize_t n = a.n[0], i = 1;
    V sum = all(0.0);
    for (; i + LANES < n; i += LANES) {  /* dx[i] from x[i-1], x[i], x[i+1] */
        V before = load(x + i - 1), here = load(x + i), gap = load(x + i + 1) - here * here, one = 1.0 - here;
        sum += 100.0 * gap * gap + one * one;
        store(dx + i, 200.0 * (here - before * before) - 400.0 * gap * here - 2.0 * one);
    }
    value = total(sum);
    for (Py_ssize_t k = 0; k < n; k = k == 0 && i > 1 ? i : k + 1) {
        double gap = k + 1 < n ? x[k + 1] - x[k] * x[k] : 0.0, one = k + 1 < n ? 1.0 - x[k] : 0.0;
        value += 100.0 * gap * gap + one * one;
        dx[k] = (k ? 200.0 * (x[k] - x[k - 1] * x[k - 1]) : 0.0) - 400.0 * gap * x[k] - 2.0 * one;
    }
    leave(&a);
    return PyFloat_FromDouble(value);
}

/* --- mixture: log_likelihood of examples/gmm.mg; alpha, mu, q, l, x, then dalpha, dmu, dq, dl */

#define MOST 32  /* components; axes */
static double mixture_gradient(double *const *a, Py_ssize_t n, Py_ssize_t k, Py_ssize_t d) {
    const double *alpha = a[0], *mu = a[1], *q = a[2], *l = a[3], *x = a[4];
    Py_ssize_t packed = d * (d - 1) / 2;
    double *dalpha = a[5], *dmu = a[6], *dq = a[7], *dl = a[8], sum_q[MOST], value = 0.0;
    static _Thread_local V Qv[MOST][MOST], sums[MOST * (1 + 2 * MOST + MOST * MOST / 2)];
    static _Thread_local double e[MOST][MOST];
    Py_ssize_t each = 1 + 2 * d + packed;
    memset(sums, 0, sizeof(V) * (size_t)(k * each));
    ALL(c, k) { sum_q[c] = 0.0; ALL(r, d) { sum_q[c] += q[c * d + r]; e[c][r] = exp(q[c * d + r]); } }
    for (Py_ssize_t i = 0; i < n; i += LANES) {
        V point[MOST], main_[MOST], top = all(-INFINITY), sum = all(0.0);
        M there;
        ALL(s, LANES) there[s] = i + s < n ? -1 : 0;
        ALL(j, d) point[j] = column(x + i * d + j, d, n - i);
        ALL(c, k) {
            V v[MOST], square = all(0.0);
            ALL(j, d) { v[j] = point[j] - mu[c * d + j]; Qv[c][j] = e[c][j] * v[j]; }
            const double *at = l + c * packed;
            ALL(j, d) for (Py_ssize_t r = j + 1; r < d; r++) Qv[c][r] += *at++ * v[j];
            ALL(j, d) square += Qv[c][j] * Qv[c][j];
            main_[c] = alpha[c] + sum_q[c] - 0.5 * square;
            M larger = top > main_[c];
            top = (V)(((M)top & larger) | ((M)main_[c] & ~larger));
        }
        ALL(c, k) { main_[c] = EXP(main_[c] - top); sum += main_[c]; }
        ALL(s, LANES) if (there[s]) value += top[s] + log(sum[s]);
        ALL(c, k) {
            V w = where(there, main_[c] / sum), dv[MOST], v[MOST], *own = sums + c * each;
            own[0] += w;
            ALL(r, d) {
                v[r] = point[r] - mu[c * d + r];
                V dQv = -w * Qv[c][r];
                Qv[c][r] = dQv;
                dv[r] = dQv * e[c][r];
                own[1 + d + r] += dQv * v[r] * e[c][r] + w;
            }
            V *packed_sums = own + 1 + 2 * d;
            const double *at = l + c * packed;
            ALL(j, d) for (Py_ssize_t r = j + 1; r < d; r++) {
                *packed_sums++ += Qv[c][r] * v[j];
                dv[j] += *at++ * Qv[c][r];
            }
            ALL(j, d) own[1 + j] -= dv[j];
        }
    }
    double top = alpha[0], sum = 0.0;
    ALL(c, k) top = alpha[c] > top ? alpha[c] : top;
    ALL(c, k) sum += exp(alpha[c] - top);
    ALL(c, k) {
        const V *own = sums + c * each;
        dalpha[c] = total(own[0]) - (double)n * exp(alpha[c] - top) / sum;
        ALL(j, d) { dmu[c * d + j] = total(own[1 + j]); dq[c * d + j] = total(own[1 + d + j]); }
        ALL(j, packed) dl[c * packed + j] = total(own[1 + 2 * d + j]);
    }
    return value - (double)n * (top + log(sum)) - 0.5 * (double)(n * d) * log(2.0 * M_PI);
}

static PyObject *mixture(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    (void)self;
    Arrays a;
    if (count != 9 || !take(&a, args, 9)) return PyErr_Format(PyExc_TypeError, "nine arrays");
    Py_ssize_t k = a.n[0], d = a.n[1] / k;
    double value = k <= MOST && d <= MOST ? mixture_gradient(a.at, a.n[4] / d, k, d) : NAN;
    leave(&a);
    return PyFloat_FromDouble(value);
}

#define FAST(name) {#name, (PyCFunction)(void (*)(void))name, METH_FASTCALL, NULL}
static PyMethodDef methods[] = {FAST(neuron), FAST(moons), FAST(moons_steps), FAST(rosenbrock), FAST(mixture), {0}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "limits", NULL, -1, methods, NULL, NULL, NULL, NULL};
PyMODINIT_FUNC PyInit_limits(void) { return PyModule_Create(&module); }
