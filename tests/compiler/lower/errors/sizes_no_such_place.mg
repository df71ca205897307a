layer deep[*widths](x[n]):
    return linear[widths[5]](x)

model f(x[2]):
    return deep[1, 2](x)[0]
