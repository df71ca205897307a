def f(x): return x +
const = 3
def g(x):
    return x ** ** 2
def ok(x): return x
layer l[m](x: float[m]): return x
