def f(A[m, n], x[m]): return A' @ x
