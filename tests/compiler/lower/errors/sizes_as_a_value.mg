layer deep[*widths](x[n]):
    return widths*sum(x)

model f(x[2]):
    return deep[1, 2](x)
