def f(x):
    const c = 3
    return x
