def f(x[n]):
    return [x[0]*j for j in range(argmax(x))]
