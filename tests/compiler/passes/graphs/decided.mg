def f(x, y):
    t = x > 0.0
    inner = log(x) if t else y
    t_1 = t and y < 1.0
    both = 1.0 if t_1 else 2.0
    t_2 = inner*both if t else 0.0
    return t_2
