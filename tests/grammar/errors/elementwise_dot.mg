def f(x[n], y[n]): return x .* y
