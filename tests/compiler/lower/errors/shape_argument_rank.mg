def g(x[n]):
    return sum(x)

def f(A[m, n]):
    return g(A)
