# Every reduction, over one index and several, with filters and ranges that depend on outer indices.
def sums(A[m, n]):
    return sum(A[i, j]**2*sin(A[i, j]) for i, j)

def means(A[m, n]):
    return mean(exp(A[i, j]) for i for j) + mean(A)

def products(x[n]):
    return prod(1 + 0.5*x[i]**2 for i) + prod(x)

def extrema(x[n], y[n]):
    return max(x) + min(x[i]*y[i] for i) + max(x[0], y[0], 0.1) - min(x[1], y[1])

def triangle(L[n, n]):
    return sum(L[i, j]*L[j, i] for i in range(n) for j in range(i)) + sum(L[i, j]**3 for i in range(n) for j in range(i + 1, n))

def pairs(x[n]):
    return sum(1/(1 + (x[i] - x[j])**2) for i, j if i != j) + sum((x[i] - x[j])**2 for i, j if j > i)

def filtered(x[n], y[n]):
    return sum(x[i]*y[i] for i if x[i] > 0) + prod(y[i] for i if y[i] < 0) + mean(x[i]**2 for i if y[i] > -9)

def largest_under_condition(x[n]):
    return max(x[i] for i if x[i] < 0.5) + min(x[i] for i if x[i] > -2)

def nested_sums(A[m, n], x[n]):
    return sum(exp(sum(A[i, j]*x[j] for j)) for i)

def sum_of_sums(A[m, n]):
    rows = [sum(A[i, j] for j) for i]
    return sum(rows[i]**2 for i) + sum(rows)**2

def counted(x[n]):
    return sum(x[i] > 0 for i) + mean(x[i] > 0 for i)

def places(x[n]):
    return argmax(x) + 10*argmin(x[i]**2 for i)
