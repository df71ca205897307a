/* How a Python object is read as numbers in memory: a float, an integer, nested lists, or a NumPy array, of which floats
   are used where they lie and integers copied. `kind` is 'd' for double, 'f' for float, 'i' for int64_t. Each `read_`
   answers 0 where it does not fit. None of them runs Python code. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>

typedef union { double real; float single; int64_t whole; } Number;
typedef struct {  /* where the numbers of an input or of a place lie: here, in memory of our own, or in an array */
    void *data, *own;
    Number number;
    PyObject *array;   /* where it is one: while it is held, nobody resizes it */
    Py_ssize_t bytes;  /* of the array */
    char numpy;        /* whether it was a NumPy array, so that its derivative is one */
} Room;

typedef struct {  /* how NumPy's stable ABI begins an array, for all that is compiled against it */
    PyObject_HEAD
    void *data;
    int axes;
    Py_ssize_t *shape, *strides;
    PyObject *base, *dtype;
    int flags;
} Array;
enum { BY_ROWS = 1, ALIGNED = 0x100, WRITABLE = 0x400 };  /* flags */

static PyTypeObject *ndarray;
static PyObject *empty, *doubles, *singles, *wholes;  /* the dtypes: those of other arrays are found in a longer way */

static PyObject *dtype_of(const char *name) {  /* NULL where an array does not begin so */
    PyObject *one = PyObject_CallFunction(empty, "(ii)s", 2, 3, name), *dtype = NULL;
    Py_buffer view;
    if (one && !PyObject_GetBuffer(one, &view, PyBUF_C_CONTIGUOUS)) {
        Array *array = (Array *)one;
        int is_so = array->data == view.buf && array->axes == 2 && array->shape[0] == 2 && array->shape[1] == 3
                    && array->flags & BY_ROWS && array->flags & ALIGNED && array->flags & WRITABLE;
        PyObject *found = PyObject_GetAttrString(one, "dtype");
        if (is_so && found == array->dtype) dtype = Py_NewRef(found);
        Py_XDECREF(found);
        PyBuffer_Release(&view);
    }
    Py_XDECREF(one);
    return PyErr_Clear(), dtype;
}

static int numpy(void) {  /* whether there can be NumPy arrays */
    if (ndarray) return 1;
    PyObject *module = PyDict_GetItemString(PyImport_GetModuleDict(), "numpy");
    if (!module) return 0;
    empty = PyObject_GetAttrString(module, "empty");
    PyObject *type = PyObject_GetAttrString(module, "ndarray");
    if (!empty || !type) return PyErr_Clear(), 0;
    doubles = dtype_of("float64");
    singles = dtype_of("float32");
    wholes = dtype_of("int64");
    return ndarray = (PyTypeObject *)type, 1;
}

static void leave(Room *room) {
    if (room->own) PyMem_RawFree(room->own);
    Py_XDECREF(room->array);
}

static size_t bytes_of(char kind) { return kind == 'f' ? sizeof(float) : 8; }

static int read_number(PyObject *o, char kind, void *to) {
    if (kind != 'i') {
        double real = PyFloat_Check(o) ? PyFloat_AS_DOUBLE(o) : PyLong_Check(o) ? PyLong_AsDouble(o) : -1.0;
        if (real == -1.0 && PyErr_Occurred()) return PyErr_Clear(), 0;
        if (kind == 'd') *(double *)to = real;
        else *(float *)to = (float)real;
        return PyFloat_Check(o) || PyLong_Check(o);
    }
    int beyond = 0;
    int64_t whole = PyLong_Check(o) ? PyLong_AsLongLongAndOverflow(o, &beyond) : INT64_MAX;
    *(int64_t *)to = whole;
    return !beyond && whole <= INT64_C(1) << 53 && whole >= -(INT64_C(1) << 53);
}

static int is_list(PyObject *o) { return PyList_Check(o) || PyTuple_Check(o); }

static int read_rows(PyObject *o, char kind, int rank, const int64_t *axes, char **to) {
    if (!is_list(o) || PySequence_Fast_GET_SIZE(o) != axes[0]) return 0;
    PyObject **items = PySequence_Fast_ITEMS(o);
    for (Py_ssize_t k = 0; k < axes[0]; k++) {
        if (!(rank > 1 ? read_rows(items[k], kind, rank - 1, axes + 1, to) : read_number(items[k], kind, *to))) return 0;
        if (rank == 1) *to += bytes_of(kind);
    }
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
    char *to = room->data = room->own = PyMem_RawMalloc(8 * (size_t)count + 8);
    return to && read_rows(o, kind, rank, axes, &to);
}

static int lies_so(PyObject *o, char kind, int rank, int64_t *axes, Room *room, int writable) {  /* an array, by rows */
    PyObject *dtype = kind == 'd' ? doubles : kind == 'f' ? singles : wholes;
    const Array *array = (const Array *)o;
    Py_buffer view;
    if (dtype && array->dtype == dtype) {
        int needed = BY_ROWS | ALIGNED | (writable ? WRITABLE : 0);
        if ((array->flags & needed) != needed || array->axes != rank) return 0;
        room->bytes = (Py_ssize_t)bytes_of(kind);
        for (int k = 0; k < rank; k++) room->bytes *= axes[k] = array->shape[k];
        room->data = array->data;
        return 1;
    }
    if (PyObject_GetBuffer(o, &view, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT | (writable ? PyBUF_WRITABLE : 0)))
        return PyErr_Clear(), 0;
    int fits = strlen(view.format) == 1 && (kind == 'i' ? strchr("lq", *view.format) != NULL : *view.format == kind);
    fits = fits && (size_t)view.itemsize == bytes_of(kind) && view.ndim == rank && !((uintptr_t)view.buf % bytes_of(kind));
    for (int k = 0; fits && k < rank; k++) axes[k] = view.shape[k];
    room->bytes = view.len;
    room->data = view.buf;
    return PyBuffer_Release(&view), fits;
}

static int read_array(PyObject *o, char kind, int rank, int64_t *axes, Room *room, int writable) {
    if (!numpy() || Py_TYPE(o) != ndarray || !lies_so(o, kind, rank, axes, room, writable)) return 0;
    room->numpy = 1;
    if (kind != 'i') return room->array = Py_NewRef(o), 1;
    const void *from = room->data;
    room->data = room->own = PyMem_RawMalloc((size_t)room->bytes + 8);
    if (room->own) memcpy(room->own, from, (size_t)room->bytes);
    return room->own != NULL;
}

static int read_input(PyObject *o, char kind, int rank, int64_t *axes, Room *room) {  /* 0: it does not fit */
    if (rank) return is_list(o) ? read_lists(o, kind, rank, axes, room) : read_array(o, kind, rank, axes, room, 0);
    room->data = &room->number;
    return read_number(o, kind, &room->number);
}
