# Small fixed loops, which --unroll writes out.
def rotation(a, v[3]):
    M = [[cos(a), -sin(a), 0], [sin(a), cos(a), 0], [0, 0, 1]]
    return M @ v

def fixed(x[3], A[3, 2]):
    return sum(x[i]*A[i, j]**(j + 1) for i, j)

def horner(c[4], x):
    return c[0] + x*(c[1] + x*(c[2] + x*c[3]))

def small_softmax(x[3]):
    p = softmax(x)
    return -sum(p[i]*log(p[i]) for i)

def triangular(x[4]):
    return sum(x[i]*x[j] for i in range(4) for j in range(i))

def mixed(X[n, 2], w[2]):
    return mean(exp(X[i] @ w) for i)
