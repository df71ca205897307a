const c = 1
const c = 2
def f(x): return c*x
