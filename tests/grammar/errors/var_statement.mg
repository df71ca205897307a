def f(x):
    var y = x
    return y
