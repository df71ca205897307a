# Several results, arrays as results, definitions that call each other, defaults and keywords.
def polar(x, y):
    return sqrt(x**2 + y**2 + 1), atan2(y, x)

def rotated(x, y, angle = 0.5):
    c = cos(angle)
    s = sin(angle)
    return c*x - s*y, s*x + c*y

def both(x, y):
    r, phi = polar(x, y)
    u, v = rotated(r, phi, angle = x)
    return u*v + r

def statistics(x[n]):
    centre = mean(x)
    return centre, sum((x - centre)**2)/n, x - centre

def standardised(x[n]):
    centre, variance, rest = statistics(x)
    return rest / sqrt(variance + 1e-3)

def step(x[n], v[n], dt = 0.1):
    a = -x
    w = v + dt*a
    return x + dt*w, w

def rowwise(X[n, d]):
    return [standardised(X[i])[0]*norm(X[i]) for i]

def energy(x[n], v[n]):
    y, w = step(x, v)
    z, u = step(y, w, dt = 0.2)
    return sum(z*z + u*u)
