def f(A[n, n]):
    return sum(A[i, i] for i, i)
