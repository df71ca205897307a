# Results that are arrays, or several: vector-Jacobian products; products, powers, slices.
def attention(q[d], K[n, d], V[n, d]):
    weight = softmax([sum(q[j]*K[i, j] for j) for i])
    return [sum(weight[i]*V[i, j] for i) for j]

def two(A[m, n], x[n]):
    y = A @ x
    return tanh(y), sum(y**2)

def products(x[n], a):
    return prod(1 + a*x[i]**2 for i) + prod(x) + a**x[0]

def neighbours(x[n]):
    return sum(x[1:]*x[:-1]) + sum((x[i] - x[j])**2/(1 + x[i]**2) for i, j if i != j)

def powers(a, b):
    return a**b + a**-2/b - sqrt(a)*b**3
