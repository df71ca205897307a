def f(x[n]):
    return max(x[i] > 0 for i)
