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
    Py_buffer view;  /* of `view.obj`, where there is one */
    char numpy;      /* whether it was a NumPy array, so that its derivative is one */
} Room;

static PyTypeObject *ndarray;
static PyObject *empty;

static int numpy(void) {  /* whether there can be NumPy arrays */
    if (ndarray) return 1;
    PyObject *module = PyDict_GetItemString(PyImport_GetModuleDict(), "numpy");
    if (!module) return 0;
    empty = PyObject_GetAttrString(module, "empty");
    ndarray = (PyTypeObject *)PyObject_GetAttrString(module, "ndarray");
    return empty && ndarray ? 1 : (PyErr_Clear(), 0);
}

static void leave(Room *room) {
    if (room->own) PyMem_RawFree(room->own);
    if (room->view.obj) PyBuffer_Release(&room->view);
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

static int read_array(PyObject *o, char kind, int rank, int64_t *axes, Room *room, int flags) {
    if (!numpy() || Py_TYPE(o) != ndarray) return 0;
    if (PyObject_GetBuffer(o, &room->view, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT | flags)) return PyErr_Clear(), 0;
    const char *format = room->view.format;
    int fits = strlen(format) == 1 && (kind == 'i' ? *format == 'l' || *format == 'q' : *format == kind);
    size_t bytes = bytes_of(kind);
    if (!fits || (size_t)room->view.itemsize != bytes || room->view.ndim != rank) return 0;
    if ((uintptr_t)room->view.buf % bytes) return 0;
    for (int k = 0; k < rank; k++) axes[k] = room->view.shape[k];
    room->numpy = 1;
    if (kind != 'i') return room->data = room->view.buf, 1;
    room->data = room->own = PyMem_RawMalloc((size_t)room->view.len + 8);
    if (room->own) memcpy(room->own, room->view.buf, (size_t)room->view.len);
    PyBuffer_Release(&room->view);
    return room->own != NULL;
}

static int read_input(PyObject *o, char kind, int rank, int64_t *axes, Room *room) {  /* 0: it does not fit */
    if (rank) return is_list(o) ? read_lists(o, kind, rank, axes, room) : read_array(o, kind, rank, axes, room, 0);
    room->data = &room->number;
    return read_number(o, kind, &room->number);
}
