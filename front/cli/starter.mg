# starter.mg: two inputs, one hidden layer, a score whose sign is the class
#   mgc show starter.mg --fn loss
#   mgc eval starter.mg loss 'X=[[1, 2], [-1, 0.5]]' 'y=[1, -1]'
#   mgc train starter.mg --loss loss --data DATA.csv --metric accuracy     (columns X0, X1, y)

const hidden = 8

layer dense[m](x[n]):
    param W[m, n] = uniform(-1, 1)
    param b[m] = 0
    return W @ x + b

model score(x[2]):
    h = tanh(dense[hidden](x))
    return dense[1](h)[0]

def loss(X[n, 2], y[n], alpha = 1e-4):
    """The mean logistic loss over labels -1 and 1, and a little weight decay."""
    data = mean(softplus(-y[i]*score(X[i])) for i)
    return data + alpha*sum(p**2 for p in params)

def accuracy(X[n, 2], y[n]):
    """The share of points on the right side."""
    return mean((score(X[i]) > 0) == (y[i] > 0) for i)
