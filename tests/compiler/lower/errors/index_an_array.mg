def f(x[n], tok[m]: int):
    return sum(x[tok])
