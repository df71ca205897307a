def f(x[d], mu[d]):
    r = range(d)
    j = range(d)
    c = range(0, r)
    gap = exp(x[r] - mu[r])
    t_1 = sum(exp(x[j] - mu[j]) for j)
    pairs = sum(gap*x[c] for c)
    t_2 = sum(gap*pairs for r)
    return t_1, t_2
