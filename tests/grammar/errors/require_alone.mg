def f(x): require x > 0
