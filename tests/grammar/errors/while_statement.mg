def f(x):
    while x: x = 3
