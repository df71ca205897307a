model m(x):
    for i in x:
        require x > 0
        y = 1
    return x
