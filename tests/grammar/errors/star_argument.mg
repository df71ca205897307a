def f(*args): return 3
