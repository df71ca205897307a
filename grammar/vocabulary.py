"""What other languages write -> what to write here: the tables behind the hints of messages.

>>> NAMES["ln"]
'the natural logarithm is `log(x)`'
"""

from __future__ import annotations

# --- signs that the language lacks

SIGNS = {
    "^": "a power is written `x**2`",
    "**=": "write `x = x**2`",
    "&": "write `a and b`",
    "&&": "write `a and b`",
    "|": "write `a or b`; an absolute value is `abs(x)`",
    "||": "write `a or b`",
    "~": "write `not a`",
    "!": "write `not a`, or `a != b`",
    "<>": "write `a != b`",
    "===": "write `a == b`",
    "!==": "write `a != b`",
    "?": "a choice is written `a if c else b`",
    ";": "each statement has a line of its own",
    "->": "the type of a result is not written",
    ":=": "assign on a line of its own: `x = ...`",
    "{": "an array is written `[a, b, c]`",
    "}": "an array is written `[a, b, c]`",
    "\\": "a backslash continues a line only where it is the last character of it",
    "<<": "write `x * 2**n`",
    ">>": "write `x // 2**n`",
    "\u00d7": "a product is written `*`",
    "\u00b7": "a product is written `*`",
    "\u00f7": "a quotient is written `/`",
    "\u2212": "a minus sign is written `-`",
    "\u2013": "a minus sign is written `-`",
    "\u2264": "write `<=`",
    "\u2265": "write `>=`",
    "\u2260": "write `!=`",
    "\u00b2": "a square is written `x**2`",
    "\u00b3": "a cube is written `x**3`",
    "\u221a": "write `sqrt(x)`",
    "\u2211": "a sum is written `sum(e for i)`",
    "\u220f": "a product is written `prod(e for i)`",
    "\u221e": "write `inf`",
    "\u2032": "the transpose is written `A.T`",
}

# --- words that open a statement

STATEMENTS = {
    "if": "a choice is an expression: `y = a if c else b`",
    "elif": "a choice is an expression: `y = a if c else b if d else e`",
    "else": "a choice is an expression: `y = a if c else b`",
    "while": "reduce over a range, sum(x[t] for t in range(T)), or build an array, [x[t] for t in range(T)]",
    "class": "a network is written `model net(x[2]): ...`, with its parameters: `param w[2] = 0`",
    "using": "functions such as `sin(x)` need no import",
    "include": 'a model file is taken in whole: `import "file.mg"`',
    "from": 'functions such as `sin(x)` need no import; a model file is taken in whole: `import "file.mg"`',
    "end": "a block ends where its indentation does",
    "with": "nothing has to be opened or closed in a model",
    "try": "a choice is an expression: `y = a if c else b`",
    "except": "a choice is an expression: `y = a if c else b`",
    "finally": "nothing has to be opened or closed in a model",
    "raise": "what arguments must be is said first: `require x > 0`",
    "assert": "what arguments must be is said first: `require x > 0`",
    "match": "a choice is an expression: `y = a if c else b`",
    "pass": "a body returns a value: `return x`",
    "break": "a loop runs to its end: choose with `a if c else b`",
    "continue": "choose with `a if c else b`, or filter with `for i if c`",
    "let": "a name is made by assigning to it, `x = ...`, and a constant of the file by `const k = 3`",
    "del": "names need no deleting",
    "global": "a `const` or a `param` at file level is seen everywhere",
    "nonlocal": "a `const` or a `param` at file level is seen everywhere",
    "yield": "return an array: `return [e for i]`",
    "async": "a model computes, it does not wait",
    "await": "a model computes, it does not wait",
    "print": "a model computes and returns: look at values with `return`",
}

# --- functions and values; what differs from a name of the language by its case or a slip needs no row

_SIZE = "a size is a name that an argument binds: `n` in `def f(x[n])`"
_NORMAL = "write `normal(0, 1)` after a `param`"
_UNIFORM = "write `uniform(0, 1)` after a `param`"
_FILL = "an array is written `[0 for i in range(n)]`, and a param begins as `param w[n] = 0`"
_JOIN = "write `[x[i] if i < n else y[i - n] for i in range(n + m)]`"
_SUMS = "write `[sum(x[j] for j in range(i + 1)) for i in range(n)]`"
_ORDER = "nothing sorts: there are `max(x)`, `min(x)` and `argmax(x)`"
_LINEAR = "of linear algebra there are `A @ x`, `A.T` and what sums can write"
_CLIP = "write `clip(x, a, b)`"
_DERIVATIVE = "return the value: what is derived is the result, by each argument"
_CHOICE = "a choice is written `a if c else b`"
_INDICES = "an array is made by its indices: `[x[i, j] for j, i]`"
_TRUTH = "write 1 and 0, and ask with `flag == 1`"
_NOTHING = "there is no missing value: leave it out, or name the indices, `[x[i]*y[j] for i, j]`"

NAMES = {
    "ln": "the natural logarithm is `log(x)`",
    "len": _SIZE,
    "size": _SIZE,
    "shape": _SIZE,
    "power": "a power is written `x**y`",
    "sqr": "a square is written `x**2`",
    "square": "a square is written `x**2`",
    "sgn": "the sign is `sign(x)`",
    "arctan2": "write `atan2(y, x)`",
    "average": "write `mean(x)`",
    "amax": "write `max(x)`",
    "maximum": "write `max(a, b)`",
    "minimum": "write `min(a, b)`",
    "var": "write `mean((x[i] - mean(x))**2 for i)`",
    "where": _CHOICE,
    "select": _CHOICE,
    "cond": _CHOICE,
    "matmul": "a product of arrays is written `A @ x`",
    "mm": "a product of arrays is written `A @ x`",
    "outer": "write `[x[i]*y[j] for i, j]`",
    "einsum": "write the sum out: `[sum(A[i, k]*B[k, j] for k) for i, j]`",
    "transpose": "the transpose is `A.T`",
    "reshape": _INDICES,
    "permute": _INDICES,
    "view": _INDICES,
    "flatten": _INDICES,
    "concat": _JOIN,
    "concatenate": _JOIN,
    "cat": _JOIN,
    "hstack": _JOIN,
    "stack": "an array of arrays is written `[x, y]`",
    "vstack": "an array of arrays is written `[x, y]`",
    "arange": "write `[i for i in range(n)]`",
    "linspace": "write `[a + (b - a)*i/(n - 1) for i in range(n)]`",
    "eye": "write `[1 if i == j else 0 for i in range(n) for j in range(n)]`",
    "ones": _FILL,
    "full": _FILL,
    "randn": _NORMAL,
    "gauss": _NORMAL,
    "gaussian": _NORMAL,
    "rand": _UNIFORM,
    "xavier": _UNIFORM.replace("0, 1", "-0.1, 0.1"),
    "glorot": _UNIFORM.replace("0, 1", "-0.1, 0.1"),
    "kaiming": _NORMAL.replace("0, 1", "0, 0.1"),
    "random": _UNIFORM,
    "enumerate": "an index is a number already: `sum(i*x[i] for i)`",
    "zip": "arrays share an index: `sum(x[i]*y[i] for i)`",
    "stop_gradient": "write `detach(x)`",
    "True": _TRUTH,
    "False": _TRUTH,
    "None": _NOTHING,
    "newaxis": _NOTHING,
    "end": "the last entry is `x[-1]`",
    "self": "a parameter needs no `self`: `param w[n] = 0`, and `w` from there on",
    "cumsum": _SUMS,
    "cumprod": _SUMS.replace("sum(", "prod("),
    "sort": _ORDER,
    "argsort": _ORDER,
    "topk": _ORDER,
    "inv": _LINEAR,
    "det": _LINEAR,
    "solve": _LINEAR,
    "dropout": "nothing is random in a model: take the mask as an argument, `x*mask`",
    "clamp": _CLIP,
    "diff": _DERIVATIVE,
    "gradient": _DERIVATIVE,
    "backward": _DERIVATIVE,
}
