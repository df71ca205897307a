op f(x):
    accurate dz = 3
