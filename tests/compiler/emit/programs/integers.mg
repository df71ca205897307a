# Whole numbers as arguments: gathers, sizes in formulas, conditions on indices.
def embedding(E[v, d], tok[t]: int):
    return sum(E[tok[s], j]**2*(s + 1) for s, j)

def looked_up(E[v, d], tok[t]: int):
    return [E[tok[s], j] for s, j]

def picked(x[n], k: int):
    return x[k]**2 + exp(x[k + 1])

def repeated(x[n], idx[m]: int):
    return prod(1 + x[idx[i]]**2 for i)

def sizes(x[n], A[n, m]):
    return sum(x)/n + n*m*sum(A)/(n + m) + (n // 2)*x[0] + x[n - 1]*x[n//2]

def packed(l[d*(d+1)/2], x[d]):
    return sum(l[i*(i+1)/2 + j]*x[i]*x[j] for i in range(d) for j in range(i + 1))

def positions(x[n]):
    return sum(i*x[i] + x[i]**i for i) + sum((x[i] if i % 2 == 0 else -2*x[i]**2) for i)

def confusion(x[n], label[n]: int):
    return sum((x[i]**2 if label[i] == 1 else x[i]) for i)
