def f(x, y):
    t = x > 0.0
    inner = log(x)
    both = 1.0 if y < 1.0 else 2.0
    t_1 = inner*both if t else 0.0
    return t_1
