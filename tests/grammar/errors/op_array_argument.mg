op f(x[n]): dx = 3
