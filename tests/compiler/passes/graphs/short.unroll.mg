def f(x[3], y[n]):
    k = range(n)
    t_1 = x[0]
    t_2 = t_1**2
    t_3 = x[1]**2
    t_4 = x[2]**2
    total = t_2 + t_3 + t_4
    scaled = [total*y[k]*t_1 for k]
    squares = [t_2, t_3, t_4]
    return scaled, squares
