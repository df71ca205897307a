# One array read in several places at once: its indices must never be taken for each other.
def squared(A[n, n]):
    return A @ A

def cubed(A[n, n]):
    return sum(A @ A @ A)

def power_of_sum(A[n, n], x[n]):
    y = A @ x
    return sum((A @ y)*(A.T @ y))

def symmetric(A[n, n]):
    return sum((A + A.T)*(A - A.T @ A))

def reused(x[n]):
    y = [sum(x[i]*x[j] for j) for i]
    z = [sum(y[i]*y[j]*x[i] for i) for j]
    return sum(z[i]*y[j] for i, j) + sum(z @ y for i in range(2))

def nested(x[n]):
    y = sin(x)
    return sum(y[i]*sum(y[j]*sum(y[k]*y[i] for k) for j) for i)

def swapped(A[n, n]):
    B = [A[j, i]*A[i, j] for i, j]
    C = [B[j, i] + B[i, i] for i, j]
    return sum(C[i, j]*B[j, j]*C[j, i] for i, j)

def double(x):
    return [x*k for k in range(3)]

def called_twice(x, y):
    a = double(x)
    b = double(y)
    return sum(a[i]*b[j] for i, j) + sum(a*b)

def distances(x[n, d]):
    return sum(sqrt(sum((x[i, k] - x[j, k])**2 for k) + 1) for i, j)

def attention(Q[t, d], K[s, d], V[s, d]):
    return [sum(softmax([dot(Q[i], K[j])/sqrt(d) for j])[j]*V[j, c] for j) for i for c in range(d)]

def stored_row(x[k, d]):
    return logsumexp(sum(sin(x[c, r])**2 for r) for c)

def kernel(x[n], y[n], c):
    G = [exp(-c*(x[i] - x[j])**2) for i, j]
    return y @ (G @ (G @ y))
