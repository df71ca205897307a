def f(x[n]): return softmax(x, dim=-1)
