def f(x):
    y = g(x,
          h(x)
    z = 3
    return y + z
