def distances(r[n, 3], s):
    i = range(0, n, 1)
    k = range(0, 3, 3)
    k__2 = range(0, 3, 4)
    j = range(0, i, 2)
    t_1 = sum((r[i, k] - r[j, k])**2 for k)
    t_2 = sum((r[i, k__2] - r[j, k__2])**2 for k__2)
    t_3 = sum((s/t_1)**6 - (s/t_2)**3 for i, j)
    return t_3
