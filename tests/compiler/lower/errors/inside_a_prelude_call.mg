def f(A[m, n]):
    return logsumexp(A)
