def f(alpha, beta):
    return alpha*beat
