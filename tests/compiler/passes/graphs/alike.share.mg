def f(x[d], mu[d]):
    r = range(d)
    j = range(d)
    c = range(r)
    gap = exp(x[r] - mu[r])
    t_1 = [gap for r]
    t_2 = sum(t_1[j] for j)
    pairs = sum(gap*x[c] for c)
    t_3 = sum(gap*pairs for r)
    return t_2, t_3
