/* What calls the functions of every native model from Python: arguments -> `mgc_entry_N` of a library -> results.
   A model's library is plain C (compiler/emit/c/entry.py) and knows nothing of Python; this is built once per machine.
   Here stands the fast way only: what does not fit at once is handed to `slow`, which is Python, gives messages, and
   returns inputs that fit. No Python code runs between the reading of an input and the call of the entry. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <structmember.h>
#include <dlfcn.h>
#include <stdint.h>

typedef int64_t (*Entry)(const void *const *, const int64_t *, double *const *, void *);
typedef size_t (*Extents)(const void *const *, const int64_t *, int64_t *);
typedef union { double real; int64_t whole; } Number;
typedef struct {  /* where the numbers of an input or of a place lie: here, in memory of our own, or in an array */
    void *data, *own;
    Number number;
    Py_buffer view;  /* of `view.obj`, where there is one */
    char numpy;      /* whether it was a NumPy array, so that its derivative is one */
} Room;
typedef struct {
    PyObject_HEAD
    vectorcallfunc vectorcall;
    PyObject *said;  /* the tuple that the function was made of: everything below is borrowed from it */
    Entry entry;
    Extents extents;
    Py_ssize_t inputs, sizes, places, results, parameters, axes;
    const char *kinds, *ranks, *place_ranks;
    Py_ssize_t ordered, adjoints;
    const Py_ssize_t *order, *seeds, *gradients, *at;  /* arguments and adjoints: inputs; derivatives: inputs, places */
    PyObject *shown, *keys, *declared, *names, *defaults, *slow, *failed, *error;
    Py_ssize_t groups;  /* how many derivatives are returned in a tuple; -1: a dictionary alone */
    int loops, takes_parameters;
    Room *held;  /* inputs that are bound */
    int64_t *held_axes;
} Function;

static PyTypeObject *ndarray;
static PyObject *empty, *out_word;
#define AT(tuple, k) PyTuple_GET_ITEM(tuple, k)
#define INDEX(tuple, k) PyLong_AsSsize_t(AT(tuple, k))

static int numpy(void) {  /* whether there can be NumPy arrays */
    if (ndarray) return 1;
    PyObject *name = PyUnicode_FromString("numpy"), *module = name ? PyImport_GetModule(name) : NULL;
    Py_XDECREF(name);
    if (module) {
        ndarray = (PyTypeObject *)PyObject_GetAttrString(module, "ndarray");
        empty = PyObject_GetAttrString(module, "empty");
        Py_DECREF(module);
    }
    PyErr_Clear();
    return ndarray && empty;
}

static void leave(Room *room) {
    PyMem_RawFree(room->own);
    if (room->view.obj) PyBuffer_Release(&room->view);
}

static int read_number(PyObject *o, char kind, Number *to) {
    if (kind == 'd') {
        if (PyFloat_Check(o)) return to->real = PyFloat_AS_DOUBLE(o), 1;
        to->real = PyLong_Check(o) ? PyLong_AsDouble(o) : -1.0;
        if (to->real == -1.0 && PyErr_Occurred()) return PyErr_Clear(), 0;
        return PyLong_Check(o);
    }
    int beyond = 0;
    to->whole = PyLong_Check(o) ? PyLong_AsLongLongAndOverflow(o, &beyond) : INT64_MAX;
    return !beyond && to->whole <= INT64_C(1) << 53 && to->whole >= -(INT64_C(1) << 53);
}

static int is_list(PyObject *o) { return PyList_Check(o) || PyTuple_Check(o); }

static int read_rows(PyObject *o, char kind, int rank, const int64_t *axes, Number **to) {
    Py_ssize_t n = is_list(o) ? PySequence_Fast_GET_SIZE(o) : -1;
    if (n != axes[0]) return 0;
    PyObject **items = PySequence_Fast_ITEMS(o);
    for (Py_ssize_t k = 0; k < n; k++)
        if (rank > 1 ? !read_rows(items[k], kind, rank - 1, axes + 1, to) : !read_number(items[k], kind, (*to)++)) return 0;
    return 1;
}

static int read_lists(PyObject *o, char kind, int rank, int64_t *axes, Room *room) {  /* an axis under none is -1 */
    Py_ssize_t count = 1;
    PyObject *row = o;
    for (int k = 0; k < rank; k++) {
        if (!row) { axes[k] = -1; continue; }
        if (!is_list(row)) return 0;
        axes[k] = PySequence_Fast_GET_SIZE(row);
        if (axes[k] && count > PY_SSIZE_T_MAX / 8 / axes[k]) return 0;
        count *= axes[k];
        row = axes[k] ? PySequence_Fast_ITEMS(row)[0] : NULL;
    }
    Number *to = room->data = room->own = PyMem_RawMalloc(8 * (size_t)count + 8);
    return to && read_rows(o, kind, rank, axes, &to);
}

static int read_array(PyObject *o, char kind, int rank, int64_t *axes, Room *room, int flags) {
    if (!numpy() || Py_TYPE(o) != ndarray) return 0;
    if (PyObject_GetBuffer(o, &room->view, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT | flags)) return PyErr_Clear(), 0;
    const char *format = room->view.format;
    int fits = strlen(format) == 1 && (kind == 'd' ? *format == 'd' : *format == 'l' || *format == 'q');
    if (!fits || room->view.itemsize != 8 || room->view.ndim != rank || (uintptr_t)room->view.buf % 8) return 0;
    for (int k = 0; k < rank; k++) axes[k] = room->view.shape[k];
    room->data = room->view.buf;
    room->numpy = 1;
    return 1;
}

static int read_input(PyObject *o, char kind, int rank, int64_t *axes, Room *room) {  /* 0: it does not fit */
    if (rank) return is_list(o) ? read_lists(o, kind, rank, axes, room) : read_array(o, kind, rank, axes, room, 0);
    room->data = &room->number;
    return read_number(o, kind, &room->number);
}

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
        while (q < f->ordered && AT(f->names, q) != AT(names, k) && PyUnicode_Compare(AT(f->names, q), AT(names, k))) q++;
        PyObject **place = q < f->ordered ? object + f->order[q] : out;
        if (*place || (q == f->ordered && PyUnicode_Compare(AT(names, k), out_word))) return 0;
        *place = args[n + last + k];
    }
    for (Py_ssize_t k = 0; k < f->inputs; k++)
        if (!object[k] && !(f->held && f->held[k].data) && (object[k] = AT(f->defaults, k)) == Py_None) return 0;
    return 1;
}

/* --- places for what comes out */

static PyObject *given_place(Function *f, Py_ssize_t k, PyObject *out) {  /* the part of `out=` for a place; borrowed */
    if (f->places == f->results) return f->results == 1 ? out : PyTuple_Check(out) && k < PyTuple_GET_SIZE(out) ? AT(out, k) : NULL;
    if (k < f->results) return NULL;
    Py_ssize_t group = f->at[k - f->results], input = f->gradients[k - f->results];
    if (f->groups >= 0) out = PyTuple_Check(out) && group < PyTuple_GET_SIZE(out) ? AT(out, group) : NULL;
    return input < f->parameters ? out && PyDict_Check(out) ? PyDict_GetItem(out, AT(f->keys, input)) : NULL : out;
}

static int overlaps(const Room *a, const Room *b) {
    const char *x = a->data, *y = b->data;
    return b->view.obj && x < y + b->view.len && y < x + a->view.len;
}

static int use_place(Function *f, PyObject *o, int rank, const int64_t *axes, Room *room, Room *first, const Room *end) {
    int64_t found[64];
    int fits = rank && rank < 64 && read_array(o, 'd', rank, found, room, PyBUF_WRITABLE);
    for (int k = 0; fits && k < rank; k++) fits = found[k] == axes[k];
    if (!fits) return PyErr_SetString(f->error, "out: expected writable, contiguous arrays of float64, of the shapes that are returned"), 0;
    for (; first < end; first++)
        if (first != room && overlaps(room, first)) return PyErr_SetString(f->error, "out: an array overlaps another, or an argument"), 0;
    return 1;
}

static int new_place(int rank, const int64_t *axes, Py_ssize_t count, char like_numpy, Room *room) {
    if (!like_numpy) return (room->data = room->own = PyMem_RawMalloc(8 * (size_t)count + 8)) ? 1 : (PyErr_NoMemory(), 0);
    PyObject *shape = PyTuple_New(rank), *array = NULL;
    for (int k = 0; shape && k < rank; k++) PyTuple_SET_ITEM(shape, k, PyLong_FromLongLong(axes[k]));
    if (shape && !PyErr_Occurred()) array = PyObject_CallOneArg(empty, shape);
    int fits = array && !PyObject_GetBuffer(array, &room->view, PyBUF_C_CONTIGUOUS | PyBUF_WRITABLE);
    Py_XDECREF(shape);
    Py_XDECREF(array);  /* the view keeps it */
    room->data = room->view.buf;
    return fits;
}

static PyObject *listed(const double **from, int rank, const int64_t *axes) {
    if (!rank) return PyFloat_FromDouble(*(*from)++);
    PyObject *list = PyList_New((Py_ssize_t)axes[0]);
    for (Py_ssize_t k = 0; list && k < axes[0]; k++) {
        PyObject *item = listed(from, rank - 1, axes + 1);
        if (!item) Py_CLEAR(list);
        else PyList_SET_ITEM(list, k, item);
    }
    return list;
}

static PyObject *result(const Room *room, int rank, const int64_t *axes) {
    const double *from = room->data;
    return room->view.obj ? Py_NewRef(room->view.obj) : listed(&from, rank, axes);
}

static PyObject *returned(Function *f, Room *place, int64_t *axes) {  /* the value, or (value, derivatives) */
    PyObject *value = f->results == 1 ? NULL : PyTuple_New(f->results), *grads = NULL, *dict = NULL, *one = NULL;
    for (Py_ssize_t k = 0; k < f->results; axes += f->place_ranks[k++]) {
        if (!(one = result(place + k, f->place_ranks[k], axes))) goto failed;
        if (f->results == 1) value = one;
        else PyTuple_SET_ITEM(value, k, one);
    }
    if (f->places == f->results) return value;
    if (f->groups < 0 ? !(grads = PyDict_New()) : !(grads = PyTuple_New(f->groups))) goto failed;
    dict = f->groups < 0 ? grads : NULL;
    for (Py_ssize_t k = f->results; k < f->places; axes += f->place_ranks[k++]) {
        Py_ssize_t group = f->at[k - f->results], input = f->gradients[k - f->results];
        if (!(one = result(place + k, f->place_ranks[k], axes))) goto failed;
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
    for (Py_ssize_t k = 0; inputs && k < f->inputs; k++) PyTuple_SET_ITEM(inputs, k, Py_NewRef(object[k] ? object[k] : Py_None));
    if (inputs) Py_XDECREF(PyObject_CallFunction(f->failed, "LLN", (long long)(status / 4), (long long)(status % 4), inputs));
}

static PyObject *run(Function *f, PyObject *const *object, PyObject *out) {  /* NULL without an error: it does not fit */
    Room rooms[f->inputs + f->places + 1], *place = rooms + f->inputs;
    const void *in[f->inputs + 1];
    double *to[f->places + 1];
    int64_t found[f->axes + 1], wanted[f->axes + 1], first[f->inputs + 1], sizes[f->sizes + 1], at = 0, own;
    char any_numpy = 0;
    void *work = NULL;
    PyObject *answer = NULL;
    for (Py_ssize_t k = 0; k < f->inputs + f->places; k++) rooms[k].own = rooms[k].view.obj = NULL, rooms[k].numpy = 0;
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
        PyObject *given = out && out != Py_None ? given_place(f, k, out) : NULL;
        char like_numpy = k < f->results ? any_numpy : rooms[f->gradients[k - f->results]].numpy;
        if (given && given != Py_None ? !use_place(f, given, rank, wanted + at, place + k, rooms, place + k)
            : rank ? !new_place(rank, wanted + at, count, like_numpy, place + k) : !(place[k].data = &place[k].number)) goto done;
        to[k] = place[k].data;
    }
    int64_t status;
    if (f->loops) {
        Py_BEGIN_ALLOW_THREADS
        status = f->entry(in, sizes, to, work);
        Py_END_ALLOW_THREADS
    } else status = f->entry(in, sizes, to, work);
    if (status) report(f, object, status);
    else answer = returned(f, place, wanted + own);
done:
    PyMem_RawFree(work);
    for (Py_ssize_t k = 0; k < f->inputs + f->places; k++) leave(rooms + k);
    return answer;
}

static PyObject *call(PyObject *self, PyObject *const *args, size_t count, PyObject *names) {
    Function *f = (Function *)self;
    PyObject *object[f->inputs + 1], *out = NULL, *answer = NULL;
    memset(object, 0, sizeof object);
    if (match(f, args, PyVectorcall_NARGS(count), names, object, &out)) answer = run(f, object, out);
    if (answer || PyErr_Occurred()) return answer;
    PyObject *inputs = PyObject_Vectorcall(f->slow, args, count, names);  /* which has no use for `out` */
    if (!inputs) return NULL;
    if (!PyTuple_Check(inputs) || PyTuple_GET_SIZE(inputs) != f->inputs) PyErr_SetString(PyExc_RuntimeError, "wrong inputs");
    else answer = run(f, &AT(inputs, 0), out);
    Py_DECREF(inputs);
    if (!answer && !PyErr_Occurred()) PyErr_SetString(f->error, "the arguments do not fit");
    return answer;
}

static int hold(Function *f, PyObject *values) {  /* copies of the inputs that are bound; None for the others */
    f->held = PyMem_Calloc((size_t)f->inputs + 1, sizeof(Room));
    f->held_axes = PyMem_Calloc((size_t)f->axes + 1, sizeof(int64_t));
    if (!f->held || !f->held_axes) return PyErr_NoMemory(), 0;
    int64_t *axes = f->held_axes;
    for (Py_ssize_t k = 0; k < f->inputs; axes += f->ranks[k++]) {
        Room *room = f->held + k;
        if (AT(values, k) == Py_None) continue;
        if (!read_input(AT(values, k), f->kinds[k], f->ranks[k], axes, room)) return PyErr_SetString(f->error, "the arguments do not fit"), 0;
        if (!room->view.obj) continue;
        if (!(room->own = PyMem_RawMalloc((size_t)room->view.len + 8))) return PyErr_NoMemory(), 0;
        room->data = memcpy(room->own, room->view.buf, (size_t)room->view.len);
        PyBuffer_Release(&room->view);
    }
    return 1;
}

static int forget(Function *f) { Py_CLEAR(f->said); return 0; }
static int traverse(Function *f, visitproc visit, void *arg) { Py_VISIT(Py_TYPE(f)); Py_VISIT(f->said); return 0; }
static void dealloc(Function *f) {
    PyTypeObject *type = Py_TYPE(f);
    PyObject_GC_UnTrack(f);
    for (Py_ssize_t k = 0; f->held && k < f->inputs; k++) leave(f->held + k);
    PyMem_Free(f->held);
    PyMem_Free(f->held_axes);
    forget(f);
    PyObject_GC_Del(f);
    Py_DECREF(type);
}

static PyMemberDef members[] = {{"__vectorcalloffset__", T_PYSSIZET, offsetof(Function, vectorcall), READONLY, NULL}, {NULL, 0, 0, 0, NULL}};
static PyType_Slot slots[] = {{Py_tp_call, PyVectorcall_Call}, {Py_tp_members, members}, {Py_tp_dealloc, dealloc},
                              {Py_tp_traverse, traverse}, {Py_tp_clear, forget}, {0, NULL}};
static PyType_Spec spec = {"mgc_caller.Function", sizeof(Function), 0,
                           Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_HAVE_GC, slots};
static PyObject *type;

static PyObject *function(PyObject *module, PyObject *said) {
    (void)module;
    unsigned long long entry, extents;
    Function *f = PyObject_GC_New(Function, (PyTypeObject *)type);
    if (!f) return NULL;
    memset((char *)f + sizeof(PyObject), 0, sizeof *f - sizeof(PyObject));
    f->vectorcall = call;
    f->said = Py_NewRef(said);
    PyObject *held;
    Py_ssize_t inputs, ranks, places, orders, seeds, gradients, at;
    if (!PyArg_ParseTuple(said, "KKpny#y#y#O!O!O!O!y#y#O!y#y#nOOOO", &entry, &extents, &f->loops, &f->results, &f->kinds, &inputs,
            &f->ranks, &ranks, &f->place_ranks, &places, &PyTuple_Type, &f->shown, &PyTuple_Type, &f->keys, &PyFrozenSet_Type,
            &f->declared, &PyTuple_Type, &f->names, &f->order, &orders, &f->seeds, &seeds, &PyTuple_Type, &f->defaults,
            &f->gradients, &gradients, &f->at, &at, &f->groups, &held, &f->slow, &f->failed, &f->error)) goto failed;
    f->ordered = PyTuple_GET_SIZE(f->names);
    f->adjoints = seeds / (Py_ssize_t)sizeof(Py_ssize_t);
    f->entry = (Entry)(uintptr_t)entry;
    f->extents = (Extents)(uintptr_t)extents;
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

static PyObject *symbol(PyObject *module, PyObject *args) {  /* its address */
    (void)module;
    PyObject *handle;
    const char *name;
    if (!PyArg_ParseTuple(args, "Os", &handle, &name)) return NULL;
    void *found = dlsym(PyLong_AsVoidPtr(handle), name);
    if (!found) return PyErr_Format(PyExc_OSError, "no %s in the library", name);
    return PyLong_FromVoidPtr(found);
}

static PyObject *text(PyObject *module, PyObject *address) {
    (void)module;
    const char *found = PyLong_AsVoidPtr(address);
    return found ? PyUnicode_FromString(found) : NULL;
}

static PyMethodDef methods[] = {{"function", function, METH_VARARGS, NULL}, {"library", library, METH_O, NULL},
                                {"symbol", symbol, METH_VARARGS, NULL}, {"text", text, METH_O, NULL}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "mgc_caller", NULL, -1, methods, NULL, NULL, NULL, NULL};
PyMODINIT_FUNC PyInit_mgc_caller(void) {
    if (!(type = PyType_FromSpec(&spec)) || !(out_word = PyUnicode_InternFromString("out"))) return NULL;
    return PyModule_Create(&module);
}
