model f(x[n]):
    return linear(4)(x)[0]
