def f(x):
    for t in range(3):
        "doc"
        x = x + t
    return x
