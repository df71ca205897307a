def f(X[n, d]): return X[i, 0]
