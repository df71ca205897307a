def f(x): Return x
