# Kinks: ties, zeros and bounds.
def extrema(x[n], y[n]):
    return max(x) + min(x[i]*y[i] for i) + max(x[0], y[0], 0.1)

def corners(a, b, c):
    return abs(a*b) + clip(a, b, c) + relu(a - b)*min(a, c) + max(b*c, 1)

def lengths(a, b, v[n]):
    return hypot(a, b)*atan2(a, b) + norm(v)

def steps(a, b):
    return copysign(a, b)*floor(a) + (a % b)*sign(b) + leaky_relu(a)
