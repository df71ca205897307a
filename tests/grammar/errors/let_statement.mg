def f(x):
    let y = x
    return y
