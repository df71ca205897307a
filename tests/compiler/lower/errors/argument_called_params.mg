def f(params):
    return params
