model f(x[2]):
    return linear[0](x)
