op f(x): dz = 3
