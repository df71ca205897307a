def distances(r[n, 3], s):
    i = range(0, n, 1)
    k = range(0, 3, 3)
    j = range(0, i, 2)
    t_1 = sum((r[i, k] - r[j, k])**2 for k)
    t_2 = s/t_1
    t_3 = sum(t_2**6 - t_2**3 for i, j)
    return t_3
