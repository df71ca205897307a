def f(x):
    for i in x: return x
    for i: x = 3
