model f(x):
    self.w = 3
    return x
