op f(x):
    native fortran
    dx = 1
