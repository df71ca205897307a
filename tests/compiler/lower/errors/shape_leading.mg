def f(A[m, n], v[m]):
    return sum(A*v)
