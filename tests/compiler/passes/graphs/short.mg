def f(x[3], y[n]):
    i = range(3)
    k = range(n)
    total = sum(x[i]**2 for i)
    scaled = [total*y[k]*x[0] for k]
    squares = [x[i]**2 for i]
    return scaled, squares
