# Operations of the model's own: the derivative is what the row says.
op cube(x): dx = 3*x**2
    return x*x*x

op smooth_abs(x, eps):
    "sqrt(x**2 + eps), and flat in eps by declaration."
    dx = x/smooth_abs(x, eps)
    return sqrt(x*x + eps)

op step_up(x): dx = 0
    return 1 if x > 0 else 0

op product3(a, b, c): da = b*c
    db = a*c
    dc = a*b
    t = a*b
    return t*c

def uses(x, y):
    return cube(x + y)*cube(y) + step_up(x)*y

def elementwise(x[n]):
    return sum(cube(x)) + sum(product3(x[i], x[0], 2) for i)
