const a = b
const b = a
def f(x): return a*x
