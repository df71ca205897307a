def f(x): return f"abc"
