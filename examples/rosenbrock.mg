# mgc eval examples/rosenbrock.mg rosenbrock 'x=[-1.2, 1, 1]'
#
# Rosenbrock's banana valley in any number of dimensions: the least value, 0, is at (1, ..., 1).

def rosenbrock(x[n]):
    return sum(100*(x[i+1] - x[i]**2)**2 + (1 - x[i])**2 for i in range(n - 1))
