# Whole arrays: elementwise operators, products, transposes, slices, literals, rows.
def axpy(a, x[n], y[n]):
    return a*x + y

def outer(x[m], y[n]):
    return [x[i]*y[j] for i, j]

def affine(W[m, n], x[n], b[m]):
    return W @ x + b

def chain(A[m, n], B[n, k], x[k]):
    return A @ (B @ x)

def product(A[m, n], B[n, k]):
    return A @ B

def twice(A[n, n], x[n]):
    return A @ (A @ x)

def quadratic(A[n, n], x[n]):
    return x @ A @ x

def gram(A[m, n]):
    return A.T @ A

def residual(A[m, n], x[n], b[m]):
    r = A @ x - b
    return sum(r**2) / 2

def bilinear(x[m], A[m, n], y[n]):
    return sum((x @ A)*y) + sum(A.T @ x)

def trailing(A[m, n], x[n]):
    return sum((A + x)**2*x)

def slices(x[n]):
    return sum((x[1:] - x[:-1])**2) + sum(x[::2]**3) + x[-1]*x[0]

def rows(A[m, n]):
    return sum(dot(A[i], A[0]) for i) + sum(A[1])

def columns(A[m, n]):
    return sum(A[:, 0]*A[:, 1]) + sum(A.T[0])

def literals(a, b):
    v = [a, b, a*b, 1]
    M = [[a, b], [b, 2*a]]
    return sum(v**2) + sum(M @ [b, a]) + v[2]

def shifted(x[n]):
    return sum(x[i + 1]*x[i] for i in range(n - 1)) + sum(x[2*i] for i in range((n + 1)//2))
