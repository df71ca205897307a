def f(A[m, 1], B[m, n]):
    return sum(A + B)
