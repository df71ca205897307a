def f(x):
    y = if x > 0 then x else -x
    return y
