# What a definition requires of its arguments is checked first, in values and in derivatives.
const low = -2

param scale = 2

def lengths(mat[n]):
    require mat > low
    return sum(sqrt(mat[i] - low) for i)

def ordered(q[n], k: int, a = 2):
    """A place among numbers that hardly fall."""
    require n > 1 and 0 <= k < n
    require q[i] < q[i+1] + 4 for i in range(n - 1)
    require a > low or q[0] > 3
    require scale > 0
    return a*scale*q[k]

def shares(p[n, m], w[m]):
    require p >= low
    require sum(p[i, j] for j) <= 100 for i
    require max(w) < 10 and not (w[0] == 7)
    return p @ w

def inside(x):
    require low < x < 2
    return lengths([1 - x, 1 + x])

model line(x):
    """A model may require, too."""
    require x != 9
    param w = 3
    return w/(x - 9)
