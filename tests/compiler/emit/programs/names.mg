# Names that Python, C or the emitted code itself has other plans for.
def lambda_(lambda, class):
    del = lambda*class
    double = del**2
    return double + lambda

def print(int, float, len):
    list = [int, float, len]
    range_ = sum(list[global]**2 for global)
    return range_*int

def grads(model, out, dout, t):
    dt = model*out
    return dt*dout + t**2

def shadow(math, exp_, dmath):
    return exp(math)*sin(dmath)*exp_

def element(n[i], i_2):
    j = sum(n[k]*n[k] for k)
    return sum(j*n[j_] for j_)*i_2
