def f(x):
    return x*zzz
