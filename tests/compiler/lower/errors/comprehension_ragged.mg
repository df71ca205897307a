def f(x[n]):
    return [x[i]*x[j] for i in range(n) for j in range(i)]
