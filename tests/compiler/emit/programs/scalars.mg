# Numbers alone: shared subexpressions, powers, quotients, signs and parentheses.
def polynomial(x):
    return 3*x**4 - 2*x**3 + x**2 - 7

def quotient(x, y):
    "A docstring reaches the emitted function."
    return (x + 2) / (y**2 + 1) - x/(y**2 + 1)

def parentheses(a, b, c):
    return a - (b - c) + a*(b + c) - -a**2 + (-b)**2 - a*(b*c) - (a + b)*(a - c)

def gaussian(x, mu, log_sigma):
    z = (x - mu)*exp(-log_sigma)
    return -0.5*z**2 - log_sigma - 0.5*log(2*pi)

def chained(x):
    y = sin(x)
    y = y*exp(y)
    y = tanh(y + x)
    return y*y

def unused(x, y, z):
    dead = x*y
    return sin(z)
