/* What calls the functions of every native model from Python: arguments -> `mgc_entry_N` of a library -> results.
   A model's library is plain C (compiler/emit/c/entry.py) and knows nothing of Python; this is built once per machine.
   Here stands the fast way only: what does not fit at once is handed to `slow`, which is Python, gives messages, and
   returns inputs that fit. Integers in arrays are copied: the entry checks an index and then reads it again, and other
   threads and what making an array sets off may write to them between. */
#include "reading.h"
#include <dlfcn.h>
#include <structmember.h>

typedef int64_t (*Entry)(const void *const *, const int64_t *, void *const *, void *);
typedef size_t (*Extents)(const void *const *, const int64_t *, int64_t *);
typedef struct {
    PyObject_HEAD
    vectorcallfunc vectorcall;
    PyObject *said;  /* the tuple that the function was made of: everything below is borrowed from it */
    Entry entry;
    Extents extents;
    Py_ssize_t inputs, sizes, places, results, parameters, axes;
    const char *kinds, *ranks, *place_ranks;
    Py_ssize_t ordered, named, adjoints;  /* named: none where some are bound, as the others are passed by position */
    const Py_ssize_t *order, *seeds, *gradients, *at;  /* arguments and adjoints: inputs; derivatives: inputs, places */
    PyObject *shown, *keys, *declared, *names, *defaults, *slow, *failed, *error;
    Py_ssize_t groups;  /* how many derivatives are returned in a tuple; -1: a dictionary alone */
    int loops, takes_parameters;
    char real;  /* the kind of its real numbers */
    Room *held;  /* inputs that are bound */
    int64_t *held_axes;
} Function;

static PyObject *out_word, *single;
#define AT(tuple, k) PyTuple_GET_ITEM(tuple, k)
#define INDEX(tuple, k) PyLong_AsSsize_t(AT(tuple, k))

/* --- which object is which input; 0: it does not fit */

static int match_parameters(Function *f, PyObject *given, PyObject **object) {
    if (!PyDict_CheckExact(given)) return 0;
    for (Py_ssize_t k = 0; k < f->parameters; k++)
        if (!(object[k] = PyDict_GetItemWithError(given, AT(f->keys, k)))) return PyErr_Clear(), 0;
    PyObject *name;
    for (Py_ssize_t at = 0; PyDict_GET_SIZE(given) != f->parameters && PyDict_Next(given, &at, &name, NULL);)
        if (PySet_Contains(f->declared, name) != 1) return PyErr_Clear(), 0;
    return 1;
}

static int match(Function *f, PyObject *const *args, Py_ssize_t n, PyObject *names, PyObject **object, PyObject **out) {
    Py_ssize_t last = f->adjoints, p = f->takes_parameters;
    if ((n -= last) < p || n - p > f->ordered || (p && !match_parameters(f, args[0], object))) return 0;
    for (Py_ssize_t k = 0; k < n - p; k++) object[f->order[k]] = args[k + p];
    for (Py_ssize_t k = 0; k < last; k++) object[f->seeds[k]] = args[n + k];
    for (Py_ssize_t k = 0; names && k < PyTuple_GET_SIZE(names); k++) {
        Py_ssize_t q = 0;
        PyObject *name = AT(names, k);
        while (q < f->named && AT(f->names, q) != name && PyUnicode_Compare(AT(f->names, q), name)) q++;
        PyObject **place = q < f->named ? object + f->order[q] : out;
        if (*place || (q == f->named && PyUnicode_Compare(name, out_word))) return 0;
        *place = args[n + last + k];
    }
    for (Py_ssize_t k = 0; k < f->inputs; k++)
        if (!object[k] && !(f->held && f->held[k].data) && (object[k] = AT(f->defaults, k)) == Py_None) return 0;
    return 1;
}

/* --- places for what comes out */

static int refuse(Function *f, const char *said) { return PyErr_SetString(f->error, said), 0; }

static int given_place(Function *f, Py_ssize_t k, PyObject **out) {  /* the part of `out=` for a place */
    int derives = f->places > f->results;
    if (!*out || *out == Py_None || (derives && k < f->results)) return *out = NULL, 1;
    Py_ssize_t count = derives ? f->groups : f->results == 1 ? -1 : f->results;
    if (count >= 0) {
        if (!PyTuple_Check(*out) || PyTuple_GET_SIZE(*out) != count)
            return PyErr_Format(f->error, "out: expected a tuple of %zd places, or None", count), 0;
        *out = AT(*out, derives ? f->at[k - f->results] : k);
    }
    if (!derives || f->gradients[k - f->results] >= f->parameters || *out == Py_None) return 1;
    if (!PyDict_Check(*out)) return refuse(f, "out: expected a dictionary for the parameters, or None");
    return *out = PyDict_GetItem(*out, AT(f->keys, f->gradients[k - f->results])), 1;
}

static int use_place(Function *f, PyObject *o, int rank, const int64_t *axes, Room *room, Room *first) {
    int64_t found[64];
    int fits = rank && rank < 64 && read_array(o, f->real, rank, found, room, 1);
    for (int k = 0; fits && k < rank; k++) fits = found[k] == axes[k];
    if (!fits)
        return PyErr_Format(f->error, "out: expected writable, contiguous arrays of %s, of the returned shapes",
                            f->real == 'd' ? "float64" : "float32"), 0;
    for (const char *x = room->data, *y; first < room; first++)
        if (first->array && x < (y = first->data) + first->bytes && y < x + room->bytes)
            return refuse(f, "out: an array overlaps another, or an argument");
    return 1;
}

static int new_place(char real, int rank, const int64_t *axes, Py_ssize_t count, char like_numpy, Room *room) {
    if (!like_numpy) {
        room->data = room->own = PyMem_RawMalloc(8 * (size_t)count + 8);
        return room->own ? 1 : (PyErr_NoMemory(), 0);
    }
    PyObject *shape = PyTuple_New(rank);
    int64_t found[64];
    for (int k = 0; shape && k < rank; k++) PyTuple_SET_ITEM(shape, k, PyLong_FromLongLong(axes[k]));
    if (shape && !PyErr_Occurred())
        room->array = PyObject_CallFunctionObjArgs(empty, shape, real == 'd' ? NULL : single, NULL);
    Py_XDECREF(shape);
    return room->array && rank < 64 && lies_so(room->array, real, rank, found, room, 1);
}

static PyObject *listed(char real, const char **from, int rank, const int64_t *axes) {
    if (!rank) {
        const char *number = *from;
        *from += bytes_of(real);
        return PyFloat_FromDouble(real == 'd' ? *(const double *)number : (double)*(const float *)number);
    }
    PyObject *list = PyList_New((Py_ssize_t)axes[0]);
    for (Py_ssize_t k = 0; list && k < axes[0]; k++) {
        PyObject *item = listed(real, from, rank - 1, axes + 1);
        if (!item) Py_CLEAR(list);
        else PyList_SET_ITEM(list, k, item);
    }
    return list;
}

static PyObject *result(char real, const Room *room, int rank, const int64_t *axes) {
    const char *from = room->data;
    return room->array ? Py_NewRef(room->array) : listed(real, &from, rank, axes);
}

static PyObject *returned(Function *f, Room *place, int64_t *axes) {  /* the value, or (value, derivatives) */
    PyObject *value = f->results == 1 ? NULL : PyTuple_New(f->results), *grads = NULL, *dict = NULL, *one = NULL;
    for (Py_ssize_t k = 0; k < f->results; axes += f->place_ranks[k++]) {
        if (!(one = result(f->real, place + k, f->place_ranks[k], axes))) goto failed;
        if (f->results == 1) value = one;
        else PyTuple_SET_ITEM(value, k, one);
    }
    if (f->places == f->results) return value;
    if (!(grads = f->groups < 0 ? dict = PyDict_New() : PyTuple_New(f->groups))) goto failed;
    for (Py_ssize_t k = f->results; k < f->places; axes += f->place_ranks[k++]) {
        Py_ssize_t group = f->at[k - f->results], input = f->gradients[k - f->results];
        if (!(one = result(f->real, place + k, f->place_ranks[k], axes))) goto failed;
        if (input >= f->parameters) { PyTuple_SET_ITEM(grads, group, one); continue; }
        if (!dict && (dict = PyDict_New())) PyTuple_SET_ITEM(grads, group, dict);
        int set = dict ? PyDict_SetItem(dict, AT(f->keys, input), one) : -1;
        Py_DECREF(one);
        if (set) goto failed;
    }
    if ((one = PyTuple_New(2))) return PyTuple_SET_ITEM(one, 0, value), PyTuple_SET_ITEM(one, 1, grads), one;
failed:
    Py_XDECREF(value);
    Py_XDECREF(grads);
    return NULL;
}

#include "descent.h"

/* --- a call */

static int known_sizes(Function *f, const int64_t *axes, const int64_t *first, int64_t *sizes) {
    for (Py_ssize_t s = 0; s < f->sizes; s++) {  /* an array without rows does not show how long they are */
        PyObject *shown = AT(f->shown, s);
        sizes[s] = -1;
        for (Py_ssize_t k = 0; sizes[s] < 0 && k < PyTuple_GET_SIZE(shown); k += 2)
            sizes[s] = axes[first[INDEX(shown, k)] + INDEX(shown, k + 1)];
        if (sizes[s] > INT32_MAX) return 0;
        if (sizes[s] < 0) sizes[s] = 0;
    }
    return 1;
}

static void report(Function *f, PyObject *const *object, int64_t status) {  /* None stands for what is bound */
    PyObject *inputs = PyTuple_New(f->inputs);
    if (!inputs) return;
    for (Py_ssize_t k = 0; k < f->inputs; k++) PyTuple_SET_ITEM(inputs, k, Py_NewRef(object[k] ? object[k] : Py_None));
    Py_XDECREF(PyObject_CallFunction(f->failed, "iiN", (int)(status / 8), (int)(status % 8), inputs));
}

#define FEW 4096  /* bytes that a call may keep on the stack */

static PyObject *run(Function *f, PyObject *const *object, PyObject *out, Descent *d) {  /* NULL alone: no fit */
    Py_ssize_t all = f->inputs + f->places, words = 2 * (f->axes + f->inputs) + f->places + f->sizes;
    size_t kept = (size_t)all * sizeof(Room) + 8 * (size_t)words;
    _Alignas(16) char few[FEW];
    char *memory = kept <= FEW ? few : PyMem_RawMalloc(kept);
    if (!memory) return PyErr_NoMemory();
    Room *rooms = (Room *)memory, *place = rooms + f->inputs;
    int64_t *found = (int64_t *)(rooms + all), *wanted = found + f->axes, *first = wanted + f->axes;
    int64_t *sizes = first + f->inputs, at = 0, own;
    const void **in = (const void **)(sizes + f->sizes);
    void **to = (void **)(in + f->inputs);
    char any_numpy = 0;
    void *work = NULL;
    PyObject *answer = NULL;
    for (Py_ssize_t k = 0; k < all; k++) rooms[k].own = rooms[k].array = NULL, rooms[k].numpy = 0;
    for (Py_ssize_t k = 0; k < f->inputs; k++) Py_XINCREF(object[k]);  /* others may empty a dictionary */
    for (Py_ssize_t k = 0; k < f->inputs; at += f->ranks[k++]) {
        first[k] = at;
        if (f->held && f->held[k].data) {
            rooms[k].data = f->held[k].data;
            rooms[k].numpy = f->held[k].numpy;
            memcpy(found + at, f->held_axes + at, sizeof(int64_t) * (size_t)f->ranks[k]);
        } else if (!read_input(object[k], f->kinds[k], f->ranks[k], found + at, rooms + k)) goto done;
        in[k] = rooms[k].data;
        any_numpy |= rooms[k].numpy;
    }
    own = at;  /* where the axes of the places begin */
    if (!known_sizes(f, found, first, sizes)) goto done;
    size_t bytes = f->extents(in, sizes, wanted);
    for (int64_t k = 0; k < f->axes; k++) {
        if (wanted[k] < 0) wanted[k] = 0;
        if (k < own && found[k] >= 0 && found[k] != wanted[k]) goto done;
    }
    if (bytes && !(work = PyMem_RawMalloc(bytes))) { PyErr_NoMemory(); goto done; }
    for (Py_ssize_t k = 0; k < f->places; at += f->place_ranks[k++]) {
        int rank = f->place_ranks[k];
        Py_ssize_t count = 1;
        for (int q = 0; q < rank; q++) {
            if (wanted[at + q] && count > PY_SSIZE_T_MAX / 8 / wanted[at + q]) { PyErr_NoMemory(); goto done; }
            count *= wanted[at + q];
        }
        PyObject *given = out;
        if (!given_place(f, k, &given)) goto done;
        char like_numpy = k < f->results ? any_numpy : rooms[f->gradients[k - f->results]].numpy;
        if (given && given != Py_None) {
            if (!use_place(f, given, rank, wanted + at, place + k, rooms)) goto done;
        } else if (!rank || d) place[k].data = &place[k].number;
        else if (!new_place(f->real, rank, wanted + at, count, like_numpy, place + k)) goto done;
        to[k] = place[k].data;
    }
    if (d && !aim(f, d, in, to, wanted)) goto done;
    int64_t status = 0;
    if (d || f->loops) {
        Py_BEGIN_ALLOW_THREADS
        if (d) descend(f, d, in, sizes, to, work);
        else status = f->entry(in, sizes, to, work);
        Py_END_ALLOW_THREADS
    } else status = f->entry(in, sizes, to, work);
    if (status) report(f, object, status);
    else answer = d ? losses(d) : returned(f, place, wanted + own);
done:
    PyMem_RawFree(work);
    for (Py_ssize_t k = 0; k < all; k++) leave(rooms + k);
    for (Py_ssize_t k = 0; k < f->inputs; k++) Py_XDECREF(object[k]);
    if (memory != few) PyMem_RawFree(memory);
    return answer;
}

static PyObject *called(Function *f, PyObject *const *args, size_t count, PyObject *names, Descent *d) {
    PyObject *object[f->inputs + 1], *out = NULL, *answer = NULL;
    memset(object, 0, sizeof object);
    if (match(f, args, PyVectorcall_NARGS(count), names, object, &out)) answer = run(f, object, out, d);
    if (answer || PyErr_Occurred()) return answer;
    PyObject *inputs = PyObject_Vectorcall(f->slow, args, count, names);  /* which has no use for `out` */
    if (!inputs) return NULL;
    answer = run(f, &AT(inputs, 0), out, d);
    Py_DECREF(inputs);
    if (!answer && !PyErr_Occurred()) PyErr_SetString(f->error, "the arguments do not fit");
    return answer;
}

static PyObject *call(PyObject *self, PyObject *const *args, size_t count, PyObject *names) {
    return called((Function *)self, args, count, names, NULL);
}

/* descend(rule, rows, state, rates, steps before, *what is open) of a function whose parameters are bound: the state
   moves, and the losses are returned. It ends before a step that fails, or whose numbers are not finite. */
static PyObject *descend_from(PyObject *self, PyObject *args) {
    Function *f = (Function *)self;
    Py_buffer state = {0}, rates = {0};
    PyObject *answer = NULL, *given = PyTuple_GetSlice(args, 0, 5);
    Descent d = {0};
    if (given && PyArg_ParseTuple(given, "(iddddd)nw*y*n", &d.rule.number, &d.rule.momentum, &d.rule.beta1,
                                  &d.rule.beta2, &d.rule.epsilon, &d.rule.decay, &d.rows, &state, &rates, &d.before)) {
        d.count = d.rows > 0 ? state.len / (Py_ssize_t)bytes_of(f->real) / d.rows : 0;
        d.steps = rates.len / (Py_ssize_t)sizeof(double);
        d.state = state.buf;
        d.rates = rates.buf;
        d.slopes = PyMem_RawMalloc((size_t)(d.count + d.steps + 1) * sizeof(double));
        d.losses = (double *)d.slopes + d.count;
        Py_ssize_t wanted = d.rule.number == SGD ? 1 : d.rule.number < ADAM ? 2 : 3;
        if (!d.slopes) PyErr_NoMemory();
        else if (!f->held || d.rows != wanted || f->results != 1) refuse(f, "the state does not fit");
        else answer = called(f, &AT(args, 5), (size_t)PyTuple_GET_SIZE(args) - 5, NULL, &d);
        PyMem_RawFree(d.slopes);
    }
    if (state.obj) PyBuffer_Release(&state);
    if (rates.obj) PyBuffer_Release(&rates);
    Py_XDECREF(given);
    return answer;
}

static int hold(Function *f, PyObject *values) {  /* the inputs that are bound, copies already; None for the others */
    f->held = PyMem_Calloc((size_t)f->inputs + 1, sizeof(Room));
    f->held_axes = PyMem_Calloc((size_t)f->axes + 1, sizeof(int64_t));
    if (!f->held || !f->held_axes) return PyErr_NoMemory(), 0;
    int64_t *axes = f->held_axes;
    for (Py_ssize_t k = 0; k < f->inputs; axes += f->ranks[k++]) {
        Room *room = f->held + k;
        if (AT(values, k) == Py_None) continue;
        if (!read_input(AT(values, k), f->kinds[k], f->ranks[k], axes, room))
            return refuse(f, "the arguments do not fit");
    }
    return 1;
}

/* There is no tp_clear: every circle goes through `slow`, a function of Python, which has one. */
static int traverse(Function *f, visitproc visit, void *arg) { Py_VISIT(Py_TYPE(f)); Py_VISIT(f->said); return 0; }
static void dealloc(Function *f) {
    PyTypeObject *type = Py_TYPE(f);
    PyObject_GC_UnTrack(f);
    for (Py_ssize_t k = 0; f->held && k < f->inputs; k++) leave(f->held + k);
    PyMem_Free(f->held);
    PyMem_Free(f->held_axes);
    Py_XDECREF(f->said);
    PyObject_GC_Del(f);
    Py_DECREF(type);
}

#define VECTORCALL offsetof(Function, vectorcall)
static PyMemberDef members[] = {{"__vectorcalloffset__", T_PYSSIZET, VECTORCALL, READONLY, NULL}, {0}};
static PyMethodDef own[] = {{"descend", descend_from, METH_VARARGS, NULL}, {0}};
static PyType_Slot slots[] = {{Py_tp_call, PyVectorcall_Call}, {Py_tp_members, members}, {Py_tp_dealloc, dealloc},
                              {Py_tp_traverse, traverse}, {Py_tp_methods, own}, {0, NULL}};
#define FLAGS (Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_HAVE_GC)
static PyType_Spec spec = {"mgc_caller.Function", sizeof(Function), 0, FLAGS, slots};
static PyObject *type;

static void *found(PyObject *handle, const char *form, int number) {
    char name[32];
    PyOS_snprintf(name, sizeof name, form, number);
    return dlsym(PyLong_AsVoidPtr(handle), name);
}

static PyObject *function(PyObject *module, PyObject *said) {
    (void)module;
    PyObject *handle, *held;
    int number;
    Function *f = PyObject_GC_New(Function, (PyTypeObject *)type);
    if (!f) return NULL;
    memset((char *)f + sizeof(PyObject), 0, sizeof *f - sizeof(PyObject));
    f->vectorcall = call;
    f->said = Py_NewRef(said);
    Py_ssize_t inputs, ranks, places, orders, seeds, gradients, at;
    if (!PyArg_ParseTuple(
            said, "Oipny#y#y#O!O!O!O!y#y#O!y#y#nOOOOc", &handle, &number, &f->loops, &f->results, &f->kinds, &inputs,
            &f->ranks, &ranks, &f->place_ranks, &places, &PyTuple_Type, &f->shown, &PyTuple_Type, &f->keys,
            &PyFrozenSet_Type, &f->declared, &PyTuple_Type, &f->names, &f->order, &orders, &f->seeds, &seeds,
            &PyTuple_Type, &f->defaults, &f->gradients, &gradients, &f->at, &at, &f->groups, &held, &f->slow,
            &f->failed, &f->error, &f->real)) goto failed;
    f->ordered = orders / (Py_ssize_t)sizeof(Py_ssize_t);
    f->named = PyTuple_GET_SIZE(f->names);
    f->adjoints = seeds / (Py_ssize_t)sizeof(Py_ssize_t);
    f->entry = (Entry)found(handle, "mgc_entry_%d", number);
    f->extents = (Extents)found(handle, "mgc_extents_%d", number);
    if (!f->entry || !f->extents) { PyErr_SetString(PyExc_OSError, "it is no native model"); goto failed; }
    f->inputs = inputs;
    f->places = places;
    f->sizes = PyTuple_GET_SIZE(f->shown);
    f->parameters = PyTuple_GET_SIZE(f->keys);
    for (Py_ssize_t k = 0; k < inputs; k++) f->axes += f->ranks[k];
    for (Py_ssize_t k = 0; k < places; k++) f->axes += f->place_ranks[k];
    if (held != Py_None && !hold(f, held)) goto failed;
    f->takes_parameters = f->parameters && !(f->held && f->held[0].data);
    PyObject_GC_Track(f);
    return (PyObject *)f;
failed:
    Py_DECREF(f);
    return NULL;
}

static PyObject *library(PyObject *module, PyObject *path) {  /* never unloaded: functions may outlive who loaded it */
    (void)module;
    PyObject *bytes = NULL;
    if (!PyUnicode_FSConverter(path, &bytes)) return NULL;
    void *handle = dlopen(PyBytes_AS_STRING(bytes), RTLD_NOW | RTLD_LOCAL);
    Py_DECREF(bytes);
    if (!handle) return PyErr_SetString(PyExc_OSError, dlerror()), NULL;
    return PyLong_FromVoidPtr(handle);
}

static PyObject *text(PyObject *module, PyObject *handle) {  /* what a library says of itself */
    (void)module;
    const char *found = dlsym(PyLong_AsVoidPtr(handle), "mgc_about");
    return found ? PyUnicode_FromString(found) : PyErr_Format(PyExc_OSError, "it is no native model");
}

static PyMethodDef methods[] = {{"function", function, METH_VARARGS, NULL}, {"library", library, METH_O, NULL},
                                {"text", text, METH_O, NULL}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "mgc_caller", NULL, -1, methods, NULL, NULL, NULL, NULL};
PyMODINIT_FUNC PyInit_mgc_caller(void) {
    if (!(type = PyType_FromSpec(&spec)) || !(out_word = PyUnicode_InternFromString("out"))) return NULL;
    if (!(single = PyUnicode_InternFromString("float32"))) return NULL;
    return PyModule_Create(&module);
}
