def f(x[n], m[n]: int): return sum(x), [[x[i] for j in range(m[i])] for i]
