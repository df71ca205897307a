def f(p[p]: int):
    return sum(p[i] for i)

def g(x[2*m], m[n]):
    return sum(x)

layer h(x[x]):
    return sum(x)

model k(x[n]):
    return h(x)
