y = sin(x)
