# Only the arm that is taken is evaluated and differentiated.
def huber(x, delta = 1):
    return 0.5*x**2 if abs(x) <= delta else delta*(abs(x) - 0.5*delta)

def guarded_log(x):
    return log(x) if x > 0 else -x

def nested(x, y):
    return (x*y if y > 0 else x - y) if x > 0 else (exp(x) if y < -0.5 else x**3)

def shared_condition(x, y):
    a = x*x if x > y else y
    b = sin(y) if x > y else cos(x)
    return a*b

def logic(x, y):
    return x*y if x > 0 and not y > 0 or x < -1 else x + y**2

def between(x, y):
    return x**2*y if -1 < x <= y < 1 else x

def arm_with_sum(x[n], c):
    return sum(exp(x[i]) for i) if c > 0 else sum(x[i]**2 for i)

def elementwise(x[n]):
    return sum((x[i]**3 if x[i] > 0 else sin(x[i])) for i)

def whole(x[n], y[n]):
    return sum(x*y if x > y else x - y)
