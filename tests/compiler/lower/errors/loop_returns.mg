layer deep[*widths](x[n]):
    for m in widths:
        return x
    return x

model f(x[2]):
    return deep[1, 2](x)
