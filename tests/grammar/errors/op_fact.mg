op f(x): fast
    dx = 1
