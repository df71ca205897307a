op f(x):
    native python
    native c
    dx = 1
