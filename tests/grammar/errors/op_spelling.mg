op f(x):
    native c to fabs
    dx = 1
