import "../secret.mg"
def f(x): return x
