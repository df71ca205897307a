# Branches: with sharing between the arms, in loops, nested, with conditions joined.
def arms(a, b):
    c = a*b
    d = sin(c) if a > 0 else c**3
    return d*(exp(d) if b > 0 and d < 2 or a < -1 else c)

def in_loop(x[n], a):
    return sum(x[i]**2*a if x[i] > 0 else x[i]/a for i)

def nested(x[n], a):
    return sum((x[i]*x[j] if x[j] > a else a**2) if x[i] < 1 else x[i] for i for j in range(i))

def filtered(x[n], y[n]):
    return sum(x[i]*y[i] for i if x[i] > 0) + mean(x[i]**2 for i if y[i] > -9)
