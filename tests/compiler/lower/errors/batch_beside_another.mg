def f(X[n, d], w[d]): return dot(X, w)
